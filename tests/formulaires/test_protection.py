"""Counts of what comes at the same moment."""

from functools import partial

import pytest
from django.utils import timezone

from socle.formulaires import protection
from socle.formulaires.models import Comptage
from socle.vie_privee.empreintes import of_the_day
from socle.vie_privee.models import CleDuJour
from tests.together import THREADS, together


@THREADS
@pytest.mark.django_db(transaction=True)
def test_what_comes_at_once_is_counted_and_each_is_told_its_own_figure():
    of_the_day("")  # today's key
    assert sorted(together(*[partial(protection.count, "essai", "une place", 2)] * 8)) == [2, 4, 6, 8, 10, 12, 14, 16]


@pytest.mark.django_db
def test_a_network_sends_as_many_posts_as_are_allowed_and_no_more(rf, same_moment):
    request = rf.post("/", REMOTE_ADDR="192.0.2.1")
    told = [protection.too_many(request, "essai", posts=3, span=timezone.timedelta(minutes=10)) for _ in range(5)]
    assert told == [False, False, False, True, True]


@pytest.mark.django_db
def test_the_first_key_of_a_day_throws_the_counts_of_the_days_before_away():
    today = timezone.localdate()
    for days in (1, 2):
        CleDuJour.objects.create(jour=today - timezone.timedelta(days=days), cle=b"hier")
        protection._add(f"{days}", today - timezone.timedelta(days=days))
    protection.count("essai", "une place")
    assert [row.jour for row in Comptage.objects.all()] == [row.jour for row in CleDuJour.objects.all()] == [today]
