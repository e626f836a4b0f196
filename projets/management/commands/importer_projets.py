"""Read back an edited /projets.csv: `manage.py importer_projets projets.csv --simulation`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from fiches.catalogue.francais import entier, pluriel
from fiches.catalogue.lecture_csv import FichierIllisible, decode, rows
from projets.columns import PROJET_COLUMNS
from projets.importation import EDITABLE, import_projets

SHOWN = 50


class Command(BaseCommand):
    help = "Relit un fichier CSV de projets exporté du site et corrigé dans un tableur."

    def add_arguments(self, parser):
        parser.add_argument(
            "csv", metavar="F.csv", type=Path, help="fichier CSV (« , » ou « ; », UTF-8 ou Windows-1252)"
        )
        parser.add_argument("--simulation", action="store_true", help="fait tout, dit tout, n’enregistre rien")

    def handle(self, *, csv, simulation, verbosity, **options):
        try:
            text, lossy = decode(csv.read_bytes())
        except FileNotFoundError:
            raise CommandError(f"{csv} n’existe pas : vérifiez le chemin du fichier.") from None
        except IsADirectoryError:
            raise CommandError(f"{csv} est un dossier : donnez le fichier CSV qu’il contient.") from None
        except OSError as error:
            raise CommandError(f"{csv} n’a pas pu être lu : vérifiez vos droits sur ce fichier ({error}).") from error
        except (FichierIllisible, UnicodeDecodeError) as error:
            raise CommandError(f"{csv} n’a pas été repris. {error}") from error
        try:
            rapport = import_projets(self.progress(rows(text), verbosity), simulation=simulation, lossy=lossy)
        except FichierIllisible as error:
            raise CommandError(f"{csv} n’a pas été repris, rien n’a été enregistré. {error}") from error
        self.tell(rapport, simulation)

    def progress(self, lines, verbosity):
        """The rows, their headings checked, behind a progress bar."""
        known = {column.nom for column in PROJET_COLUMNS}
        for position, (line, cells) in enumerate(tqdm(lines, unit="ligne", disable=None if verbosity else True)):
            if position == 0:
                if not known & set(cells):
                    raise FichierIllisible(f"Aucune colonne connue. Colonnes attendues : {', '.join(EDITABLE)}.")
                for name in set(cells) - known - {""}:
                    self.stderr.write(self.style.WARNING(f"Colonne « {name[:40]} » inconnue : elle n’est pas reprise."))
            yield line, cells

    def tell(self, rapport, simulation):
        for line, message in (rapport.conflits + rapport.refus)[:SHOWN]:
            self.stderr.write(self.style.WARNING(f"ligne {line} : {message}"))
        more = len(rapport.conflits) + len(rapport.refus) - SHOWN
        if more > 0:
            self.stderr.write(self.style.WARNING(f"… et {pluriel(more, 'autre ligne', 'autres lignes')}."))
        counts = [
            pluriel(rapport.crees, "créé", "créés"),
            pluriel(rapport.modifies, "modifié", "modifiés"),
            pluriel(rapport.inchanges, "inchangé", "inchangés"),
            f"{entier(len(rapport.conflits))} en conflit",
            pluriel(len(rapport.refus), "refusé", "refusés"),
        ]
        self.stdout.write(", ".join(counts))
        if rapport.crees and not simulation:
            self.stdout.write("Les fiches créées sont des brouillons : publiez-les dans l’espace de rédaction.")
        if simulation:
            self.stdout.write("Simulation : rien n’a été enregistré.")
        if refused := len(rapport.refus):
            lines = pluriel(refused, "ligne refusée", "lignes refusées")
            raise CommandError(
                f"{lines}, voir plus haut. Les autres ont été lues : corrigez, puis relancez la commande."
            )
