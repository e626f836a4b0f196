"""Read back what /projets.csv gives, edited in a spreadsheet. One function for the command and the admin.

`identifiant` empty makes a new draft, unless the sheet is there already: a file read twice makes no second one. A
column that is missing is left alone, a cell that is empty empties the field. A cell that still says what the export
would say now is no change, whatever spreadsheet rewrote it: so a sheet that nobody edited is never saved, and masked
addresses stay what they were.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from itertools import islice

from django.db import transaction
from django.utils import timezone

from fiches.catalogue.colonnes import unprotect
from fiches.catalogue.lecture_csv import same
from fiches.confidentiel import ADRESSE_MASQUEE, NOM_MASQUE, TELEPHONE_MASQUE
from fiches.models import Theme
from fiches.referentiels.reconnaissance import Reconnaisseur
from fiches.texte import fold
from projets.columns import PROJET_COLUMNS
from projets.models import Projet
from projets.montant import parse_montant

BLOCK = 500
EXPORT = {column.nom: column for column in PROJET_COLUMNS}
TEXTES = {"titre": 500, "collectivite": 300, "montant_source": 300, "description": None, "objectifs": None}
COLONNES = {"departement_code": "departement"}  # columns that have not the name of their field
EDITABLE = (*TEXTES, "departement_code", "themes", "montant_eur", "remplace")


class Refus(Exception):
    """A row that cannot be taken. The message, in French, says what to mend."""


@dataclass
class RapportImport:
    """What became of each row. `refus` and `conflits`: (line, message)."""

    crees: int = 0
    modifies: int = 0
    inchanges: int = 0
    conflits: list[tuple[int, str]] = field(default_factory=list)
    refus: list[tuple[int, str]] = field(default_factory=list)


class Conflit(Exception):
    """A row that is older than the sheet, which changed here since. The message, in French, says so."""


@transaction.atomic
def import_projets(
    rows: Iterable[tuple[int, dict[str, str]]], *, simulation: bool = False, lossy: bool = False
) -> RapportImport:
    """Save rows of (line, {column: cell}); a refused or conflicting row changes nothing of its sheet.

    `simulation`: the same, then all is rolled back. `lossy`: the file was in Windows-1252, see lecture_csv.same.
    """
    rapport, reader = RapportImport(), _Reader(lossy)
    for block in _blocks(rows):
        reader.load(block)
        for line, cells in block:
            try:
                outcome = reader.take(cells)
            except Refus as refus:
                rapport.refus.append((line, f"{refus}{which(cells)}"))
            except Conflit as conflit:
                rapport.conflits.append((line, str(conflit)))
            else:
                setattr(rapport, outcome, getattr(rapport, outcome) + 1)
    if simulation:
        transaction.set_rollback(True)
    return rapport


def which(cells: dict[str, str]) -> str:
    """The sheet that a row is about, as its title says: lines are hard to count where cells hold several."""
    titre = " ".join(cells.get("titre", "").split())[:80]
    return f" (fiche « {titre} »)" if titre else ""


def _blocks(rows) -> Iterator[list]:
    rows = iter(rows)
    while block := list(islice(rows, BLOCK)):
        yield block


def _number(cell: str) -> int | None:
    """An identifier; None for an empty cell; Refus for anything else."""
    cell = cell.strip()
    if not cell:
        return None
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 18):
        raise Refus(f"identifiant « {cell[:40]} » : ce doit être un nombre, ou rien pour une nouvelle fiche.")
    return int(cell)


def _plain(cell: str) -> str:
    """A cell as the field holds it: line ends made one, the protecting apostrophe off."""
    return unprotect(cell.replace("\r\n", "\n").replace("\r", "\n"))


def _key(projet) -> tuple:
    """What makes two sheets the same one."""
    return fold(projet.titre), fold(projet.collectivite), projet.departement_id


class _Reader:
    """Turns rows into saves; what it needs of the database is read once a block."""

    def __init__(self, lossy: bool):
        self.lossy = lossy
        self.places = Reconnaisseur()
        self.themes = {}
        for theme in Theme.objects.all():
            self.themes[fold(theme.nom)] = self.themes[theme.slug] = theme
        self.projets: dict[int, Projet] = {}
        self.seen: set[int] = set()
        self.created: set[tuple] = set()

    def load(self, block) -> None:
        """Read the sheets that the rows of a block name, and those that have the title of a new one."""
        numbers = [int(cell) for _, row in block if (cell := row.get("identifiant", "").strip()).isdecimal()]
        wanted = [number for number in numbers if number < 10**18]
        for _, row in block:
            if not row.get("identifiant", "").strip() and row.get("titre", "").strip():
                wanted += self.by_title.get(fold(_plain(row["titre"])), [])
        found = Projet.objects.filter(pk__in=wanted).select_related("departement__region").prefetch_related("themes")
        self.projets = {projet.pk: projet for projet in found}

    @cached_property
    def by_title(self) -> dict[str, list[int]]:
        """{folded title: sheets}, read if a row is a new one."""
        found = {}
        for pk, titre in Projet.objects.order_by("pk").values_list("pk", "titre"):
            found.setdefault(fold(titre), []).append(pk)
        return found

    def take(self, cells: dict[str, str]) -> str:
        """Save a row; the counter of RapportImport that it belongs to. Refus or Conflit if it cannot be."""
        number = _number(cells.get("identifiant", ""))
        if number is None:
            return self._create(cells)
        if number in self.seen:
            raise Refus(f"la fiche {number} figure deux fois dans le fichier.")
        self.seen.add(number)
        projet = self.projets.get(number)
        if projet is None or not self._changes(projet, cells):
            return self._unchanged(number, projet)
        # What the block read may be old by now, and a save writes every column: look again, behind a lock.
        projet = self.projets[number] = Projet.objects.select_for_update(of=("self",)).filter(pk=number).first()
        if projet is None or not (changed := self._changes(projet, cells)):
            return self._unchanged(number, projet)
        return self._update(projet, cells, changed)

    @staticmethod
    def _unchanged(number, projet) -> str:
        if projet is None:
            raise Refus(f"il n’y a pas de fiche {number} : effacez l’identifiant pour en créer une nouvelle.")
        return "inchanges"

    def _changes(self, projet, cells) -> set[str]:
        """The columns whose cell says something else than the sheet."""
        changed = {name for name in EDITABLE if name in cells and self._differs(name, cells[name], projet)}
        if "departement_code" in changed and self._comes_back(projet, cells):
            changed.remove("departement_code")
        return changed

    def _comes_back(self, projet, cells) -> bool:
        """Whether the département is emptied in vain: the commune says it."""
        if cells["departement_code"].strip():
            return False
        plain = Projet(collectivite=" ".join(_plain(cells.get("collectivite", projet.collectivite)).split()))
        if not self._found(projet):
            plain.commune, plain.intercommunalite_id = projet.commune, projet.intercommunalite_id
        plain.locate(self.places)
        return plain.departement_id == projet.departement_id

    def _create(self, cells) -> str:
        if not cells.get("titre", "").strip():
            raise Refus("une nouvelle fiche doit avoir un titre.")
        projet, themes = self._apply(Projet(), cells, {name for name in EDITABLE if name in cells})
        if "montant_eur" not in cells and projet.montant_source:
            projet.montant_eur = parse_montant(projet.montant_source).eur
        projet.locate(self.places)
        key = _key(projet)
        if key in self.created:
            raise Refus("cette nouvelle fiche figure deux fois dans le fichier.")
        candidates = [self.projets.get(pk) for pk in self.by_title.get(key[0], [])]
        twins = [twin for twin in candidates if twin and _key(twin) == key]
        if any(self._says(twin, projet, themes, cells) for twin in twins):
            return "inchanges"
        if twins:
            number = twins[0].pk
            raise Refus(f"existe déjà : fiche {number}. Pour la modifier, mettez {number} dans la colonne identifiant.")
        self._save(projet, themes or None)  # an empty cell of a new sheet is nobody's choice
        self.created.add(key)
        return "crees"

    def _says(self, twin, projet, themes, cells) -> bool:
        """Whether a sheet says all that the filled cells of a new row say; `projet`, `themes`: the row as read."""
        for name in EDITABLE:
            if not cells.get(name, "").strip() or not self._differs(name, cells[name], twin):
                continue
            if name == "themes":
                agree = {theme.pk for theme in themes} == {theme.pk for theme in twin.themes.all()}
            else:
                field = Projet._meta.get_field(COLONNES.get(name, name)).attname
                agree = getattr(projet, field) == getattr(twin, field)
            if not agree:
                return False
        return True

    def _update(self, projet, cells, changed) -> str:
        seen = self._moment(cells.get("modifiee_le", ""))
        if seen and seen < projet.modifiee_le:
            who = f"« {projet.titre_affiche} » ({projet.pk})"
            raise Conflit(f"{who} a été modifiée ici depuis l’export : exportez-la à nouveau avant de la corriger.")
        moved = bool(changed & {"collectivite", "departement_code"})
        found = moved and self._found(projet)
        projet, themes = self._apply(projet, cells, changed)
        if moved:
            if found or self._is_elsewhere(projet):
                projet.commune = projet.intercommunalite = None
            projet.locate(self.places)
        self._save(projet, themes)
        return "modifies"

    def _found(self, projet) -> bool:
        """Whether the places of a sheet are those that its authority's name says: nobody chose others."""
        plain = Projet(collectivite=projet.collectivite, departement_id=projet.departement_id)
        plain.locate(self.places)
        if plain.commune_id or projet.commune_id:  # its intercommunalité follows
            return plain.commune_id == projet.commune_id
        return plain.intercommunalite_id == projet.intercommunalite_id

    @staticmethod
    def _is_elsewhere(projet) -> bool:
        """Whether the commune of a sheet is outside its département."""
        return bool(
            projet.commune_id and projet.departement_id and projet.commune.departement_id != projet.departement_id
        )

    def _differs(self, name, cell, projet) -> bool:
        """Whether the cell says something else than the export would now."""
        ours = EXPORT[name].value(projet)
        if name == "montant_eur":
            return _montant(cell) != (Decimal(ours) if ours else None)
        if name in ("themes", "departement_code", "remplace"):
            return not same(ours, _plain(cell).strip(), lossy=self.lossy)
        cell = _plain(cell)
        if TEXTES[name] and same(ours, " ".join(cell.split()), lossy=self.lossy):
            return False
        return not same(ours.replace("\r\n", "\n").replace("\r", "\n"), cell, lossy=self.lossy)

    def _apply(self, projet, cells, changed):
        """Put the changed cells into the sheet; (sheet, themes or None if they are not among them)."""
        themes = None
        for name in sorted(changed):
            cell = _plain(cells[name])
            if name in TEXTES:
                setattr(projet, name, self._text(name, cell))
            elif name == "montant_eur":
                projet.montant_eur = _montant(cell)
            elif name == "departement_code":
                projet.departement_id = self._departement(cell)
            elif name == "remplace":
                projet.remplace_id = self._replaced(cell, projet)
            else:
                themes = self._themes(cell)
        return projet, themes

    @staticmethod
    def _text(name, cell) -> str:
        limit = TEXTES[name]
        cell = " ".join(cell.split()) if limit else cell
        if limit and len(cell) > limit:
            raise Refus(f"{name} : {len(cell)} caractères, {limit} au plus.")
        if name == "titre" and not cell:
            raise Refus("le titre ne peut pas être vide.")
        if "\x00" in cell:
            raise Refus(f"{name} contient un caractère nul.")
        if any(mask in cell for mask in (NOM_MASQUE, ADRESSE_MASQUEE, TELEPHONE_MASQUE)):
            raise Refus(f"{name} contient un passage masqué : corrigez cette fiche dans l’espace de rédaction.")
        return cell

    def _departement(self, cell) -> str | None:
        if not cell.strip():
            return None
        code = self.places.parse_departement(cell)
        if code is None:
            raise Refus(f"département « {cell[:40]} » inconnu : écrivez son code, par exemple 22.")
        return code

    def _themes(self, cell) -> list[Theme]:
        names = [name.strip() for name in cell.split("|") if name.strip()]
        unknown = [name for name in names if name not in self.themes and fold(name) not in self.themes]
        if unknown:
            raise Refus(f"thème « {unknown[0][:60]} » inconnu : créez-le d’abord, ou corrigez son nom.")
        return [self.themes.get(name) or self.themes[fold(name)] for name in names]

    def _replaced(self, cell, projet) -> int | None:
        number = _number(cell)
        if number is None:
            return None
        if number == projet.pk:
            raise Refus("une fiche ne peut pas se remplacer elle-même.")
        earlier = Projet.objects.values_list("remplace_id", flat=True)
        chain = list(earlier.filter(pk=number))
        if not chain:
            raise Refus(f"remplace : il n’y a pas de fiche {number}.")
        while chain[-1] is not None and chain[-1] not in chain[:-1]:
            if chain[-1] == projet.pk:
                raise Refus(
                    f"remplace : la fiche {number} remplace déjà la fiche {projet.pk}, directement ou par d’autres. "
                    "Gardez un seul des deux sens."
                )
            chain.append(earlier.get(pk=chain[-1]))
        return number

    @staticmethod
    def _moment(cell) -> datetime | None:
        """When the exporter saw the sheet; None if the cell says nothing. Spreadsheets may have rewritten it."""
        cell = _plain(cell).strip()
        if not cell:
            return None
        for read in (datetime.fromisoformat, lambda text: datetime.strptime(text, "%d/%m/%Y %H:%M")):
            try:
                moment = read(cell)
            except ValueError:
                continue
            return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
        raise Refus(f"modifiee_le « {cell[:40]} » : laissez cette colonne comme l’export l’a écrite.")

    def _save(self, projet, themes) -> None:
        """`themes`: those that someone chose, none at all included; None leaves them alone."""
        projet._change_reason = "Import d’un fichier CSV"
        if themes is not None:
            projet.themes_automatiques = False
        with transaction.atomic():
            projet.save(finish=False)
            if themes is not None:
                projet.themes.set(themes)
            projet.finish()
        if "by_title" in self.__dict__:  # a later row may have this title
            self.by_title.setdefault(fold(projet.titre), []).append(projet.pk)


def _montant(cell: str) -> Decimal | None:
    """The amount of a cell, decimal point or comma; None if empty; Refus if it is no amount."""
    cell = cell.strip()
    if not cell:
        return None
    montant = parse_montant(cell)
    if montant.eur is None or montant.douteux:
        raise Refus(f"montant « {cell[:40]} » illisible : écrivez un nombre, par exemple 15000 ou 15000,50.")
    return montant.eur or None
