"""Bounds of amounts, to the cent: what the words of a filter say is what its list holds and what its box counts."""

import re
from decimal import Decimal

import pytest

from projets.filters import BOUNDS
from tests.conftest import make_many_projets

pytestmark = pytest.mark.django_db

CENT = Decimal("0.01")
AMOUNTS = [Decimal(bound) + shift for bound in BOUNDS for shift in (-CENT, 0, CENT)]
NUMBER = r"(\d[\d ]*)"
INFINITE = Decimal("Infinity")


def said(words):
    """What a bracket says of an amount: from a number on, less than another."""
    for pattern in (f"Moins de (?P<less>{NUMBER}) €", f"De (?P<from>{NUMBER}) à moins de (?P<less>{NUMBER}) €"):
        if found := re.fullmatch(pattern, words):
            bounds = {name: Decimal(text.replace(" ", "")) for name, text in found.groupdict().items()}
            return bounds.get("from", CENT), bounds["less"]
    if found := re.fullmatch(f"{NUMBER} € et plus", words):
        return Decimal(found[1].replace(" ", "")), INFINITE
    assert words == "Montant non renseigné"
    return None


@pytest.fixture
def cents(places):
    """A sheet at each bound, one a cent under it, one a cent over it; others whose amount nobody knows."""
    make_many_projets({"titre": f"Montant {amount}", "montant_eur": amount} for amount in [None, 0, CENT, *AMOUNTS])


def listed(page):
    """The amounts of the sheets that a page lists, as their titles say them."""
    titles = [card.all("a")[0].text.removeprefix("Montant ") for card in page.all(class_="fiche")]
    return sorted((None if title in ("None", "0") else Decimal(title) for title in titles), key=lambda one: one or 0)


def test_each_amount_is_in_the_one_bracket_whose_words_say_so(read, cents):
    page = read("/projets/")
    labels = [label for label in page.all("label", class_="coche") if label.all("input", name="tranche")]
    assert len(labels) == len(BOUNDS) + 2
    found = []
    for label in labels:
        words, _, count = label.text.rpartition(" · ")
        bounds = said(words)
        right = [None, None] if bounds is None else [one for one in [CENT, *AMOUNTS] if bounds[0] <= one < bounds[1]]
        held = listed(read("/projets/", {"tranche": label.one("input")["value"]}))
        assert held == right, f"« {words} » lists {held}"
        assert int(count) == len(right), f"« {words} » counts {count} sheets of {len(right)}"
        found += held
    assert sorted(map(str, found)) == sorted(map(str, [None, None, CENT, *AMOUNTS]))


@pytest.mark.parametrize("bound", BOUNDS)
def test_a_typed_bound_is_within(read, cents, bound):
    for low, high in ((bound, bound), (bound - 1, bound), (bound, bound + 1)):
        page = read("/projets/", {"montant_min": low, "montant_max": high})
        assert listed(page) == [one for one in AMOUNTS if low <= one <= high], page.status
