"""Take over the old YesWiki: `manage.py importer_yeswiki SOURCE`, its text, its JSON, its CSV, or its address."""

import json
import shlex
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tqdm import tqdm

from fiches import registre
from reprise import formulaires
from reprise.fichiers import Fichiers
from reprise.lecture import INCONNU, DumpIllisible
from reprise.publication import keep_private
from reprise.reconnaissance import Correspondance, CorrespondanceInvalide, read_correspondance
from reprise.releve import Releve, is_address, relever, root_of, site_of
from reprise.reseau import Reseau
from reprise.sauvegarde import save_lecture
from reprise.saver import persons_alone
from reprise.sources import FORMATS, SourceRefusee, open_source, read_pieces
from reprise.wiki import TITRE
from socle.francais.mots import entier, pluriel
from socle.sauvegardes.archive import CopieImpossible
from socle.sauvegardes.commande import manage
from socle.sauvegardes.copies import avant
from socle.territoires.models import Departement

SHOWN = 20
EVERY = 10  # seconds between two lines that tell how far it is, where there is no terminal
GARDER = 3  # copies of before a takeover
SANS_VALEUR = ("reprendre_a_zero", "sans_fichiers", "autoriser_reseau_local")
DISTANTES = ("dossier", *SANS_VALEUR)  # options of an address alone
UNITES = {
    "texte": ("ligne lue", "lignes lues"),
    "json": ("valeur lue", "valeurs lues"),
    "csv": ("case lue", "cases lues"),
}


