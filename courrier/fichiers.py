"""Where mails go on a site that has no mail server: one file each, as a mail reader opens it."""

import os
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages):
        folder = Path(settings.COURRIELS)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            mail = message.message()
            number = mail["Message-ID"].strip("<>").partition("@")[0][:8]
            target = folder / f"{timezone.localtime():%Y-%m-%d-%Hh%Mm%Ss}-{number}.eml"
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(mail.as_bytes())
        return len(email_messages)
