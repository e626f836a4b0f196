"""Django's `check`; with --deploy, what is left to do before the site opens, in three groups."""

from django.conf import settings
from django.core import checks
from django.core.management.base import CommandError
from django.core.management.commands import check

# What stops a site or makes it unsafe; what readers miss; what could be better.
BLOQUANT, A_COMPLETER, CONSEIL = "Bloquant", "À compléter", "Conseils"
WORKS = 3  # exit code of a site that works but must not open yet: deploy/preparer goes on

# One message of ours for each variable of .env, in place of Django's English ones.
EN_DEBUG = (
    "DEBUG=oui : chaque erreur montre le code et les réglages du site à qui la rencontre. Mettez DEBUG=non dans .env, "
    "puis relancez le site."
)
SANS_HTTPS = (
    "HTTPS=non : les mots de passe et les sessions passent en clair. Retirez cette ligne de .env ; si un serveur placé "
    "devant le site fait le https, donnez TRUST_PROXY=oui."
)
EN_FRANCAIS = {
    "security.W018": EN_DEBUG,
    "security.W009": (
        "SECRET_KEY est trop courte, ou se devine. Écrivez dans .env ce que donne "
        '« python3 -c "import secrets; print(secrets.token_urlsafe(50))" ».'
    ),
    "security.W020": "ALLOWED_HOSTS ne nomme aucun site. Donnez dans .env celui que tapent les lecteurs.",
} | dict.fromkeys(("security.W004", "security.W008", "security.W012", "security.W016"), SANS_HTTPS)


def group(message: checks.CheckMessage) -> str:
    """Warnings and above block; notes are to complete; the rest is advice."""
    if message.level >= checks.WARNING:
        return BLOQUANT
    return A_COMPLETER if message.level >= checks.INFO else CONSEIL


class Command(check.Command):
    help = "Vérifie le projet ; avec --deploy, dit ce qui reste à faire avant d’ouvrir le site."

    def handle(self, *app_labels, deploy, fail_level, tags, list_tags, **options):
        """With --deploy, fails on what blocks, unless --fail-level asks for more."""
        if not deploy or app_labels or tags or list_tags:
            return super().handle(
                *app_labels, deploy=deploy, fail_level=fail_level, tags=tags, list_tags=list_tags, **options
            )
        found = [one for one in checks.run_checks(include_deployment_checks=True) if not one.is_silenced()]
        for title in (BLOQUANT, A_COMPLETER, CONSEIL):
            if said := sorted(lines(one for one in found if group(one) == title)):
                self.stdout.write(self.style.MIGRATE_HEADING(title), ending="\n")
                for one in said:
                    self.stdout.write(f"- {one}")
        if not found:
            self.stdout.write(self.style.SUCCESS("Rien à faire."))
        limit = min(checks.WARNING, getattr(checks, fail_level))
        if failed := lines(one for one in found if one.is_serious(limit)):
            works = not any(one.is_serious(checks.ERROR) for one in found)
            raise CommandError(f"{len(failed)} à corriger d’abord.", returncode=WORKS if works else 1)
        return None


def lines(messages) -> list[str]:
    """The words of messages, each once."""
    return list(dict.fromkeys(map(words, messages)))


def words(message: checks.CheckMessage) -> str:
    ours = EN_FRANCAIS.get(message.id)
    if ours == SANS_HTTPS and settings.DEBUG:  # DEBUG turns https off, unless HTTPS is set
        ours = EN_DEBUG
    return ours or " ".join(filter(None, (message.msg, message.hint)))
