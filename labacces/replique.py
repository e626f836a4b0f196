"""A second database that follows the first one: it answers visitors who only read.

A whole request is answered by one of the two: all that is asked in it, by the ORM or in SQL, goes to what
`connections["default"]` is meanwhile. So a page is of one moment, and what a process remembers of the data stays true:
the change log (socle/journal/) is read from the database that answers. A replica that lacks the row which this process
knows last would give older data than it has given already: then the first database answers.
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
# Whoever opens these is told how the first database is, or writes; or brings a cursor of its change log.
PREMIERE = ("/admin/", "/sante/", "/api/v1/changements")


class RepliqueMiddleware:
    """Visitors' GET and HEAD are answered by the replica; the first database answers all the rest.

    That is who has a session, a secret link, or wrote lately: a cookie remembers it for settings.REPLIQUE_RETARD
    seconds, so that people read what they wrote. A replica that does not answer is left alone until it does, and the
    first database answers, whoever met its silence included.
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
        except Error:  # it fell silent when it was asked how far it is
            _is_lost()
        if response is None:
            return self.get_response(request)
        if response.status_code >= 500 and _is_lost():
            return self.get_response(request)
        if response.streaming:  # its rows are read once the request was answered
            response.streaming_content = _from_replica(response.streaming_content, moment)
        return response


def may_lag(request) -> bool:
    """Whether somebody only reads what everybody may, and did not write a moment ago."""
    known = request.COOKIES.keys() & {settings.SESSION_COOKIE_NAME, COOKIE}
    return not known and not request.path_info.startswith(PREMIERE) and not JETON.search(request.path_info)


@contextmanager
def instead() -> Iterator[None]:
    """Have the replica be the database of this thread."""
    first = connections["default"]
    connections["default"] = connections[REPLIQUE]
    try:
        yield
    finally:
        connections["default"] = first


def _ask() -> None:
    """Error unless the replica answers a connection of its own."""
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
        if type(error.__cause__).__name__ == "PoolTimeout":  # of a library that may not be here
            # All connections of the pool are at work, or none can be made: it says the same of both.
            SERVEUR.answers()
            return False
        SERVEUR.leave(error)
    return not SERVEUR.away


def _is_lost() -> bool:
    """Whether the replica fell silent, or hung up, while it answered; a query that was too long for it is no reason."""
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
