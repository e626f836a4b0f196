"""Which documents of the index hold a word, of many words at once."""

import pytest

from socle.recherche.marques import holding
from tests.factories import ProjetFactory

pytestmark = pytest.mark.django_db


def test_many_words_are_one_query_and_common_ones_are_left_out(django_assert_num_queries):
    one, other = (
        ProjetFactory(titre="La cantine", description="Les menus."),
        ProjetFactory(titre="Le menu", description=""),
    )
    asked = [("marques", "mmenu"), ("reperes", "tmenu"), ("marques", "mcantine"), ("marques", "mrien")]
    with django_assert_num_queries(1):
        assert [set(found) for found in holding(asked, 2)] == [{one.pk, other.pk}, {other.pk}, {one.pk}, set()]
    assert [set(found) for found in holding(asked, 1)] == [set(), {other.pk}, {one.pk}, set()]
    with django_assert_num_queries(0):
        assert holding([], 1) == []
