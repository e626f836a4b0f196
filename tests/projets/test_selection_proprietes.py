"""Every count beside a facet's value is the length of the list that one gets by choosing it.

Checked on random sheets and random filters, against the lists themselves and against a model in plain Python that
knows nothing of the database.
"""

import math
import os
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

import pytest
from django.db import transaction
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from projets.models import Projet
from socle.annuaire.models import Statut
from socle.catalogue.selection import Selection
from tests.conftest import COMMUNES, DEPARTEMENTS, HABITANTS, TYPES, make_many_projets
from tests.factories import ProjetFactory, ThemeFactory
from tests.sampling import size

pytestmark = pytest.mark.django_db

THEMES = {"cantine": "Cantine", "cimetiere": "Cimetière", "portail-famille": "Portail famille"}
WORDS = ("budget", "façade", "géomatique", "numérique")
AMOUNTS = [
    *(None, Decimal("0"), Decimal("0.01"), Decimal("2499.99"), Decimal("2500"), Decimal("4999.99"), Decimal("5000")),
    *(Decimal("10000"), Decimal("19999.99"), Decimal("20000"), Decimal("39999.99"), Decimal("40000"), Decimal("88093")),
]
BRACKETS = {
    "0-2500": (Decimal("0.01"), Decimal("2500")),
    "2500-5000": (2500, 5000),
    "5000-10000": (5000, 10000),
    "10000-20000": (10000, 20000),
    "20000-40000": (20000, 40000),
    "40000-": (40000, Decimal("Infinity")),
}
SIZES = {
    "0-1000": (0, 1000),
    "1000-2000": (1000, 2000),
    "2000-3500": (2000, 3500),
    "3500-10000": (3500, 10_000),
    "10000-50000": (10_000, 50_000),
    "50000-": (50_000, math.inf),
}
DECLARED = {"tranche": {*BRACKETS, "inconnu"}, "taille": {*SIZES}}


@dataclass
class Sheet:
    """A sheet of the model."""

    departement: str | None
    commune: str | None
    themes: frozenset[str]
    montant: Decimal | None
    words: frozenset[str]
    statut: str
    remplace: int | None  # rank of an earlier sheet
    pk: int = field(default=0, compare=False)

    @property
    def values(self) -> dict[str, set[str]]:
        group = COMMUNES[self.commune][2] if self.commune else None
        return {
            "region": {DEPARTEMENTS[self.departement][1]} if self.departement else set(),
            "departement": {self.departement} if self.departement else set(),
            "intercommunalite": {group} if group else set(),
            "theme": set(self.themes),
            "tranche": {self.tranche},
            "taille": self.taille,
        }

    @property
    def tranche(self):
        if not self.montant:
            return "inconnu"
        return next(value for value, (low, high) in BRACKETS.items() if low <= self.montant < high)

    @property
    def taille(self):
        people = HABITANTS.get(self.commune)
        return {value for value, (low, high) in SIZES.items() if people is not None and low <= people < high}

    @property
    def text(self) -> set[str]:
        return set(self.words) | {slug for slug in self.themes if slug in ("cantine", "cimetiere")}


@st.composite
def sheets(draw):
    found = []
    for rank in range(draw(st.integers(0, 14))):
        commune = draw(st.none() | st.sampled_from(sorted(COMMUNES)))
        departement = COMMUNES[commune][1] if commune else draw(st.none() | st.sampled_from(sorted(DEPARTEMENTS)))
        found.append(
            Sheet(
                departement=departement,
                commune=commune,
                themes=draw(st.frozensets(st.sampled_from(sorted(THEMES)), max_size=2)),
                montant=draw(st.sampled_from(AMOUNTS)),
                words=draw(st.frozensets(st.sampled_from(WORDS), max_size=2)),
                statut=draw(st.sampled_from([Statut.PUBLIEE] * 5 + [Statut.BROUILLON, Statut.RETIREE])),
                remplace=draw(st.none() | st.integers(0, rank - 1)) if rank else None,
            )
        )
    return found


