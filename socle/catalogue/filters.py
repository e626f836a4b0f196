"""Filters of a public list, each declared once, under its parameter. Chips, sentence, counts and exports follow.

A filter has a form field, which turns a malformed value into a message; `keys`, the records that it leaves, from the
sets of the list (without it, `filter` narrows a queryset, as in django-filter); `chips`; and `words`, for the sentence.

class TermineFilter(Filtre):
    field_class = forms.DateField

    def words(self, value, accorde):  # « 1 projet terminé avant le 1er mars », « 3 initiatives terminées avant le… »
        return f"{accorde('terminé')} avant le {jour_en_lettres(value)}"

`accorde` makes an adjective agree with what the sentence counts (socle/francais/wording.py).
"""

import re
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Cast
from django.utils import timezone
from pyroaring import BitMap

from socle.catalogue.mesures import counted
from socle.francais.nombres import parse_nombre
from socle.francais.texte import fold
from socle.francais.wording import euros, jour_en_lettres, ou
from socle.journal.telling import changed_since

VALUE_LENGTH = 100
LISTED = 12  # values of a facet that all have a box; of more, only the most frequent, and a field for the others
SUGGESTED = 5
EARLIEST, LATEST = "1900-01-01", "9000-01-01"  # the first and last days have no hour in some time zones
Accorde = Callable[[str], str]
ASKED = 1000  # values of one facet: as many parameters as Django accepts


@dataclass(frozen=True)
class Chip:
    """An active criterion: its words, and what a link without it drops.

    `noms`: parameters that the link drops; `valeur`: only this value of theirs, "" for all.
    """

    texte: str
    noms: tuple[str, ...]
    valeur: str = ""


def quoted(text: str) -> str:
    """Text of an address, for a message; « … » if it is long or not printable."""
    return text if text.isprintable() and len(text) <= 40 else "…"


def known_names(model, key: str = "pk") -> Callable[[list[str]], dict[str, str]]:
    """For `known` of a facet: {value: name} of the given values that exist in `model`."""

    def known(values):
        return dict(model.objects.filter(**{f"{key}__in": values}).values_list(key, "nom"))

    return known


class FacetField(forms.MultipleChoiceField):
    """Chosen values of a facet. Its `filtre` knows which exist, after `learn`."""

    default_error_messages = {"invalid_choice": "« %(value)s » n’existe pas : choisissez parmi les valeurs proposées."}

    def valid_value(self, value):
        return value in self.filtre.labels

    def to_python(self, value):
        return list(dict.fromkeys(self.filtre.read(item) for item in super().to_python(value) if item))


class Filtre(django_filters.Filter):
    """A filter declared once on its filter set and bound to each request. It takes no `method`."""

    def __deepcopy__(self, memo):
        """django-filter copies filters for each request: the copy shares what was declared."""
        return copy(self)


