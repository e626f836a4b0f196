"""A database that follows the first one: who reads it, and what a process remembers when it lags."""

import json
import subprocess
from contextlib import nullcontext

import pytest
from django.db import OperationalError, connections
from django.http import HttpResponse, StreamingHttpResponse

from labacces import auxiliaire, replique
from labacces.auxiliaire import ServeurAuxiliaire
from labacces.replique import COOKIE, RepliqueMiddleware
from socle.journal.following import Moment
from tests.labacces.test_frozen import until
from tests.sauvegardes.conftest import _model, site  # noqa: F401 - a site in files
from tests.sauvegardes.site import POSTGRES, SETUP, on_server

MOMENT = Moment(numero=7, jeton=0, derniers={}, epoque=1)
LIEN = f"/inscription/confirmer/lien-{'a' * 43}/"


class Replique:
    """Stands for its connection: which one answers is all that is asked here."""

    alias, connection, errors_occurred = replique.REPLIQUE, None, False

    def close_if_health_check_failed(self):
        pass

    def ensure_connection(self):
        pass


@pytest.fixture
def ask(rf, settings, monkeypatch):
    """{"method", "path", "cookies"} to the alias of the database that answers, and the response."""
    settings.REPLIQUE_RETARD = 30
    monkeypatch.setattr(
        replique, "SERVEUR", ServeurAuxiliaire("La réplique", "la base principale la remplace", lambda: None)
    )
    monkeypatch.setattr(auxiliaire, "PAUSE", 0.2)
    monkeypatch.setattr(replique, "if_up_to_date", lambda: nullcontext(MOMENT))
    connections[replique.REPLIQUE] = Replique()

    def get(path="/projets/", method="GET", cookies=(), status=200, moment=MOMENT):
        seen = []
        monkeypatch.setattr(replique, "if_up_to_date", lambda: nullcontext(moment))

        def answer(request):
            seen.append(connections["default"].alias)
            return HttpResponse(status=status)

        request = rf.generic(method, path)
        request.COOKIES |= dict.fromkeys(cookies, "1")
        response = RepliqueMiddleware(answer)(request)
        return seen[0], response

    yield get
    del connections[replique.REPLIQUE]


@pytest.mark.parametrize("path", ["/", "/projets/?q=eau", "/projets.csv", "/api/v1/projets", "/p/12"])
def test_who_only_reads_is_answered_by_the_replica(ask, path):
    for method in ("GET", "HEAD"):
        assert ask(path, method)[0] == "replique"
    assert connections["default"].alias == "default"


@pytest.mark.parametrize(
    "asked",
    [
        {"method": "POST"},
        {"path": "/admin/login/"},
        {"path": "/sante/"},
        {"path": LIEN},
        {"cookies": ["sessionid"]},
        {"cookies": [COOKIE]},
    ],
    ids=str,
)
def test_the_rest_is_answered_by_the_first(ask, asked):
    assert ask(**asked)[0] == "default"


def test_one_that_lags_behind_what_this_process_knows_is_passed_over(ask):
    assert ask(moment=None)[0] == "default"
    assert ask()[0] == "replique"


def test_who_wrote_reads_the_first_for_a_while(ask):
    _, response = ask("/contacter/equipe/", "POST")
    cookie = response.cookies[COOKIE]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (30, True, "Lax")
    assert not ask("/projets/", "GET")[1].cookies
    assert not ask("/api/v1/projets", "POST", status=405)[1].cookies
    assert not ask("/admin/", "POST", cookies=["sessionid"])[1].cookies


def test_the_rows_of_a_file_come_from_the_database_that_its_answer_began_with(ask, rf):
    def rows():
        for _ in range(3):
            yield connections["default"].alias.encode()

    response = RepliqueMiddleware(lambda request: StreamingHttpResponse(rows()))(rf.get("/projets.csv"))
    seen = []
    for part in response:
        assert connections["default"].alias == "default"  # of another request of this thread, if there is one
        seen.append(part)
    assert seen == [b"replique"] * 3