FACETS = {
    "region": st.sampled_from(["52", "53"]),
    "departement": st.sampled_from(sorted(DEPARTEMENTS)),
    "intercommunalite": st.sampled_from(["200068989", "242900314", "243500139"]),
    "theme": st.sampled_from(sorted(THEMES)),
    "tranche": st.sampled_from([*BRACKETS, "inconnu"]),
    "taille": st.sampled_from(sorted(SIZES)),
}
BOUNDS = st.sampled_from(["0", "2500", "4 999,99", "5000", "20 000 €", "40000"])
PLACES = st.sampled_from(["Dinan", "35238", "Saint-Armel (56)", "Vannes"])
QUERIES = st.lists(st.sampled_from([*WORDS, "cantine", "absent", "-budget"]), min_size=1, max_size=3).map(" ".join)


@st.composite
def filters(draw):
    """{parameter: values}; half of the facets free, so that lists are seldom empty."""
    asked = {}
    for name, values in FACETS.items():
        if draw(st.integers(0, 3)) == 0:
            asked[name] = draw(st.lists(values, min_size=1, max_size=3, unique=True))
    for name, values, chance in (("montant_min", BOUNDS, 4), ("montant_max", BOUNDS, 4), ("autour", PLACES, 2)):
        if draw(st.integers(0, chance)) == 0:
            asked[name] = [draw(values)]
    if "autour" in asked and draw(st.booleans()):
        asked["rayon"] = [str(draw(st.sampled_from([1, 5, 60, 200])))]
    if draw(st.integers(0, 2)) == 0:
        asked["q"] = [draw(QUERIES)]
    return asked


# The model


def amount(text) -> Decimal:
    return Decimal(text.replace(" ", "").replace(",", ".").removesuffix("€"))


def kilometres(one, other) -> float:
    """Great-circle distance of two communes, by the spherical law of cosines: not the formula under test."""
    (lat1, lon1), (lat2, lon2) = (map(math.radians, COMMUNES[code][3:]) for code in (one, other))
    cosine = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(lon1 - lon2)
    return 6371 * math.acos(min(1, max(-1, cosine)))


CENTRES = {"Dinan": "22050", "35238": "35238", "Saint-Armel (56)": "56205", "Vannes": "56260"}


def has_words(sheet, text, every) -> bool:
    terms = text.split()
    wanted, excluded = [t for t in terms if t[0] != "-"], [t[1:] for t in terms if t[0] == "-"]
    if any(word in sheet.text for word in excluded):
        return False
    return not wanted or (all if every else any)(word in sheet.text for word in wanted)


def obeys(sheet, name, asked, published) -> bool:
    values = asked[name]
    if name in FACETS:
        return bool(sheet.values[name] & set(values))
    if name == "q":
        every = any(has_words(other, values[0], True) for other in published) or len(set(positive(values[0]))) < 2
        return has_words(sheet, values[0], every)
    if name == "autour":
        centre, km = CENTRES[values[0]], float(asked.get("rayon", ["20"])[0])
        placed = sheet.commune and COMMUNES[sheet.commune][3] is not None
        return bool(placed) and kilometres(centre, sheet.commune) <= km
    if name == "montant_min":
        return bool(sheet.montant) and sheet.montant >= amount(values[0])
    if name == "montant_max":
        return bool(sheet.montant) and sheet.montant <= amount(values[0])
    return True


def positive(text):
    return [word for word in text.split() if word[0] != "-"]


def expected(published, asked, without=""):
    names = [name for name in asked if name != without]
    low, high = (
        amount(asked.get(name, [nothing])[0]) for name, nothing in (("montant_min", "0"), ("montant_max", "9e9"))
    )
    if low > high:
        names.remove("montant_max")  # it contradicts the other: a message, and no filter
    return [sheet for sheet in published if all(obeys(sheet, name, asked, published) for name in names)]


# The database


