"""`manage.py restaurer FICHIER`: restores a copy made by `sauvegarder`; `--revenir`: what stood before a restore."""

from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from socle.francais.wording import moment
from socle.sauvegardes import copies, restauration
from socle.sauvegardes.archive import CopieImpossible
from socle.sauvegardes.commande import manage


class Command(BaseCommand):
    help = (
        "Remet en place une copie faite par « manage.py sauvegarder ». Le site doit être arrêté. "
        "Ce qui est là est mis de côté, une fois la copie prouvée bonne."
    )

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group()
        what.add_argument("fichier", metavar="FICHIER", type=Path, nargs="?", help="la copie")
        what.add_argument(
            "--revenir",
            metavar="MOMENT",
            help="remet plutôt ce que la restauration de ce moment (2026-11-02-101500) a mis de côté",
        )
        parser.add_argument("--oui", action="store_true", help="ne demande rien : pour un script")

    def handle(self, *, fichier, revenir, oui, **options):
        if not (fichier or revenir):
            raise CommandError("Dites quelle copie remettre en place : son fichier, ou --revenir et un moment.")
        try:
            if fichier:
                manifeste = restauration.examine(fichier)
                what = f"La copie du {said(manifeste)}"
                holds = "la base et les fichiers déposés" if manifeste.fichiers else "la base seule"
            else:
                what, holds = f"Ce qui a été mis de côté le {revenir}", "la base, et les fichiers déposés s’il y en a"
            restauration.have_alone()
            if revenir:
                restauration.examine_aside(revenir)
            if not oui:
                self.ask(what, holds)
            stamp = copies.stamp()
            if fichier:
                asides = restauration.restore(fichier, self.finish, stamp, self.stderr.write)
            else:
                asides = restauration.go_back(revenir, self.finish, stamp)
        except CopieImpossible as error:
            raise CommandError(f"La copie n’a pas été restaurée, et rien n’a changé sur ce site. {error}") from error
        self.stdout.write(self.style.SUCCESS(f"{what} est en place : le site peut redémarrer."))
        for aside in asides:
            self.stdout.write(f"Ce qui était là est mis de côté : {aside}")
        if asides:
            self.stdout.write("La purge l’effacera, comme les vieilles copies.")
            self.stdout.write(f"Pour y revenir, site arrêté : {manage()} restaurer --revenir {stamp}")

    def ask(self, what, holds):
        self.stdout.write(
            f"{what} : {holds}.\n"
            "Tout ce que l’équipe et le public ont enregistré depuis sera perdu. Ce que des personnes ont fait effacer "
            "depuis le sera de nouveau. Les courriels qui attendaient au moment de la copie repartiront.\n"
            "Ce qui est là aujourd’hui sera mis de côté, pas effacé.\n"
        )
        try:
            answer = input("Tapez « oui » pour restaurer cette copie : ")
        except EOFError:
            raise CommandError("Rien n’a changé. Dans un script, ajoutez --oui.") from None
        if answer.strip().casefold() != "oui":
            raise CommandError("Rien n’a changé.")

    def finish(self):
        """Erases again what was erased since the copy, and corrects the index."""
        call_command("rejouer_effacements", stdout=self.stdout, stderr=self.stderr)
        try:
            call_command("reindexer", verifier=True, verbosity=0, stdout=self.stdout)
        except CommandError:
            call_command("reindexer", verbosity=0, stdout=self.stdout)


def said(manifeste) -> str:
    return moment(datetime.fromisoformat(manifeste.faite_le))
