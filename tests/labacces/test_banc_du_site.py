"""What `make bench` measures is true: its sheets are valid, both sides are asked the same, a broken floor shows.

Without Datasette, of which only the addresses are made here.
"""

import sqlite3
from collections import Counter
from contextlib import closing

import pytest
from django.core.management import call_command
from django.http import QueryDict

from bench.site.copies import copy, copy_flat
from bench.site.fill import fill, flatten, index, tell_log
from bench.site.floors import FLOORS, Measure, broken, floor_of, table
from bench.site.measure import total_of
from bench.site.records import COMMON, RARE, Lieu, records
from bench.site.scenarios import SCENARIOS, open_flat, plain, questions
from fiches.attached import Contact
from projets.models import Projet
from socle.catalogue.selection import Selection
from tests.conftest import TYPES, load_places
from tests.factories import ProjetFactory, ThemeFactory

pytestmark = pytest.mark.long  # nobody reads these figures each day

SHEETS = 150
MORE = 2 * SHEETS + 50
LIEUX = [Lieu("22050", "Dinan", "22", "200068989", "Dinan Agglomération", 3), Lieu("29", "Brest", "29", None, "", 1)]


def test_the_same_seed_makes_the_same_sheets_and_another_one_others():
    first, again, other = (list(records(50, seed, LIEUX, themes=5)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_words_stand_in_the_part_of_the_sheets_that_is_said():
    made = list(records(3000, 1, LIEUX, themes=5))
    for word in COMMON:
        assert 0.17 < sum(word in one.description.lower() for one in made) / 3000 < 0.23
    for word in RARE:
        assert sum(word in one.description.lower() for one in made) == 3
    assert all(40 <= len(one.description.split()) <= 200 for one in made)
    assert 0.67 < sum(not one.personne["accord"] for one in made) / 3000 < 0.73
    assert 0.1 < sum(not one.montant_eur for one in made) / 3000 < 0.22


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
    assert Contact.objects.count() == SHEETS


def test_copies_of_made_up_sheets_are_what_saves_would_have_left_too(flat, tmp_path):
    copy(MORE, SHEETS)
    ProjetFactory().delete()  # the key after theirs is free
    call_command("reindexer", "--verifier", verbosity=0)
    assert Projet.objects.count() == Contact.objects.count() == MORE
    flatten(tmp_path / "csv.db")
    copies = tmp_path / "copies.db"
    with closing(open_flat(flat)) as base, closing(sqlite3.connect(copies)) as target:
        base.backup(target)
        copy_flat(target, MORE)
        target.commit()
    rows = []
    for path in (tmp_path / "csv.db", copies):
        with closing(open_flat(path)) as base:
            rows.append(base.execute("SELECT * FROM projets ORDER BY identifiant").fetchall())
    assert rows[0] == rows[1]
    assert len(rows[0]) == MORE


def test_every_facet_has_something_to_count(flat):
    selection = Selection(TYPES["projet"], QueryDict())
    for name in selection.facets:
        counts = Counter(selection.counts(name))
        assert len(+counts) > 1, name
        assert name == "theme" or SHEETS * 0.4 < counts.total() <= SHEETS


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


def test_a_floor_that_gives_way_is_named_and_fails():
    good, bad = Measure("liste", "list", theirs=600.0, ours=100.0), Measure("csv", "CSV", theirs=10.0, ours=20.0)
    assert broken([good], 2_000) == []
    assert broken([good], 20_000) == ["20000 sheets, liste: 6, and at least 15 was promised"]
    assert broken([good, bad], 2_000) == ["2000 sheets, csv: 0.5, and at least 1.5 was promised"]
    assert "**not held**" in table([bad], 2_000)


def test_no_answer_of_ours_holds_no_floor_and_none_of_theirs_breaks_none():
    for cle in FLOORS:
        assert broken([Measure(cle, cle, theirs=10.0, ours=None)], 1_000_000)
        assert not broken([Measure(cle, cle, theirs=None, ours=10.0)], 1_000_000)


def test_between_two_sizes_the_floor_is_that_of_the_smaller_one():
    assert [floor_of("liste", size) for size in (500, 2_000, 19_999, 20_000, 5_000_000)] == [5, 5, 5, 15, 0]
