"""A number as bitmaps answers as the numbers themselves would."""

from collections import defaultdict
from decimal import Decimal
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from socle.catalogue.mesures import Mesure, digits

AMOUNTS = st.none() | st.decimals(0, Decimal("999999999999.99"), places=2) | st.just(Decimal(5))
NUMBERS = st.dictionaries(st.integers(1, 200_000), AMOUNTS, max_size=30)


def mesure(numbers: dict) -> Mesure:
    held = defaultdict(BitMap)
    for pk, number in numbers.items():
        for value in digits(number):
            held[value].add(pk)
    return Mesure(held)


@given(NUMBERS, st.decimals(0, Decimal("999999999999.999"), places=3))
def test_bounds_are_those_of_the_numbers_to_the_cent(numbers, bound):
    known = {pk: number for pk, number in numbers.items() if number}
    held = mesure(numbers)
    assert set(held.at_least(bound)) == {pk for pk, number in known.items() if number >= bound}
    assert set(held.at_most(bound)) == {pk for pk, number in known.items() if number <= bound}


@given(NUMBERS, st.data())
def test_sums_and_medians_are_exact(numbers, data):
    among = data.draw(st.sets(st.sampled_from(sorted(numbers)))) if numbers else set()
    known = [numbers[pk] for pk in among if numbers[pk]]
    held = mesure(numbers)
    assert held.total(BitMap(among)) == sum(known)
    assert held.median(BitMap(among)) == (median(known) if known else None)


@given(NUMBERS, st.integers(0, 8))
def test_the_largest_come_first_then_the_oldest(numbers, wanted):
    right = sorted(numbers, key=lambda pk: (-(numbers[pk] or 0), pk))[:wanted]
    assert set(mesure(numbers).largest(BitMap(numbers), wanted)) == set(right)


@pytest.mark.parametrize("number", [None, Decimal(0)])
def test_what_nobody_knows_is_nowhere(number):
    assert list(digits(number)) == []
