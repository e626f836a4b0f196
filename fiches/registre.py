"""The registre: every record type of the site, declared once, in its own folder.

Home, menu, site search, exports and privacy go through it; none of them names a type. A type's folder holds
`declaration.py`, which calls `registre.add(TypeDeFiche(...))` and is imported when Django is ready.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.db import models
from django.utils.module_loading import autodiscover_modules
from django.views.generic import DetailView
from pyroaring import BitMap

from fiches.schema import article
from socle.annuaire import types as annuaire
from socle.catalogue import ensembles
from socle.catalogue.views import SelectionView
from socle.comptes import roles
from socle.journal.following import Moment
from socle.medias.depot import Depot
from socle.vues.vue import address_of


class EnVue(NamedTuple):
    """A record that home shows: words that say why, and whether it is still to come."""

    mots: str
    fiche: models.Model
    a_suivre: bool = False


@dataclass(frozen=True)
class TypeDeFiche:
    """What the site knows of a record type. Words are French, in lower case, as the interface prints them.

    `feminin`: whether `nom` is. `ordre`: its place in the menu and at home, the smallest first. `adresse`: first part
    of its addresses, answered by `liste` and `page`. `accroche`: one sentence on its door at home. `mots`: what people
    search who mean its records, beside its names. `voyant`: its buoy, the symbol `v-…` of the icons. `carte`: template
    of a record in a list. `accueil`: the template and context of its part of the home page, if it has one. `nouvelle`:
    the record that it shows there; None if there is none, and its last record stands there. `demo`: saves the type's
    demo data and returns how many records there are. `importation`: what reads its rows back from a spreadsheet in a
    way of its own. `attendus`: what a record should have, {field, or several joined by « + » of which one is enough:
    words for a record that has none of them}, which the desk's filters and « titre seul » ask. `inachevees`: the facet
    of its list, and the value, that ask for the records that lack what they are read for; `achevee`: what is said,
    behind its title, of one that has it since. `racine`: the names of views that stand at the root of the site, not
    beside the list. `a_la_minute`: whether what its pages say changes with the clock. `relecture`: after how many
    months staff read its records again, 3, 6, 12 or 24, unless a record has a delay of its own; 0: never. `schema`:
    what machines read of a record, in the words of schema.org, besides its title, its addresses, its dates and its
    themes; what is empty is left out. `pieces`: templates that say something of one record, which the gallery of
    components shows. `joints`: the files that visitors may propose for its records; None: no file.
    """

    cle: str
    model: type[models.Model]
    nom: str
    nom_pluriel: str
    feminin: bool
    titre: str
    menu: str
    accroche: str
    adresse: str
    liste: type[SelectionView]
    page: type[DetailView]
    voyant: str
    carte: str = "catalogue/_carte.html"
    accueil: "Callable[[], tuple[str, dict]] | None" = None
    nouvelle: "Callable[[], EnVue | None] | None" = None
    mots: tuple[str, ...] = ()
    demo: "Callable[[], int] | None" = None
    importation: type | None = None
    attendus: dict[str, str] = field(default_factory=dict)
    inachevees: tuple[str, str] | tuple[()] = ()
    achevee: str = ""
    racine: tuple[str, ...] = ()
    a_la_minute: bool = False
    relecture: int = 12
    schema: Callable[[models.Model], dict] = article
    pieces: tuple[str, ...] = ()
    joints: Depot | None = None
    ordre: int = 100

    @cached_property
    def lien(self) -> str:
        """The address of its list."""
        return address_of(self.url_name)

    @cached_property
    def url_name(self) -> str:
        return f"{self.espace}:list"

    def lacking(self) -> models.QuerySet:
        """The records, in any state, that lack what they are read for, as `inachevees` says it."""
        name, wanted = self.inachevees
        choices = self.liste.filterset_class.base_filters[name].choices
        return self.model.objects.filter(next(condition for value, _, condition in choices if value == wanted))

    @property
    def ensemble(self) -> str:
        """What the views of its list are of, in their headings."""
        return self.titre

    @cached_property
    def espace(self) -> str:
        """The namespace of its addresses."""
        return self.model._meta.app_label


_types: dict[str, TypeDeFiche] = {}
_rewritings: "list[Callable[[list[str]], list[str]]]" = []
_mentions: "list[Callable[[models.Model], list[str]]]" = []
_readers: "list[Callable[[models.Model], list[str]]]" = []
_demos: "list[Callable[[], None]]" = []


def add(declaration: TypeDeFiche) -> None:
    """Declare a record type; ValueError if its key is taken."""
    if declaration.cle in _types:
        raise ValueError(f"record type declared twice: {declaration.cle}")
    _types[declaration.cle] = declaration
    declaration.liste.filterset_class.declaration = declaration
    annuaire.declare(declaration.cle, declaration.model)
    ensembles.declare(declaration.liste.filterset_class, declaration.cle)
    roles.allow(roles.FICHE, declaration.model._meta.label_lower)


def add_demo(load: "Callable[[], None]") -> None:
    """Declare demo data of what is no record type (persons): `load` is called once all records are there."""
    _demos.append(load)


def demos() -> "list[Callable[[], None]]":
    """What `add_demo` was given."""
    return list(_demos)


def add_rewriting(rewrite: "Callable[[list[str]], list[str]]") -> None:
    """Declare what turns the texts of a page into what is printed of them (links of an old site into ours)."""
    _rewritings.append(rewrite)


def add_mentions(say: "Callable[[models.Model], list[str]]") -> None:
    """Declare what the page of a record says below it, in plain words: `say` gives them."""
    _mentions.append(say)


def mentions(fiche: models.Model) -> list[str]:
    """Words below a record."""
    return [words for say in _mentions for words in say(fiche)]


def add_readers(say: "Callable[[models.Model], list[str]]") -> None:
    """Declare a function that gives `readers` some of its answer."""
    _readers.append(say)


def readers(fiche: models.Model) -> list[str]:
    """The functions of the persons who read what a visitor writes about a record; none if the team alone reads it."""
    return [fonction for say in _readers for fonction in say(fiche)]


def rewritten(texts: list[str]) -> list[str]:
    """Texts as a page prints them."""
    for rewrite in _rewritings:
        texts = rewrite(texts)
    return texts


def types() -> list[TypeDeFiche]:
    """Declared record types, in the order of the menu."""
    return sorted(_types.values(), key=lambda declaration: (declaration.ordre, declaration.cle))


def get(cle: str) -> TypeDeFiche:
    """The record type of that key; KeyError if none."""
    return _types[cle]


def find(cle: str) -> TypeDeFiche | None:
    """The record type of that key; None if the site has none, or has it no longer."""
    return _types.get(cle)


def sets(at: Moment | None = None) -> dict[str, ensembles.Ensembles]:
    """{key of a type: the sets of its list}, all of one moment."""
    at = at or Moment.now()
    return {cle: ensembles.Ensembles(one.liste.filterset_class, at) for cle, one in _types.items()}


def inachevees(at: Moment | None = None) -> BitMap:
    """The public records that lack what they are read for, of all types."""
    held = sets(at)
    asked = ((cle, *one.inachevees) for cle, one in _types.items() if one.inachevees)
    return BitMap.union(BitMap(), *(held[cle].valeurs(facet).get(value, BitMap()) for cle, facet, value in asked))


def counts() -> dict[str, int]:
    """{key of a type: how many public records of it are there}, of those that have some."""
    found = {cle: len(held.publiques) for cle, held in sets().items()}
    return {cle: count for cle, count in found.items() if count}


def for_model(model) -> TypeDeFiche:
    """The record type whose records are of `model`; KeyError if none."""
    for declaration in _types.values():
        if declaration.model is model:
            return declaration
    raise KeyError(model)


def autodiscover() -> None:
    """Import `declaration` of each installed app."""
    autodiscover_modules("declaration")


def lacks(model: type[models.Model], cle: str) -> models.Q:
    """Condition: all the fields of `cle`, joined by « + », are empty; an amount of 0 is one that is unknown."""
    condition = models.Q()
    for name in cle.split("+"):
        field = model._meta.get_field(name)
        empty = models.Q(**{f"{name}__isnull": True}) if field.null or field.many_to_many else models.Q(pk__in=[])
        if field.empty_strings_allowed and not field.is_relation:
            empty |= models.Q(**{name: ""})
        condition &= empty | models.Q(**{name: 0}) if isinstance(field, models.DecimalField) else empty
    return condition