class Facet(Filtre):
    """A facet: several values joined by OR, counted under every other filter.

    `field_name`: path from the record to the value (`departement`, `themes__slug`).
    `known`: given values, those that exist, as {value: label}; without it a value speaks for itself (a year), and only
    held ones are valid. `describe`: (value, label) to what the page prints.
    `choices`: for a facet that is computed: [(value, label, Q)], in the order shown, instead of the paths.
    `phrase`: the words before its labels in the sentence (« en », « sur »). `adjectifs`: {value: an adjective that the
    sentence says in place of its label, and that agrees}. `by_count`: the values that most records
    hold come first, instead of the alphabet. `kept`: whether its sets follow the records that change; they cannot
    if they change with the clock or with places, and are then made of others. `chiffree`: whether figures are given by
    its values. `ordonnee`: whether these have an order of their own (amounts, years), in which figures show them too.
    `habitants`: how many people live in the place that each value is. `aide`: what stands below its values.
    `mots_entiers`: whether a part of what else its values are called means none of them.
    """

    field_class = FacetField
    kept = True
    chiffree = True
    ordonnee = False
    habitants: Callable[[], dict[str, int]] | None = None
    aide = ""
    mots_entiers = False

    def __init__(
        self,
        *,
        known: Callable[[list[str]], dict[str, str]] | None = None,
        describe: Callable[[str, str], str] | None = None,
        choices: Iterable[tuple[str, str, Q]] = (),
        phrase: str = "",
        adjectifs: dict[str, str] | None = None,
        by_count: bool = False,
        **kwargs,
    ):
        super().__init__(required=False, **kwargs)
        self.known = known
        self.describe = describe or (lambda value, label: label)
        self.choices = list(choices)
        self.ordonnee = self.ordonnee or bool(self.choices)
        self.phrase = phrase
        self.adjectifs = adjectifs or {}
        self.by_count = by_count

    @cached_property
    def _learnt(self) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
        """(names, labels, folded names), read only when asked: a view that shows no facet needs none."""
        list_sets, name = self.source
        return list_sets.of_facet(name, ("noms",), lambda: self._words(list(self.valeurs(list_sets, name))))

    @cached_property
    def totals(self) -> dict[str, int]:
        """{value: how many records of the list hold it}, in the order shown; all declared values."""
        list_sets, name = self.source

        def counted():
            counts = self.counts(self.base)
            if self.choices:
                return {value: counts.get(value, 0) for value, _, _ in self.choices}
            return {value: counts[value] for value in self.sort(counts)}

        return list_sets.of_facet(name, ("comptes",), counted) if self.kept else counted()

    @cached_property
    def names(self) -> dict[str, str]:
        """{value: plain name}, for chips and the sentence."""
        return self._learnt[0]

    @cached_property
    def labels(self) -> dict[str, str]:
        """{value: text of its box}."""
        return self._learnt[1]

    @cached_property
    def folded(self) -> dict[str, str]:
        """{value: its name without accents and capitals}."""
        return self._learnt[2]

    @property
    def expression(self):
        """The record's value as text, NULL without one."""
        if self.choices:
            cases = (When(condition, then=Value(value)) for value, _, condition in self.choices)
            return Case(*cases, output_field=CharField())
        return Cast(F(self.field_name), CharField())

    def sort(self, held: dict[str, int]) -> list[str]:
        """Values in the order shown, whatever the filters. `held`: how many records hold each."""
        if self.choices:
            return list(held)
        values = sorted(held, key=self._order)
        return sorted(values, key=lambda value: -held[value]) if self.by_count else values

    def alphabetical(self, options: Iterable) -> list:
        return sorted(options, key=lambda option: self._order(option.valeur))

    def _order(self, value: str) -> tuple[str, str]:
        label = self.labels.get(value, value)
        return self.folded[value] if label == self.names.get(value) else fold(label), value

    def valeurs(self, list_sets, name: str) -> dict[str, BitMap]:
        """{value: records that hold it}; `choices` in their own order."""
        held = list_sets.valeurs(name)
        return {value: held.get(value, BitMap()) for value, _, _ in self.choices} if self.choices else held

    def counts(self, records: BitMap) -> dict[str, int]:
        """{value: how many of `records`, all public, hold it}, without zeros."""
        list_sets, name = self.source
        return list_sets.counts(name, records) if self.kept else counted(self.valeurs(list_sets, name), records)

    def count(self, records: BitMap) -> dict[str, int]:
        """Like `counts`, for every value that is shown, with zeros."""
        if records is self.base:
            return self.totals
        counts = self.counts(records)
        return {value: counts.get(value, 0) for value in self.totals}

    def keys(self, list_sets, name: str, value: list[str]) -> BitMap:
        held = self.valeurs(list_sets, name)
        return BitMap.union(*(held[item] for item in value if item in held), BitMap())

    def named(self, values: list[str]) -> dict[str, str]:
        """{value: plain name} of those of `values` that exist; with `choices`, of all."""
        if self.choices:
            return {value: label for value, label, _ in self.choices}
        return self.known(values) if self.known else {}

    def aliases(self, values: list[str]) -> dict[str, list[str]]:
        """{value: its name, then other names for it}, for those of `values` that a search may mean."""
        return {value: [self.names[value]] for value in values}

    def learn(self, list_sets, name: str, asked: list[str], base: BitMap) -> None:
        """Bind the facet to the sets of a list, and look up the `asked` values that no record of it holds.

        `base`: the records of the list.
        """
        self.source, self.base = (list_sets, name), base
        if not any(asked) or not self.known:
            return
        missing = [value for value in dict.fromkeys(asked[:ASKED]) if value not in self.names]
        missing = [value for value in missing if value.isascii() and value.replace("-", "").isalnum()]
        missing = [value for value in missing if len(value) <= VALUE_LENGTH]
        if missing and (found := self.named(missing)):
            self.names = self.names | found
            self.labels = self.labels | {value: self.describe(value, nom) for value, nom in found.items()}

    def _words(self, values: list[str]) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
        """For each of `values`: its plain name, the text of its box, its folded name."""
        list_sets, name = self.source
        told = list_sets.lasting(("mots", name), dict)  # names of values are not looked up again at each change
        if missing := [value for value in values if value not in told]:
            names = dict(zip(missing, missing, strict=True)) | self.named(missing)
            told |= {value: (nom, self.describe(value, nom), fold(nom)) for value, nom in names.items()}
        return tuple({value: told[value][rank] for value in values} for rank in range(3))

    def read(self, text: str) -> str:
        """The value that somebody means by `text`: its name or, among many values, a part of it. Else `text` itself.

        ValidationError if several values are meant.
        """
        if text in self.names:
            return text
        typed = fold(text).strip()
        if len(self.names) <= LISTED:
            same = [value for value, nom in self.folded.items() if nom == typed]
            return same[0] if len(same) == 1 else text
        alike = [value for value, nom in self.folded.items() if typed and typed in nom]
        same = [value for value in alike if self.folded[value] == typed]
        if len(alike) > 1 and len(same) != 1:
            names = ", ".join(self.names[value] for value in sorted(alike, key=self.folded.get)[:SUGGESTED])
            raise ValidationError(f"« {text} » peut dire {names}… : précisez.", code="several")
        return next(iter(same or alike), text)

    def chips(self, name, value):
        return [Chip(self.names[item], (name,), item) for item in value]

    def words(self, value, accorde: Accorde):
        """« en Bretagne ou Normandie ». Labels of `choices` are common words and lose their capital."""
        names = [accorde(self.adjectifs[item]) if item in self.adjectifs else self._in_sentence(item) for item in value]
        return f"{self.phrase} {ou(names)}".strip()

    def _in_sentence(self, value: str) -> str:
        name = self.names[value]
        return f"{name[:1].lower()}{name[1:]}" if self.choices and not name[1:2].isupper() else name


