"""The lists that can be followed, and what an alert asks of one: a Selection, read again each time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from pyroaring import BitMap

from fiches import registre
from fiches.models import Fiche
from socle.annuaire.models import Entree
from socle.catalogue import list_sets
from socle.catalogue.selection import Selection
from socle.journal import following

MONTREES = 20  # records that a mail names
# A record may reach the site some days after its publication: from the old site, or in a long transaction.
AVANT = timedelta(days=7)


class Disparue(Exception):
    """The list or a criterion is gone: an answer would not be the one asked for."""


def key(declaration) -> str:
    """What an alert calls a list: the key of its type, « site » for the list of all records."""
    return declaration.cle or "site"


def followed() -> dict[str, registre.TypeDeFiche]:
    """{name of a list: its declaration}: those of the record types in the order of the menu, then others."""
    return {key(one): one for one in (*registre.types(), *list_sets.every())}


class ListeSuivie:
    """A list under `criteres`, as it now stands. Disparue if there is no such list."""

    def __init__(self, type: str, criteres: str | QueryDict):
        try:
            declaration = followed()[type]
        except KeyError:
            raise Disparue from None
        self.type = type
        data = QueryDict(criteres) if isinstance(criteres, str) else criteres
        self.selection = Selection(declaration, data)
        self._came: dict[int, BitMap] = {}
        self._news: dict[tuple[int, datetime], BitMap] = {}

    @classmethod
    def read(cls, type: str, criteres: str) -> "ListeSuivie":
        """The list of an alert. Disparue also if a criterion changed: without it, everything would be new."""
        liste = cls(type, criteres)
        if liste.selection.errors or sorted(liste.pairs) != sorted(parse_qsl(criteres)):
            raise Disparue
        return liste

    @classmethod
    def whole(cls, type: str, criteres: str) -> "ListeSuivie | None":
        """Like `read`, with its contents read; None if the list is gone.

        Call it before a transaction: inside one nothing of a list is cached, and SQLite has everybody wait.
        """
        try:
            liste = cls.read(type, criteres)
        except Disparue:
            return None
        for name in ("all", "answers", "lacking"):
            getattr(liste, name)
        return liste

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """[(parameter, value)], without the order, which brings nothing new."""
        return [pair for pair in self.selection.pairs(keeps=()) if pair[0] != "tri"]

    @property
    def criteres(self) -> str:
        return urlencode(self.pairs)

    @property
    def mots(self) -> str:
        """The criteria in words, without a count: « projets dans les Côtes-d’Armor, jusqu’à 20 000 € »."""
        return self.selection.phrase(2, typed=True).removeprefix("2 ")

    @property
    def adresse(self) -> str:
        query = f"?{self.criteres}" if self.pairs else ""
        return f"{settings.SITE_URL}{self.selection.declaration.lien}{query}"

    @property
    def all(self) -> BitMap:
        """All records of the list, whatever the criteria: a record that only changed is not new."""
        return self.selection.base

    @cached_property
    def lacking(self) -> BitMap:
        """The unfinished records of `all`: without definition, without recording."""
        return self.all & registre.inachevees(self.selection.list_sets.moment)

    @cached_property
    def answers(self) -> BitMap:
        """The records that answer the criteria.

        It is empty if no record has the searched words: the page then shows others, to be of some use.
        """
        return BitMap() if self.selection.corrige or self.selection.au_moins_un_mot else self.selection.records

    @property
    def numero(self) -> int:
        """The last row of the change log when it was read."""
        return self.selection.list_sets.moment.numero

    def came(self, vu: int) -> BitMap:
        """Records, whatever the criteria, that the change log first names after row `vu`."""
        if vu not in self._came:
            self._came[vu] = BitMap(following.came(self.selection.declaration.types, vu, self.numero))
        return self._came[vu]

    def news(self, vu: int, since: datetime) -> BitMap:
        """Answers that came after row `vu`, published since that moment, or AVANT before it at most."""
        if (vu, since) not in self._news:
            found = self.answers & self.came(vu)
            self._news[vu, since] = found & self._published_since(since - AVANT) if found else found
        return self._news[vu, since]

    def completed(self, lacking: BitMap) -> BitMap:
        """Awaited answers that are now finished: news, whatever their dates."""
        return self.answers & lacking - self.lacking

    def _published_since(self, moment: datetime) -> BitMap:
        day = timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
        rows = self.selection.filterset.public().filter(publiee_le__gte=day).order_by()
        return BitMap(self.selection.list_sets.rows(rows))

    def fiches(self, keys: BitMap) -> list[Fiche]:
        """Public records in the default order of the list, at most MONTREES."""
        filterset = self.selection.filterset
        _, order = next(iter(filterset.tris.values()))
        rows = filterset.public_by_key().filter(pk__in=list(keys)).order_by(*order, "pk")
        return in_order(list(rows.values_list("pk", flat=True)[:MONTREES]))


def in_order(pks: Sequence[int]) -> list[Fiche]:
    """Public records of any types; one query per type."""
    found: dict[int, Fiche] = {}
    for cle in Entree.objects.filter(pk__in=pks).order_by().values_list("type", flat=True).distinct():
        liste = registre.get(cle).liste
        found |= liste().for_cards(liste.filterset_class.public_by_key()).in_bulk(pks)
    return [found[pk] for pk in pks if pk in found]
