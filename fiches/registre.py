"""The registre: every record type of the site, declared once, in its own folder.

Home, menu, site search, exports and privacy read it, and name no type. The folder of a type holds `declaration.py`,
whose `ROOM` is a `TypeDeFiche`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple

from django.db import models
from django.utils.text import slugify
from django.views.generic import DetailView
from pyroaring import BitMap

from fiches.schema import article
from socle.catalogue import list_sets
from socle.catalogue.views import SelectionView
from socle.journal.following import Moment
from socle.medias.depot import Depot
from socle.rooms import Room, rooms
from socle.vues.vue import address_of


class EnVue(NamedTuple):
    """A record on the home page: the words that say why it is there, and whether it is still to come."""

    mots: str
    fiche: models.Model
    a_suivre: bool = False


@dataclass(frozen=True, kw_only=True)
class TypeDeFiche(Room):
    """What the site knows of a record type. Words are French; names are in lower case, as pages print them."""

    # What a type must say
    #: The model of its records.
    model: type[models.Model]
    #: The view of its list.
    liste: type[SelectionView]
    #: The view of the page of a record.
    page: type[DetailView]
    #: The heading of its list.
    titre: str
    #: A short sentence, on the home page and above its list.
    accroche: str
    #: Whether `nom` is feminine.
    feminin: bool

    # By default, these follow from the fields above
    #: Its key in the directory and the change log. Default: name of the model.
    cle: str | None = None
    #: Singular and plural. Default: names of the model.
    nom: str | None = None
    nom_pluriel: str | None = None
    #: Its name in the menu. Default: the title.
    menu: str | None = None
    #: The first part of its addresses. Default: name in the menu.
    adresse: str | None = None
    #: Its buoy, the symbol `v-…` of the icons. Default: name of the model.
    voyant: str | None = None

    # How it is found
    #: Other words by which people search its records.
    aliases: tuple[str, ...] = ()
    #: Names of views at the root of the site, not under the list.
    racine: tuple[str, ...] = ()
    #: Whether its pages change with the clock.
    a_la_minute: bool = False

    # How it is shown
    #: The template of a record in a list.
    carte: str = "catalogue/_carte.html"
    #: Returns the template and the context of its part of the home page.
    accueil: "Callable[[], tuple[str, dict]] | None" = None
    #: Returns the record for the home page; without it, or if None, the last one.
    nouvelle: "Callable[[], EnVue | None] | None" = None
    #: What machines read of a record (schema.org), besides title, addresses, dates, themes; without empty values.
    schema: Callable[[models.Model], dict] = article
    #: Templates about one record, for the gallery of components.
    pieces: tuple[str, ...] = ()

    # What its records should have
    #: {field, or fields joined by « + »: words for a record where all of them are empty}.
    attendus: dict[str, str] = field(default_factory=dict)
    #: (facet, value) of its list that select the records that lack what they are read for.
    inachevees: tuple[str, str] | tuple[()] = ()
    #: Words about a record that has since been completed.
    achevee: str = ""
    #: Months before staff read a record again: 3, 6, 12, 24, or 0 for never. A record may have its own delay.
    relecture: int = 12

    # What is put into it
    #: Its own reader of rows from a spreadsheet.
    importation: type | None = None
    #: The files that visitors may propose for its records; None for none.
    joints: Depot | None = None

    def __post_init__(self):
        of, menu = self.model._meta, self.menu or self.titre
        follows = {"cle": of.model_name, "nom": str(of.verbose_name), "nom_pluriel": str(of.verbose_name_plural)}
        follows |= {"menu": menu, "adresse": slugify(menu), "voyant": of.model_name}
        for name, value in follows.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, value)  # as a frozen dataclass does it itself

    @cached_property
    def lien(self) -> str:
        return address_of(self.url_name)

    @cached_property
    def url_name(self) -> str:
        return f"{self.espace}:list"

    def lacking(self) -> models.QuerySet:
        """The records, in any state, that lack what `inachevees` asks for."""
        name, wanted = self.inachevees
        choices = self.liste.filterset_class.base_filters[name].choices
        return self.model.objects.filter(next(condition for value, _, condition in choices if value == wanted))

    @property
    def ensemble(self) -> str:
        """What the list holds, for the headings of its views."""
        return self.titre

    @cached_property
    def espace(self) -> str:
        return self.model._meta.app_label

    @cached_property
    def types(self) -> tuple[str, ...]:
        return (self.cle,)


def mentions(fiche: models.Model) -> list[str]:
    """Words below a record."""
    return [words for room in rooms() if room.mentions for words in room.mentions(fiche)]


def readers(fiche: models.Model) -> list[str]:
    """The functions of the persons who read what a visitor writes about a record; none if only the team does."""
    return [fonction for room in rooms() if room.lecteurs for fonction in room.lecteurs(fiche)]


def rewritten(texts: list[str]) -> list[str]:
    for room in rooms():
        texts = room.reecrit(texts) if room.reecrit else texts
    return texts


@cache
def _types() -> dict[str, TypeDeFiche]:
    """Record types by key, in the order of the installed apps, which is that of the menu and of home.

    The list of all records has no key and is left out.
    """
    return {room.cle: room for room in rooms() if isinstance(room, TypeDeFiche) and room.cle}


def types() -> list[TypeDeFiche]:
    """Record types, in the order of the menu."""
    return list(_types().values())


def get(cle: str) -> TypeDeFiche:
    """Raises KeyError if there is none."""
    return _types()[cle]


def find(cle: str) -> TypeDeFiche | None:
    """The record type with that key, or None if the site lacks it, or has lost it."""
    return _types().get(cle)


def sets(at: Moment | None = None) -> dict[str, list_sets.ListSets]:
    """{key of a type: sets of its list}, all of one moment."""
    at = at or Moment.now()
    return {one.cle: list_sets.ListSets(one, at) for one in types()}


def inachevees(at: Moment | None = None) -> BitMap:
    """Public records of all types that lack what they are read for."""
    held = sets(at)
    asked = ((cle, *one.inachevees) for cle, one in _types().items() if one.inachevees)
    return BitMap.union(BitMap(), *(held[cle].valeurs(facet).get(value, BitMap()) for cle, facet, value in asked))


def counts() -> dict[str, int]:
    """{key of a type: number of its public records}, without types that have none."""
    found = {cle: len(held.publiques) for cle, held in sets().items()}
    return {cle: count for cle, count in found.items() if count}


def for_model(model) -> TypeDeFiche:
    """The type whose records are of `model`. Raises KeyError if there is none."""
    for declaration in types():
        if declaration.model is model:
            return declaration
    raise KeyError(model)


def lacks(model: type[models.Model], cle: str) -> models.Q:
    """Condition: all fields of `cle`, joined by « + », are empty. An amount of 0 counts as empty."""
    condition = models.Q()
    for name in cle.split("+"):
        field = model._meta.get_field(name)
        empty = models.Q(**{f"{name}__isnull": True}) if field.null or field.many_to_many else models.Q(pk__in=[])
        if field.empty_strings_allowed and not field.is_relation:
            empty |= models.Q(**{name: ""})
        condition &= empty | models.Q(**{name: 0}) if isinstance(field, models.DecimalField) else empty
    return condition