def save(found, themes):
    projets = make_many_projets(
        {
            "titre": f"Fiche {rank}",
            "departement_id": sheet.departement,
            "commune_id": sheet.commune,
            "intercommunalite_id": COMMUNES[sheet.commune][2] if sheet.commune else None,
            "montant_eur": sheet.montant,
            "statut": sheet.statut,
            "description": " ".join(sorted(sheet.words)),
            "themes": [themes[slug] for slug in sorted(sheet.themes)],
        }
        for rank, sheet in enumerate(found)
    )
    for sheet, projet in zip(found, projets, strict=True):
        sheet.pk = projet.pk
        if sheet.remplace is not None:
            Projet.objects.filter(pk=projet.pk).update(remplace=projets[sheet.remplace].pk)


def select(asked) -> Selection:
    data = QueryDict(mutable=True)
    for name, values in asked.items():
        data.setlist(name, values)
    return Selection(TYPES["projet"], data)


def pks(selection):
    return list(selection.keys())


# Two questions to each set of sheets: 500 cases where everything is checked (.ci/run), 14 in everyday runs.
@settings(max_examples=250 if os.environ.get("HYPOTHESIS_PROFILE") == "ci" else size(25, one_in=4))
@given(found=sheets(), questions=st.lists(filters(), min_size=2, max_size=2), facet=st.sampled_from(sorted(FACETS)))
def test_a_count_is_the_length_of_the_list_behind_it(places, found, questions, facet):
    with transaction.atomic():
        themes = {slug: ThemeFactory(nom=nom) for slug, nom in THEMES.items()}
        save(found, themes)
        published = [sheet for sheet in found if sheet.statut == Statut.PUBLIEE]
        replaced = set()
        for sheet in published:  # every version before
            while sheet.remplace is not None:
                sheet = found[sheet.remplace]
                replaced.add(sheet.pk)
        for asked in questions:
            selection = select(asked)
            check_list(selection, expected(published, asked), replaced)
            check_counts(selection, published, asked)
            check_clicks(selection, asked, facet)
        transaction.set_rollback(True)


def check_list(selection, right, replaced):
    """The list, its length and its figures are those of the model."""
    listed = pks(selection)
    assert sorted(listed) == sorted(sheet.pk for sheet in right)
    assert selection.total == len(listed)
    amounts = [sheet.montant for sheet in right if sheet.montant and sheet.pk not in replaced]
    found = selection.list_sets.chiffres(selection.records)
    assert found.montants == len(amounts)
    assert (found.total or 0) == sum(amounts)
    assert found.mediane == (median(amounts) if amounts else None)


def check_counts(selection, published, asked):
    """Every value that some public sheet holds is there, zeros included, counted under every other filter."""
    for name in FACETS:
        others = expected(published, asked, without=name)
        held = {value for sheet in published for value in sheet.values[name]}
        held = DECLARED.get(name, held)
        counts = {value: sum(value in sheet.values[name] for sheet in others) for value in held}
        assert selection.counts(name) == counts, name
        options = {option.valeur: option for option in selection.options(name)}
        assert set(options) == held | set(asked.get(name, []))
        for value, option in options.items():
            assert option.compte == counts.get(value, 0)
            assert option.choisie == (value in asked.get(name, []))


def check_clicks(selection, asked, name):
    """Choosing a value alone leads to as many sheets as its box says; adding it to others, to their union."""
    chosen = asked.get(name, [])
    before = set(pks(selection))
    for value, count in list(selection.counts(name).items())[:4]:
        alone = pks(select({**asked, name: [value]}))
        assert len(alone) == len(set(alone)) == count, (name, value)
        if chosen and value not in chosen:
            assert set(pks(select({**asked, name: [*chosen, value]}))) == before | set(alone)


def test_counts_cost_no_query_once_they_are_held(places, django_assert_num_queries):
    themes = {slug: ThemeFactory(nom=nom) for slug, nom in THEMES.items()}
    for departement in DEPARTEMENTS:
        ProjetFactory(departement_id=departement, themes=list(themes.values()))
    for asked in ({}, {"departement": ["22"]}, {"q": ["cantine"], "theme": ["cimetiere", "cantine"]}):
        for first in (True, False):
            selection = select(asked)
            bool(first and [selection.counts(name) for name in FACETS])
        with django_assert_num_queries(2 * ("q" in asked)):  # versions and words: a search is understood first
            for name in FACETS:
                selection.counts(name)
