"""Leads of a search: values of facets that mean its words, in this list and others, with the number of records.

Each list has a table of the names of its values and of other words for them (`Facet.aliases`). The words of the search
and their synonyms are looked up there by stem. Two values may mean all the words only together (a theme and a
département): they then make one lead.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial, reduce
from itertools import combinations
from operator import and_, or_
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.text import capfirst

from socle.catalogue import list_sets
from socle.catalogue.filters import Facet
from socle.catalogue.list_sets import ListSets
from socle.catalogue.selection import Selection
from socle.francais.wording import pluriel
from socle.recherche.analyse import stems
from socle.recherche.parsing import Phrase, Query
from socle.recherche.query import widened
from socle.rooms import Room

MONTREES = 4
PEU = 10  # records; below this, one word is enough, and lists of record types are searched
OF_A_SEARCH = ("q", "exact")  # parameters that a lead replaces

# How near a value is to what was asked. SAME: the same words. NAME: its name is in these words, or these in its name.
# OTHER_WORDS: another word for it is in these words. PART: these words are in another word for it, used only if nothing
# is nearer. ONE_WORD: one word of several.
SAME, NAME, OTHER_WORDS, PART, ONE_WORD = range(5)


@dataclass(frozen=True)
class Appellation:
    """A name of a value of a facet. `is_name`: whether it is its own, not another word for it.

    `is_cut`: whether only one stem is left of several words (« qui paie »), which alone means other things too.
    `entiere`: whether a part of it means nothing.
    """

    facette: str
    valeur: str
    stems: Phrase
    is_name: bool
    is_cut: bool
    entiere: bool


Valeurs = tuple[tuple[str, str], ...]  # (facet, value): one, or two that mean the words together


@dataclass
class Piste:
    """A lead. `quoi`: the facet, « Thème »; `rang`: how near it is.

    `liens`: (number of records in words, address), for each list that has some.
    """

    quoi: str
    nom: str
    rang: int
    liens: list[tuple[str, str]] = field(default_factory=list)
    compte: int = 0


def pistes(selection: Selection) -> list[Piste]:
    """The nearest leads of a search, MONTREES at most. No query, once the names of the values are kept."""
    queries = _asked(selection)
    if not queries:
        return []
    few = selection.total < PEU or selection.au_moins_un_mot or bool(selection.corrige)
    own, others = selection.declaration, _others(selection) if few or _is_site(selection) else []
    found: dict[tuple[str, str], Piste] = {}
    for declaration in (own, *others):
        near = _near(declaration, queries, few=few)
        if declaration is not own:  # what the list has itself, it says itself
            near = {
                valeurs: rank
                for valeurs, rank in near.items()
                if not all(_is_shared(name, own, declaration) for name, _ in valeurs)
            }
        one = (selection if declaration is own else _under(selection, declaration)) if near else None
        for valeurs, rank in near.items():
            count, words, address = _lien(one, valeurs, here=one is selection)
            if count and not any(_is_asked(selection, *valeur) for valeur in valeurs):
                quoi = capfirst(" et ".join(one.facets[name].label for name, _ in valeurs))
                nom = ", ".join(one.facets[name].labels[value] for name, value in valeurs)
                piste = found.setdefault((quoi, nom), Piste(quoi, nom, rank))
                piste.liens.append((words, address))
                piste.compte, piste.rang = piste.compte + count, min(piste.rang, rank)
    near = sorted(found.values(), key=lambda piste: (piste.rang, -piste.compte, piste.quoi, piste.nom))
    if near and near[0].rang <= NAME:  # « accueil » is part of « accueil périscolaire »: another matter
        near = [piste for piste in near if piste.rang != PART]
    return near[:MONTREES]


def _asked(selection: Selection) -> list[Query]:
    """The search as typed, and as mended."""
    texts = filter(None, (selection.values.get("q"), selection.corrige))
    return [query for query in map(widened, texts) if query.termes]


def _is_site(selection: Selection) -> bool:
    """Whether this is the list of all types."""
    return not selection.declaration.cle


def _others(selection: Selection) -> list[Room]:
    """The lists of all types, beside that of the site; beside that of one type, that of the site."""
    return [one for one in list_sets.every() if bool(one.cle) == _is_site(selection)]


def _is_asked(selection: Selection, name: str, value: str) -> bool:
    return value in (*selection.values.get(name, ()), selection.declaration.cle)


def _is_shared(name: str, one: Room, other: Room) -> bool:
    """Whether two lists have the same filter: one of the same name may be of another kind."""
    ours, theirs = (type(room.liste.filterset_class.base_filters.get(name)) for room in (one, other))
    return ours is theirs


def _under(selection: Selection, declaration: Room) -> Selection:
    """Another list under the same filters, of those that both have."""
    asked = QueryDict(mutable=True)
    for name, value in selection.pairs(keeps=()):
        if name not in (*OF_A_SEARCH, "tri") and _is_shared(name, selection.declaration, declaration):
            asked.appendlist(name, value)
    return Selection(declaration, asked)


def _near(declaration: Room, queries: list[Query], *, few: bool) -> dict[Valeurs, int]:
    """{values: rank} of the values of a list that mean words asked. `few`: one word of several is enough."""
    found, known = {}, _known(declaration)
    for query in queries:
        said = {}  # {(facet, value): which terms it says}, of values that stand in what was typed
        for one in {one for stem in query.stems for table in known for one in table.get(stem, ())}:
            key, rank = (one.facette, one.valeur), _rank(one, query, few=few)
            if rank is not None:
                found[key,] = min(rank, found.get((key,), rank))
            if query.names(one.stems):
                has = query.found_in(one.stems)
                said[key] = list(map(or_, has, said.get(key, has)))
        found |= dict.fromkeys(_together(said), SAME)
    return found


def _together(said: dict[tuple[str, str], list[bool]]) -> Iterator[Valeurs]:
    """Two values of two facets that say all terms together and not alone; in the order of the terms."""
    partly = sorted((has.index(True), key) for key, has in said.items() if any(has) and not all(has))
    for (_, one), (_, other) in combinations(partly, 2):
        if one[0] != other[0] and all(map(or_, said[one], said[other])):
            yield one, other


def _rank(one: Appellation, query: Query, *, few: bool) -> int | None:
    has, within = query.found_in(one.stems), query.names(one.stems)
    if within and all(has):
        return SAME
    if one.is_cut or (one.entiere and not within):
        return None
    if within or all(has):
        return NAME if one.is_name else OTHER_WORDS if within else PART
    return ONE_WORD if few and any(has) and one.is_name else None


def _known(declaration: Room) -> list[dict[str, list[Appellation]]]:
    """What the values of a list are called: a table for each facet that its form offers, and one for places.

    Tables are apart because a record changes the values of few facets, and places have thousands of names.
    """
    filterset = declaration.liste.filterset_class
    list_sets, whole = ListSets(declaration), cache(lambda: Selection(declaration, QueryDict()))
    offered = {name for _, names in filterset.groupes for name in names} | {"lieu"}

    def table(name: str, facet: Facet) -> dict[str, list[Appellation]]:
        compute = partial(_table, whole, name)
        if facet.kept:
            return list_sets.of_facet(name, ("appellations",), compute)
        return list_sets.cached(("appellations", name), compute)

    return [
        table(name, one) for name, one in filterset.base_filters.items() if name in offered and isinstance(one, Facet)
    ]


def _table(whole: Callable[[], Selection], name: str) -> dict[str, list[Appellation]]:
    """{stem: names that have it} for one facet, in a list without filters."""
    selection, table = whole(), defaultdict(list)
    facet, known = selection.facets[name], selection.list_sets.lasting(("racines",), dict)
    values = [value for value, _, _ in facet.choices] or list(selection.list_sets.valeurs(name))
    for value, texts in facet.aliases(values).items():
        for place, text in enumerate(texts):
            found, is_name = known.get(text) or known.setdefault(text, tuple(stems(text))), place == 0
            is_cut = facet.mots_entiers and not is_name and len(found) == 1 < len(text.split())
            one = Appellation(name, value, found, is_name, is_cut, not is_name and facet.mots_entiers)
            for stem in dict.fromkeys(one.stems):
                table[stem].append(one)
    return dict(table)


def _lien(selection: Selection, valeurs: Valeurs, *, here: bool) -> tuple[int, str, str]:
    """Records that have some values under the filters of a selection: (number, number in words, address).

    If there are none under these filters, those of the whole list. (0, "", "") if all records of the list `here` have
    the values, which tells nothing.
    """
    sets = (selection.facets[name].keys(selection.list_sets, name, [value]) for name, value in valeurs)
    records, names = reduce(and_, sets) & selection.base, [name for name, _ in valeurs]
    if here and records == selection.base:
        return 0, "", ""
    found, without = selection.narrowed("q", *names) & records, ""
    pairs = [pair for pair in selection.pairs(keeps=()) if pair[0] not in (*OF_A_SEARCH, *names, "tri")]
    if not found:
        found, pairs, without = records, [], " (sans vos autres filtres)"
    words = pluriel(len(found), selection.declaration.nom, selection.declaration.nom_pluriel)
    address = "" if here else selection.declaration.lien
    return len(found), f"{words}{without}", f"{address}?{urlencode([*pairs, *valeurs])}"
