"""What cannot be read of a request is refused in words, whatever else is wrong with it, and alarms nobody."""

import io
import logging
from contextlib import closing
from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory, override_settings
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from labacces.alarme import CourrielOperateur
from labacces.refus import Application
from labacces.urls import handler400, handler403, handler404, handler500  # noqa: F401 - those of the site
from labacces.urls import urlpatterns as real
from tests.sampling import mostly_long

pytestmark = [pytest.mark.django_db, pytest.mark.securite]


RAISED = {"refusee": SuspiciousOperation, "interdite": PermissionDenied, "panne": ZeroDivisionError}


@method_decorator(csrf_exempt, name="dispatch")
class Fail(View):
    def get(self, request, how):
        raise RAISED[how]("Soizic Kerampuil")

    post = get


urlpatterns = [path("essai/<str:how>/", Fail.as_view()), *real]


class Cut(io.BytesIO):
    """A body whose sender goes away."""

    def read(self, size=-1):
        if found := super().read(size):
            return found
        raise OSError("gone")

    readline = read


def part(headers=b'Content-Disposition: form-data; name="f"', value=b"abc") -> bytes:
    return b"--b\r\n%s\r\n\r\n%s\r\n" % (headers, value)


FORM, MULTI = "application/x-www-form-urlencoded", "multipart/form-data"
FILE = b'Content-Disposition: form-data; name="f"; filename="f"'
BODIES = {
    "no boundary": (MULTI, b"abc"),
    "odd boundary": (f"{MULTI}; boundary=é", b"abc"),
    "long boundary": (f"{MULTI}; boundary={'b' * 300}", b"abc"),
    "cut short": (f"{MULTI}; boundary=b", part(FILE)[:-2]),
    "gone": (f"{MULTI}; boundary=b", Cut(part(FILE))),
    "gone, no parts": (FORM, Cut(b"titre=")),
    "fields": (FORM, b"a=1&" * 1500),
    "files": (f"{MULTI}; boundary=b", part(FILE) * 150 + b"--b--"),
    "weight": (FORM, b"a=" + b"x" * 2_600_000),
    "header": (f"{MULTI}; boundary=b", part(b'Content-Disposition: form-data; name="%s"' % (b"f" * 5000))),
    "name": (f"{MULTI}; boundary=b", part(b"Content-Disposition: form-data; name=f; filename*=bogus''%ff")),
    "transfer": (f"{MULTI}; boundary=b", part(FILE + b"\r\nContent-Transfer-Encoding: base64", b"abcde")),
    "bytes": (FORM, b"a=\xff\xfe%ff%00&csrfmiddlewaretoken=%00"),
    **{
        f"charset {name}": (f"{MULTI}; boundary=b; charset={name}", part(value=b"abc\xff"))
        for name in ("utf-16", "base64", "rot13", "idna", "undefined", "punycode", "unicode_escape", "absent")
    },
    "form charset": (f"{FORM}; charset=utf-16", b"a=1"),
}
BESIDES = {
    "nothing": {},
    "token": {"HTTP_COOKIE": f"csrftoken={'a' * 32}"},  # the form is looked at for the other half of it
    "host": {"HTTP_HOST": "evil"},
    "odd host": {"HTTP_HOST": "a b\xff"},
    "long host": {"HTTP_HOST": "a" * 30_000},
    "question": {"QUERY_STRING": "titre__regex=(&q=%ff\xff"},
    "questions": {"QUERY_STRING": "a=1&" * 1500},
    "endless length": {"CONTENT_LENGTH": "9" * 5000},
    "odd length": {"CONTENT_LENGTH": "²"},
    "negative length": {"CONTENT_LENGTH": "-5"},
    "headers": {
        "HTTP_COOKIE": "sessionid=\xff; csrftoken=" + "\xe9" * 30_000,
        "HTTP_REFERER": "http://[",
        "HTTP_ORIGIN": "http://[",
        "HTTP_ACCEPT_LANGUAGE": "x" * 9000,
        "HTTP_IF_NONE_MATCH": "\xff" * 5000,
        "HTTP_RANGE": "bytes=9" * 1000,
        "HTTP_X_FORWARDED_FOR": "\xff," * 2000,
        "REMOTE_ADDR": "?",
    },
}
ADDRESSES = [
    "/",
    "/contacter/",
    "/contribuer/nouvelle/",
    "/admin/login/",
    "/admin/projets/projet/",
    "/api/v1/projets",
    "/absente/",
    *(f"/essai/{how}/" for how in RAISED),
]