class WordsFilter(Filtre):
    """Full-text search, done by the filter set, whose `mode` says whether any word is enough."""

    field_class = forms.CharField

    def __init__(self, **kwargs):
        super().__init__(max_length=1000, **kwargs)

    def keys(self, list_sets, name: str, value: str) -> BitMap:
        return self.parent.answers(list_sets)

    @property
    def is_exact(self) -> bool:
        return bool(self.parent.form.cleaned_data.get("exact"))

    def chips(self, name, value):
        return [Chip(f"«\u00a0{value}\u00a0»{' tel quel' if self.is_exact else ''}", (name, "exact"))]

    def words(self, value, accorde: Accorde):
        return self.said(value)

    def said(self, value: str, au_moins_un: bool = False, typed: str = "") -> str:
        """« avec « accueil » au lieu de « acueil » ». `typed`: the words before they were mended."""
        before = f"avec {'au moins un mot de ' if au_moins_un else ''}«\u00a0{value}\u00a0»"
        after = f" au lieu de «\u00a0{typed}\u00a0»" if typed else ""
        return f"{before}{' tel quel' if self.is_exact else after}"


class ExactFilter(Filtre):
    """`exact=1`: words of a search are not mended. It narrows nothing by itself."""

    field_class = forms.ChoiceField

    def __init__(self, **kwargs):
        messages = {"invalid_choice": "Écrivez exact=1, ou ôtez ce critère."}
        super().__init__(choices=[("1", "oui")], error_messages=messages, **kwargs)

    def keys(self, list_sets, name, value):
        return list_sets.publiques

    def chips(self, name, value):
        return []

    def words(self, value, accorde: Accorde):
        return ""


