"""A server that is frozen costs whoever asks two seconds; a replica or a Redis is then left alone until it answers."""

import shutil
import time

import pytest
from django.core.signals import request_finished
from django.db import OperationalError, connections
from django.http import HttpResponse

from labacces import auxiliaire, replique
from labacces.auxiliaire import ServeurAuxiliaire
from labacces.middleware import LectureMiddleware
from labacces.panne import is_passing
from labacces.postgresql import base
from labacces.postgresql.base import LECTURE, ConnexionBornee, DatabaseWrapper
from labacces.replique import RepliqueMiddleware
from socle.journal import following
from tests.labacces import frozen

needs_postgres = pytest.mark.skipif(not frozen.PROGRAMS, reason="no PostgreSQL is installed")
needs_redis = pytest.mark.skipif(not shutil.which("redis-server"), reason="no Redis is installed")


def until(met) -> None:
    for _ in range(600):
        if met():
            return
        time.sleep(0.05)
    raise AssertionError("it never came")


# What is left alone


def test_a_server_is_left_alone_by_all_until_a_thread_finds_that_it_answers(monkeypatch, caplog):
    monkeypatch.setattr(auxiliaire, "PAUSE", 0.01)
    well, asked = [], []

    def ask():
        asked.append(1)
        if not well:
            raise TimeoutError

    one = ServeurAuxiliaire("L’annexe", "la maison la remplace", ask)
    assert not one.answers()
    seen = len(asked)
    assert not one.answers()  # by nobody who waits
    until(lambda: len(asked) > seen + 2)
    assert one.away
    well.append(True)
    until(lambda: not one.away)
    said = [(line.levelname, line.getMessage()) for line in caplog.records]
    assert said == [
        ("ERROR", "L’annexe ne répond pas (TimeoutError) : la maison la remplace."),
        ("WARNING", "L’annexe répond de nouveau."),
    ]


@pytest.mark.django_db
def test_a_reader_alone_is_bounded_and_until_the_last_block_of_the_answer(rf):
    seen = []
    answer = LectureMiddleware(lambda request: seen.append(LECTURE.get()) or HttpResponse())
    for request in (rf.get("/projets/"), rf.head("/"), rf.post("/contacter/"), rf.get("/admin/")):
        answer(request)
        request_finished.send(sender=None)
    assert seen == [True, True, False, False]
    answer(rf.get("/projets.csv"))
    assert LECTURE.get()
    request_finished.send(sender=None)
    assert not LECTURE.get()


# PostgreSQL


@pytest.fixture(scope="module")
def serveur():
    with frozen.postgres() as server:
        yield server


@pytest.fixture
def wrapper(serveur, django_db_blocker):
    """The connection of the replica, to a server that a test may freeze."""
    known = connections["default"].settings_dict
    name = {"NAME": "postgres", "USER": "postgres", "PASSWORD": "", "HOST": "127.0.0.1", "PORT": str(serveur.port)}
    options = {"ENGINE": "labacces.postgresql", "OPTIONS": {"connect_timeout": 2}, "CONN_HEALTH_CHECKS": True}
    made = DatabaseWrapper(known | name | options | {"TIME_ZONE": None}, replique.REPLIQUE)
    LECTURE.set(True)
    with django_db_blocker.unblock():
        yield made
        LECTURE.set(False)
        serveur.thaw()
        made.close()


LOG = """
CREATE TABLE IF NOT EXISTS journal_ligne (numero bigint, jeton bigint, type text, nature text, entree bigint);
TRUNCATE journal_ligne;
INSERT INTO journal_ligne VALUES (0, 1, '', 'modifiee', NULL)
"""


@pytest.fixture
def as_replica(wrapper, monkeypatch, settings):
    """A replica whose change log has one row; the process knows none yet."""
    settings.REPLIQUE_RETARD = 30
    monkeypatch.setattr(following, "_known", None)
    with wrapper.cursor() as cursor:
        cursor.execute(LOG)
    wrapper.close()
    monkeypatch.setattr(
        replique, "SERVEUR", ServeurAuxiliaire("La réplique", "la base principale la remplace", replique._ask)
    )
    monkeypatch.setattr(auxiliaire, "PAUSE", 0.1)
    monkeypatch.setitem(connections.settings, replique.REPLIQUE, wrapper.settings_dict)  # of the thread that asks
    connections[replique.REPLIQUE] = wrapper
    yield wrapper
    wrapper.close()
    del connections[replique.REPLIQUE]