class Command(BaseCommand):
    help = (
        "Reprend les fiches de l’ancien site (YesWiki) à partir de son adresse, de son texte exporté, de son JSON ou "
        "de ses CSV."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "source", metavar="SOURCE", help="adresse de l’ancien site, fichier exporté, ou dossier d’exports"
        )
        parser.add_argument("--format", choices=FORMATS, help="format de la source ; deviné si vous ne le dites pas")
        parser.add_argument(
            "--correspondance",
            metavar="F.toml",
            type=Path,
            help="dit ce que deviennent les formulaires et leurs champs",
        )
        parser.add_argument(
            "--publier", action="store_true", help="publie tout : la source entière était publique sur l’ancien site"
        )
        parser.add_argument(
            "--public",
            metavar="SOURCE",
            help="publie ce que voyaient les visiteurs : adresse de l’ancien site, ou son export fait sans compte",
        )
        parser.add_argument("--decrire", action="store_true", help="montre ce qui est reconnu, n’enregistre rien")
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

    def handle(
        self,
        *,
        source,
        simulation,
        rapport,
        evenement,
        fichiers,
        correspondance,
        decrire,
        sans_copie,
        verbosity,
        **options,
    ):
        public = options["public"] or ""
        if not decrire:  # which reads and tells, and needs no database
            self.check_ready()
        if rapport:
            self.check_writable(rapport)
        if fichiers and not fichiers.is_dir():
            raise CommandError(f"{fichiers} n’est pas un dossier : donnez celui des fichiers de l’ancien site.")
        if not is_address(source) and not is_address(public):
            self.check_local(source, options)
        releve = self.fetch(source, fichiers or decrire, verbosity, options)
        lecture = self.read(source, releve.pieces, options["format"], correspondance)
        if not options["publier"] and not is_address(source) and lecture.format != "texte":
            seen = self.fetch(public, True, verbosity, options).pieces if public else []
            keep_private(lecture, self.read(public, seen, None, correspondance) if public else None)
        if verbosity:
            for text in releve.notes:
                self.stdout.write(self.style.WARNING(text))
        if decrire:
            self.describe(lecture)
            return
        commande = self.told(source, releve.site, evenement, fichiers, correspondance, options)
        again = self.told(source, source, evenement, fichiers, correspondance, options | {"publier": True}, whole=True)
        fichiers = fichiers or releve.fichiers

        copie = None if simulation or sans_copie else self.copy()
        if copie and verbosity:
            self.stdout.write(f"La base a été copiée avant la reprise : {copie}")
        found = Fichiers(fichiers) if fichiers else None
        result = save_lecture(
            lecture,
            simulation=simulation,
            site=releve.site,
            progress=lambda fiches: self.progress(fiches, "fiche", "Reprise", verbosity),
            options={"evenement": evenement, "publier": options["publier"]},
            fichiers=found,
            commande=commande,
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
            self.tell_waiting(result, again, public, options["publier"])
            self.tell_absent(result)
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
        """A copy of the database, by which one can go back to what it was before the takeover."""
        try:
            return avant("avant-reprise", garder=GARDER)
        except CopieImpossible as error:
            raise CommandError(
                f"La base n’a pas pu être copiée avant la reprise. {error}\n"
                "Réglez cela, ou ajoutez --sans-copie pour reprendre sans pouvoir revenir à cette copie. "
                "Rien n’a été enregistré."
            ) from error

    def progress(self, rows, unit, what, verbosity):
        """`rows`, told of as they go: by a bar in a terminal, elsewhere by a line at first, then from time to time."""
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
    def told(source, site, evenement, fichiers, correspondance, options, *, whole=False) -> str:
        """The command as it was given; without the folders of this machine, unless it is to be run again (`whole`)."""
        words = ["importer_yeswiki", source if is_address(source) else site]
        words += [f"--{name.replace('_', '-')}" for name in (*SANS_VALEUR, "publier") if options[name]]
        public = options["public"]
        asked = {
            "--format": options["format"],
            "--correspondance": correspondance and (correspondance if whole else correspondance.name),
            "--evenement": evenement,
            "--fichiers": fichiers and (fichiers if whole else fichiers.resolve().name),
            "--dossier": whole and options["dossier"],
            "--public": not options["publier"] and public and (public if is_address(public) else Path(public).name),
        }
        words += [word for option, value in asked.items() if value for word in (option, str(value))]
        return shlex.join(words) if whole else " ".join(words)

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
                return relever(
                    root,
                    options["dossier"] or settings.BASE_DIR / "var" / "reprises" / site_of(root),
                    reseau,
                    fichiers=not without_files and not options["sans_fichiers"],
                    recommencer=options["reprendre_a_zero"],
                    progress=lambda rows, what: self.progress(rows, what, "Lecture de l’ancien site", verbosity),
                )
        except SourceRefusee as error:
            raise CommandError(str(error)) from error

    def read(self, source, pieces, format, correspondance):
        forms = formulaires.declared()
        try:
            said = read_correspondance(correspondance, forms) if correspondance else Correspondance()
            return read_pieces(pieces, forms, format=format, correspondance=said)
        except CorrespondanceInvalide as error:
            raise CommandError(str(error)) from error
        except DumpIllisible as error:
            where = f"ligne {error.ligne} : " if error.ligne else ""
            raise CommandError(f"{source} n’a pas été repris. {where}{error}\nRien n’a été enregistré.") from error

    def describe(self, lecture):
        """What was recognised and what was not."""
        write = self.stdout.write
        write(f"Format : {lecture.format}. {pluriel(len(lecture.fiches), 'fiche', 'fiches')}.")
        if not lecture.formulaires:
            for cle in dict.fromkeys(fiche.type for fiche in lecture.fiches):
                write(f"  {words(cle)[0]} : {entier(sum(fiche.type == cle for fiche in lecture.fiches))}")
        for known in sorted(lecture.formulaires, key=lambda known: -known.nombre):
            self.describe_form(known)
        for text in lecture.ignores:
            write(self.style.WARNING(text))
        write("Rien n’a été enregistré.")

    def describe_form(self, known):
        write, ancien = self.stdout.write, known.ancien
        taken = f"{words(known.type)[0]}, d’après {known.par}" if known.type != INCONNU else "non reconnu"
        write(f"\nFormulaire {form_name(ancien)}, {pluriel(known.nombre, 'fiche', 'fiches')} : {taken}")
        for cle, champ in ancien.champs.items():
            if champ.genre == "rien":
                continue
            place = known.champs.get(cle)
            if cle in (known.titre, TITRE):
                place = "titre"
            elif champ.genre == "secret":
                place = "jamais lu"
            elif champ.genre in ("fichier", "image") and known.type != INCONNU:
                place = "fichier"
            called = f"{cle} « {champ.label} »" if champ.label and champ.label != cle else cle
            write(f"  {called} → {place or 'sans place : gardé comme anomalie'}")
        if known.type == INCONNU:
            write("  Dites ce qu’il est avec --correspondance, ou laissez-le : son texte est gardé comme anomalie.")
            return
        form = next(form for form in formulaires.declared() if form.cle == known.type)
        for label in form.labels:
            if label not in known.champs.values() and label not in form.fichiers:
                write(f"  (rien pour « {label} »)")

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

    def tell(self, result, formulaires):
        lignes, write = result.lignes, self.stdout.write
        ecartees = pluriel(lignes["ecartees"], "écartée", "écartées")
        total = pluriel(lignes["total"], *UNITES[result.format])
        write(f"{total}, {entier(lignes['non_attribuees'])} sans champ, {ecartees}")
        for cle, counts in result.fiches.items():
            if counts["lues"]:
                noms, feminin = words(cle)
                told = {etat: self.count(counts[etat], MOTS[etat], feminin) for etat in MOTS if counts[etat]}
                if "modifiees" in told:
                    told["modifiees"] += persons_alone(counts)
                if cle == INCONNU:
                    told[""] = "gardée comme anomalie" if counts["lues"] == 1 else "gardées comme anomalies"
                write(f"  {noms} : {', '.join(told.values())}")
        for known in formulaires:
            if known.type == INCONNU and known.nombre:
                count = pluriel(known.nombre, "fiche", "fiches")
                write(self.style.WARNING(f"Formulaire {form_name(known.ancien)} : non reconnu, {count} de côté."))
        if result.demo_retirees:
            gone = pluriel(result.demo_retirees, "fiche", "fiches")
            write(f"  {gone} de démonstration {'a' if result.demo_retirees == 1 else 'ont'} laissé la place")
        if result.anomalies:
            count = pluriel(len(result.notes), "anomalie", "anomalies")
            met = len(result.anomalies) - len(result.a_part)
            again = met - len(result.notes)
            details = f" : {entier(met)} lignes du rapport, dont {pluriel(again, 'répétition', 'répétitions')}"
            where = "espace de rédaction ou --rapport"
            write(self.style.WARNING(f"{count} à regarder ({where}){details if again else ''}"))

        if result.a_part:
            apart = pluriel(len(result.a_part), "fiche", "fiches")
            write(
                self.style.WARNING(
                    f"{apart} d’un formulaire non reconnu, où figurent des personnes : leur texte n’est que dans le "
                    f"rapport (--rapport). Dites ce qu’il est avec --correspondance."
                )
            )

    def tell_conflicts(self, result):
        if not result.conflits:
            return
        count = pluriel(len(result.conflits), "fiche", "fiches")
        self.stdout.write(self.style.WARNING(f"{count} en conflit, à régler dans l’espace de rédaction :"))
        self.list_names([f"{titre} ({', '.join(champs)})" for titre, champs in result.conflits])

    def tell_waiting(self, result, again, public, publier):
        """What waits for an editor, why, and how to publish it at once."""
        if not result.relire:
            return
        self.tell_why(result, again, public, publier)
        self.list_names(result.relire)

    def tell_why(self, result, again, public, publier):
        write = self.stdout.write
        count = pluriel(len(result.relire), "fiche est « à relire »", "fiches sont « à relire »")
        if not result.a_publier:
            write(f"{count} : l’ancien site les disait en attente. Relisez-les dans l’espace de rédaction.")
            return
        if publier:
            write(
                self.style.WARNING(
                    f"{count} : une reprise d’avant y a mis des valeurs que cette source ne dit pas, et que "
                    "l’ancien site cachait peut-être. Relisez-les dans l’espace de rédaction, ou relancez --publier "
                    "avec l’export qui contient ces valeurs, si tout y était public."
                )
            )
            return
        why = (
            f"{public} ne les montre pas, ou pas en entier"
            if public
            else "rien ne dit que l’ancien site les montrait en entier à tous, un export peut contenir ce que seul un "
            "compte y voyait"
        )
        write(self.style.WARNING(f"{count} : {why}. Relisez-les dans l’espace de rédaction."))
        if public:
            return
        write("  Si vous avez ce que voyait un visiteur (son adresse, ou un export JSON fait sans compte), dites-le :")
        write(f"    {manage()} {again.replace(' --publier', ' --public SOURCE', 1)}")
        write(f"  Si tout était public, jusqu’au dernier champ, publiez-les d’un coup :\n    {manage()} {again}")

    def tell_absent(self, result):
        if not result.absentes:
            return
        count = pluriel(len(result.absentes), "fiche reprise", "fiches reprises")
        verb = "n’est plus" if len(result.absentes) == 1 else "ne sont plus"
        self.stdout.write(
            self.style.WARNING(
                f"{count} de cet ancien site {verb} dans cette source : supprimées là-bas, ou cachées aux visiteurs. "
                f"Rien n’est retiré ici, à vous d’en décider :"
            )
        )
        self.list_names([f"{row['fiche']} ({settings.SITE_URL}{row['adresse']})" for row in result.absentes])

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


def form_name(ancien) -> str:
    """What a form of the old site is called: « 3 « Blog-actu » »."""
    return f"{ancien.numero} « {ancien.nom} »" if ancien.nom else ancien.numero or "sans numéro"


def words(cle: str) -> tuple[str, bool]:
    """What the records of a type are called in the plural, and whether they are feminine in French."""
    if cle == INCONNU:
        return "fiches de type inconnu", True
    for declaration in registre.types():
        if declaration.cle == cle:
            return declaration.nom_pluriel, declaration.feminin
    return str(formulaires.readers()[cle].model._meta.verbose_name_plural), True  # persons: inscriptions, explorations


# In the singular and in the plural; {e} is the mark of the feminine.
MOTS = {
    "lues": ("lu{e}", "lu{e}s"),
    "creees": ("créé{e}", "créé{e}s"),
    "modifiees": ("modifié{e}", "modifié{e}s"),
    "inchangees": ("inchangé{e}", "inchangé{e}s"),
    "conflits": ("en conflit", "en conflit"),
}