def test_one_that_does_not_answer_is_left_alone_until_it_does(ask, monkeypatch, caplog):
    asked = []

    def gone(self):
        asked.append(1)
        raise OperationalError("connection refused")

    monkeypatch.setattr(Replique, "ensure_connection", gone)
    assert [ask()[0] for _ in range(3)] == ["default"] * 3
    assert len(asked) == 1
    assert "La réplique ne répond pas" in caplog.text
    monkeypatch.setattr(Replique, "ensure_connection", lambda self: None)
    until(lambda: not replique.SERVEUR.away)
    assert ask()[0] == "replique"


def test_an_error_gives_the_thread_its_database_back(ask, rf):
    with pytest.raises(ZeroDivisionError):
        RepliqueMiddleware(lambda request: 1 / 0)(rf.get("/"))
    assert connections["default"].alias == "default"


# Two databases, one process

ASK = f"""
import json, warnings
from labacces import settings
settings.STORAGES["staticfiles"] = {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
warnings.filterwarnings("ignore", "No directory at")
{SETUP}
from django.db import connections
from django.test import Client
from django.urls import reverse

def seen(cookies=()):
    client = Client(headers={{"host": "127.0.0.1"}})
    client.cookies.load(dict.fromkeys(cookies, "1"))
    page, file = client.get("/projets/"), client.get("/projets.json")
    text = b"".join(file.streaming_content) if file.streaming else file.content
    assert (page.status_code, file.status_code) == (200, 200), (page, text)
    titles = [one for one in ("Un portail", "Un phare") if one in page.content.decode()]
    assert titles == [one for one in ("Un portail", "Un phare") if one in text.decode()], (titles, text)
    return [*titles, page["ETag"]]

told = [seen(), seen(["vient-d-ecrire"])]
projet = Projet.objects.get(titre="Un portail")
projet.titre = "Un phare"
projet.save()
told += [seen(), seen(["vient-d-ecrire"]), seen(), seen(["vient-d-ecrire"])]
connections.close_all()
print("PRET", flush=True)
input()
told += [seen(), seen(["vient-d-ecrire"])]
print(json.dumps(told))
"""


@pytest.mark.long
def test_what_a_process_remembers_is_true_of_each_while_one_lags(site):  # noqa: F811
    """One process answers by turns from the first database and from a copy of it, made before a change and after."""
    second = copied(site)
    env = {"DATABASE_REPLICA_URL": second, "SITE_URL": "http://127.0.0.1"}
    command = site.start("-c", ASK, stdin=subprocess.PIPE, env=env)
    line = command.stdout.readline()
    assert line == "PRET\n", line + command.stdout.read()
    copied(site)
    said, _ = command.communicate("\n")
    before, before_too, lagging, written, lagging_again, written_again, caught, caught_too = json.loads(said)
    assert before[0] == before_too[0] == "Un portail"
    assert lagging == before  # nothing of the new title, under the ETag of before
    assert lagging_again == written == written_again  # then the process knows what the replica lacks
    assert written[0] == "Un phare"
    assert written[1] != before[1]
    assert caught == caught_too == written
    if POSTGRES:
        on_server("DROP DATABASE {} WITH (FORCE)", f"{site.name}-replique")


def copied(site) -> str:  # noqa: F811
    """The address of a copy of the site's database as it is now."""
    if POSTGRES:
        on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", f"{site.name}-replique")
        on_server("CREATE DATABASE {} TEMPLATE {}", f"{site.name}-replique", site.name)
        return f"{site.url}-replique"
    target = site.dossier / "replique.sqlite3"
    for left in site.dossier.glob("replique.sqlite3*"):
        left.unlink()
    site.sql(f"VACUUM INTO '{target}'")
    return f"sqlite:///{target}"
