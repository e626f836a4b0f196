"""What `manage.py check --deploy` says of the mail."""

from django.conf import settings
from django.core.checks import Info, register

from socle.courrier import EN_FICHIERS


@register(deploy=True)
def mail_server(app_configs, **kwargs):
    if settings.EMAIL_BACKEND != EN_FICHIERS:
        return []
    message = (
        f"EMAIL_URL n’est pas défini : les courriels sont écrits dans {settings.COURRIELS}, personne ne les reçoit."
    )
    return [Info(message, hint="Indiquez un serveur de courriel dans .env (voir .env.example).", id="courrier.I001")]
