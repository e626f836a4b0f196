"""Which sheets a later version replaces: SQL tells the desk, one reading of all sheets tells the public."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projets.models import Projet, _versions, replacements
from socle.annuaire.models import Statut
from tests.conftest import taken_back
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
    assert {*Projet.objects.replaced().values_list("pk", flat=True)} == _versions().later.keys()


def test_what_a_process_holds_of_versions_is_what_the_rows_say_after_each_change(sheets):
    """A draft between two sheets, a sheet that leaves the chain, another that comes into it."""
    below, draft, top, other = [Projet.objects.get(pk=pk) for pk in sheets[:4]]
    steps = [
        lambda: top.change({"remplace": draft}),
        lambda: draft.change({"remplace": below}),
        lambda: draft.change({"statut": Statut.BROUILLON}),
        lambda: other.change({"description": "Sans version."}),
        lambda: draft.change({"remplace": other}),
        lambda: top.change({"statut": Statut.RETIREE}),
        lambda: top.change({"statut": Statut.PUBLIEE}),
        lambda: draft.delete(),
    ]
    with taken_back():
        for step in steps:
            step()
            assert replacements() == _versions().later
