"""The change log: rows in the order of their commits, numbered last, told from those of another database."""

import random
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from socle.journal import cache, following
from socle.journal.following import CLES, COMMUN, FICHES, Moment, follow
from socle.journal.models import Compteur, Ligne, Nature
from socle.journal.writing import alone, begin, compact, inscrire, lot, renew
from tests.together import THREADS, together

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty(db):
    """A log that begins with the test: the pages made with the site were logged before."""
    Ligne.objects.all().delete()
    Compteur.objects.all().delete()
    begin()


def rows():
    """(type, record, nature) of all rows but the first."""
    return list(Ligne.objects.filter(numero__gt=0).values_list("type", "entree", "nature"))


class Broken(Exception):
    """Ends a transaction."""


@contextmanager
def taken_back():
    """A batch that fails at its end."""
    with pytest.raises(Broken), lot():  # noqa: PT012
        yield
        raise Broken


def test_a_row_says_what_changed_when_and_into_what_it_went():
    inscrire("projet", 7, Nature.RETIREE, vers=8)
    row = Ligne.objects.get(numero=1)
    assert (row.type, row.entree, row.nature, row.vers) == ("projet", 7, "retiree", 8)
    assert timezone.now() - row.le < timedelta(minutes=1)
    assert row.jeton != Ligne.objects.get(numero=0).jeton


def test_its_time_never_goes_back():
    ahead = timezone.now() + timedelta(days=3)
    Compteur.objects.update(le=ahead)
    inscrire("projet", 7)
    assert Ligne.objects.get(numero=1).le == ahead


def test_a_lot_is_numbered_once_at_its_end():
    with lot():
        inscrire("projet", 7, Nature.PUBLIEE)
        inscrire("theme")
        inscrire("projet", 7)
        with lot():
            inscrire("terme", 9)
        assert rows() == []
    assert rows() == [("theme", None, "modifiee"), ("projet", 7, "publiee"), ("terme", 9, "modifiee")]
    assert len(set(Ligne.objects.filter(numero__gt=0).values_list("le", flat=True))) == 1


def test_what_was_taken_back_is_told_by_no_row():
    with lot():
        inscrire("projet", 1)
        with taken_back():
            inscrire("projet", 2)
    with taken_back():
        inscrire("projet", 3)
    with lot():
        inscrire("projet", 4)
        transaction.set_rollback(True)
    assert rows() == [("projet", 1, "modifiee")]


def test_what_a_lot_tells_is_what_it_came_to():
    with lot():
        inscrire("projet", 1, Nature.PUBLIEE)
        inscrire("projet", 1, Nature.RETIREE)  # nobody has seen it
        inscrire("projet", 2, Nature.RETIREE)
        inscrire("projet", 2, Nature.PUBLIEE)
        inscrire("projet", 3)
        inscrire("projet", 3, Nature.RETIREE)
        inscrire("projet", 3, Nature.RETIREE, vers=2)
        inscrire("theme", nature=Nature.RETIREE)
        inscrire("theme")
    assert rows() == [("projet", 2, "modifiee"), ("projet", 3, "retiree"), ("theme", None, "retiree")]
    assert Ligne.objects.get(entree=3).vers == 2


def test_a_savepoint_that_is_rolled_back_leaves_no_word_of_what_it_did():
    with lot():
        inscrire("projet", 1)
        with pytest.raises(Broken), transaction.atomic():  # noqa: PT012
            inscrire("projet", 1, Nature.RETIREE)
            inscrire("projet", 2, Nature.PUBLIEE)
            raise Broken
        with transaction.atomic():
            inscrire("projet", 3)
            transaction.set_rollback(True)
        with transaction.atomic():
            inscrire("projet", 4)
    assert rows() == [("projet", 1, "modifiee"), ("projet", 4, "modifiee")]


# Made lighter


def test_old_rows_that_others_made_needless_leave_and_who_follows_finds_the_same():
    told = [("projet", 1, "publiee"), ("projet", 1, "modifiee"), ("projet", 1, "retiree"), ("projet", 1, "publiee")]
    told += [("projet", 1, "modifiee"), ("projet", 2, "publiee"), ("projet", 2, "modifiee")]
    told += [("theme", None, "modifiee"), ("theme", None, "modifiee"), ("page", None, "modifiee")]
    for type, entree, nature in told:
        inscrire(type, entree, nature)
    limit = timezone.now()
    Compteur.objects.update(le=limit)
    inscrire("projet", 2)
    inscrire("theme")
    before, since = follow(), following.came([FICHES], 6, 12)
    assert compact(limit - timedelta(days=1)) == 0
    Ligne.objects.filter(numero__lte=10).update(le=limit - timedelta(days=1))
    assert compact(limit) == 3
    left = [row for rank, row in enumerate(told, 1) if rank not in (2, 4, 8)]
    assert rows() == [*left, ("projet", 2, "modifiee"), ("theme", None, "modifiee")]
    assert compact(limit) == 0
    assert follow() is before
    assert following.came([FICHES], 6, 12) == since == []
    following._known = None
    assert follow().derniers == before.derniers


# Following


def test_a_process_knows_the_last_row_of_each_type_by_one_query(django_assert_num_queries):
    before = follow()
    with lot():
        inscrire("projet", 7)
        inscrire("theme", nature=Nature.RETIREE)
        inscrire("page")
    with django_assert_num_queries(1):
        moment = follow()
    numbers = {name: moment.of(name)[0] for name in ("projet", FICHES, "theme", COMMUN, CLES, "page", "terme")}
    assert numbers == {"projet": 1, FICHES: 1, "theme": 2, CLES: 2, "page": 3, COMMUN: 3, "terme": -1}
    assert moment.of() == (3, Ligne.objects.get(numero=3).jeton)
    assert moment.of("projet", "terme") == moment.of("projet")
    assert moment.epoque == before.epoque
    assert before.of("projet") == (-1, 0)


