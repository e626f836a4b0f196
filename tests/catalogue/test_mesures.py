"""A number as bitmaps answers as the numbers themselves would."""

from decimal import Decimal
from statistics import median, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from socle.catalogue.mesures import Mesure, slices

AMOUNTS = st.none() | st.decimals(0, Decimal("999999999999.99"), places=2) | st.just(Decimal(5))
NUMBERS = st.dictionaries(st.integers(1, 200_000), AMOUNTS, max_size=30)


def mesure(numbers: dict) -> Mesure:
    return Mesure(slices(numbers))


@given(NUMBERS, st.decimals(0, Decimal("999999999999.999"), places=3))
def test_bounds_are_those_of_the_numbers_to_the_cent(numbers, bound):
    known = {pk: number for pk, number in numbers.items() if number}
    held = mesure(numbers)
    assert set(held.at_least(bound)) == {pk for pk, number in known.items() if number >= bound}
    assert set(held.at_most(bound)) == {pk for pk, number in known.items() if number <= bound}


@given(NUMBERS, st.data())
def test_sums_medians_and_quartiles_are_exact(numbers, data):
    among = data.draw(st.sets(st.sampled_from(sorted(numbers)))) if numbers else set()
    known = [numbers[pk] for pk in among if numbers[pk]]
    held = mesure(numbers)
    assert held.total(BitMap(among)) == sum(known)
    assert held.quartile(2, BitMap(among)) == (median(known) if known else None)
    if len(known) > 1:
        assert [held.quartile(rank, BitMap(among)) for rank in (1, 2, 3)] == quantiles(known, method="inclusive")
    ends = {find(known): position for find, position in ((min, 0), (max, len(known) - 1))} if known else {}
    for number, position in ends.items():
        found, holders = held.find(position, BitMap(among))
        assert (found, set(holders)) == (number, {pk for pk in among if numbers[pk] == number})


@pytest.mark.parametrize("number", [None, Decimal(0)])
def test_what_nobody_knows_is_nowhere(number):
    assert slices({7: number}) == {}


@pytest.mark.parametrize("given", [88_093.29, Decimal("88093.29"), 88_093.290000000001])
def test_both_databases_give_the_same_amount(given):
    assert slices({7: given}) == slices({7: Decimal("88093.29")})