@dataclass(frozen=True)
class Depuis:
    """`is_jour`: from the beginning of a day."""

    moment: datetime
    is_jour: bool

    def __str__(self):
        jour = jour_en_lettres(self.moment)
        return jour if self.is_jour else f"{jour} à {timezone.localtime(self.moment):%H:%M:%S}"


class DepuisField(forms.CharField):
    """A day or a moment, as programs write it; else a message.

    A day begins at midnight in the time zone of the site, which is also that of a moment without zone.
    """

    # « + » in an address that was not encoded is a blank.
    shape = re.compile(
        r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
        r"(?:[Tt ]([0-9]{2}:[0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,20})?)?([Zz]|[-+ ][0-9]{2}:[0-9]{2})?)?",
        re.ASCII,
    )
    default_error_messages = {
        "invalid": "Écrivez une date ou un instant ainsi : 2026-03-12, ou 2026-03-12T09:30:00Z (temps universel)."
    }

    def to_python(self, value):
        text = super().to_python(value)
        return self._read(text) if text else None

    def _read(self, text: str) -> Depuis:
        match = self.shape.fullmatch(text)
        try:
            day, clock, second, zone = match.groups()
            date.fromisoformat(day)
            second = int(second or 0) - (second == "60")  # a leap second is read as the second before
            hour = f"{clock or '00:00'}:{second:02}{(zone or '').upper().replace(' ', '+')}"
            read = datetime.fromisoformat(f"{min(max(day, EARLIEST), LATEST)}T{hour}")
        except (AttributeError, ValueError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        # PostgreSQL refuses an offset of sixteen hours.
        return Depuis((read if read.tzinfo else timezone.make_aware(read)).astimezone(UTC), is_jour=not clock)


class DepuisFilter(Filtre):
    """Records that changed since a moment of the change log, which has every record, even without a date of its own."""

    field_class = DepuisField

    def filter(self, queryset, value: Depuis):
        return queryset.filter(pk__in=changed_since(value.moment))

    def chips(self, name, value):
        return [Chip(f"Changé depuis le {value}", (name,))]

    def words(self, value, accorde: Accorde):
        return f"dont la page a changé depuis le {value}"


class MontantField(forms.CharField):
    """An amount as typed, « 20 000 € » or 20000,50, read exactly; else a message."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value):
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        number = parse_nombre(text)
        if number is None:
            raise ValidationError("Écrivez un montant en chiffres, par exemple 20000 ou 20 000 €.", code="invalid")
        if number > Decimal("999999999999"):
            raise ValidationError("Ce montant est trop grand.", code="max_value")
        return number


class MontantSaisiField(MontantField):
    """For a field of a record: reads « 12 000,50 », 6736.00, « 20 000 € », shows a comma."""

    def __init__(self, *args, max_digits=None, decimal_places=None, **kwargs):
        super().__init__(*args, **kwargs)

    def prepare_value(self, value):
        return f"{value:.2f}".removesuffix(".00").replace(".", ",") if isinstance(value, Decimal) else value


class MontantFilter(Filtre):
    """A bound on an amount. Zero means unknown; unknown amounts are outside any bound."""

    field_class = MontantField

    def keys(self, list_sets, name: str, value: Decimal) -> BitMap:
        mesure = list_sets.mesure(self.field_name)
        return mesure.at_least(value) if self.lookup_expr == "gte" else mesure.at_most(value)

    def chips(self, name, value):
        before = "À partir de" if self.lookup_expr == "gte" else "Jusqu’à"
        return [Chip(f"{before} {euros(value)}", (name,))]

    def words(self, value, accorde: Accorde):
        return f"{'à partir de' if self.lookup_expr == 'gte' else 'jusqu’à'} {euros(value)}"
