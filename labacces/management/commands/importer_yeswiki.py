"""Take over the old YesWiki: `manage.py importer_yeswiki dump.txt`."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from tqdm import tqdm

from fiches import registre
from fiches.catalogue.francais import entier, pluriel
from labacces.reprise.dump import read_dump
from labacces.reprise.fichiers import attach_files
from labacces.reprise.lecture import INCONNU, DumpIllisible
from labacces.reprise.sauvegarde import save_lecture

MAX_BYTES = 100 * 1024 * 1024


class Command(BaseCommand):
    help = "Reprend les fiches de l’ancien site (YesWiki) à partir de son export en texte."

    def add_arguments(self, parser):
        parser.add_argument("source", metavar="SOURCE", type=Path, help="fichier texte exporté de l’ancien site")
        parser.add_argument("--format", choices=["texte"], default="texte", help="format de la source")
        parser.add_argument("--simulation", action="store_true", help="fait tout, dit tout, n’enregistre rien")
        parser.add_argument("--evenement", metavar="ADRESSE", default="", help="événement où vont les inscriptions")
        parser.add_argument("--fichiers", metavar="DOSSIER", type=Path, help="dossier des fichiers de l’ancien site")
        parser.add_argument("--rapport", metavar="F.json", type=Path, help="écrit le rapport complet dans ce fichier")

    def handle(self, *, source, simulation, rapport, evenement, fichiers, verbosity, **options):
        data = self.read(source)
        if rapport:
            self.check_writable(rapport)
        if fichiers and not fichiers.is_dir():
            raise CommandError(f"{fichiers} n’est pas un dossier : donnez celui des fichiers de l’ancien site.")
        try:
            lecture = read_dump(data, registre.formulaires())
        except DumpIllisible as error:
            where = f"ligne {error.ligne} : " if error.ligne else ""
            raise CommandError(f"{source} n’a pas été repris. {where}{error}\nRien n’a été enregistré.") from error

        def progress(fiches):
            return tqdm(fiches, unit="fiche", desc="Reprise", disable=None if verbosity else True)

        result = save_lecture(
            lecture, simulation=simulation, site=source.name, progress=progress, options={"evenement": evenement}
        )
        if not simulation:
            self.refresh_statistics()
        if rapport:
            rapport.write_text(json.dumps(result.as_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if verbosity:
            self.tell(result)
        if fichiers and not simulation:
            joined = attach_files(fichiers)
            self.stdout.write(f"{pluriel(joined, 'fichier joint', 'fichiers joints')} depuis {fichiers}")

    def refresh_statistics(self):
        """So many new rows at once: the database learns how many there are, or lists would be slow until it does."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")

    def read(self, source):
        try:
            if source.stat().st_size > MAX_BYTES:
                raise CommandError(
                    f"{source} dépasse {MAX_BYTES // 1024**2} Mo : est-ce bien l’export de l’ancien site ?"
                )
            return source.read_bytes()
        except FileNotFoundError:
            raise CommandError(f"{source} n’existe pas : vérifiez le chemin du fichier.") from None
        except IsADirectoryError:
            raise CommandError(f"{source} est un dossier : donnez le fichier texte qu’il contient.") from None
        except OSError as error:
            raise CommandError(f"{source} n’a pas pu être lu : {error.strerror}.") from error

    def check_writable(self, rapport):
        """Before the work, not after it: a takeover whose report cannot be written would leave nobody the wiser."""
        if rapport.is_dir() or not rapport.resolve().parent.is_dir():
            raise CommandError(f"Le rapport ne peut pas être écrit dans {rapport} : le dossier n’existe pas.")

    def tell(self, result):
        lignes, write = result.lignes, self.stdout.write
        ecartees = pluriel(lignes["ecartees"], "écartée", "écartées")
        total = pluriel(lignes["total"], "ligne lue", "lignes lues")
        write(f"{total}, {entier(lignes['non_attribuees'])} sans champ, {ecartees}")
        for cle, counts in result.fiches.items():
            if counts["lues"]:
                told = [pluriel(counts["lues"], "lue", "lues")]
                told += [pluriel(counts[etat], *MOTS[etat]) for etat in MOTS if counts[etat]]
                if cle == INCONNU:
                    told.append("gardée comme anomalie" if counts["lues"] == 1 else "gardées comme anomalies")
                write(f"  {cle} : {', '.join(told)}")
        if result.demo_retirees:
            gone = pluriel(result.demo_retirees, "fiche", "fiches")
            write(f"  {gone} de démonstration {'a' if result.demo_retirees == 1 else 'ont'} laissé la place")
        if result.anomalies:
            count = pluriel(len(result.anomalies), "anomalie", "anomalies")
            write(self.style.WARNING(f"{count} à regarder (espace de rédaction ou --rapport)"))
        if result.simulation:
            write("Simulation : rien n’a été enregistré.")


MOTS = {
    "creees": ("créée", "créées"),
    "modifiees": ("modifiée", "modifiées"),
    "inchangees": ("inchangée", "inchangées"),
    "conflits": ("en conflit", "en conflit"),
}
