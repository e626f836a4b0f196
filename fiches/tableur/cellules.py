"""Cells of a spreadsheet that become fields again.

A cell is text, whatever the file (`socle/tableur/classeur.py`). `says`: whether it still says what the export does;
`read`: the value for the field. Both raise LigneRefusee for a cell that they cannot read.
"""

import re
from dataclasses import dataclass, field

from django.db import models

from fiches.choice_lists import Choix, Theme
from fiches.models import Fiche
from fiches.suivi.comparaison import Difference
from socle.catalogue.columns import Column
from socle.francais.identifiants import IdentifiantField, in_one_piece
from socle.francais.texte import fold
from socle.francais.valeurs import FILE, Illisible, as_words, parted, read_moment, read_words, unix
from socle.tableur.classeur import COUPE
from socle.tableur.lecture_csv import same
from socle.territoires.models import Commune, Departement

_ABRIDGED = re.compile(r"[0-9](?:[.,]([0-9]+))?E\+[0-9]+")


class LigneRefusee(Exception):
    """A row that cannot be imported. The message, in French, says what to correct."""


@dataclass
class Cellule:
    """A column whose cells are read back.

    `champ`: field that it fills. `titre`: heading, for messages. `lossy`: see lecture_csv.same. `lists`: what
    `read_words` has read, kept for the next rows.
    """

    nom: str
    champ: models.Field
    titre: str = ""
    lossy: bool = False
    lists: dict = field(default_factory=dict)

    @property
    def is_text(self) -> bool:
        return isinstance(self.champ, models.CharField | models.TextField)

    def says(self, ours: str, cell: str) -> bool:
        """Whether the cell still says `ours`, the text of the export."""
        cell = unix(cell)
        if self.is_text:
            lines = [cell] if isinstance(self.champ, models.TextField) else [" ".join(cell.split()), cell]
            return any(same(unix(ours), line, lossy=self.lossy) for line in lines)
        if same(ours, cell.strip(), lossy=self.lossy):
            return True
        if self.champ.many_to_many:  # in any order
            return {*map(fold, parted(ours))} == {*map(fold, parted(cell))}
        return not self.champ.is_relation and self.told(cell) == self.told(ours)

    def told(self, cell: str):
        """The value of a cell, to compare. For a moment: (moment to the second, whether it has a time)."""
        value = self.read(cell, None, None)
        if not isinstance(self.champ, models.DateTimeField) or value is None:
            return value
        moment, timed = read_moment(cell)
        return moment.replace(microsecond=0), timed

    def read(self, cell: str, fiche: Fiche | None, places):
        """The value for the field. `places`: a Reconnaisseur."""
        cell = unix(cell)
        try:
            value = read_words(self.champ, cell, lists=self.lists)
        except Illisible as error:
            said = f"{self.titre} « {error.said.strip()[:60]} »" if error.said else self.titre
            raise LigneRefusee(f"{said} : {error}.") from None
        if self.is_text and COUPE in value:
            raise LigneRefusee(
                f"{self.titre} contient un passage coupé : corrigez cette fiche dans l’espace de rédaction."
            )
        return value

    def difference(self, before: str, after: str) -> Difference:
        """The difference, in the words of the file; amounts and days in those of the site."""
        told = self.in_our_words(before), self.in_our_words(after)
        label = "" if self.nom == self.champ.name else self.titre  # a code has its own heading
        return Difference.of(self.champ, *(told if told[0] != told[1] else (before, after)), name=self.nom, label=label)

    def in_our_words(self, text: str) -> str:
        """An amount or a day as pages write it; other or unreadable text unchanged."""
        if not isinstance(self.champ, models.DecimalField | models.FloatField | models.DateField):
            return text
        try:
            return as_words(self.champ, read_words(self.champ, text))
        except Illisible:
            return text

    def put(self, fiche: Fiche, value) -> None:
        """Sets a value that was read; several choices are set by the save."""
        if not self.champ.many_to_many:
            setattr(fiche, self.champ.name if isinstance(value, models.Model) else self.champ.attname, value)


