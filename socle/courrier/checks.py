"""What `manage.py check --deploy` says of the mail."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Info, Warning, register

from socle.courrier import EN_FICHIERS


@register(deploy=True)
def address_of_the_site(app_configs, **kwargs):
    if urlsplit(settings.SITE_URL).hostname not in ("127.0.0.1", "localhost"):
        return []
    message = f"SITE_URL est {settings.SITE_URL} : les liens des courriels mèneraient à cette machine."
    return [Warning(message, hint="Donnez dans .env l’adresse publique du site.", id="courrier.W001")]


@register(deploy=True)
def mailbox_of_the_team(app_configs, **kwargs):
    if settings.CONTACT_EMAIL:
        return []
    message = "CONTACT_EMAIL n’est pas défini : personne ne reçoit ce qu’écrivent les visiteurs, ni ne peut y répondre."
    return [Info(message, hint="Donnez dans .env l’adresse de l’équipe.", id="courrier.I002")]


@register(deploy=True)
def mail_server(app_configs, **kwargs):
    if settings.EMAIL_BACKEND != EN_FICHIERS:
        return []
    message = (
        f"EMAIL_URL n’est pas défini : les courriels sont écrits dans {settings.COURRIELS}, personne ne les reçoit."
    )
    return [Warning(message, hint="Indiquez un serveur de courriel dans .env (voir .env.example).", id="courrier.W002")]
