"""Read back an edited file of records: `manage.py importer_fiches initiative initiatives.xlsx --simulation`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from fiches import registre
from fiches.tableur.importation import ATTEND, CONFLIT, REFUS, check_headings, headings_of, import_fiches
from socle.francais.wording import entier, pluriel
from socle.tableur.lecture import FichierIllisible, read_path
from socle.vie_privee.questions import told

SHOWN = 50


class Toutes:
    """Every line."""

    def __contains__(self, numero: int) -> bool:
        return True


class Command(BaseCommand):
    help = "Relit un fichier de fiches, CSV ou XLSX, exporté du site et corrigé dans un tableur."

    def add_arguments(self, parser):
        parser.add_argument("type", metavar="TYPE", help=f"type des fiches : {', '.join(self.types())}")
        self.add_file_arguments(parser)

    @staticmethod
    def types() -> list[str]:
        return [declaration.cle for declaration in registre.types()]

    def add_file_arguments(self, parser):
        parser.add_argument(
            "fichier",
            metavar="F.csv|F.xlsx",
            type=Path,
            help="fichier CSV (« , » ou « ; », UTF-8 ou Windows-1252) ou classeur XLSX",
        )
        parser.add_argument("--simulation", action="store_true", help="fait tout, dit tout, n’enregistre rien")
        parser.add_argument(
            "--garder",
            action="store_true",
            help="reprend aussi les lignes qui montreraient au public l’adresse, le numéro ou le nom de quelqu’un",
        )

    def handle(self, *, fichier, type, simulation, garder, verbosity, **options):
        if type not in self.types():
            raise CommandError(f"Type « {type[:40]} » inconnu : choisissez parmi {', '.join(self.types())}.")
        declaration = registre.get(type)
        try:
            tableau = read_path(fichier, {*headings_of(declaration)})
        except FileNotFoundError:
            raise CommandError(f"{fichier} n’existe pas : vérifiez le chemin du fichier.") from None
        except IsADirectoryError:
            raise CommandError(f"{fichier} est un dossier : donnez le fichier qu’il contient.") from None
        except OSError as error:
            message = f"{fichier} n’a pas pu être lu : vérifiez vos droits sur ce fichier ({error})."
            raise CommandError(message) from error
        except (FichierIllisible, UnicodeDecodeError) as error:
            raise CommandError(f"{fichier} n’a pas été repris. {error}") from error
        rows = check_headings(declaration, tableau.rows, self.unknown)
        rows = tqdm(rows, unit="ligne", disable=None if verbosity else True)
        raison = f"Import d’un fichier {tableau.format}"
        try:
            how = {"simulation": simulation, "lossy": tableau.lossy, "raison": raison}
            rapport = import_fiches(declaration, rows, garder=Toutes() if garder else (), **how)
        except FichierIllisible as error:
            raise CommandError(f"{fichier} n’a pas été repris, rien n’a été enregistré. {error}") from error
        self.tell(rapport, simulation, declaration.feminin)

    def unknown(self, name):
        self.stderr.write(self.style.WARNING(f"Colonne « {name[:40]} » inconnue : elle n’est pas reprise."))

    def tell(self, rapport, simulation, feminin):
        for ligne in (rapport.of(CONFLIT) + rapport.of(REFUS))[:SHOWN]:
            which = f" (fiche « {ligne.titre} »)" if ligne.titre else ""
            self.stderr.write(self.style.WARNING(f"ligne {ligne.numero} : {ligne.message}{which}"))
        more = len(rapport.conflits) + len(rapport.refus) - SHOWN
        if more > 0:
            self.stderr.write(self.style.WARNING(f"… et {pluriel(more, 'autre ligne', 'autres lignes')}."))
        for ligne in rapport.of(ATTEND)[:SHOWN]:
            which = f"ligne {ligne.numero} (fiche « {ligne.titre} »)"
            self.stderr.write(self.style.WARNING(f"{which} : laissée de côté, elle montrerait {told(ligne.prives)}."))
        e = "e" if feminin else ""
        counts = [
            pluriel(rapport.crees, f"créé{e}", f"créé{e}s"),
            pluriel(rapport.modifies, f"modifié{e}", f"modifié{e}s"),
            pluriel(rapport.inchanges, f"inchangé{e}", f"inchangé{e}s"),
            f"{entier(len(rapport.conflits))} en conflit",
            *([f"{entier(waiting)} à regarder"] if (waiting := len(rapport.of(ATTEND))) else []),
            pluriel(len(rapport.refus), f"refusé{e}", f"refusé{e}s"),
        ]
        self.stdout.write(", ".join(counts))
        if rapport.crees and not simulation:
            self.stdout.write("Les fiches créées sont des brouillons : publiez-les dans l’espace de rédaction.")
        if waiting:
            lines = pluriel(waiting, "ligne montrerait", "lignes montreraient")
            mend = "corrigez-la" if waiting == 1 else "corrigez-les"
            self.stdout.write(
                f"{lines} au public l’adresse, le numéro ou le nom de quelqu’un : {mend}, ou relancez avec "
                "--garder si tout le monde peut lire ces mots."
            )
        if simulation:
            self.stdout.write("Simulation : rien n’a été enregistré.")
        if refused := len(rapport.refus):
            lines = pluriel(refused, "ligne refusée", "lignes refusées")
            raise CommandError(
                f"{lines}, voir plus haut. Les autres ont été lues : corrigez, puis relancez la commande."
            )