class Serveur(RequestFactory):
    """Sends what no browser would to what a server runs."""

    def request(self, **request):
        """(status, bytes) of the answer."""
        said = []
        with closing(Application()(self._base_environ(**request), lambda status, headers: said.append(status))) as page:
            return int(said[0].partition(" ")[0]), b"".join(page)


@pytest.fixture(autouse=True)
def one_connection():
    """A request leaves the connection of the test open, as Django's client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def told(monkeypatch):
    """Records that an operator would be alarmed by, and those that the log holds, by the settings' own loggers."""
    alarmed, logged = [], []
    monkeypatch.setattr(CourrielOperateur, "emit", lambda self, record: alarmed.append(record))
    (console,) = [one for one in logging.root.handlers if one.name == "console"]
    monkeypatch.setattr(console, "emit", logged.append)
    return alarmed, logged


# Each body with a good request and with one whose token is looked for in it; each odd request with three bodies.
PLAYED = [(body, besides) for body in BODIES for besides in ("nothing", "token")]
PLAYED += [(body, besides) for body in ("fields", "cut short", "charset utf-16") for besides in BESIDES]


@mostly_long("body, besides", dict.fromkeys(PLAYED), one_in=5)
@override_settings(ROOT_URLCONF=__name__)
def test_what_cannot_be_read_is_a_refusal_that_alarms_nobody(told, body, besides):
    alarmed, logged = told
    kind, content = BODIES[body]
    for address in ADDRESSES:
        request = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": "5000"} | BESIDES[besides]
        if isinstance(content, Cut):
            request["wsgi.input"] = Cut(content.getvalue())
        else:
            request = {"wsgi.input": io.BytesIO(content)} | request
            if "length" not in besides:
                request["CONTENT_LENGTH"] = str(len(content))
        status, page = Serveur().generic("POST", address, **request)
        if "panne" in address and status == HTTPStatus.INTERNAL_SERVER_ERROR:  # a fault stays one, and is told
            assert alarmed.pop().exc_info[0] is ZeroDivisionError
            assert "Le site a rencontré une erreur" in page.decode()
        else:
            assert status < HTTPStatus.INTERNAL_SERVER_ERROR, address
        assert not alarmed, f"{address}: {alarmed[0].getMessage()}"
        assert b"Kerampuil" not in page
    faults = [record for record in logged if record.levelno >= logging.ERROR]
    assert not [record for record in faults if record.exc_info[0] is not ZeroDivisionError]
    assert all(len(record.getMessage()) <= 300 for record in logged if record not in faults)


@override_settings(ROOT_URLCONF=__name__)
def test_a_fault_is_told_though_its_form_cannot_be_read(told):
    """Django's page of error read the form too, and said « 400 » of what it could not read."""
    alarmed, _ = told
    status, _ = Serveur().post("/essai/panne/", b"abc", content_type=MULTI)
    assert status == HTTPStatus.INTERNAL_SERVER_ERROR
    assert [record.exc_info[0] for record in alarmed] == [ZeroDivisionError]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/essai/refusee/", "Cette demande n’a pas été comprise"),
        ("/essai/interdite/", "Cette page ne vous est pas ouverte"),
        ("/contacter/", "Cette demande n’a pas été comprise"),
    ],
)
@override_settings(ROOT_URLCONF=__name__)
def test_a_refusal_is_said_in_french_though_its_form_cannot_be_read(address, words):
    assert words in Serveur().post(address, b"abc", content_type=MULTI)[1].decode()


@override_settings(ROOT_URLCONF=__name__)
def test_what_anybody_can_have_refused_is_a_warning_of_one_line(told):
    alarmed, logged = told
    Serveur().get("/", HTTP_HOST="evil")
    Serveur().get("/essai/refusee/")
    Serveur().get("/admin/login/", {str(number): "1" for number in range(1500)})
    names = {record.name.removeprefix("django.security.") for record in logged}
    assert names >= {"DisallowedHost", "SuspiciousOperation"}
    assert {record.levelname for record in logged} == {"WARNING"}
    assert not [record for record in logged if record.exc_info or record.exc_text]
    assert not alarmed
