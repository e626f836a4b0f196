"""Takes over the old YesWiki: `manage.py importer_yeswiki SOURCE` reads its text, its JSON, or its address."""

import json
import shlex
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tqdm import tqdm

from reprise import formulaires
from reprise.fichiers import Fichiers
from reprise.lecture import INCONNU, DumpIllisible, SourceRefusee
from reprise.publication import keep_private
from reprise.releve import Releve, gather, is_address, root_of, site_of
from reprise.reseau import Reseau
from reprise.sauvegarde import save_lecture
from reprise.sources import FORMATS, open_source, read_pieces
from reprise.telling import Telling
from socle.francais.wording import entier
from socle.sauvegardes.archive import CopieImpossible
from socle.sauvegardes.commande import manage
from socle.sauvegardes.copies import REPRISE, copy_before
from socle.territoires.models import Departement

EVERY = 10  # seconds between lines of progress, without a terminal
GARDER = 3  # copies made before takeovers
SANS_VALEUR = ("reprendre_a_zero", "sans_fichiers", "autoriser_reseau_local")
DISTANTES = ("dossier", *SANS_VALEUR)  # for an address only


class Command(Telling, BaseCommand):
    help = "Reprend les fiches de l’ancien site (YesWiki) à partir de son adresse, de son texte exporté ou de son JSON."

    def add_arguments(self, parser):
        parser.add_argument(
            "source", metavar="SOURCE", help="adresse de l’ancien site, fichier exporté, ou dossier d’exports"
        )
        parser.add_argument("--format", choices=FORMATS, help="format de la source ; deviné si vous ne le dites pas")
        parser.add_argument(
            "--formulaire",
            metavar="N=TYPE",
            action="append",
            default=[],
            help="dit ce que devient le formulaire de ce numéro, s’il n’est pas reconnu : --formulaire 2=evenement",
        )
        parser.add_argument(
            "--publier", action="store_true", help="publie tout : la source entière était publique sur l’ancien site"
        )
        parser.add_argument(
            "--public",
            metavar="SOURCE",
            help="publie ce que voyaient les visiteurs : adresse de l’ancien site, ou son export fait sans compte",
        )
        parser.add_argument("--simulation", action="store_true", help="fait tout, dit tout, n’enregistre rien")
        parser.add_argument("--evenement", metavar="ADRESSE", default="", help="événement où vont les inscriptions")
        parser.add_argument("--fichiers", metavar="DOSSIER", type=Path, help="dossier des fichiers de l’ancien site")
        parser.add_argument(
            "--sans-copie", action="store_true", help="ne copie pas la base avant la reprise : pas de retour par là"
        )
        parser.add_argument("--rapport", metavar="F.json", type=Path, help="écrit le rapport complet dans ce fichier")
        distant = parser.add_argument_group("avec une adresse")
        distant.add_argument(
            "--dossier", metavar="DOSSIER", type=Path, help="où garder les réponses (var/reprises/<site> sans cela)"
        )
        distant.add_argument(
            "--reprendre-a-zero", action="store_true", help="redemande tout, même ce qui est déjà relevé"
        )
        distant.add_argument(
            "--sans-fichiers", action="store_true", help="ne demande pas les fichiers, les fiches seules"
        )
        distant.add_argument(
            "--autoriser-reseau-local", action="store_true", help="l’ancien site est sur cette machine ou son réseau"
        )

    def handle(self, *, source, simulation, verbosity, **options):
        public, fichiers, rapport = options["public"] or "", options["fichiers"], options["rapport"]
        self.check_ready()
        if rapport:
            self.check_writable(rapport)
        if fichiers and not fichiers.is_dir():
            raise CommandError(f"{fichiers} n’est pas un dossier : donnez celui des fichiers de l’ancien site.")
        if not is_address(source) and not is_address(public):
            self.check_local(source, options)
        releve = self.fetch(source, fichiers, verbosity, options)
        said = self.forms(options["formulaire"])
        lecture = self.read(source, releve.pieces, options["format"], said)
        if absent := said.keys() - {known.ancien.numero for known in lecture.formulaires}:
            raise CommandError(f"--formulaire : cette source n’a pas de formulaire {', '.join(sorted(absent))}.")
        if not options["publier"] and not is_address(source) and lecture.format != "texte":
            seen = self.fetch(public, True, verbosity, options).pieces if public else []
            keep_private(lecture, self.read(public, seen, None, said) if public else None)
        if verbosity:
            for text in releve.notes:
                self.stdout.write(self.style.WARNING(text))
        copie = None if simulation or options["sans_copie"] else self.copy()
        if copie and verbosity:
            self.stdout.write(f"La base a été copiée avant la reprise : {copie}")
        found = Fichiers(fichiers or releve.fichiers) if fichiers or releve.fichiers else None
        result = save_lecture(
            lecture,
            simulation=simulation,
            site=releve.site,
            progress=lambda rows, unit, what: self.progress(rows, unit, what, verbosity),
            options={name: options[name] for name in ("evenement", "publier")},
            fichiers=found,
            commande=self.told(source, releve.site, options),
            copie=str(copie or ""),
        )
        if not simulation:
            self.refresh_statistics()
        if rapport:
            self.write_report(rapport, result)
        if verbosity:
            for text in lecture.ignores:
                self.stdout.write(self.style.WARNING(text))
            self.tell(result, lecture.formulaires)
            self.tell_conflicts(result)
            again = self.told(source, source, options | {"publier": True}, whole=True)
            self.tell_waiting(result, again, public, options["publier"])
            self.tell_absent(result)
            self.tell_binned(result)
            if found:
                self.tell_files(found, simulation)
            if copie:
                self.stdout.write(
                    f"Pour remettre toute la base comme avant : arrêtez le site, puis {manage()} restaurer {copie}\n"
                    f"(les {GARDER} dernières de ces copies restent ; mettez celle-ci ailleurs pour la garder).\n"
                    "Vous perdriez alors tout ce qui aura été enregistré d’ici là, par l’équipe et par le public."
                )
            if simulation:
                self.stdout.write("Simulation : rien n’a été enregistré.")

    def copy(self) -> Path:
        """Copies the database, so that the operator can go back."""
        try:
            return copy_before(REPRISE, garder=GARDER)
        except CopieImpossible as error:
            raise CommandError(
                f"La base n’a pas pu être copiée avant la reprise. {error}\n"
                "Réglez cela, ou ajoutez --sans-copie pour reprendre sans pouvoir revenir à cette copie. "
                "Rien n’a été enregistré."
            ) from error

    def progress(self, rows, unit, what, verbosity):
        """`rows`, with progress: a bar in a terminal, elsewhere a line at the start, then from time to time."""
        if verbosity and not self.stderr.isatty():
            return self.lines(rows, unit, what)
        return tqdm(rows, unit=unit, desc=what, disable=not verbosity)

    def lines(self, rows, unit, what):
        due = 0
        for number, row in enumerate(rows, start=1):
            if time.monotonic() >= due:
                self.stderr.write(f"{what} : {unit} {entier(number)} sur {entier(len(rows))}")
                due = time.monotonic() + EVERY
            yield row

    @staticmethod
    def told(source, site, options, *, whole=False) -> str:
        """The command as given, without folders of this machine unless it must run again (`whole`)."""
        words = ["importer_yeswiki", source if is_address(source) else site]
        words += [f"--{name.replace('_', '-')}" for name in (*SANS_VALEUR, "publier") if options[name]]
        public, fichiers = options["public"], options["fichiers"]
        asked = {
            "--format": options["format"],
            "--evenement": options["evenement"],
            "--fichiers": fichiers and (fichiers if whole else fichiers.resolve().name),
            "--dossier": whole and options["dossier"],
            "--public": not options["publier"] and public and (public if is_address(public) else Path(public).name),
        }
        words += [word for pair in options["formulaire"] for word in ("--formulaire", pair)]
        words += [word for option, value in asked.items() if value for word in (option, str(value))]
        return shlex.join(words) if whole else " ".join(words)

    def check_ready(self):
        """Checks that the tables and the official code are there: without the code, records would lose their places."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("La base n’est pas prête : lancez d’abord « manage.py migrate », puis recommencez.")
        if not Departement.objects.exists():
            raise CommandError(
                "Les départements et les communes ne sont pas chargés, et les fiches n’auraient pas de lieu : "
                "lancez d’abord « manage.py charger_referentiels », puis recommencez."
            )

    def refresh_statistics(self):
        """After so many new rows, updates the database's statistics, or lists would be slow until it does so itself."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")

    @staticmethod
    def check_local(source, options):
        remote = [name for name in DISTANTES if options[name]]
        if remote:
            option = remote[0].replace("_", "-")
            raise CommandError(f"--{option} ne sert qu’avec l’adresse de l’ancien site : {source} n’en est pas une.")

    def fetch(self, source, without_files, verbosity, options) -> Releve:
        """What a source holds: the answers of an address, the files of a folder, or one file."""
        try:
            if not is_address(source):
                return Releve(Path(source).resolve().name, open_source(Path(source)))
            root = root_of(source)
            agent = f"LabAcces (reprise d'un wiki; +{settings.SITE_URL})"
            with Reseau(root, agent=agent, local=options["autoriser_reseau_local"]) as reseau:
                return gather(
                    root,
                    options["dossier"] or settings.BASE_DIR / "var" / "reprises" / site_of(root),
                    reseau,
                    fichiers=not without_files and not options["sans_fichiers"],
                    recommencer=options["reprendre_a_zero"],
                    progress=lambda rows, what: self.progress(rows, what, "Lecture de l’ancien site", verbosity),
                )
        except SourceRefusee as error:
            raise CommandError(str(error)) from error

    @staticmethod
    def forms(pairs: list[str]) -> dict[str, str]:
        types = [*(form.cle for form in formulaires.declared()), INCONNU]
        said = dict(pair.partition("=")[::2] for pair in pairs)
        for numero, cle in said.items():
            if cle not in types:
                raise CommandError(
                    f"--formulaire {numero}={cle} : ce type n’existe pas. Types possibles : {', '.join(types)}."
                )
        return said

    def read(self, source, pieces, format, said):
        try:
            return read_pieces(pieces, formulaires.declared(), format=format, said=said)
        except DumpIllisible as error:
            where = f"ligne {error.ligne} : " if error.ligne else ""
            raise CommandError(f"{source} n’a pas été repris. {where}{error}\nRien n’a été enregistré.") from error

    def check_writable(self, rapport):
        """Runs before the work, so that no takeover ends without its report."""
        if rapport.is_dir() or not rapport.resolve().parent.is_dir():
            raise CommandError(f"Le rapport ne peut pas être écrit dans {rapport} : le dossier n’existe pas.")

    def write_report(self, rapport, result):
        """Writes the report, which names persons, so that only the person who runs the command can ever read it."""
        rapport.touch(mode=0o600)
        if rapport.is_file():
            rapport.chmod(0o600)  # it may exist already
        rapport.write_text(json.dumps(result.as_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
