"""Row 0, where every log begins, and the counter."""

import secrets

from django.db import migrations
from django.utils import timezone


def begin(apps, schema_editor):
    using, now = schema_editor.connection.alias, timezone.now()
    jeton = int.from_bytes(secrets.token_bytes(8), signed=True)
    apps.get_model("journal", "Ligne").objects.using(using).create(numero=0, jeton=jeton, type="", nature="modifiee", le=now)
    apps.get_model("journal", "Compteur").objects.using(using).create(numero=0, le=now)


class Migration(migrations.Migration):

    dependencies = [("journal", "0001_journal")]

    operations = [
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
