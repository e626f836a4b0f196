"""Read back what /projets.csv gives, edited in a spreadsheet. One function for the command and the admin.

`identifiant` empty makes a new draft. A column that is missing is left alone, a cell that is empty empties the field.
A cell that still says what the export would say now is no change, whatever spreadsheet rewrote it: so a sheet that
nobody edited is never saved, and masked addresses stay what they were.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice

from django.db import transaction
from django.utils import timezone

from fiches.catalogue.colonnes import unprotect
from fiches.catalogue.lecture_csv import same
from fiches.models import Theme
from fiches.referentiels.reconnaissance import Reconnaisseur
from fiches.texte import fold
from projets.columns import PROJET_COLUMNS
from projets.models import Projet
from projets.montant import parse_montant

BLOCK = 500
EXPORT = {column.nom: column for column in PROJET_COLUMNS}
TEXTES = {"titre": 500, "collectivite": 300, "montant_source": 300, "description": None, "objectifs": None}
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
                rapport.refus.append((line, str(refus)))
            except Conflit as conflit:
                rapport.conflits.append((line, str(conflit)))
            else:
                setattr(rapport, outcome, getattr(rapport, outcome) + 1)
    if simulation:
        transaction.set_rollback(True)
    return rapport


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

    def load(self, block) -> None:
        """Read the sheets that the rows of a block name."""
        numbers = [int(cell) for _, row in block if (cell := row.get("identifiant", "").strip()).isdecimal()]
        wanted = [number for number in numbers if number < 10**18]
        found = Projet.objects.filter(pk__in=wanted).select_related("departement__region").prefetch_related("themes")
        self.projets = {projet.pk: projet for projet in found}

    def take(self, cells: dict[str, str]) -> str:
        """Save a row; the counter of RapportImport that it belongs to. Refus or Conflit if it cannot be."""
        number = _number(cells.get("identifiant", ""))
        if number is None:
            return self._create(cells)
        if number in self.seen:
            raise Refus(f"la fiche {number} figure deux fois dans le fichier.")
        self.seen.add(number)
        projet = self.projets.get(number)
        if projet is None:
            raise Refus(f"il n’y a pas de fiche {number} : effacez l’identifiant pour en créer une nouvelle.")
        return self._update(projet, cells)

    def _create(self, cells) -> str:
        if not cells.get("titre", "").strip():
            raise Refus("une nouvelle fiche doit avoir un titre.")
        projet, themes = self._apply(Projet(), cells, {name for name in EDITABLE if name in cells})
        if "montant_eur" not in cells and projet.montant_source:
            projet.montant_eur = parse_montant(projet.montant_source).eur
        projet.locate(self.places)
        self._save(projet, themes)
        return "crees"

    def _update(self, projet, cells) -> str:
        changed = {name for name in EDITABLE if name in cells and self._differs(name, cells[name], projet)}
        if not changed:
            return "inchanges"
        seen = self._moment(cells.get("modifiee_le", ""))
        if seen and seen < projet.modifiee_le:
            who = f"« {projet.titre_affiche} » ({projet.pk})"
            raise Conflit(f"{who} a été modifiée ici depuis l’export : exportez-la à nouveau avant de la corriger.")
        projet, themes = self._apply(projet, cells, changed)
        if changed & {"collectivite", "departement_code"}:
            projet.commune = projet.intercommunalite = None
            projet.locate(self.places)
        self._save(projet, themes)
        return "modifies"

    def _differs(self, name, cell, projet) -> bool:
        """Whether the cell says something else than the export would now."""
        ours = EXPORT[name].value(projet)
        if name == "montant_eur":
            return _montant(cell) != (Decimal(ours) if ours else None)
        if name in ("themes", "departement_code", "remplace"):
            return not same(ours, _plain(cell).strip(), lossy=self.lossy)
        return not same(ours.replace("\r\n", "\n").replace("\r", "\n"), _plain(cell), lossy=self.lossy)

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
        if not Projet.objects.filter(pk=number).exists():
            raise Refus(f"remplace : il n’y a pas de fiche {number}.")
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

    @staticmethod
    def _save(projet, themes) -> None:
        projet._change_reason = "Import d’un fichier CSV"
        if themes is not None:
            projet.themes_automatiques = not themes
        with transaction.atomic():
            projet.save(finish=False)
            if themes:
                projet.themes.set(themes)
            projet.finish()


def _montant(cell: str) -> Decimal | None:
    """The amount of a cell, decimal point or comma; None if empty; Refus if it is no amount."""
    cell = cell.strip()
    if not cell:
        return None
    montant = parse_montant(cell)
    if montant.eur is None or montant.douteux:
        raise Refus(f"montant « {cell[:40]} » illisible : écrivez un nombre, par exemple 15000 ou 15000,50.")
    return montant.eur or None
