from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from fiches.choice_lookup import load_choices
from fiches.themes import load_themes
from socle.journal.models import Nature
from socle.journal.writing import inscrire, lot
from socle.recherche.synonymes import load_synonyms
from socle.territoires.chargement import Count, FixtureError, read_tables, save_tables
from socle.territoires.place_names import DOSSIER

CHOIX = settings.BASE_DIR / "fixtures" / "choix.json"
THEMES = settings.BASE_DIR / "fixtures" / "themes.json"
SYNONYMES = settings.BASE_DIR / "fixtures" / "synonymes.json"


class Command(BaseCommand):
    help = (
        "Charge les régions, départements, intercommunalités et communes du code officiel géographique, "
        "crée les thèmes et les synonymes s’il n’y en a aucun, et les valeurs de liste qui manquent. "
        "Le reste n’est pas touché."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dossier", type=Path, default=DOSSIER, help="dossier des fichiers CSV")
        parser.add_argument("--themes", type=Path, help="fichier JSON des thèmes ; ceux qui manquent sont créés")

    @lot()
    def handle(self, *, dossier, themes, verbosity, **options):
        try:
            tables = read_tables(dossier)
            total = sum(len(items) for _, items in tables)
            with tqdm(total=total, unit="ligne", desc="référentiels", disable=None if verbosity else True) as bar:
                counts = save_tables((model, self.advance(items, bar)) for model, items in tables)
            load = partial(load_themes, missing=themes is not None)
            counts.append(self.count_created("thème", "thèmes", load, themes or THEMES))
            counts.append(self.count_created("valeur de liste", "valeurs de liste", load_choices, CHOIX))
            counts.append(self.count_created("groupe de synonymes", "groupes de synonymes", load_synonyms, SYNONYMES))
        except FixtureError as error:
            raise CommandError(f"{error}. Rien n’a été chargé.") from error
        if any(count.created or count.updated for count in counts):  # a département may be of another region now
            inscrire("lieu", nature=Nature.RETIREE)
        if verbosity:
            self.stdout.write(report(counts))

    @staticmethod
    def advance(items, bar):
        """`items`, the progress bar moving as they are taken."""
        for item in items:
            yield item
            bar.update()

    @staticmethod
    def count_created(nom, nom_pluriel, load, path) -> Count:
        """Load rows that editors then own: only missing ones are created."""
        try:
            total, created = load(path)
        except (OSError, ValueError) as error:
            raise FixtureError(f"{nom_pluriel} illisibles : {path} ({error})") from error
        return Count(nom, nom_pluriel, total=total, created=created)


def report(counts: list[Count]) -> str:
    """« 26 régions, 109 départements… : rien à changer », or what was created, updated and kept, table by table."""
    totals = ", ".join(f"{count.total} {count.nom_pluriel if count.total > 1 else count.nom}" for count in counts)
    if not any(count.changed for count in counts):
        totals += " : rien à changer"
    return "\n".join([totals, *filter(None, map(changes, counts))])


def changes(count: Count) -> str:
    """« communes : 3 créations, 1 mise à jour »; empty if there is nothing to say."""
    parts = []
    if count.created:
        parts.append(f"{count.created} création{'s' if count.created > 1 else ''}")
    if count.updated:
        parts.append(f"{count.updated} {'mises' if count.updated > 1 else 'mise'} à jour")
    if count.absent:
        parts.append(f"{count.absent} hors du fichier (rien n’est supprimé)")
    return f"  {count.nom_pluriel} : {', '.join(parts)}" if parts else ""
