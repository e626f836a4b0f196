"""Columns of a list as pages show them: headings, and values in French."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.text import capfirst

from socle.annuaire.models import Entree
from socle.catalogue.columns import Block, Column, in_words, paths_of
from socle.catalogue.tuples import blocks
from socle.francais.typographie import fr, titre
from socle.francais.valeurs import FILE, PAGE, unix
from socle.francais.wording import euros, jour_en_lettres, jour_et_heure, nombre

# What names a record: its title as written, or the short one where a list has no other.
TITRES = ("titre", "intitule")


@dataclass(frozen=True)
class Colonne:
    """A column on a page. `nom`: in addresses and files. `titre`: its heading.

    `column`: what it reads and says, as in a spreadsheet. `is_texte`: whether its field holds long texts.
    """

    nom: str
    titre: str
    column: Column
    is_texte: bool = False

    @property
    def is_euros(self) -> bool:
        return self.nom.endswith("_eur")

    def numbers(self, block: Block) -> list[Decimal | None]:
        """The number of each record, for a numeric column; None if unknown."""
        return [Decimal(text) if text else None for text in self.column.texts(block)]

    def words(self, block: Block) -> list[str]:
        """Its text for each record: « 20 000 € », « 12 mars 2026 », « Cantine, État civil »."""
        if self.column.moment:
            return [_day(when) for when in self.column.moments(block)]
        if self.column.numeric and self.is_euros:
            return ["" if number is None else euros(number) for number in self.numbers(block)]
        texts = [text or "" for text in self.column.texts(block)]
        if self.column.numeric:
            return [text and nombre(text) for text in texts]
        if self.nom in TITRES:
            return [titre(text) for text in texts]
        return [fr(unix(text).strip().replace(FILE.between, PAGE.between)) for text in texts]


def _day(when) -> str:
    if when is None:
        return ""
    return jour_et_heure(when) if isinstance(when, datetime) else jour_en_lettres(when)


def shown(columns: Iterable[Column], model) -> list[Colonne]:
    columns = list(columns)
    worded = in_words(columns, model)
    long = {field.name for field in model._meta.fields if isinstance(field, models.TextField)}
    return [Colonne(column.nom, one.nom, one, column.nom in long) for column, one in zip(columns, worded, strict=True)]


def heads(colonne: Colonne, model) -> Colonne:
    """The column of titles as pages show them, under « Titre »; files have them as written."""
    path = "titre" if model is Entree else "entree__titre"
    words = capfirst(str(model._meta.get_field("titre").verbose_name))
    return replace(colonne, titre=words, column=replace(colonne.column, paths=(path,)))


def tidied(colonnes: Iterable[Colonne]) -> list[Colonne]:
    """Columns as pages show them, where files have the text as written."""
    return [replace(one, column=one.column.page or one.column) for one in colonnes]


def read(view, colonnes: list[Colonne], keys: Iterable[int]) -> Block:
    """What columns read of the public records `keys`, few enough for a page, with their keys (`pk`)."""
    columns = [Column("pk", ("pk",)), *(one.column for one in colonnes)]
    found: Block = {path: [] for path in paths_of(columns)}
    for block in blocks(columns, view.filterset_class.public_by_key(), keys):
        for path, values in block.items():
            found[path] += values
    return found


def local(address: str) -> str:
    """The address of a page of this site, without the site."""
    return address.removeprefix(settings.SITE_URL)
