"""Django's `migrate`, once a database that this code cannot read is put aside."""

from django.core.management.base import CommandError
from django.core.management.commands import migrate

from socle.sauvegardes import anciennes
from socle.sauvegardes.archive import CopieImpossible

WHY = "La base date d’avant le 27 novembre 2026 : ce code ne sait plus la lire."


class Command(migrate.Command):
    def handle(self, *args, **options):
        try:
            aside = anciennes.put_aside()
        except CopieImpossible as error:
            raise CommandError(f"{WHY} {error}") from error
        if aside:
            self.stderr.write(
                f"{WHY} Elle est mise de côté, la purge l’effacera comme les vieilles copies : {aside}\n"
                "Une base neuve prend sa place."
            )
        super().handle(*args, **options)
