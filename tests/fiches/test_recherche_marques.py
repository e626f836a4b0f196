"""Which documents of the index hold a word, of many words at once."""

import pytest
from django.db import connection

from socle.journal.following import Moment
from socle.recherche import marques
from socle.recherche.marques import holding
from tests.factories import ProjetFactory

pytestmark = pytest.mark.django_db


def test_many_words_are_one_query_and_common_ones_are_left_out(django_assert_num_queries):
    one, other = (
        ProjetFactory(titre="La cantine", description="Les menus."),
        ProjetFactory(titre="Le menu", description=""),
    )
    asked = [("marques", "mmenu"), ("reperes", "tmenu"), ("marques", "mcantine"), ("marques", "mrien")]
    versions = Moment.now()
    with django_assert_num_queries(1):
        found = [set(ids) for ids in holding(asked, 2, versions)]
    assert found == [{one.pk, other.pk}, {other.pk}, {one.pk}, set()]
    assert [set(ids) for ids in holding(asked, 1, versions)] == [set(), {other.pk}, {one.pk}, set()]
    with django_assert_num_queries(0):
        assert holding([], 1, versions) == []


def test_what_a_word_stands_in_is_read_once_until_the_index_changes(django_assert_num_queries):
    one = ProjetFactory(titre="La cantine", description="Les menus.")
    cantine, menu = ("marques", "mcantine"), ("marques", "mmenu")
    versions = Moment.now()
    holding([cantine], 9, versions)
    with django_assert_num_queries(0):
        assert [set(ids) for ids in holding([cantine], 9, versions)] == [{one.pk}]
    with django_assert_num_queries(1):
        assert [set(ids) for ids in holding([cantine, menu, cantine], 9, versions)] == [{one.pk}] * 3
    other = ProjetFactory(titre="La cantine aussi", description="")
    assert [set(ids) for ids in holding([cantine], 9, Moment.now())] == [{one.pk, other.pk}]


def test_words_beyond_what_a_process_holds_are_answered_too(monkeypatch):
    monkeypatch.setattr(marques, "MOST_KEPT", 2)
    one = ProjetFactory(titre="La cantine", description="Les menus.")
    asked = [("marques", f"m{forme}") for forme in ("cantine", "menu", "rien")]
    for _ in range(2):
        assert [set(ids) for ids in holding(asked, 9, Moment.now())] == [{one.pk}, {one.pk}, set()]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite compiles none")
def test_postgresql_compiles_no_question():
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
