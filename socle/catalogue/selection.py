"""The Selection: what a visitor asked of a list, under one query string. Every public view of a list renders one.

It is a validated filter form, an ordered queryset, counts of facets, chips and a French sentence. A malformed value
gives a message (`errors`) and no filter: a page shows the list without it, a file answers 400.
"""

from array import array
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from heapq import nlargest
from itertools import islice
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from pyroaring import BitMap

from socle.catalogue.cursors import Curseur, placed, up_to, values_of, values_on
from socle.catalogue.filters import VALUE_LENGTH, Chip, Facet, MontantFilter, quoted
from socle.catalogue.orders import ids
from socle.francais.wording import accorde, et, ou, pluriel
from socle.journal.following import FICHES
from socle.recherche.parsing import Mode, Query
from socle.recherche.query import by_relevance, is_unranked, matching

# Parameters that are no criterion. DRESSING, which corrected addresses keep: what a map shows, layout of files and
# tables, records to compare, the view that filters lead back to. Then the sort, paging, and what mails and social sites
# add to links.
DRESSING = {"limite", "montrer", "cadre", "excel", "colonnes", "fiche", "vue"}
NEUTRAL = DRESSING | {"tri", "page", "apres", "fbclid", "gclid", "msclkid"}
NEUTRAL_PREFIXES = ("utm_", "mtm_", "pk_")
REPEATED = 3  # values that a message repeats of a criterion that could not be read
KEPT = 40  # values of parameters that are no criterion, kept in links
HEAVIEST = 1000  # more than the weight of any word
SORTED = 500  # records of a narrowed list that are sorted alone; for more, the kept order of the whole list serves


@dataclass(frozen=True)
class Option:
    """A value of a facet, as the page prints it. `compte`: how many records one gets by choosing it."""

    valeur: str
    texte: str
    compte: int
    choisie: bool


@dataclass(frozen=True)
class Groupe:
    """Filters under one heading: `bornes` side by side, names of facets, other typed fields.

    `resume`: what is chosen, in a few words, or how many values there are. `ouvert`: whether it holds a choice or an
    error.
    """

    titre: str
    bornes: list
    facettes: list[str]
    champs: list
    resume: str = ""
    ouvert: bool = False

    @property
    def is_plie(self) -> bool:
        """Whether it is shown folded. Fields that are only typed are not."""
        return bool(self.bornes or self.facettes)


