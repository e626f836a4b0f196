"""The Selection: what a visitor asked for, under one query string. Every public view of a list renders one.

A selection is a validated filter form, an ordered queryset, facet counts, chips and a sentence in French. What is
malformed is a message (`errors`) and no filter: a page shows the list without it, a file answers 400.
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
from socle.francais.mots import accorde, et, ou, pluriel
from socle.journal.following import FICHES
from socle.recherche.parsing import Mode, Query
from socle.recherche.query import by_relevance, is_unranked, matching

# Parameters that are no criterion: what a map shows and of where, layout of a file or a table, records to compare, the
# view that filters lead back to; then the sort, paging, and what mail and social sites append to a link.
DRESSING = {"limite", "montrer", "cadre", "excel", "colonnes", "fiche", "vue"}
NEUTRAL = DRESSING | {"tri", "page", "apres", "fbclid", "gclid", "msclkid"}
NEUTRAL_PREFIXES = ("utm_", "mtm_", "pk_")
REPEATED = 3  # values of a criterion that could not be read
KEPT = 40  # values of parameters that are no criterion and that links keep
HEAVIEST = 1000  # more than a word of a search weighs
SORTED = 500  # records of a narrowed list that are put in order by themselves; else the whole list is, and held


@dataclass(frozen=True)
class Option:
    """One value of a facet, as the page prints it: how many records one gets by choosing it."""

    valeur: str
    texte: str
    compte: int
    choisie: bool


@dataclass(frozen=True)
class Groupe:
    """Filters under one heading: bounds of a range side by side, names of facets, other typed fields.

    `resume`: what of it is chosen, in a few words, else how many values there are to choose. `ouvert`: whether it holds
    a choice, or a fault.
    """

    titre: str
    bornes: list
    facettes: list[str]
    champs: list
    resume: str = ""
    ouvert: bool = False

    @property
    def is_plie(self) -> bool:
        """Whether it is shown folded: what is only typed stands in sight."""
        return bool(self.bornes or self.facettes)


class Selection:
    """What `data` asks of the public records of the list of a declaration, read by its SelectionFilterSet.

    `garde`: parameters that are no criterion, which the links of the page at work keep.
    """

    def __init__(self, declaration, data: QueryDict, *, garde: tuple[str, ...] = ()):
        self.data, self.garde, self.tri_asked = data, garde, data.get("tri", "")
        self.declaration = declaration
        self.filterset = declaration.liste.filterset_class(declaration, data)
        self.ensembles = self.filterset.ensembles
        self.base = self.ensembles.publiques
        filters = self.filterset.filters.items()
        self.facets: dict[str, Facet] = {name: filt for name, filt in filters if isinstance(filt, Facet)}
        for name, facet in self.facets.items():
            facet.learn(self.ensembles, name, data.getlist(name), self.base)
        self.form = self.filterset.form
        self.form.is_valid()
        for name, message in self.filterset.check(self.form.cleaned_data).items():
            self.form.add_error(name, message)
        self.values = {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}
        if "autour" not in self.values:  # of a commune that was not understood
            self.values.pop("rayon", None)
        self._counts: dict[str, dict[str, int]] = {}

    # What was asked

    @cached_property
    def errors(self) -> dict[str, list[str]]:
        """{parameter: messages} for everything that could not be read; empty if all was."""
        errors = {name: list(messages) for name, messages in self.form.errors.items()}
        for name in self.data:
            if name not in self.filterset.filters and not self._neutral(name):
                errors.setdefault(quoted(name), []).append(
                    f"Le critère « {quoted(name)} » n’existe pas : ôtez-le de l’adresse."
                )
        # The form sends back the sort it was shown with: emptying a box is no mistake.
        if self.tri_asked and self.tri_asked not in {*self.tris, "pertinence", "distance"}:
            errors["tri"] = [f"Ce tri n’existe pas : écrivez {ou(list(self.tris))}."]
        return errors

    def set_aside(self, name: str, messages: list[str], kept: Iterable[str] = ()) -> None:
        """Say what is wrong with a parameter that is no criterion; links keep only `kept` of its values."""
        self.errors[name] = messages
        self.data = self.data.copy()
        self.data.setlist(name, list(kept))

    @cached_property
    def ignores(self) -> list[str]:
        """What the list does without, as it was asked: « minimum (€) « 20k » »."""
        filters, found = self.filterset.filters, []
        for name in self.errors:
            if not self._neutral(name):
                label, asked = (filters[name].label, self.data.getlist(name)) if name in filters else ("", [name])
                values = et([f"«\u00a0{quoted(one)}\u00a0»" for one in dict.fromkeys(asked)][:REPEATED])
                found.append(f"{label} {values}".strip())
        return found

    @cached_property
    def a_corriger(self) -> str:
        """The first field of the form that holds what could not be read: a page puts the focus there."""
        shown = ("q", *(name for _, names in self.filterset.groupes for name in names))
        return next((name for name in shown if name in self.errors), "")

    @property
    def messages(self) -> list[str]:
        """`errors` as sentences, each with the name of its field: « Minimum (€) : écrivez un montant… »."""
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
        """Sorts on offer: relevance only for a search, distance only around a commune."""
        offered = {"pertinence": ("Pertinence", "q"), "distance": ("Distance", "autour")}
        particular = {tri: (label, None) for tri, (label, name) in offered.items() if name in self.values}
        return particular | self.filterset.tris

    @property
    def tris_offerts(self) -> dict:
        """Those that its page offers: to sort by amount only where one is known, or once it is sorted so."""
        known = self.filterset.montants_connus() & self.records
        return {
            tri: said for tri, said in self.tris.items() if known or tri == self.tri or not tri.startswith("montant-")
        }

    @cached_property
    def tri(self) -> str:
        return self.tri_asked if self.tri_asked in self.tris else next(iter(self.tris))

    # Records

    def narrowed(self, *without: str) -> BitMap:
        """The base narrowed by every filter but those `without`."""
        return self._narrow({name: value for name, value in self.values.items() if name not in without})

    def _narrow(self, values: dict) -> BitMap:
        found = self.base
        for name, value in values.items():
            as_asked = value == self.values.get(name)
            found = found & (self._left_by[name] if as_asked else self._keys(name, value))
        return found

    @cached_property
    def _left_by(self) -> dict[str, BitMap]:
        """{filter: the public records that it leaves}, of the filters asked."""
        return {name: self._keys(name, value) for name, value in self.values.items()}

    def _keys(self, name: str, value) -> BitMap:
        filt = self.filterset.filters[name]
        if hasattr(filt, "keys"):
            return filt.keys(self.ensembles, name, value)
        return BitMap(self.ensembles.rows(filt.filter(self.filterset.public_by_key().order_by(), value)))

    @cached_property
    def records(self) -> BitMap:
        """The records that the selection holds."""
        return self.narrowed()

    @property
    def total(self) -> int:
        return len(self.records)

    def keys(self, start: int = 0, stop: int | None = None) -> Sequence[int]:
        """The ids of the records from `start` to `stop`, in the order asked: all without them."""
        stop = self.total if stop is None else min(stop, self.total)
        order = self._order
        if len(order) == self.total:
            return order[start:stop]
        if start <= self.total - stop:
            return list(islice(filter(self.records.__contains__, order), start, stop))
        backwards = filter(self.records.__contains__, reversed(order))
        return list(islice(backwards, self.total - stop, self.total - start))[::-1]

    def first(self, number: int, records: BitMap | None = None, order: QuerySet | None = None) -> list[int]:
        """The ids of its first records, or of some of them, in the order asked or in that of some of its list."""
        among = self.records if records is None else records
        rows = self._order if order is None else self.ensembles.order(order)
        return list(islice(filter(among.__contains__, rows), number))

    def position(self, pk: int) -> int | None:
        """Where a record stands in the list, from 0; None if it is not in it."""
        if pk not in self.records:
            return None
        keys = self.keys()
        return keys.index(pk) if pk in keys else None

    def cursor(self, pk: int) -> Curseur:
        """What leads on after a record of the list, even if it has moved or left meanwhile. One query.

        Before what its order says of the record: what the words of a search weigh, as records come and go; how far the
        record is.
        """
        values, first = values_of(self._ordered(), pk), ()
        if self._is_by_relevance:
            first = self.requete.poids
        elif self.tri == "distance":
            first = (self.distances[pk],) if pk in self.distances else None
        return Curseur(pk, (*first, *values) if values and first is not None else ())

    def following(self, curseur: Curseur) -> int | None:
        """How many records of the list stand before what follows a cursor; None if it leads nowhere.

        One query if its record stands where it did, else another one, which reads all that stand before. Asked first:
        the answers of a search are ranked as they were.
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
        """Rows of the list with what `cursor_of` says where each stands by; as they are where no column says it."""
        return placed(rows, self._columns) if self._columns else rows

    def cursor_of(self, row) -> Curseur:
        """The cursor of a row that was `placed`, without a query."""
        known = self._columns and hasattr(row, "ordre_0")
        return Curseur(row.pk, values_on(row, self._columns) if known else ())

    @cached_property
    def _columns(self) -> tuple:
        """The order asked, if columns say it alone."""
        if self._is_by_relevance or self.tri == "distance":
            return ()
        return self._ordered().query.order_by

    def _ordered(self) -> QuerySet:
        """The public records that hold the selection, as a queryset in the order asked; by distance, in the order of
        those that are as far."""
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
        """Records in the order asked, those of the selection among them."""
        by_key = self.filterset.public_by_key()
        if self._is_by_relevance:
            return self._ranked(by_key)
        if self.total <= SORTED and self.total < len(self.base):
            order = ids(self._sorted(by_key.filter(pk__in=list(self.records))))
        else:
            order = self.ensembles.order(self._sorted(self.filterset.public()), self.filterset.moment())
        if self.tri == "distance":
            return sorted(filter(self.records.__contains__, order), key=self.distances.__getitem__)
        return order

    def _ranked(self, rows: QuerySet) -> Sequence[int]:
        """The answers of the search, best first; the newest first where they are too many to be ranked."""
        query, mode = self.requete, self.filterset.mode
        if is_unranked(query, mode):
            return array("I", self.records)[::-1]
        asked = "pertinence", query.termes, query.excluded, query.poids, query.comptes, mode
        return self.ensembles.cached(asked, lambda: ids(by_relevance(matching(rows, query, mode), query, mode)), FICHES)

    def _sorted(self, rows: QuerySet) -> QuerySet:
        """Rows of the list in the order asked; orderings end with the primary key."""
        _, order = self.tris[self.tri]
        if order is None:  # what no order of the list says
            _, order = next(iter(self.filterset.tris.values()))
        return rows.order_by(*order, "pk")

    @cached_property
    def distances(self) -> dict[int, float]:
        """{record: its kilometres from the commune that is asked for}, of those around it; nothing without one."""
        if "autour" not in self.values:
            return {}
        return self.filterset.filters["autour"].distances(self.ensembles, self.values["autour"])

    def rows(self, keys: Iterable[int]) -> QuerySet:
        """Public records of these keys, in no order."""
        return self.filterset.public_by_key().filter(pk__in=list(keys))

    # Facets

    def counts(self, name: str) -> dict[str, int]:
        """{value: how many records one gets by choosing it}, under every other filter: {"22": 19, "29": 4, …}."""
        if name not in self._counts:
            self._counts[name] = self.facets[name].count(self.narrowed(name))
        return self._counts[name]

    def options(self, name: str, first: int = 0) -> list[Option]:
        """Values of a facet in the order shown: as declared, or by label.

        `first`: only so many, those that give most records, and the chosen ones.
        """
        facet, chosen, counts = self.facets[name], self.values.get(name, []), self.counts(name)
        values = facet.held
        if first:
            most = set(nlargest(first, filter(counts.get, values), key=counts.get))
            values = [value for value in values if value in most]
        values = [*values, *(value for value in chosen if value not in values)]
        return [Option(value, facet.labels[value], counts.get(value, 0), value in chosen) for value in values]

    def groupes(self) -> list[Groupe]:
        """The filters as the page shows them: what is typed in sight, then what is folded."""
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
        """(parameter, value) of what goes along with the form and stands in no group of it: criteria, `q` left out, the
        sort, what the page keeps."""
        shown = {"q", "tri", *(name for _, names in self.filterset.groupes for name in names)}
        criteria = [(name, value) for name, value in self.pairs(garde=()) if name not in shown]
        return criteria + [("tri", self.tri)] * bool(self.tri_asked) + self.kept(self.garde)

    def _is_choice(self, name: str) -> bool:
        """Whether a facet offers anything: not before some record holds a value, nor where all hold the same one."""
        counts = [count for count in self.facets[name].held.values() if count]
        return bool(counts) and (len(counts) > 1 or counts[0] < len(self.base))

    def _resume(self, names: list[str]) -> str:
        """« 2 choisis, jusqu’à 20 000 € »; of a group of which nothing is asked, « 11 »."""
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
        """Active criteria, each with the link that drops it."""
        chips = []
        for name, value in self.values.items():
            chips += self.filterset.filters[name].chips(name, value)
        return chips

    @property
    def criteria(self) -> list[str]:
        """What is asked, in a few words each: the name of a file. A search mended or widened says how, first."""
        if not (self.corrige or self.au_moins_un_mot):
            return [chip.texte for chip in self.chips]
        others = [chip.texte for chip in self.chips if "q" not in chip.noms]
        return [self.filterset.filters["q"].said(*self._answered).removeprefix("avec "), *others]

    @property
    def _answered(self) -> tuple[str, bool, str]:
        """What a search answers: its words, whether any was enough, and the words typed if these were mended."""
        typed = self.values["q"]
        return self.corrige or typed, self.au_moins_un_mot, typed if self.corrige else ""

    def _said(self, name: str, number: int) -> str:
        """What the sentence says of one criterion, where it counts that many records."""
        agreed = partial(accorde, number=number, feminin=self.declaration.feminin)
        return self.filterset.filters[name].words(self.values[name], agreed)

    def phrase(self, number: int | None = None, sujet: str = "", typed: bool = False) -> str:
        """« 33 projets dans les Côtes-d’Armor ou en Ille-et-Vilaine, jusqu’à 20 000 € ».

        `number`: of a part of them; `sujet`: of all, however many; `typed`: as it was asked.
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
        """The search as it was understood, with its synonyms: what results show marked."""
        return self.filterset.requete if "q" in self.values else Query()

    @property
    def propositions(self) -> list[str]:
        """What the search may have meant, if one of its words is in no record: the list answers the first."""
        return self.filterset.propositions if self.requete else []

    @property
    def corrige(self) -> str:
        """The search that the list answers in place of the one typed; "" if it answers that one."""
        return self.propositions[0] if self.propositions else ""

    @cached_property
    def au_moins_un_mot(self) -> bool:
        """Whether the search had to do with any of its words, since no record has them all."""
        return "q" in self.values and self.filterset.mode is Mode.ANY

    @property
    def about_search(self) -> dict[str, str | bool | None]:
        """What programs read of how the search was answered."""
        return {"corrige": self.corrige or None, "au_moins_un_mot": self.au_moins_un_mot}

    def loosened(self) -> list[tuple[Chip, BitMap]]:
        """For an empty list: each criterion with the records that there are without it, the most first."""
        return sorted(((chip, self._without(chip)) for chip in self.chips), key=lambda pair: -len(pair[1]))

    def _without(self, chip: Chip) -> BitMap:
        """The records that the selection would hold without one criterion."""
        values = dict(self.values)
        for name in chip.noms:
            value = values.pop(name, None)
            kept = [item for item in value if item != chip.valeur] if chip.valeur else []
            if kept:
                values[name] = kept
        return self._narrow(values)

    # Addresses

    def query_string(self, *, drop: Chip | None = None, garde: tuple[str, ...] | None = None, **changes) -> str:
        """The selection as a query string, without one chip, with `changes` added.

        `garde`: for the address of another view, which keeps others.
        """
        return urlencode(self.pairs(drop=drop, garde=garde, **changes))

    @property
    def understood(self) -> str:
        """The query string of what could be read, the good values of a refused facet among it: without it the list
        that is shown is not narrowed by that facet. All that is no criterion stays, but for the page: this list may
        have others."""
        refused = [(name, value) for name in self.facets if name in self.errors for value in self._good(name)]
        return urlencode(refused + self.pairs(garde=tuple(name for name in self.data if name in DRESSING)))

    def _good(self, name: str) -> Iterable[str]:
        for value in dict.fromkeys(self.data.getlist(name)):
            with suppress(ValidationError):
                self.form.fields[name].clean([value])
                yield value

    def pairs(
        self, *, drop: Chip | None = None, garde: tuple[str, ...] | None = None, **changes
    ) -> list[tuple[str, str]]:
        """The same as [(parameter, value)], in the order of the form: one selection has one address."""
        pairs = [
            (name, value)
            for name, value in self._asked
            if not (drop and name in drop.noms and drop.valeur in ("", value))
        ]
        if self.tri_asked and self.tri != next(iter(self.tris)) and "tri" not in changes:
            pairs.append(("tri", self.tri))
        kept = self.garde if garde is None else garde
        return pairs + list(changes.items()) + self.kept(tuple(name for name in kept if name not in changes))

    def kept(self, names: tuple[str, ...]) -> list[tuple[str, str]]:
        """What was asked in parameters that are no criterion, once each, KEPT values at most."""
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
