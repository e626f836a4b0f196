"""What `make bench` measures is true: its sheets are valid, both sides are asked the same, a broken floor shows.

Without Datasette, of which only the addresses are made here.
"""

import pytest
from django.core.management import call_command

from bench.site.fill import fill, flatten, index, tell_log
from bench.site.measure import total_of
from bench.site.scenarios import SCENARIOS, open_flat, plain, questions
from projets.models import Projet
from tests.conftest import load_places
from tests.factories import ThemeFactory

pytestmark = pytest.mark.long  # nobody reads these figures each day

SHEETS = 150


@pytest.fixture(scope="module")
def _filled(kept, tmp_path_factory):
    load_places()
    for nom in ("Cantine", "Fibre", "Accueil"):
        ThemeFactory(nom=nom)
    fill(SHEETS)
    index()
    tell_log()
    flat = tmp_path_factory.mktemp("banc") / "projets.db"
    flatten(flat)
    return flat


@pytest.fixture
def flat(_filled, db):
    return _filled


def test_made_up_sheets_are_what_saves_would_have_left(flat):
    call_command("reindexer", "--verifier", verbosity=0)
    for projet in Projet.objects.all()[:20]:
        projet.full_clean()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.cle)
def test_both_sides_are_asked_for_the_same_sheets(flat, client, scenario):
    base, asked = open_flat(flat), questions(flat, scenario, seed=1)
    for question in asked[:3]:
        response = client.get(question.ours)
        assert response.status_code == 200
        assert question.theirs.startswith("/projets/projets")
        if question.after is not None:
            assert total_of(response.content.decode()) == plain(base, question) > 0
    assert len({question.ours for question in asked}) > 3
    base.close()
