"""What the log says, and does not; what the operator is told of errors."""

import gzip
import json
import logging
import os
import re
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import brotli
import pytest
from django.conf import settings as site
from django.core import mail
from django.core.cache import caches
from django.test import Client, override_settings
from django.urls import path
from django.views import View

from labacces.alarme import CourrielOperateur
from labacces.log_format import FormatJson
from labacces.middleware import RequeteMiddleware
from labacces.site_log import REQUETE, SansPersonne, SansTrace, discreet
from labacces.urls import handler500  # noqa: F401 - the handlers of this URLconf are the site's
from labacces.urls import urlpatterns as real

PERSONNE = "Soizic Kerampuil"


class Fail(View):
    def get(self, request, nom):
        courriel = f"{nom}@exemple.bzh"  # a local variable
        raise ValueError(f"{nom} {courriel}")

    post = get


urlpatterns = [path("tombe/<str:nom>/", Fail.as_view()), *real]


def record(message="Perdu : %s", *args, error=None, **extra) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord("labacces.essai", logging.ERROR, "essai.py", 7, message, args, info)
    made.__dict__.update(extra)
    return made


def raised(words=PERSONNE, kind=ValueError) -> Exception:
    try:
        raise kind(words)
    except kind as error:
        return error


# The log


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("à soizic.k+x@mail.exemple.bzh, refusé", "à …@…, refusé"),
        ("au 06 12 34 56 78 ou +33 6.12.34.56.78", "au (téléphone) ou (téléphone)"),
        ('"GET /projets/?q=Kerampuil&page=2 HTTP/1.1" 200', '"GET /projets/?… HTTP/1.1" 200'),
        ("double\nDETAIL:  Key (nom)=(Kerampuil) already exists.\nfin", "double\nDETAIL: …\nfin"),
        (f"/confirmer/lien-{'a' * 43}/, lien-{'b' * 43}.", "/confirmer/lien-…/, lien-…."),
        ("Fiche 2026-11-28 n° 123456, quoi ?", "Fiche 2026-11-28 n° 123456, quoi ?"),
    ],
)
def test_the_log_leaves_persons_links_and_questions_out(text, left):
    assert discreet(text) == left


def test_so_it_does_of_tracebacks():
    line = record("à %s", f"lien-{'b' * 43}", error=raised(f"soizic@exemple.bzh lien-{'a' * 43}"))
    assert SansPersonne().filter(line)
    written = logging.Formatter().format(line)
    assert "ValueError" in written
    for left_out in ("exemple.bzh", "aaa", "bbb"):
        assert left_out not in written


def test_in_json_a_record_is_one_line():
    line = record("Perdu : %s", "la\nbase", error=raised())
    token = REQUETE.set("abcdefgh")
    SansPersonne().filter(line)
    REQUETE.reset(token)
    told = json.loads(FormatJson().format(line))
    assert "\n" not in FormatJson().format(line)
    assert (told["level"], told["logger"], told["request_id"]) == ("ERROR", "labacces.essai", "abcdefgh")
    assert told["message"] == "Perdu : la\nbase"
    assert told["traceback"].startswith("Traceback")


def test_a_request_has_a_name_the_proxy_s_if_it_is_trusted(rf, settings):
    given = "abc-123_DEF.4"
    for settings.TRUST_PROXY, said in ((True, given), (False, given), (True, "a@exemple.bzh"), (True, "a" * 65)):
        seen = []
        middleware = RequeteMiddleware(lambda request, seen=seen: seen.append(REQUETE.get()) or {})
        name = middleware(rf.get("/", headers={"X-Request-ID": said}))["X-Request-ID"]
        assert seen == [name]
        assert (name == said) is (settings.TRUST_PROXY and said == given)
        assert len(name) >= 8
        assert REQUETE.get() == "-"


def test_what_is_logged_of_a_request_once_it_is_answered_has_its_name(client, caplog):
    response = client.get("/absent")
    (line,) = [one for one in caplog.records if one.name == "django.request"]
    SansPersonne().filter(line)
    assert (response.status_code, line.requete) == (404, response["X-Request-ID"])


