"""Amounts kept from the smallest to the largest answer as the numbers themselves would, after any changes."""

from decimal import Decimal
from statistics import median, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from fiches.cumul import Cumul
from socle.catalogue.mesures import Chiffres, Mesure, hundredths

AMOUNTS = st.decimals(Decimal("0.01"), Decimal("999999999999.99"), places=2) | st.just(Decimal(5))
NUMBERS = st.dictionaries(st.integers(1, 200_000), AMOUNTS, max_size=30)


def mesure(numbers: dict) -> Mesure:
    return Mesure({pk: hundredths(number) for pk, number in numbers.items()})


@given(NUMBERS, st.decimals(0, Decimal("999999999999.999"), places=3))
def test_bounds_are_those_of_the_numbers_to_the_cent(numbers, bound):
    held = mesure(numbers)
    assert set(held.at_least(bound)) == {pk for pk, number in numbers.items() if number >= bound}
    assert set(held.at_most(bound)) == {pk for pk, number in numbers.items() if number <= bound}


@given(NUMBERS, st.data())
def test_sums_medians_and_quartiles_are_exact(numbers, data):
    some = st.sets(st.sampled_from(sorted(numbers)) if numbers else st.nothing())
    among, out = data.draw(some), data.draw(some)
    records = BitMap(among | {300_000})  # of which the amount is unknown
    known = [numbers[pk] for pk in among - out]
    found = Chiffres(mesure(numbers), BitMap(out), records)
    assert found.total == (sum(known) if known else None)
    assert found.mediane == (median(known) if known else None)
    if len(known) > 1:
        quarters = quantiles(known, method="inclusive")
        assert [*found.quartiles, found.mediane] == [quarters[0], quarters[2], quarters[1]]
    for number in known:
        assert found.count_below(number) == sum(other < number for other in known)
    assert [number for number, _ in found.extremes] == ([min(known), max(known)] if known else [])
    for number, holder in found.extremes:
        assert holder == min(pk for pk in among - out if numbers[pk] == number)


@given(NUMBERS, st.dictionaries(st.integers(1, 200_000), st.none() | AMOUNTS, max_size=5), st.data())
def test_after_some_changes_it_is_what_all_numbers_would_make(numbers, changes, data):
    if numbers:
        changes |= dict.fromkeys(data.draw(st.sets(st.sampled_from(sorted(numbers)), max_size=4)), Decimal(5))
    before, now = mesure(numbers), {pk: number for pk, number in changes.items() if number}
    after = before.after(BitMap(changes), {pk: hundredths(number) for pk, number in now.items()})
    right = mesure({pk: number for pk, number in numbers.items() if pk not in changes} | now)
    for found, wanted in ((after, right), (before, mesure(numbers))):
        assert (found.par_cle, found.known, found._pks, found._numbers) == (
            wanted.par_cle,
            wanted.known,
            wanted._pks,
            wanted._numbers,
        )


@pytest.mark.parametrize("given", [88_093.29, Decimal("88093.29"), 88_093.290000000001])
def test_both_databases_give_the_same_amount(given):
    assert hundredths(given) == 8_809_329


@given(st.lists(st.tuples(st.sets(st.integers(1, 70_000), max_size=8), st.integers(0, 300)), max_size=8), st.data())
def test_what_records_come_to_is_the_sum_of_what_their_sets_are_worth(worths, data):
    held = Cumul((BitMap(records), worth) for records, worth in worths)
    every = set().union(*(records for records, _ in worths))
    sums = {pk: sum(worth for records, worth in worths if pk in records) for pk in every}
    assert {pk: held.of_one(pk) for pk in every} == sums
    wanted = data.draw(st.integers(0, 8))
    right = sorted(sums, key=lambda pk: (-sums[pk], pk))[:wanted]
    assert set(held.largest(BitMap(every), wanted)) == set(right)
