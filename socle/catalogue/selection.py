"""The Selection: what a visitor asked for, under one query string. Every public view of a list renders one.

A selection is a validated filter form, an ordered queryset, facet counts, chips and a sentence in French. What is
malformed is a message (`errors`) and no filter: a page shows the list without it, a file answers 400.
"""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import CharField, Count, Q, QuerySet, Value
from django.http import QueryDict

from socle.catalogue.filters import Chip, Facet, MontantFilter
from socle.francais.mots import pluriel
from socle.recherche.parsing import Mode, Query

# Parameters that are no criterion: paging, layout of a file, and what mail and social sites append to a link.
NEUTRAL = {"page", "tri", "excel", "fbclid", "gclid", "msclkid"}
NEUTRAL_PREFIXES = ("utm_", "mtm_", "pk_")
SHOWN = 7  # values of a facet that have a box each


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
    """What `data` asks of `queryset` (every public record of a type), read by `filterset_class`.

    `filterset_class` is a SelectionFilterSet. `counted=False`: no facet will be shown (a file, a total), so none is
    counted; values are then checked against what exists rather than what records hold.
    """

    def __init__(self, filterset_class, data: QueryDict, queryset: QuerySet, *, counted: bool = True):
        self.data = data
        self.base = queryset
        self.filterset = filterset_class(data, queryset=queryset)
        self._learn_values(counted)
        self.form = self.filterset.form
        self.form.is_valid()
        for name, message in self.filterset.check(self.form.cleaned_data).items():
            self.form.add_error(name, message)
        self.values = {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}
        self.declaration = filterset_class.declaration

    # What was asked

    @cached_property
    def errors(self) -> dict[str, list[str]]:
        """{parameter: messages} for everything that could not be read; empty if all was."""
        errors = {name: list(messages) for name, messages in self.form.errors.items()}
        for name in self.data:
            if name not in self.filterset.filters and not self._neutral(name):
                shown = name if name.isprintable() and len(name) <= 40 else "…"
                errors.setdefault("__all__", []).append(f"Le critère « {shown} » n’existe pas : il a été ignoré.")
        # The form sends back the sort it was shown with: emptying a box is no mistake.
        if self.tri_asked and self.tri_asked not in {*self.tris, "pertinence", "distance"}:
            errors["tri"] = ["Ce tri n’existe pas."]
        return errors

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

    @property
    def facets(self) -> dict[str, Facet]:
        return {name: filt for name, filt in self.filterset.filters.items() if isinstance(filt, Facet)}

    @property
    def tris(self) -> dict:
        """Sorts on offer: relevance only for a search, distance only around a commune."""
        offered = {"pertinence": ("Pertinence", "q"), "distance": ("Distance", "autour")}
        particular = {tri: (label, None) for tri, (label, name) in offered.items() if name in self.values}
        return particular | self.filterset.tris

    @property
    def tri_asked(self) -> str:
        return self.data.get("tri", "")

    @property
    def tri(self) -> str:
        return self.tri_asked if self.tri_asked in self.tris else next(iter(self.tris))

    # Records

    def narrowed(self, *, without: str = "") -> QuerySet:
        """The base narrowed by every filter but `without`, in no order."""
        return self._narrow({name: value for name, value in self.values.items() if name != without})

    def among(self, others: QuerySet) -> QuerySet:
        """What the same filters leave of other rows than the base, in no order."""
        return self._narrow(self.values, others)

    def _narrow(self, values: dict, rows: QuerySet | None = None) -> QuerySet:
        queryset = (self.base if rows is None else rows).order_by()
        for name, value in values.items():
            queryset = self.filterset.filters[name].filter(queryset, value)
        return queryset

    @cached_property
    def queryset(self) -> QuerySet:
        """What every rendering iterates: filtered and ordered; orderings end with the primary key.

        Around a commune, each record has its `distance_km`.
        """
        rows = self.narrowed()
        if "autour" in self.values:
            rows = self.filterset.filters["autour"].measure(rows, self.values["autour"])
        if self.tri == "pertinence":
            return self.filterset.by_relevance(rows)
        if self.tri == "distance":
            _, order = next(iter(self.filterset.tris.values()))
            return rows.order_by("distance_km", *order, "pk")
        return rows.order_by(*self.tris[self.tri][1], "pk")

    @cached_property
    def total(self) -> int:
        return self.narrowed().count()

    # Facets

    def _learn_values(self, counted: bool):
        """Tell each facet which values exist."""
        for name, facet in self.facets.items():
            asked = self.data.getlist(name)
            if counted or (asked and not facet.known):
                held = {value: label for value, (label, _) in self._held[name].items()}
            else:
                held = {value: label for value, label, _ in facet.choices}
            facet.learn(held, asked)

    @cached_property
    def _held(self):
        """The values that records of the base hold, by facet: one query."""
        return self._count(dict.fromkeys(self.facets))

    def _count(self, narrowed: dict[str, QuerySet | None]) -> dict[str, dict[str, tuple[str, int]]]:
        """{facet: {value: (label, count)}} in one query; `narrowed`: the records to count by facet, None for all.

        Values of the base without a record in `narrowed` are there with 0.
        """
        queries = []
        for name, records in narrowed.items():
            facet = self.facets[name]
            condition = None if records is None else Q(pk__in=records.values("pk"))
            queries.append(
                self.base.order_by()
                .annotate(
                    facette=Value(name, output_field=CharField()),
                    valeur=facet.expression,
                    libelle=facet.label_expression,
                )
                .filter(valeur__isnull=False)
                .values_list("facette", "valeur", "libelle")
                .annotate(compte=Count("pk", filter=condition))
            )
        counts = {name: {} for name in narrowed}
        if not queries:
            return counts
        rows = queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0]
        for name, value, label, count in rows:
            counts[name][value] = (label, count)
        for name, facet in self.facets.items():
            if facet.choices:
                found = counts.get(name, {})
                counts[name] = {v: (label, found.get(v, ("", 0))[1]) for v, label, _ in facet.choices}
        return counts

    @cached_property
    def _counts(self):
        if not self.values:
            return self._held
        return self._count({name: self.narrowed(without=name) for name in self.facets})

    def counts(self, name: str) -> dict[str, int]:
        """{value: how many records one gets by choosing it}, under every other filter: {"22": 19, "29": 4, …}."""
        return {value: count for value, (_, count) in self._counts[name].items()}

    def options(self, name: str) -> list[Option]:
        """Values of a facet in the order shown: as declared, or by label."""
        facet, chosen, counts = self.facets[name], self.values.get(name, []), self.counts(name)
        held = {value: count for value, (_, count) in self._held[name].items()}
        values = facet.sort(held) + [value for value in chosen if value not in held]
        return [Option(value, facet.labels[value], counts.get(value, 0), value in chosen) for value in values]

    def groupes(self) -> list[Groupe]:
        """The filters as the page shows them: what is typed in sight, then what is folded."""
        groups = []
        for title, names in self.filterset.groupes:
            typed = [name for name in names if name not in self.facets]
            bounds = [name for name in typed if isinstance(self.filterset.filters[name], MontantFilter)]
            others = [self.form[name] for name in typed if name not in bounds]
            facets = [name for name in names if name in self.facets]
            opened = any(name in self.values or name in self.errors for name in names)
            if not (opened or typed or any(count for name in facets for _, count in self._held[name].values())):
                continue  # no record holds any of it yet
            bounds = [self.form[name] for name in bounds]
            groups.append(Groupe(title, bounds, facets, others, self._resume(names), opened))
        return sorted(groups, key=lambda group: group.is_plie)

    def _resume(self, names: list[str]) -> str:
        """« 2 choisis, jusqu’à 20 000 € »; of a group of which nothing is asked, « 11 »."""
        asked = {name: self.values[name] for name in names if name in self.values}
        if not asked:
            counts = [count for name in names if name in self.facets for count in self.counts(name).values()]
            return str(sum(map(bool, counts)))
        chosen = sum(len(value) for name, value in asked.items() if name in self.facets)
        words = [self.filterset.filters[name].words(value) for name, value in asked.items() if name not in self.facets]
        return ", ".join(filter(None, (chosen and pluriel(chosen, "choix", "choix"), *words)))

    # Words

    @cached_property
    def chips(self) -> list[Chip]:
        """Active criteria, each with the link that drops it."""
        chips = []
        for name, value in self.values.items():
            chips += self.filterset.filters[name].chips(name, value)
        return chips

    def phrase(self, number: int | None = None, nom: str = "") -> str:
        """« 33 projets dans les Côtes-d’Armor ou en Ille-et-Vilaine, jusqu’à 20 000 € ».

        `number`, `nom`: "singular|plural", to say it of a part of them.
        """
        singular, _, plural = nom.partition("|")
        words = (singular, plural) if nom else (self.declaration.nom, self.declaration.nom_pluriel)
        count = pluriel(self.total if number is None else number, *words)
        values = self.values | ({"q": self.corrige} if self.corrige else {})
        filters = [(self.filterset.filters[name], value) for name, value in values.items()]
        words = [(filt, text) for filt, value in filters if (text := filt.words(value))]
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

    def loosened(self) -> list[tuple[Chip, int]]:
        """For an empty list: each criterion with how many records there are without it, the most first. One query."""
        others = [self._narrow(self._without(chip)) for chip in self.chips]
        counts = self.base.order_by().aggregate(
            **{f"sans_{i}": Count("pk", filter=Q(pk__in=other.values("pk"))) for i, other in enumerate(others)}
        )
        return sorted(zip(self.chips, counts.values(), strict=True), key=lambda pair: -pair[1])

    def _without(self, chip: Chip) -> dict:
        """The values of the selection without one criterion."""
        values = dict(self.values)
        for name in chip.noms:
            value = values.pop(name, None)
            kept = [item for item in value if item != chip.valeur] if chip.valeur else []
            if kept:
                values[name] = kept
        return values

    # Addresses

    def query_string(self, *, drop: Chip | None = None, **changes) -> str:
        """The selection as a query string, without one chip, with `changes` added."""
        return urlencode(self.pairs(drop=drop, **changes))

    def pairs(self, *, drop: Chip | None = None, **changes) -> list[tuple[str, str]]:
        """The same as [(parameter, value)], in the order of the form: one selection has one address."""
        pairs = []
        for name, value in self.values.items():
            for item in self._raw(name, value):
                if drop and name in drop.noms and drop.valeur in ("", item):
                    continue
                pairs.append((name, item))
        if self.tri_asked and self.tri != next(iter(self.tris)) and "tri" not in changes:
            pairs.append(("tri", self.tri))
        return pairs + list(changes.items())

    def _raw(self, name, value) -> list[str]:
        if isinstance(value, list):
            return value
        return [self.data.get(name) or str(value)]
