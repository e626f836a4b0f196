"""`manage.py sauvegarder [FICHIER]`: the database and the uploaded files in one archive, while the site serves."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from socle.sauvegardes.archive import CopieImpossible
from socle.sauvegardes.bases import BaseAbimee
from socle.sauvegardes.copies import MISE_A_JOUR, NUIT, back_up


class Command(BaseCommand):
    help = (
        "Copie la base et les fichiers déposés dans une archive, site en ligne, et la relit en entier. Vous seul "
        "pouvez la lire. « manage.py restaurer » la remet en place."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "fichier",
            metavar="FICHIER",
            type=Path,
            nargs="?",
            help="où écrire la copie ; sans cela dans var/sauvegardes/, avec la date, et la purge l’y efface un jour",
        )
        parser.add_argument(
            "--avant-mise-a-jour",
            action="store_true",
            help="la nomme pour qu’on la retrouve après une mise à jour (deploy/mettre-a-jour)",
        )
        parser.add_argument("--sans-fichiers", action="store_true", help="ne copie que la base")

    def handle(self, *, fichier, avant_mise_a_jour, sans_fichiers, verbosity, **options):
        if fichier and avant_mise_a_jour:
            raise CommandError("Donnez un fichier, ou --avant-mise-a-jour, qui en choisit le nom : pas les deux.")
        prefixe = MISE_A_JOUR if avant_mise_a_jour else NUIT
        try:
            target = back_up(fichier, prefixe=prefixe, fichiers=not sans_fichiers, tell=self.stderr.write)
        except BaseAbimee as error:
            raise CommandError(str(error)) from error
        except CopieImpossible as error:
            raise CommandError(f"La copie n’a pas été faite. {error}") from error
        if verbosity:
            self.stdout.write(f"Copie faite et relue : {target}")
            if settings.MEDIAS_AILLEURS:
                self.stdout.write("La base seule : les fichiers déposés sont dans le dépôt S3, copiez-le à part.")
