"""The database gone, read only or locked, a disk that is full: the visitor is told to come back, in French."""

import errno
import sqlite3

import psycopg
import pytest
from django.db import DataError, InterfaceError, InternalError, OperationalError, ProgrammingError, connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from labacces.panne import is_passing
from labacces.urls import handler500  # noqa: F401 - the handlers of this URLconf are the site's
from labacces.urls import urlpatterns as real

RAISED: dict[str, Exception] = {}


def fail(request):
    raise RAISED["error"]


def save(request):
    request.session["essai"] = 1
    return HttpResponse()


urlpatterns = [path("tombe/", fail), path("note/", save), *real]


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def sqlite(code: int) -> Exception:
    cause = sqlite3.OperationalError("of soizic@exemple.bzh")
    cause.sqlite_errorcode = code
    return caused(OperationalError(str(cause)), cause)


def postgres(kind, error=OperationalError) -> Exception:
    return caused(error("of soizic@exemple.bzh"), kind("of soizic@exemple.bzh"))


PASSING = {
    "no server": OperationalError("connection refused"),
    "closed": InterfaceError("connection already closed"),
    "locked": sqlite(sqlite3.SQLITE_BUSY),
    "read only": sqlite(sqlite3.SQLITE_READONLY_DBMOVED),
    "full": sqlite(sqlite3.SQLITE_FULL),
    "no file": sqlite(sqlite3.SQLITE_CANTOPEN),
    "stopped": postgres(psycopg.errors.AdminShutdown),
    "starting": postgres(psycopg.errors.CannotConnectNow),
    "too many": postgres(psycopg.errors.TooManyConnections),
    "server full": postgres(psycopg.errors.DiskFull),
    "replica": postgres(psycopg.errors.ReadOnlySqlTransaction, InternalError),
    "deadlock": postgres(psycopg.errors.DeadlockDetected),
    "disk of uploads": OSError(errno.ENOSPC, "No space left on device"),
    "while told": caused(ValueError("session"), OperationalError("gone")),
}
OURS = {
    "query": sqlite(sqlite3.SQLITE_ERROR),
    "table": postgres(psycopg.errors.UndefinedTable, ProgrammingError),
    "too complex": postgres(psycopg.errors.StatementTooComplex),
    "value": DataError("of a value"),
    "file": FileNotFoundError(errno.ENOENT, "absent"),
    "code": ZeroDivisionError(),
}


@pytest.mark.parametrize("name", PASSING)
@override_settings(ROOT_URLCONF=__name__)
def test_what_passes_is_a_503_in_the_dress_of_the_site(name):
    """No database is open to this test: the page asks none."""
    RAISED["error"] = PASSING[name]
    response = Client(raise_request_exception=False).get("/tombe/")
    html = response.content.decode()
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert "no-store" in response["Cache-Control"]
    assert "momentanément indisponible" in html
    assert "exemple.bzh" not in html
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_a_fault_of_ours_stays_one():
    assert [name for name, error in OURS.items() if is_passing(error)] == []


@pytest.mark.django_db
def test_pages_of_a_site_whose_database_is_gone(monkeypatch):
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", gone)
        for address in ("/", "/projets/", "/projets.csv", "/recherche/?q=eau", "/admin/login/", "/api/v1/projets"):
            response = client.get(address)
            assert response.status_code == 503, address
            assert int(response["Retry-After"]) > 0
            assert "momentanément" in response.content.decode() or "api" in address, address
    assert response["Content-Type"] == "application/problem+json"


def gone(*args, **kwargs):
    raise OperationalError("the server closed the connection")


def read_only(execute, sql, params, many, context):
    if not sql.lstrip().upper().startswith(("SELECT", "WITH")):
        raise sqlite(sqlite3.SQLITE_READONLY)
    return execute(sql, params, many, context)


@pytest.mark.django_db
def test_a_read_only_site_is_read_and_says_what_it_cannot_keep(monkeypatch):
    client = Client(raise_request_exception=False)
    with connection.execute_wrapper(read_only):
        assert client.get("/projets/").status_code == 200
        assert client.get("/").status_code == 200
        response = client.post("/admin/login/", {"username": "loeiza", "password": "non"})
    assert response.status_code == 503
