"""How a cell of a spreadsheet becomes a field again: one kind of cell a kind of field.

A cell is text, whatever the file: `socle/tableur/classeur.py` has turned typed cells into it. `says` tells whether it
still says what the export would, `read` what the field becomes; both raise Refus for what cannot be understood.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from fiches.models import Choix, Fiche, Theme
from socle.catalogue.colonnes import Column, unprotect
from socle.francais.texte import fold
from socle.tableur.classeur import TEXTE_TROP_LONG
from socle.tableur.lecture_csv import same
from socle.territoires.models import Commune, Departement
from socle.vie_privee.redaction import MASQUES

KNOWN = 12  # labels that a message names at most
MASKS = (*MASQUES, TEXTE_TROP_LONG)


class Refus(Exception):
    """A row that cannot be taken. The message, in French, says what to mend."""


def plain(cell: str) -> str:
    """A cell as the field holds it: line ends made one, the protecting apostrophe off."""
    return unprotect(lines(cell))


def lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass
class Cellule:
    """A column whose cells are read back. `champ`: the field it fills; `lossy`: see lecture_csv.same."""

    nom: str
    champ: models.Field
    lossy: bool = False

    def says(self, ours: str, cell: str) -> bool:
        """Whether the cell says what the export does, `ours`."""
        return same(ours, plain(cell).strip(), lossy=self.lossy)

    def read(self, cell: str, fiche: Fiche, places):
        """The value of the field; `places`: a Reconnaisseur."""
        raise NotImplementedError

    def put(self, fiche: Fiche, value) -> None:
        setattr(fiche, self.champ.attname, value)


class Texte(Cellule):
    """A text: on one line if the field is, with its line ends otherwise."""

    @property
    def limit(self) -> int | None:
        return None if isinstance(self.champ, models.TextField) else self.champ.max_length

    def says(self, ours, cell):
        cell = plain(cell)
        if self.limit and same(ours, " ".join(cell.split()), lossy=self.lossy):
            return True
        return same(lines(ours), cell, lossy=self.lossy)

    def read(self, cell, fiche, places):
        cell, limit = plain(cell), self.limit
        cell = " ".join(cell.split()) if limit else cell
        if limit and len(cell) > limit:
            raise Refus(f"{self.nom} : {len(cell)} caractères, {limit} au plus.")
        if not cell and not self.champ.blank:
            raise Refus(f"le {self.nom} ne peut pas être vide.")
        if "\x00" in cell:
            raise Refus(f"{self.nom} contient un caractère nul.")
        if any(mask in cell for mask in MASKS):
            raise Refus(f"{self.nom} contient un passage masqué : corrigez cette fiche dans l’espace de rédaction.")
        return cell


class Lien(Texte):
    def read(self, cell, fiche, places):
        link = super().read(cell, fiche, places)
        try:
            return self.champ.clean(link, fiche)
        except ValidationError:
            raise Refus(
                f"{self.nom} « {link[:60]} » : écrivez une adresse entière, par exemple https://exemple.bzh."
            ) from None


class Lignes(Texte):
    """A text of one value a line, joined by « | » in a file."""

    def says(self, ours, cell):
        return same(ours, " | ".join(self._values(plain(cell))), lossy=self.lossy)

    def read(self, cell, fiche, places):
        return "\n".join(self._values(super().read(cell, fiche, places)))

    @staticmethod
    def _values(text: str) -> list[str]:
        return [value.strip() for value in text.replace("\n", "|").split("|") if value.strip()]


class Nombre(Cellule):
    """A number, decimal point or comma, compared as a number; empty if unknown."""

    def says(self, ours, cell):
        return self._number(cell) == self._number(ours)

    def read(self, cell, fiche, places):
        number = self._number(cell)
        if number is None:
            return None
        try:
            return self.champ.clean(number, fiche)
        except ValidationError as error:
            raise Refus(f"{self.nom} « {cell.strip()[:40]} » : {' '.join(error.messages)}") from None

    def _number(self, cell: str) -> int | float | None:
        text = "".join(plain(cell).split()).replace(",", ".")
        if not text:
            return None
        # Spreadsheets write « 12.0 » for 12.
        whole = isinstance(self.champ, models.IntegerField)
        try:
            number = float(text) if text.isascii() and "_" not in text else float("nan")
        except ValueError:
            number = float("nan")
        if not abs(number) < 1e15 or (whole and number != int(number)):  # what is no number is below nothing
            kind = "un nombre entier" if whole else "un nombre"
            raise Refus(f"{self.nom} « {cell.strip()[:40]} » : écrivez {kind}, ou rien.")
        return int(number) if whole else number


class UnDe(Cellule):
    """One row of a list, by its label; `rows`: those that the field may choose, and no other."""

    genre = "valeur"

    @cached_property
    def rows(self) -> dict[str, models.Model]:
        queryset = self.champ.related_model._default_manager.complex_filter(self.champ.get_limit_choices_to())
        found = {}
        for row in queryset:
            found.setdefault(fold(row.nom), row)
        return found

    def find(self, label: str) -> models.Model:
        row = self.rows.get(fold(label))
        if row is None:
            raise Refus(self.unknown(label))
        return row

    def unknown(self, label: str) -> str:
        known = [row.nom for row in self.rows.values()]
        more = f" et {len(known) - KNOWN} autres" if len(known) > KNOWN else ""
        offered = f"choisissez parmi : {' | '.join(known[:KNOWN])}{more}" if known else "cette liste est vide"
        return f"{self.nom} « {label[:60]} » : {self.genre} inconnue, {offered}."

    def read(self, cell, fiche, places):
        label = plain(cell).strip()
        return self.find(label).pk if label else None


class Plusieurs(UnDe):
    """Several rows of a list, their labels joined by « | ». `put` keeps them for the save: they are no column."""

    def read(self, cell, fiche, places) -> list[models.Model]:
        labels = [label.strip() for label in plain(cell).split("|") if label.strip()]
        return list(dict.fromkeys(self.find(label) for label in labels))

    def put(self, fiche, value):
        pass


class Themes(Plusieurs):
    @cached_property
    def rows(self):
        found = {}
        for theme in Theme.objects.all():
            found[fold(theme.nom)] = found[theme.slug] = theme
        return found

    def find(self, label):
        return self.rows.get(label) or super().find(label)

    def unknown(self, label):
        known = list(dict.fromkeys(theme.nom for theme in self.rows.values()))
        shown = f" Thèmes connus : {' | '.join(known[:KNOWN])}{' | …' if len(known) > KNOWN else ''}." if known else ""
        return f"thème « {label[:60]} » inconnu : créez-le d’abord, ou corrigez son nom.{shown}"


class DepartementCode(Cellule):
    def read(self, cell, fiche, places):
        cell = plain(cell)
        if not cell.strip():
            return None
        code = places.parse_departement(cell)
        if code is None:
            raise Refus(f"département « {cell[:40]} » inconnu : écrivez son code, par exemple 22.")
        return code


class NomDeCommune(Cellule):
    """A commune by its name, the only one of that name in the département of the row."""

    def read(self, cell, fiche, places):
        cell = plain(cell).strip()
        if not cell:
            return None
        commune = places.find_named(cell, fiche.departement_id) or places.find_named(cell)
        if commune is None:
            raise Refus(
                f"{self.nom} « {cell[:60]} » : aucune, ou plusieurs de ce nom. Donnez aussi son département, ou "
                "choisissez-la dans la fiche."
            )
        return commune.pk

    def put(self, fiche, value):
        fiche.commune_id = value


class Moment(Cellule):
    """A moment in time, as the export or a spreadsheet writes it."""

    def says(self, ours, cell):
        cell = plain(cell).strip()
        return cell == ours or (bool(ours and cell) and self._read(cell) == self._read(ours))

    def read(self, cell, fiche, places):
        cell = plain(cell).strip()
        return self._read(cell)[0] if cell else None

    def _read(self, text: str) -> tuple[datetime, bool]:
        """(moment, whether it has a time)."""
        moment = read_moment(text)
        if moment is None:
            raise Refus(f"{self.nom} « {text[:40]} » : écrivez la date ainsi, 2026-11-15 ou 15/11/2026 09:30.")
        return moment


def read_moment(text: str) -> tuple[datetime, bool] | None:
    """The moment that a cell says, in the time of the site if it names none, and whether it says a time of the day."""
    for day in ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y"):
        try:
            return timezone.make_aware(datetime.strptime(text, day)), False
        except ValueError:
            continue
    for read in (datetime.fromisoformat, *map(_with, ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%y %H:%M"))):
        try:
            moment = read(text)
            return (moment if timezone.is_aware(moment) else timezone.make_aware(moment)), True
        except (ValueError, OverflowError):
            continue
    return None


def _with(shape: str):
    return lambda text: datetime.strptime(text, shape)


def cellules_de(model: type[Fiche], columns: list[Column]) -> dict[str, Cellule]:
    """{column: how its cells are read}, for the columns of a file that are fields of the type, and not derived ones."""
    fields = {field.name: field for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    found = {}
    for column in columns:
        nom = column.nom
        field = fields.get(nom) or fields.get(nom.removesuffix("_code"))
        kind = kind_of(field, nom) if field is not None and (field.editable or nom == "titre") else None
        if kind:
            found[nom] = kind(nom, field)
    return found


def kind_of(field: models.Field, nom: str) -> type[Cellule] | None:
    """The kind of the cells of a column; None if nothing is read from it."""
    if field.related_model is Departement:
        return DepartementCode if nom.endswith("_code") else None
    if nom != field.name:
        return None
    related = {Theme: Themes, Commune: NomDeCommune, Choix: Plusieurs if field.many_to_many else UnDe}
    if field.is_relation:
        return related.get(field.related_model)
    by_field = [
        (models.FileField, None),
        (models.SlugField, None),
        (models.URLField, Lien),
        (models.DateTimeField, Moment),
        (models.BooleanField, None),
        (models.IntegerField, Nombre),
        (models.FloatField, Nombre),
        (models.CharField, Texte),
        (models.TextField, Texte),
    ]
    return next((kind for base, kind in by_field if isinstance(field, base) and not field.choices), None)