@pytest.mark.long
@needs_postgres
@pytest.mark.parametrize("reads", [True, False])
def test_whoever_asks_gives_up_a_server_that_is_frozen(serveur, wrapper, reads):
    LECTURE.set(reads)
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT 1")
        serveur.freeze()
        with pytest.raises(OperationalError, match="does not answer") as error:
            cursor.execute("SELECT 1")
    assert is_passing(error.value)  # 503, and « come again »
    assert wrapper.connection.closed


@pytest.mark.long
@needs_postgres
def test_a_slow_query_of_a_reader_is_cancelled_there_and_a_long_file_never_cut(serveur, wrapper, monkeypatch):
    monkeypatch.setattr(base, "SILENCE", 0.05)
    monkeypatch.setattr(base, "LENTE", 2)
    wrapper.ensure_connection()
    with wrapper.connection.transaction(), wrapper.connection.cursor("blocks") as cursor:
        cursor.execute("SELECT n, pg_sleep(0.25) FROM generate_series(1, 16) n")
        # Each block within its time, all of them beyond it.
        assert len([row for _ in range(8) for row in cursor.fetchmany(2)]) == 16
    with wrapper.cursor() as cursor, pytest.raises(OperationalError, match="too long") as error:
        cursor.execute("SELECT pg_sleep(60)")
    assert is_passing(error.value)
    wrapper.close()
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'")
        assert cursor.fetchone() == (0,)


@pytest.mark.long
@needs_postgres
def test_whoever_writes_waits_as_long_as_it_takes(serveur, wrapper, monkeypatch):
    monkeypatch.setattr(base, "SILENCE", 0.05)
    monkeypatch.setattr(base, "LENTE", 0.1)
    LECTURE.set(False)
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.5)")
        assert isinstance(wrapper.connection, ConnexionBornee)


@pytest.mark.long
@needs_postgres
@pytest.mark.parametrize("when", ["before", "connected", "within"])
def test_a_frozen_replica_is_replaced_in_the_same_request_and_left_alone(rf, serveur, as_replica, caplog, when):
    seen = []

    def answer(request):
        seen.append(connections["default"].alias)
        if connections["default"].alias == replique.REPLIQUE:
            if when == "within":
                serveur.freeze()
            try:
                with connections["default"].cursor() as cursor:
                    cursor.execute("SELECT 1")
            except OperationalError:
                return HttpResponse(status=503)
        return HttpResponse()

    get = RepliqueMiddleware(answer)
    if when == "connected":
        assert get(rf.get("/")).status_code == 200
        as_replica.close_if_unusable_or_obsolete()  # what the end of a request does
        as_replica.health_check_done = False
    if when != "within":
        serveur.freeze()
    assert [get(rf.get("/")).status_code for _ in range(3)] == [200] * 3
    assert seen[-2:] == ["default"] * 2
    assert len([line for line in caplog.records if "ne répond pas" in line.getMessage()]) == 1
    serveur.thaw()
    until(lambda: not replique.SERVEUR.away)
    when = "after"
    assert get(rf.get("/")).status_code == 200
    assert seen[-1] == replique.REPLIQUE


# Redis


@pytest.mark.long
@needs_redis
def test_a_frozen_redis_is_left_alone_until_it_answers(settings, monkeypatch, caplog):
    redis = pytest.importorskip("redis")
    from labacces import redis_borne

    monkeypatch.setattr(auxiliaire, "PAUSE", 0.1)
    with frozen.redis() as server:
        url = f"redis://127.0.0.1:{server.port}/0"
        settings.CACHES = {"default": {"BACKEND": "labacces.redis_borne.Cache", "LOCATION": url}}
        cache = redis_borne.Cache(url, {})
        until(lambda: works(cache))
        until(lambda: not redis_borne.SERVEUR.away)
        caplog.clear()
        server.freeze()
        with pytest.raises(redis.TimeoutError):
            cache.get("a")
        for _ in range(50):  # none of them waits
            with pytest.raises(redis.ConnectionError, match="laissé de côté"):
                cache.get("a")
        assert [line.levelname for line in caplog.records if "Redis ne répond pas" in line.getMessage()] == ["ERROR"]
        server.thaw()
        until(lambda: not redis_borne.SERVEUR.away)
        assert works(cache)
        cache.close()


def works(cache) -> bool:
    try:
        cache.set("a", 1)
        return cache.incr("a") == 2
    except Exception:
        return False