class Selection:
    """What `data` asks of the public records of the list of a declaration, read by its SelectionFilterSet.

    `keeps`: parameters that are no criterion and that the links of the view keep.
    """

    def __init__(self, declaration, data: QueryDict, *, keeps: tuple[str, ...] = ()):
        self.data, self.keeps, self.tri_asked = data, keeps, data.get("tri", "")
        self.declaration = declaration
        self.filterset = declaration.liste.filterset_class(declaration, data)
        self.list_sets = self.filterset.list_sets
        self.base = self.list_sets.publiques
        filters = self.filterset.filters.items()
        self.facets: dict[str, Facet] = {name: filt for name, filt in filters if isinstance(filt, Facet)}
        for name, facet in self.facets.items():
            facet.learn(self.list_sets, name, data.getlist(name), self.base)
        self.form = self.filterset.form
        self.form.is_valid()
        for name, message in self.filterset.check(self.form.cleaned_data).items():
            self.form.add_error(name, message)
        self.values = {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}
        if "autour" not in self.values:  # a commune that was not understood has no radius
            self.values.pop("rayon", None)
        self._counts: dict[str, dict[str, int]] = {}

    # What was asked

    @cached_property
    def errors(self) -> dict[str, list[str]]:
        """{parameter: messages} for all that could not be read."""
        errors = {name: list(messages) for name, messages in self.form.errors.items()}
        for name in self.data:
            if name not in self.filterset.filters and not self._neutral(name):
                errors.setdefault(quoted(name), []).append(
                    f"Le critère « {quoted(name)} » n’existe pas : ôtez-le de l’adresse."
                )
        # The form sends back its sort, even if emptying a box has taken that sort away: no error.
        if self.tri_asked and self.tri_asked not in {*self.tris, "pertinence", "distance"}:
            errors["tri"] = [f"Ce tri n’existe pas : écrivez {ou(list(self.tris))}."]
        return errors

    def set_aside(self, name: str, messages: list[str], kept: Iterable[str] = ()) -> None:
        """Add an error on a parameter that is no criterion; links keep only the values `kept`."""
        self.errors[name] = messages
        self.data = self.data.copy()
        self.data.setlist(name, list(kept))

    @cached_property
    def ignores(self) -> list[str]:
        """Criteria that were not applied, as typed: « minimum (€) « 20k » »."""
        filters, found = self.filterset.filters, []
        for name in self.errors:
            if not self._neutral(name):
                label, asked = (filters[name].label, self.data.getlist(name)) if name in filters else ("", [name])
                values = et([f"«\u00a0{quoted(one)}\u00a0»" for one in dict.fromkeys(asked)][:REPEATED])
                found.append(f"{label} {values}".strip())
        return found

    @cached_property
    def a_corriger(self) -> str:
        """The first field of the form with an error, which gets the focus; or ""."""
        shown = ("q", *(name for _, names in self.filterset.groupes for name in names))
        return next((name for name in shown if name in self.errors), "")

    @property
    def messages(self) -> list[str]:
        """`errors` as sentences that name the field: « Minimum (€) : écrivez un montant… »."""
        sentences = []
        for name, messages in self.errors.items():
            label = self.filterset.filters[name].label if name in self.filterset.filters else ""
            before = f"{label[:1].upper()}{label[1:]} : " if label else ""
            sentences += [f"{before}{message}" for message in messages]
        return sentences

    @staticmethod
    def _neutral(name):
        return name in NEUTRAL or name.startswith(NEUTRAL_PREFIXES)

    @cached_property
    def tris(self) -> dict:
        """Possible sorts: relevance only for a search, distance only around a commune."""
        offered = {"pertinence": ("Pertinence", "q"), "distance": ("Distance", "autour")}
        particular = {tri: (label, None) for tri, (label, name) in offered.items() if name in self.values}
        return particular | self.filterset.tris

    @property
    def tris_offerts(self) -> dict:
        """Sorts that the page offers: those by amount only if some amount is known, or if one is in use."""
        known = self.filterset.montants_connus() & self.records
        return {
            tri: said for tri, said in self.tris.items() if known or tri == self.tri or not tri.startswith("montant-")
        }

    @cached_property
    def tri(self) -> str:
        return self.tri_asked if self.tri_asked in self.tris else next(iter(self.tris))

    # Records

    def narrowed(self, *without: str) -> BitMap:
        """The public records under every filter, except those named `without`."""
        return self._narrow({name: value for name, value in self.values.items() if name not in without})

    def _narrow(self, values: dict) -> BitMap:
        found = self.base
        for name, value in values.items():
            as_asked = value == self.values.get(name)
            found = found & (self._left_by[name] if as_asked else self._keys(name, value))
        return found

    @cached_property
    def _left_by(self) -> dict[str, BitMap]:
        return {name: self._keys(name, value) for name, value in self.values.items()}

    def _keys(self, name: str, value) -> BitMap:
        filt = self.filterset.filters[name]
        if hasattr(filt, "keys"):
            return filt.keys(self.list_sets, name, value)
        return BitMap(self.list_sets.rows(filt.filter(self.filterset.public_by_key().order_by(), value)))

    @cached_property
    def records(self) -> BitMap:
        return self.narrowed()

    @property
    def total(self) -> int:
        return len(self.records)

    def keys(self, start: int = 0, stop: int | None = None) -> Sequence[int]:
        """The ids of the records from `start` to `stop`, in the order asked; by default all."""
        stop = self.total if stop is None else min(stop, self.total)
        order = self._order
        if len(order) == self.total:
            return order[start:stop]
        if start <= self.total - stop:
            return list(islice(filter(self.records.__contains__, order), start, stop))
        backwards = filter(self.records.__contains__, reversed(order))
        return list(islice(backwards, self.total - stop, self.total - start))[::-1]

    def first(self, number: int, records: BitMap | None = None, order: QuerySet | None = None) -> list[int]:
        """The first `number` ids of the selection or of `records`, in the order asked or in `order`, a queryset."""
        among = self.records if records is None else records
        rows = self._order if order is None else self.list_sets.order(order)
        return list(islice(filter(among.__contains__, rows), number))

    def position(self, pk: int) -> int | None:
        """The place of a record in the list, from 0; None if it is not there."""
        if pk not in self.records:
            return None
        keys = self.keys()
        return keys.index(pk) if pk in keys else None

    def cursor(self, pk: int) -> Curseur:
        """The cursor after a record, good even if the record moves or leaves. One query.

        It holds the values of the order. Before them come, by relevance, the weights of the words of the search, which
        change with the records; by distance, the distance of the record.
        """
        values, first = values_of(self._ordered(), pk), ()
        if self._is_by_relevance:
            first = self.requete.poids
        elif self.tri == "distance":
            first = (self.distances[pk],) if pk in self.distances else None
        return Curseur(pk, (*first, *values) if values and first is not None else ())

    def following(self, curseur: Curseur) -> int | None:
        """How many records come before those that follow a cursor; None if the cursor leads nowhere.

        One query if its record has not moved; one more if it has, for all records before it. Call it before the order
        is read: a search then ranks with the weights of the cursor.
        """
        values = curseur.values
        if values and self._is_by_relevance:
            poids, values = values[: len(self.requete.poids)], values[len(self.requete.poids) :]
            if not all(type(one) is int and 0 < one < HEAVIEST for one in poids):
                return None
            self.requete = replace(self.requete, poids=poids)
        if not values or curseur == self.cursor(curseur.pk):
            place = self.position(curseur.pk)
            if place is not None:
                return place + 1
        far = None
        if values and self.tri == "distance":
            far, *values = values
        if not values or isinstance(far, str | bool) or (rows := up_to(self._ordered(), tuple(values))) is None:
            return None
        before, away = BitMap(ids(rows)) & self.records, self.distances
        if far is None:
            return len(before)
        return sum(away[pk] < far or (away[pk] == far and pk in before) for pk in self.records)

    def placed(self, rows: QuerySet) -> QuerySet:
        """`rows` with the values that `cursor_of` needs; unchanged if the order is not one of columns."""
        return placed(rows, self._columns) if self._columns else rows

    def cursor_of(self, row) -> Curseur:
        """The cursor of a row that was `placed`, without a query."""
        known = self._columns and hasattr(row, "ordre_0")
        return Curseur(row.pk, values_on(row, self._columns) if known else ())

    @cached_property
    def _columns(self) -> tuple:
        """The order asked, if it is one of columns."""
        if self._is_by_relevance or self.tri == "distance":
            return ()
        return self._ordered().query.order_by

    def _ordered(self) -> QuerySet:
        """The public records in the order asked, as a queryset. By distance: in the order of records equally far.

        A search by relevance leaves only its matches.
        """
        by_key = self.filterset.public_by_key()
        if self._is_by_relevance:
            query, mode = self.requete, self.filterset.mode
            return by_relevance(matching(by_key, query, mode, many=is_unranked(query, mode)), query, mode)
        return self._sorted(by_key)

    @property
    def _is_by_relevance(self) -> bool:
        return self.tri == "pertinence" and self.filterset.par_pertinence and bool(self.requete.wanted)

    @cached_property
    def _order(self) -> Sequence[int]:
        """Ids in the order asked: those of the selection, and perhaps others."""
        by_key = self.filterset.public_by_key()
        if self._is_by_relevance:
            return self._ranked(by_key)
        if self.total <= SORTED and self.total < len(self.base):
            order = ids(self._sorted(by_key.filter(pk__in=list(self.records))))
        else:
            order = self.list_sets.order(self._sorted(self.filterset.public()), self.filterset.moment())
        if self.tri == "distance":
            return sorted(filter(self.records.__contains__, order), key=self.distances.__getitem__)
        return order

    def _ranked(self, rows: QuerySet) -> Sequence[int]:
        """The matches of the search, best first; the newest first if they are too many to be ranked."""
        query, mode = self.requete, self.filterset.mode
        if is_unranked(query, mode):
            return array("I", self.records)[::-1]
        asked = "pertinence", query.termes, query.excluded, query.poids, query.counts, mode
        return self.list_sets.cached(asked, lambda: ids(by_relevance(matching(rows, query, mode), query, mode)), FICHES)

    def _sorted(self, rows: QuerySet) -> QuerySet:
        """Rows in the order asked; by distance or unranked relevance, in the first order of the list."""
        _, order = self.tris[self.tri]
        if order is None:  # distance, relevance: no order of columns
            _, order = next(iter(self.filterset.tris.values()))
        return rows.order_by(*order, "pk")

    @cached_property
    def distances(self) -> dict[int, float]:
        """{record: km from the commune asked for}, of those around it; {} without a commune."""
        if "autour" not in self.values:
            return {}
        return self.filterset.filters["autour"].distances(self.list_sets, self.values["autour"])

    def rows(self, keys: Iterable[int]) -> QuerySet:
        """In no order."""
        return self.filterset.public_by_key().filter(pk__in=list(keys))

    # Facets

    def counts(self, name: str) -> dict[str, int]:
        """{value: records that one gets by choosing it}, under every other filter: {"22": 19, "29": 4, …}."""
        if name not in self._counts:
            self._counts[name] = self.facets[name].count(self.narrowed(name))
        return self._counts[name]

    def options(self, name: str, first: int = 0) -> list[Option]:
        """Values of a facet in the order shown: as declared, or by label.

        `first`: only so many, the most frequent, and the chosen ones.
        """
        facet, chosen, counts = self.facets[name], self.values.get(name, []), self.counts(name)
        values = facet.totals
        if first:
            most = set(nlargest(first, filter(counts.get, values), key=counts.get))
            values = [value for value in values if value in most]
        values = [*values, *(value for value in chosen if value not in values)]
        return [Option(value, facet.labels[value], counts.get(value, 0), value in chosen) for value in values]

    def groupes(self) -> list[Groupe]:
        """The filters as the page shows them: first what is only typed, then what is folded."""
        groups = []
        for title, names in self.filterset.groupes:
            bounds, facets, others = [], [], []
            for name in names:
                if name in self.facets:
                    facets.append(name)
                elif isinstance(self.filterset.filters[name], MontantFilter):
                    bounds.append(self.form[name])
                else:
                    others.append(self.form[name])
            opened = any(name in self.values or name in self.errors for name in names)
            if opened or bounds or others or any(map(self._is_choice, facets)):
                groups.append(Groupe(title, bounds, facets, others, self._resume(names), opened))
        return sorted(groups, key=lambda group: group.is_plie)

    def apart(self) -> list[tuple[str, str]]:
        """Hidden fields of the form, as (parameter, value): criteria without a field, except `q`; the sort; `keeps`."""
        shown = {"q", "tri", *(name for _, names in self.filterset.groupes for name in names)}
        criteria = [(name, value) for name, value in self.pairs(keeps=()) if name not in shown]
        return criteria + [("tri", self.tri)] * bool(self.tri_asked) + self.kept(self.keeps)

    def _is_choice(self, name: str) -> bool:
        """Whether a facet offers a choice: some record has a value, and not all the same one."""
        counts = [count for count in self.facets[name].totals.values() if count]
        return bool(counts) and (len(counts) > 1 or counts[0] < len(self.base))

    def _resume(self, names: list[str]) -> str:
        """« 2 choisis, jusqu’à 20 000 € »; « 11 » values if nothing is chosen."""
        asked = {name: self.values[name] for name in names if name in self.values}
        if not asked:
            counts = [count for name in names if name in self.facets for count in self.counts(name).values()]
            return str(sum(map(bool, counts)))
        chosen = sum(len(value) for name, value in asked.items() if name in self.facets)
        words = [self._said(name, self.total) for name in asked if name not in self.facets]
        return ", ".join(filter(None, (chosen and pluriel(chosen, "choix", "choix"), *words)))

    # Words

    @cached_property
    def chips(self) -> list[Chip]:
        """Active criteria, each with what a link drops."""
        chips = []
        for name, value in self.values.items():
            chips += self.filterset.filters[name].chips(name, value)
        return chips

    @property
    def criteria(self) -> list[str]:
        """What is asked, in a few words each, for the name of a file. A mended or widened search comes first."""
        if not (self.corrige or self.au_moins_un_mot):
            return [chip.texte for chip in self.chips]
        others = [chip.texte for chip in self.chips if "q" not in chip.noms]
        return [self.filterset.filters["q"].said(*self._answered).removeprefix("avec "), *others]

    @property
    def _answered(self) -> tuple[str, bool, str]:
        """Of a search: the words answered, whether any was enough, the typed words if these were mended."""
        typed = self.values["q"]
        return self.corrige or typed, self.au_moins_un_mot, typed if self.corrige else ""

    def _said(self, name: str, number: int) -> str:
        """Words of the sentence for one criterion. `number`: how many records the sentence counts."""
        agreed = partial(accorde, number=number, feminin=self.declaration.feminin)
        return self.filterset.filters[name].words(self.values[name], agreed)

    def phrase(self, number: int | None = None, sujet: str = "", typed: bool = False) -> str:
        """« 33 projets dans les Côtes-d’Armor ou en Ille-et-Vilaine, jusqu’à 20 000 € ».

        `number`: of only a part of them; `sujet`: words instead of a count; `typed`: the search as typed, even if
        mended.
        """
        number = 2 if sujet else self.total if number is None else number
        count = sujet or pluriel(number, self.declaration.nom, self.declaration.nom_pluriel)
        said = {name: self._said(name, number) for name in self.values}
        if "q" in said and not typed:
            said["q"] = self.filterset.filters["q"].said(*self._answered)
        words = [(self.filterset.filters[name], text) for name, text in said.items() if text]
        bare = words and isinstance(words[0][0], Facet) and not words[0][0].phrase
        return f"{count}{', ' if bare else ' '}{', '.join(text for _, text in words)}".strip()

    @cached_property
    def requete(self) -> Query:
        """The understood search, with its synonyms, which results mark."""
        return self.filterset.requete if "q" in self.values else Query()

    @property
    def propositions(self) -> list[str]:
        """What the search may mean, if no record has one of its words. The list answers the first."""
        return self.filterset.propositions if self.requete else []

    @property
    def corrige(self) -> str:
        """The search that is answered instead of the one typed, or ""."""
        return self.propositions[0] if self.propositions else ""

    @cached_property
    def au_moins_un_mot(self) -> bool:
        """Whether any word of the search was enough, since no record has them all."""
        return "q" in self.values and self.filterset.mode is Mode.ANY

    @property
    def about_search(self) -> dict[str, str | bool | None]:
        """For programs."""
        return {"corrige": self.corrige or None, "au_moins_un_mot": self.au_moins_un_mot}

    def loosened(self) -> list[tuple[Chip, BitMap]]:
        """For an empty list: each criterion with the records found without it, the most first."""
        return sorted(((chip, self._without(chip)) for chip in self.chips), key=lambda pair: -len(pair[1]))

    def _without(self, chip: Chip) -> BitMap:
        values = dict(self.values)
        for name in chip.noms:
            value = values.pop(name, None)
            kept = [item for item in value if item != chip.valeur] if chip.valeur else []
            if kept:
                values[name] = kept
        return self._narrow(values)

    # Addresses

    def query_string(self, *, drop: Chip | None = None, keeps: tuple[str, ...] | None = None, **changes) -> str:
        """The selection as a query string, without the chip `drop`, with `changes`.

        `keeps`: as the view at the address keeps it, if it is another one.
        """
        return urlencode(self.pairs(drop=drop, keeps=keeps, **changes))

    @property
    def understood(self) -> str:
        """The query string of what could be read, for corrected addresses.

        It has the good values of a refused facet, which the list shown does not apply. Of the other parameters it keeps
        all but the page: the new list may have other pages.
        """
        refused = [(name, value) for name in self.facets if name in self.errors for value in self._good(name)]
        return urlencode(refused + self.pairs(keeps=tuple(name for name in self.data if name in DRESSING)))

    def _good(self, name: str) -> Iterable[str]:
        for value in dict.fromkeys(self.data.getlist(name)):
            with suppress(ValidationError):
                self.form.fields[name].clean([value])
                yield value

    def pairs(
        self, *, drop: Chip | None = None, keeps: tuple[str, ...] | None = None, **changes
    ) -> list[tuple[str, str]]:
        """The query string as [(parameter, value)], in the order of the form: one selection has one address."""
        pairs = [
            (name, value)
            for name, value in self._asked
            if not (drop and name in drop.noms and drop.valeur in ("", value))
        ]
        if self.tri_asked and self.tri != next(iter(self.tris)) and "tri" not in changes:
            pairs.append(("tri", self.tri))
        kept = self.keeps if keeps is None else keeps
        return pairs + list(changes.items()) + self.kept(tuple(name for name in kept if name not in changes))

    def kept(self, names: tuple[str, ...]) -> list[tuple[str, str]]:
        """(parameter, value) of parameters that are no criterion, without doubles, KEPT at most."""
        found = ((name, value) for name in names for value in self.data.getlist(name) if len(value) <= VALUE_LENGTH)
        return list(dict.fromkeys(found))[:KEPT]

    @cached_property
    def _asked(self) -> list[tuple[str, str]]:
        """[(parameter, value)] of the criteria, as they were written."""
        values = self.values.items()
        lists = {
            name: value if isinstance(value, list) else [self.data.get(name) or str(value)] for name, value in values
        }
        return [(name, value) for name, several in lists.items() for value in several]