@pytest.mark.long
@pytest.mark.parametrize("journal", ["texte", "json"])
def test_the_log_is_written_as_the_setting_says(journal):
    code = "import django, logging\ndjango.setup()\nlogging.getLogger('labacces').warning('à soizic@exemple.bzh')"
    env = {"DJANGO_SETTINGS_MODULE": "labacces.settings", "SECRET_KEY": "x", "JOURNAL": journal, "HTTPS": "non"}
    env["DATABASE_URL"] = "sqlite://:memory:"
    code = [sys.executable, "-c", code]
    done = subprocess.run(code, cwd=site.BASE_DIR, env=env, capture_output=True, text=True, check=True)
    (line,) = done.stderr.splitlines()
    if journal == "json":
        assert json.loads(line)["message"] == "à …@…"
    else:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}[+-]\d{4} WARNING labacces - à …@…", line)


@pytest.mark.long
@pytest.mark.parametrize("journal", ["texte", "json"])
def test_gunicorn_writes_as_the_site_does(tmp_path, journal):
    """Its own process and those that it makes; what it says of a request that failed is without persons, too."""
    (tmp_path / "essai.py").write_text(
        "import os, signal\n"
        "def app(environ, start_response):\n"
        "    os.kill(os.getppid(), signal.SIGTERM)\n"
        "    raise ValueError('soizic@exemple.bzh')\n"
    )
    conf = site.BASE_DIR / "deploy" / "gunicorn.conf.py"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    own = {"SECRET_KEY": "x" * 50, "HTTPS": "non", "DATABASE_URL": "sqlite://:memory:", "JOURNAL": journal}
    (tmp_path / "conf.py").write_text(
        f"import runpy\nglobals().update(runpy.run_path({str(conf)!r}))\n"
        "ready = post_worker_init\n"
        "def post_worker_init(worker):\n"
        "    import django\n    django.setup()\n    ready(worker)\n"
    )
    command = [sys.executable, "-m", "gunicorn", "--config", tmp_path / "conf.py", "--workers", "1"]
    served = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}", "--pythonpath", f"{tmp_path},{site.BASE_DIR}", "essai:app"],
        cwd=site.BASE_DIR,
        env=os.environ | own | {"DJANGO_SETTINGS_MODULE": "labacces.settings"},
        stderr=subprocess.PIPE,
        text=True,
    )
    lines = []
    with served.stderr as said:
        for line in said:
            lines.append(line)
            if "Booting worker" in line:
                with socket.create_connection(("127.0.0.1", port)) as link:
                    link.sendall(b"GET /?q=Kerampuil HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    served.wait(60)
    assert "Kerampuil" not in "".join(lines), lines
    assert "soizic" not in "".join(lines)
    if journal == "json":
        told = [json.loads(line) for line in lines]
        assert {one["logger"] for one in told} == {"gunicorn.error"}
        assert any("traceback" in one for one in told)
    else:
        begun = [
            line for line in lines if re.match(r"\d{4}-\d\d-\d\dT[\d:]{8}[+-]\d{4} [A-Z]+ gunicorn.error - ", line)
        ]
        assert len(begun) >= 4
        assert not [line for line in lines if line.startswith("[")]


# Mails


@pytest.fixture
def alarme(settings):
    settings.ADMINS = [("", "technique@exemple.bzh")]
    caches["alarmes"].clear()
    return CourrielOperateur()


def mails() -> list:
    for thread in threading.enumerate():
        if thread.name == "alarme":
            thread.join()
    return mail.outbox


def test_a_storm_is_one_mail_even_if_the_cache_fails(alarme, monkeypatch):
    error = raised()
    for _ in range(200):
        alarme.emit(record(error=error))
    assert len(mails()) == 1
    assert len([one for one in range(3) if CourrielOperateur()._first("autre")]) == 1  # another process
    monkeypatch.setattr(type(caches["alarmes"]), "add", lambda *args: 1 / 0)
    error = raised(kind=KeyError)
    for _ in range(20):
        alarme.emit(record(error=error))
    assert len(mails()) == 2


def test_nobody_is_told_without_a_name_or_on_a_developer_s_machine_nor_of_an_answer_that_was_chosen(alarme, settings):
    operators = settings.ADMINS
    for debug, admins in ((True, operators), (False, [])):
        settings.DEBUG, settings.ADMINS = debug, admins
        alarme.emit(record(error=raised()))
    settings.ADMINS = operators
    alarme.addFilter(SansTrace())  # closed, or busy: Django logs a 503 as an error
    alarme.handle(record("Service Unavailable: %s", "/projets.xlsx", status_code=503))
    assert mails() == []
    alarme.handle(record("Service Unavailable: %s", "/projets/", error=raised(), status_code=503))
    assert len(mails()) == 1


def test_a_mail_server_that_fails_stops_nothing(alarme, settings, caplog):
    settings.EMAIL_BACKEND = "absent.Backend"
    alarme.emit(record(error=raised()))
    mails()
    assert "pas pu être dite" in caplog.text


@override_settings(ROOT_URLCONF=__name__)
def test_a_page_that_fails_is_told_with_its_place_and_without_its_words(alarme):
    """By the loggers as the settings make them."""
    assert Client(raise_request_exception=False).get("/tombe/soizic@exemple.bzh/?q=x").status_code == 500
    (sent,) = mails()
    assert sent.to == ["technique@exemple.bzh"]
    assert sent.subject.startswith("[LabAccès] ValueError, tests/labacces/test_site_log.py:")
    assert "« /tombe/<str:nom>/ »" in sent.body
    assert "raise ValueError(" in sent.body
    assert "soizic" not in sent.body


# Sentry's protocol

UNPACKED = {"gzip": gzip.decompress, "br": brotli.decompress}
FALL = """
import django
django.setup()
from django.test import Client
import sentry_sdk
client = Client(raise_request_exception=False)
assert client.get("/admin/?" + "a=1&" * 1500).status_code == 400  # anybody's doing: told to nobody
headers = {"cookie": "sessionid=secret", "user-agent": "Navigateur"}
response = client.post("/tombe/Perrot/?q=Perrot", {"nom": "Perrot"}, headers=headers)
assert response.status_code == 500, response.status_code
print(response["X-Request-ID"])
sentry_sdk.flush(5)
"""


@pytest.mark.long
def test_an_error_goes_to_a_server_of_sentry_s_protocol_without_persons(tmp_path):
    pytest.importorskip("sentry_sdk")
    received = []

    class Recu(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(UNPACKED[self.headers["Content-Encoding"]](body))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Recu)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (tmp_path / "reglages_sentry.py").write_text(
        "from labacces.settings import *\n"
        "ROOT_URLCONF, ALLOWED_HOSTS = 'tests.labacces.test_site_log', ['testserver']\n"
        "MIDDLEWARE = [one for one in MIDDLEWARE if 'csrf' not in one]\n"
        "STORAGES['staticfiles'] = {'BACKEND': 'django.contrib.staticfiles.storage.StaticFilesStorage'}\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", FALL],
        cwd=site.BASE_DIR,
        env={
            "PYTHONPATH": f"{tmp_path}:{site.BASE_DIR}",
            "DJANGO_SETTINGS_MODULE": "reglages_sentry",
            "SECRET_KEY": "x",
            "HTTPS": "non",
            "DATABASE_URL": "sqlite://:memory:",
            "SENTRY_DSN": f"http://cle@127.0.0.1:{server.server_port}/1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    server.shutdown()
    server.server_close()
    assert done.returncode == 0, done.stderr
    (body,) = received
    event = json.loads(body.split(b"\n")[2])
    (told,) = event["exception"]["values"]
    assert (told["type"], event["tags"]["requete"]) == ("ValueError", done.stdout.strip())
    assert told["stacktrace"]["frames"][-1]["function"] == "get"
    assert event["transaction"] == "/tombe/{nom}/"
    for private in ("Perrot", "secret", "Navigateur"):
        assert private not in body.decode(), private
