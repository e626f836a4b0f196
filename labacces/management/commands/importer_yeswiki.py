"""Take over the old YesWiki: `manage.py importer_yeswiki dump.txt`."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tqdm import tqdm

from fiches import registre
from fiches.catalogue.francais import entier, pluriel
from fiches.referentiels.models import Departement
from labacces.reprise.dump import read_dump
from labacces.reprise.fichiers import Fichiers
from labacces.reprise.lecture import INCONNU, DumpIllisible
from labacces.reprise.sauvegarde import save_lecture

MAX_BYTES = 100 * 1024 * 1024
SHOWN = 20


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
        self.check_ready()
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

        found = Fichiers(fichiers) if fichiers else None
        result = save_lecture(
            lecture,
            simulation=simulation,
            site=source.name,
            progress=progress,
            options={"evenement": evenement},
            fichiers=found,
        )
        if not simulation:
            self.refresh_statistics()
        if rapport:
            self.write_report(rapport, result)
        if verbosity:
            self.tell(result)
            if found:
                self.tell_files(found, simulation)
            if simulation:
                self.stdout.write("Simulation : rien n’a été enregistré.")

    def check_ready(self):
        """Tables and the official code are there: without the code, sheets would be taken over without their places."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("La base n’est pas prête : lancez d’abord « manage.py migrate », puis recommencez.")
        if not Departement.objects.exists():
            raise CommandError(
                "Les départements et les communes ne sont pas chargés, et les fiches n’auraient pas de lieu : "
                "lancez d’abord « manage.py charger_referentiels », puis recommencez."
            )

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

    def write_report(self, rapport, result):
        """It names persons: nobody but whoever runs the command may read it, not even while it is written."""
        rapport.touch(mode=0o600)
        if rapport.is_file():
            rapport.chmod(0o600)  # one that was there already
        rapport.write_text(json.dumps(result.as_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def tell(self, result):
        lignes, write = result.lignes, self.stdout.write
        ecartees = pluriel(lignes["ecartees"], "écartée", "écartées")
        total = pluriel(lignes["total"], "ligne lue", "lignes lues")
        write(f"{total}, {entier(lignes['non_attribuees'])} sans champ, {ecartees}")
        for cle, counts in result.fiches.items():
            if counts["lues"]:
                noms, feminin = words(cle)
                told = [self.count(counts[etat], MOTS[etat], feminin) for etat in MOTS if counts[etat]]
                if cle == INCONNU:
                    told.append("gardée comme anomalie" if counts["lues"] == 1 else "gardées comme anomalies")
                write(f"  {noms} : {', '.join(told)}")
        if result.demo_retirees:
            gone = pluriel(result.demo_retirees, "fiche", "fiches")
            write(f"  {gone} de démonstration {'a' if result.demo_retirees == 1 else 'ont'} laissé la place")
        if result.anomalies:
            count = pluriel(len(result.notes), "anomalie", "anomalies")
            met, again = len(result.anomalies), len(result.anomalies) - len(result.notes)
            details = f" : {entier(met)} lignes du rapport, dont {pluriel(again, 'répétition', 'répétitions')}"
            where = "espace de rédaction ou --rapport"
            write(self.style.WARNING(f"{count} à regarder ({where}){details if again else ''}"))

    @staticmethod
    def count(number, mots, feminin):
        return pluriel(number, *(mot.format(e="e" if feminin else "") for mot in mots))

    def tell_files(self, fichiers, simulation):
        joints = len(fichiers.joints)
        if simulation:
            done = "serait joint" if joints < 2 else "seraient joints"
            self.stdout.write(f"{pluriel(joints, 'fichier', 'fichiers')} {done} depuis {fichiers.dossier}")
        else:
            self.stdout.write(f"{pluriel(joints, 'fichier joint', 'fichiers joints')} depuis {fichiers.dossier}")
        if simulation:
            self.list_names(fichiers.joints)
        for nom, why in sorted(fichiers.refuses.items()):
            self.stderr.write(self.style.WARNING(f"  {nom} n’a pas été joint. {why}"))
        if fichiers.seuls:
            seuls = pluriel(
                len(fichiers.seuls), "fichier qu’aucune fiche ne nomme", "fichiers qu’aucune fiche ne nomme"
            )
            self.stdout.write(f"{seuls} :")
            self.list_names(fichiers.seuls)

    def list_names(self, noms):
        for nom in noms[:SHOWN]:
            self.stdout.write(f"  {nom}")
        if len(noms) > SHOWN:
            self.stdout.write(f"  … et {pluriel(len(noms) - SHOWN, 'autre', 'autres')}")


def words(cle: str) -> tuple[str, bool]:
    """What the records of a type are called in the plural, and whether they are feminine in French."""
    if cle == INCONNU:
        return "fiches de type inconnu", True
    for declaration in registre.types():
        if declaration.cle == cle:
            return declaration.nom_pluriel, declaration.feminin
    return str(registre.reprises()[cle].model._meta.verbose_name_plural), True  # persons: inscriptions, explorations


# In the singular and in the plural; {e} is the mark of the feminine.
MOTS = {
    "lues": ("lu{e}", "lu{e}s"),
    "creees": ("créé{e}", "créé{e}s"),
    "modifiees": ("modifié{e}", "modifié{e}s"),
    "inchangees": ("inchangé{e}", "inchangé{e}s"),
    "conflits": ("en conflit", "en conflit"),
}
