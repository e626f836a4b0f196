"""Which sheets a later version replaces: SQL tells the desk, one reading of all sheets tells the public."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projets.models import Projet, _replacements
from socle.annuaire.models import Statut
from tests.factories import ProjetFactory

SHEETS = 6

# For each sheet, its state and which one it replaces, if any: circles too, which no form makes.
CHAINS = st.lists(
    st.tuples(st.sampled_from(Statut.values), st.none() | st.integers(0, SHEETS - 1)), min_size=SHEETS, max_size=SHEETS
)


@pytest.fixture
def sheets(db):
    return [ProjetFactory(themes=[]).pk for _ in range(SHEETS)]


@given(chains=CHAINS)
def test_the_desk_and_the_public_count_the_same_sheets_as_replaced(sheets, chains):
    for place, (statut, replaced) in enumerate(chains):
        below = None if replaced in (None, place) else sheets[replaced]
        Projet.objects.filter(pk=sheets[place]).update(statut=statut, remplace=below)
    assert {*Projet.objects.replaced().values_list("pk", flat=True)} == _replacements().keys()
