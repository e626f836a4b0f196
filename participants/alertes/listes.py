"""The lists that may be followed, and what an alert asks of one: a Selection, read again each time."""

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
from socle.catalogue import ensembles
from socle.catalogue.selection import Selection
from socle.journal import following

MONTREES = 20  # records that a mail names
# A sheet may reach the site some days after it was published, on the old site or in a transaction that was long.
AVANT = timedelta(days=7)


class Disparue(Exception):
    """The list, or one of its criteria, is no more: what it would answer is not what was asked."""


def key(declaration) -> str:
    """What an alert calls a list: the key of its type, « site » for the list of all records."""
    return declaration.cle or "site"


def followed() -> dict[str, registre.TypeDeFiche]:
    """{name of a list: its declaration}: those of the record types in the order of the menu, then others."""
    return {key(one): one for one in (*registre.types(), *ensembles.every())}


class ListeSuivie:
    """What `criteres` asks of a list, as it stands now. Disparue if there is no such list."""

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
        """What an alert has kept. Disparue too if a criterion is not what it was: without it, all would be new."""
        liste = cls(type, criteres)
        if liste.selection.errors or sorted(liste.pairs) != sorted(parse_qsl(criteres)):
            raise Disparue
        return liste

    @classmethod
    def whole(cls, type: str, criteres: str) -> "ListeSuivie | None":
        """The same, all of it read; None if it is no more.

        Before a transaction: within one, nothing that is read of a list is kept, and SQLite has everybody wait.
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
        """The criteria, as [(parameter, value)]: an order tells nothing of what is new."""
        return [pair for pair in self.selection.pairs(garde=()) if pair[0] != "tri"]

    @property
    def criteres(self) -> str:
        return urlencode(self.pairs)

    @property
    def mots(self) -> str:
        """What is asked, in words and without a number: « projets dans les Côtes-d’Armor, jusqu’à 20 000 € »."""
        return self.selection.phrase(2, typed=True).removeprefix("2 ")

    @property
    def adresse(self) -> str:
        """The absolute address of the list."""
        query = f"?{self.criteres}" if self.pairs else ""
        return f"{settings.SITE_URL}{self.selection.declaration.lien}{query}"

    @property
    def all(self) -> BitMap:
        """All that the list holds, whatever its criteria: a sheet that only changed is not new."""
        return self.selection.base

    @cached_property
    def lacking(self) -> BitMap:
        """Of all these, those that lack what they are read for: a definition, a recording."""
        return self.all & registre.inachevees(self.selection.ensembles.moment)

    @cached_property
    def answers(self) -> BitMap:
        """What answers all its criteria.

        Nothing where no record has the words that are searched: the list answers others then, to be of use at once.
        """
        return BitMap() if self.selection.corrige or self.selection.au_moins_un_mot else self.selection.records

    @property
    def numero(self) -> int:
        """The last row of the change log that it was read at."""
        return self.selection.ensembles.moment.numero

    def came(self, vu: int) -> BitMap:
        """The records, whatever its criteria, that the change log tells of first after the row `vu`."""
        if vu not in self._came:
            self._came[vu] = BitMap(following.came(self.selection.declaration.types, vu, self.numero))
        return self._came[vu]

    def news(self, vu: int, since: datetime) -> BitMap:
        """What answers it of what came after the row `vu`, and was published since, or some days before."""
        if (vu, since) not in self._news:
            found = self.answers & self.came(vu)
            self._news[vu, since] = found & self._published_since(since - AVANT) if found else found
        return self._news[vu, since]

    def completed(self, lacking: BitMap) -> BitMap:
        """What answers it of those that were awaited, and lacks nothing any more: whatever its dates, it is news."""
        return self.answers & lacking - self.lacking

    def _published_since(self, moment: datetime) -> BitMap:
        day = timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
        rows = self.selection.filterset.public().filter(publiee_le__gte=day).order_by()
        return BitMap(self.selection.ensembles.rows(rows))

    def fiches(self, keys: BitMap) -> list[Fiche]:
        """The records of these keys that are public now, in the first order of the list, MONTREES at most."""
        filterset = self.selection.filterset
        _, order = next(iter(filterset.tris.values()))
        rows = filterset.public_by_key().filter(pk__in=list(keys)).order_by(*order, "pk")
        return in_order(list(rows.values_list("pk", flat=True)[:MONTREES]))


def in_order(pks: Sequence[int]) -> list[Fiche]:
    """Public records of any types: one query for each type among them."""
    found: dict[int, Fiche] = {}
    for cle in Entree.objects.filter(pk__in=pks).order_by().values_list("type", flat=True).distinct():
        liste = registre.get(cle).liste
        found |= liste().for_cards(liste.filterset_class.public_by_key()).in_bulk(pks)
    return [found[pk] for pk in pks if pk in found]
