"""Django's `check`; with --deploy, what is left to do before the site opens, and nothing else, in three groups."""

from django.core import checks
from django.core.management.base import CommandError
from django.core.management.commands import check

# What stops a site, or makes it unsafe; what readers miss; what could be better.
BLOQUANT, A_COMPLETER, CONSEIL = "Bloquant", "À compléter", "Conseils"


def group(message: checks.CheckMessage) -> str:
    """The group of a message: what is below a warning is to be completed, below a note an advice."""
    if message.level >= checks.WARNING:
        return BLOQUANT
    return A_COMPLETER if message.level >= checks.INFO else CONSEIL


class Command(check.Command):
    help = "Vérifie le projet ; avec --deploy, dit ce qui reste à faire avant d’ouvrir le site."

    def handle(self, *app_labels, deploy, fail_level, tags, list_tags, **options):
        if not deploy or app_labels or tags or list_tags:
            return super().handle(
                *app_labels, deploy=deploy, fail_level=fail_level, tags=tags, list_tags=list_tags, **options
            )
        found = [one for one in checks.run_checks(include_deployment_checks=True) if not one.is_silenced()]
        for title in (BLOQUANT, A_COMPLETER, CONSEIL):
            if said := list(dict.fromkeys(words(one) for one in found if group(one) == title)):
                self.stdout.write(self.style.MIGRATE_HEADING(title), ending="\n")
                for one in said:
                    self.stdout.write(f"- {one}")
        if not found:
            self.stdout.write(self.style.SUCCESS("Rien à faire."))
        limit = getattr(checks, fail_level)
        if failed := [one for one in found if one.is_serious(limit)]:
            raise CommandError(f"{len(failed)} à corriger d’abord.")
        return None


def words(message: checks.CheckMessage) -> str:
    return " ".join(filter(None, (message.msg, message.hint)))
