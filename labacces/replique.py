"""A replica of the database, which answers visitors who only read.

One database answers a whole request: `connections["default"]` is replaced meanwhile, for ORM and SQL. So a page shows
one moment, and caches stay true: the change log (socle/journal/) is of the same database. A replica without the last
row that this process knows is too old; then the first database answers.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import Error, OperationalError, connections

from labacces.auxiliaire import ServeurAuxiliaire
from labacces.postgresql.base import LECTURE
from socle.courrier.texte import JETON
from socle.journal.following import Moment, at_that_moment, if_up_to_date

REPLIQUE = "replique"
COOKIE = "vient-d-ecrire"
# These pages write, tell of the first database, or use a cursor of its change log.
PREMIERE = ("/admin/", "/sante/", "/api/v1/changements")


class RepliqueMiddleware:
    """Sends visitors' GET and HEAD to the replica, and the rest to the first database.

    The rest includes sessions, secret links, and visitors who wrote within settings.REPLIQUE_RETARD seconds (a cookie),
    so that they read what they wrote. A silent replica is left alone until it answers, also for the request that found
    it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            response = self.get_response(request)
            if response.status_code < 400 and settings.SESSION_COOKIE_NAME not in request.COOKIES:
                flags = {"secure": settings.SESSION_COOKIE_SECURE, "httponly": True, "samesite": "Lax"}
                response.set_cookie(COOKIE, "1", max_age=settings.REPLIQUE_RETARD, **flags)
            return response
        if not may_lag(request) or not _answers():
            return self.get_response(request)
        response = None
        try:
            with instead(), if_up_to_date() as moment:
                response = self.get_response(request) if moment else None
        except Error:  # it fell silent when it was asked for its position
            _is_lost()
        if response is None:
            return self.get_response(request)
        if response.status_code >= 500 and _is_lost():
            return self.get_response(request)
        if response.streaming:  # its rows are read after this function returns
            response.streaming_content = _from_replica(response.streaming_content, moment)
        return response


def may_lag(request) -> bool:
    """Whether it only reads public pages, without session or recent write."""
    known = request.COOKIES.keys() & {settings.SESSION_COOKIE_NAME, COOKIE}
    return not known and not request.path_info.startswith(PREMIERE) and not JETON.search(request.path_info)


@contextmanager
def instead() -> Iterator[None]:
    """Make the replica this thread's database."""
    first = connections["default"]
    connections["default"] = connections[REPLIQUE]
    try:
        yield
    finally:
        connections["default"] = first


def _ask() -> None:
    """Raises Error unless the replica answers a new connection."""
    own = connections[REPLIQUE].copy()
    own.settings_dict["OPTIONS"] = {key: value for key, value in own.settings_dict["OPTIONS"].items() if key != "pool"}
    LECTURE.set(True)
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        own.close()


SERVEUR = ServeurAuxiliaire("La réplique", "la base principale la remplace", _ask)


def _answers() -> bool:
    """Whether the replica has a connection for this request."""
    if SERVEUR.away:
        return False
    try:
        connections[REPLIQUE].close_if_health_check_failed()
        connections[REPLIQUE].ensure_connection()
    except Error as error:
        if type(error.__cause__).__name__ == "PoolTimeout":  # the pool's library is optional
            # All connections are busy, or none can be made: the pool does not say which.
            SERVEUR.answers()
            return False
        SERVEUR.leave(error)
    return not SERVEUR.away


def _is_lost() -> bool:
    """Whether the replica fell silent or hung up. A query cancelled as too long is no reason."""
    held = connections[REPLIQUE].connection
    lost = connections[REPLIQUE].errors_occurred and getattr(held, "closed", False) and not held.lente
    if lost:
        SERVEUR.leave(OperationalError())
        connections[REPLIQUE].close()
    return lost


def _from_replica(parts: Iterable[bytes], moment: Moment) -> Iterator[bytes]:
    parts = iter(parts)
    while True:
        with instead(), at_that_moment(moment):
            try:
                part = next(parts, None)
            except Error:
                _is_lost()
                raise
        if part is None:
            return
        yield part