@pytest.mark.parametrize("how", ["fewer rows", "other rows", "renewed"])
def test_another_database_is_known_and_all_is_dropped(how):
    inscrire("projet", 7)
    known = follow()
    if how == "fewer rows":
        Ligne.objects.filter(numero=1).delete()
    elif how == "other rows":
        Ligne.objects.filter(numero=1).update(jeton=5)
        inscrire("projet", 8)
    else:
        renew()
    assert follow().epoque > known.epoque
    assert follow().epoque == follow().epoque


def test_a_replica_that_lags_is_known_and_moves_nobody():
    inscrire("projet", 7)
    known = follow()
    gone = Ligne.objects.get(numero=1)
    Ligne.objects.filter(numero=1).delete()
    with following.if_up_to_date() as moment:
        assert moment is None
    gone.save(force_insert=True)
    with following.if_up_to_date() as moment:
        assert moment == known
        assert Moment.now() is moment


# What is kept


def counted(answers):
    """A function that returns another number each time, and how often it was called."""
    return lambda: answers.append(1) or len(answers)


def test_an_answer_is_kept_until_what_it_depends_on_changes():
    asked = []
    ask = counted(asked)
    assert [cache.cached("essai", ask, "projet") for _ in range(2)] == [1, 1]
    inscrire("terme", 3)
    assert cache.cached("essai", ask, "projet") == 1
    inscrire("projet", 7)
    assert cache.cached("essai", ask, "projet") == 2
    inscrire("page")
    assert cache.cached("essai", ask, "projet") == 3
    assert cache.cached("essai", ask, "projet", clock="10:01") == 4


def test_what_was_kept_of_a_database_is_no_answer_of_another_whose_log_tells_as_little():
    """Projects depend on no row of either log, so both are at the same row: none."""
    asked = []
    ask = counted(asked)
    inscrire("terme", 7)
    assert [cache.cached("essai", ask, "projet") for _ in range(2)] == [1, 1]
    Ligne.objects.filter(numero=1).update(jeton=5)  # a copy was restored
    assert [cache.cached("essai", ask, "projet") for _ in range(2)] == [2, 2]


def test_what_is_followed_is_told_which_records_changed():
    told = []

    def bring(answer, keys):
        told.append(sorted(keys))
        return f"{answer}+"

    def ask():
        return cache.followed("suite", ("projet",), lambda: "read", bring)

    assert ask() == "read"
    inscrire("terme", 3)
    inscrire("page")
    assert (ask(), told) == ("read", [])
    inscrire("projet", 7)
    inscrire("projet", 9)
    inscrire("projet", 7)
    assert (ask(), told) == ("read+", [[7, 9]])
    assert (ask(), told) == ("read+", [[7, 9]])
    inscrire("theme", nature=Nature.RETIREE)
    assert ask() == "read"
    with lot():
        for pk in range(cache.MANY + 1):
            inscrire("projet", pk)
    assert ask() == "read"
    renew()
    assert ask() == "read"


def test_in_a_transaction_answers_are_computed_and_not_kept():
    asked = []
    ask = counted(asked)
    known = follow()
    with taken_back():
        inscrire("projet", 7)
        assert cache.cached("essai", ask) == 1
        assert cache.followed("suite", ("projet",), ask, lambda answer, keys: answer) == 2
    with transaction.atomic():
        inscrire("projet", 8)
        assert follow().numero == 1
        transaction.set_rollback(True)
    assert follow() is known
    assert cache.cached("essai", ask) == 3
    assert cache.followed("suite", ("projet",), ask, lambda answer, keys: answer) == 4


# Several writers


@pytest.mark.django_db(transaction=True)
@THREADS
def test_rows_are_committed_in_the_order_of_their_numbers():
    """Eight writers, some of which undo all or a part: followers see each committed row."""
    seen, stop = set(), threading.Event()

    def write(rank):
        mine = random.Random(rank)
        for turn in range(30):
            try:
                with lot():
                    inscrire("projet", rank * 100 + turn)
                    if mine.random() < 0.3:
                        with taken_back():
                            inscrire("terme", rank * 100 + turn)
                    if mine.random() < 0.3:
                        raise Broken
            except Broken:
                pass

    def read():
        moment = following._begin()
        while True:
            done = stop.is_set()
            known, moment = moment, follow()  # first, so that nothing comes between the two questions
            seen.update(following.changed([FICHES], known.numero, 10_000))
            if done:
                return

    def all_of_them():
        together(*[lambda rank=rank: write(rank) for rank in range(8)])
        stop.set()

    together(all_of_them, read)
    assert seen == set(Ligne.objects.filter(entree__isnull=False).values_list("entree", flat=True))
    numbers = list(Ligne.objects.values_list("numero", flat=True))
    assert numbers == list(range(len(numbers)))


@pytest.mark.django_db(transaction=True)
@THREADS
def test_whoever_began_first_and_ends_last_has_the_last_number():
    order = threading.Barrier(2)

    def slow():
        with lot():
            inscrire("projet", 1)
            order.wait()
            order.wait()

    def quick():
        order.wait()
        with lot():
            alone()
            inscrire("projet", 2)
        order.wait()

    together(slow, quick)
    assert [entree for _, entree, _ in rows()] == [2, 1]
    assert connection.in_atomic_block is False
