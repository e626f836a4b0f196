"""The mail back-end of a site without a mail server: one .eml file for each mail."""

import os
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


def number(message_id: str) -> str:
    """The end of a mail's file name, from its Message-ID."""
    return message_id.strip("<>").partition("@")[0][:8]


def forget(message_id: str) -> None:
    """Delete the file of a mail, if there is one."""
    if message_id:
        for path in Path(settings.COURRIELS).glob(f"*-{number(message_id)}.eml"):
            path.unlink(missing_ok=True)


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages):
        folder = Path(settings.COURRIELS)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            mail = message.message()
            target = folder / f"{timezone.localtime():%Y-%m-%d-%Hh%Mm%Ss}-{number(mail['Message-ID'])}.eml"
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(mail.as_bytes())
        return len(email_messages)