class UneParLigne(Cellule):
    """A text of one value per line; a file joins them with « | »."""

    def says(self, ours, cell):
        return same(ours, FILE.between.join(parted(unix(cell))), lossy=self.lossy)

    def read(self, cell, fiche, places):
        return "\n".join(parted(super().read(cell, fiche, places)))


class NumeroOfficiel(Cellule):
    """A SIRET or an RNA. To a spreadsheet a SIRET is a number.

    « 55208131766522 » may come back as « 5,52081E+13 », or without its first zeros.
    """

    def says(self, ours, cell):
        cell = cell.strip()
        if abridged := _ABRIDGED.fullmatch(cell.upper()):
            return ours.isdigit() and f"{int(ours):.{len(abridged[1] or '')}E}" == cell.upper().replace(",", ".")
        number = in_one_piece(cell)
        return ours in (number, number.zfill(self.champ.max_length) if number else "")

    def read(self, cell, fiche, places):
        if _ABRIDGED.fullmatch(cell.strip().upper()):
            raise LigneRefusee(
                f"{self.titre} « {cell.strip()[:40]} » : le tableur a abrégé ce numéro. Mettez la colonne au format "
                "texte, puis écrivez-le en entier."
            )
        return super().read(cell, fiche, places)


class DepartementCode(Cellule):
    """A département by its code, which spreadsheets may spoil, or its name."""

    def read(self, cell, fiche, places):
        if not cell.strip():
            return None
        code = places.parse_departement(cell)
        if code is None:
            raise LigneRefusee(f"département « {cell[:40]} » inconnu : écrivez son code, par exemple 22.")
        return code


class NomDeCommune(Cellule):
    """A commune by its name, which must be the only one in the département of the row."""

    def read(self, cell, fiche, places):
        cell = cell.strip()
        if not cell:
            return None
        commune = places.find_named(cell, fiche.departement_id) or places.find_named(cell)
        if commune is None and cell[:1].isdigit():  # no name begins with a digit: it is the code of the next column
            commune = Commune.objects.filter(pk=cell.upper().zfill(5)).first()
        if commune is None:
            raise LigneRefusee(
                f"{self.titre} « {cell[:60]} » : aucune, ou plusieurs de ce nom. Donnez aussi son département, ou "
                "choisissez-la dans la fiche."
            )
        return commune.pk


class CodeDeCommune(Cellule):
    """A commune by its INSEE code, whose first zero spreadsheets drop."""

    def says(self, ours, cell):
        return ours == self._code(cell)

    def read(self, cell, fiche, places):
        code = self._code(cell)
        if code and not Commune.objects.filter(pk=code).exists():
            raise LigneRefusee(
                f"{self.titre} « {cell.strip()[:40]} » inconnu : écrivez un code INSEE, par exemple 22050."
            )
        return code or None

    @staticmethod
    def _code(cell: str) -> str:
        cell = cell.strip().upper()
        return cell.zfill(5) if cell else ""


def cellules_de(model: type[Fiche], columns: list[Column]) -> dict[str, Cellule]:
    """{column: how its cells are read}, for columns that are fields, not derived from others."""
    fields = {field.name: field for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    found = {}
    for column in columns:
        nom = column.nom
        field = fields.get(nom) or fields.get(nom.removesuffix("_code")) or fields.get(nom.removesuffix("_insee"))
        kind = kind_of(field, column) if field is not None and (field.editable or nom == "titre") else None
        if kind:
            found[nom] = kind(nom, field)
    return found


def kind_of(field: models.Field, column: Column) -> type[Cellule] | None:
    """The kind of cells; None if they are not read."""
    nom = column.nom
    if field.related_model is Departement:
        return DepartementCode if nom.endswith("_code") else None
    if field.related_model is Commune:
        return CodeDeCommune if nom.endswith("_insee") else NomDeCommune
    if nom != field.name or nom == "statut":
        return None
    if isinstance(field, IdentifiantField):
        return NumeroOfficiel
    if field.is_relation:
        return Cellule if field.related_model in (Theme, Choix) else None
    if column.several:
        return UneParLigne
    if isinstance(field, models.BooleanField):  # a column that says more than its field is derived from others
        return Cellule if column.paths in ((), (nom,)) else None
    return None if isinstance(field, models.FileField | models.SlugField) else Cellule
