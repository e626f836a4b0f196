"""What somebody may send to every address of the desk: words for an answer, at once, never a failure.

Addresses come from the URLconf, lists, their filters and actions from the admin of each model: a new one is attacked
too. `pytest -m securite -n 0 -rP tests/securite/test_attaques.py` says how many requests there were and the slowest.
"""

import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from io import BytesIO
from unittest.mock import Mock
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import DataError, transaction

from fiches.desk_base import MAX_KEY
from tests.addresses import every_address
from tests.comptes.test_droits import MODELS, address, record
from tests.factories import ProjetFactory, UtilisateurFactory
from tests.sampling import mostly_long, sample

pytestmark = [pytest.mark.django_db, pytest.mark.securite]

HUGE = f"1{'0' * 20}"
VALUES = [HUGE, f"-{HUGE}", "\0", "-1", "(", "²", "1e309", "9" * 5000, str(MAX_KEY), "a " * 1000]
CATASTROPHE = "(.*a){25}$"
SLOWEST = 1  # second that an answer takes at most, by `clock`
PARTS = 6  # of what is sent to the addresses of all models and pages: a process each


def clock() -> float:
    """Seconds of work of this process, and a twentieth of those that pass, since PostgreSQL works elsewhere."""
    return time.process_time() + time.monotonic() / 20


class Assault:
    """Sends requests; `end` says what went wrong of them all, and prints how many they were."""

    def __init__(self, client):
        self.client = client
        client.raise_request_exception = False
        self.count, self.slowest, self.wrong = 0, (0, ""), []

    def get(self, path, query=""):
        self._send(f"{path}?{query}", lambda: self.client.get(path, QUERY_STRING=query))

    def post(self, path, data):
        self._send(f"{path} {data}", lambda: self.client.post(path, data))

    def _send(self, what, send):
        spent = SLOWEST
        for _ in range(3):  # what is slow is so each time, a machine that is busy elsewhere is not
            with transaction.atomic():  # what one did or broke is no matter of the next
                start = clock()
                response = send()
                spent = min(spent, clock() - start)
                transaction.set_rollback(True)
            if spent < SLOWEST:
                break
        self.count += 1
        self.slowest = max(self.slowest, (spent, what))
        if response.status_code >= 500 or spent >= SLOWEST:
            error = repr((getattr(response, "exc_info", None) or "  ")[1])
            self.wrong.append(f"{response.status_code} in {spent:.2f} s: {what[:200]} {error[:200]}")

    def end(self):
        spent, what = self.slowest
        print(f"{self.count} requests, the slowest in {spent * 1000:.0f} ms: {what[:100]}")  # noqa: T201
        assert not self.wrong, "\n".join(self.wrong)


@pytest.fixture
def assault(client):
    client.force_login(UtilisateurFactory(is_superuser=True))
    logging.disable()
    yield Assault(client)
    logging.disable(logging.NOTSET)


def names_of(model):
    for field in model._meta.get_fields():
        yield from [field.name, f"{field.name}__pk"] if field.is_relation else [field.name]


def questions(model, user, rf):
    """Query strings: each field of the model under many lookups, each parameter that its list reads."""
    for name in names_of(model):
        yield f"{name}__regex=("
        yield f"{name}__iregex={quote(CATASTROPHE)}"
        yield f"{name}__range={HUGE}"
        yield from (f"{name}{lookup}={HUGE}" for lookup in ("", "__in", "__gt", "__year", "__isnull"))
        yield from (f"{name}{lookup}=%00" for lookup in ("", "__in", "__contains"))
    model_admin, request = admin.site._registry[model], rf.get("/")
    request.user = user
    changelist = model_admin.get_changelist_instance(request)
    names = {name for spec in changelist.filter_specs for name in spec.expected_parameters()}
    names |= {f"{model_admin.date_hierarchy}__{part}" for part in ("year", "month", "day")}
    for name in [*sorted(names), "q", "p", "o", "e", "all", "_to_field", "_popup", "_facets", "_changelist_filters"]:
        yield from (f"{name}={quote(value)}" for value in VALUES)
        yield f"{name}={HUGE}&{name}={HUGE}"


@pytest.mark.long
@mostly_long("label", [*MODELS], one_in=7)
def test_no_question_breaks_a_list(assault, rf, label):
    record(label)
    user = UtilisateurFactory(is_superuser=True)
    for query in sample(questions(MODELS[label], user, rf), one_in=20):
        assault.get(address(MODELS[label], "changelist"), query)
    assault.end()


@pytest.mark.long
@mostly_long("label", [*MODELS], one_in=7)
def test_no_value_breaks_a_form_or_an_action(assault, label):
    model, row = MODELS[label], record(label)
    names = [*names_of(model), "version", "next", "_to_field", "_popup"]
    actions = ["delete_selected", *(getattr(one, "__name__", one) for one in admin.site._registry[model].actions or ())]
    for value in sample(VALUES, one_in=5):
        for page in (address(model, "add"), address(model, "change", row.pk), address(model, "delete", row.pk)):
            assault.get(page, "&".join(f"{name}={quote(value)}" for name in names))
            assault.post(page, dict.fromkeys(names, value))
        for name in actions:
            data = {"action": name, "_selected_action": [value]}
            assault.post(address(model, "changelist"), data | {"index": "0"})
            assault.post(address(model, "changelist"), data | {"index": value, "select_across": value})
    assault.end()


@pytest.mark.long
@mostly_long("part", range(PARTS), one_in=3)
def test_no_completion_breaks(assault, part):
    fields = [field for model in MODELS for field in MODELS[model]._meta.get_fields() if field.is_relation]
    for field in sample(fields[part::PARTS], one_in=10):
        opts = field.model._meta
        about = f"app_label={opts.app_label}&model_name={opts.model_name}&field_name={field.name}"
        for value in map(quote, VALUES):
            assault.get("/admin/autocomplete/", f"{about}&term={value}")
            assault.get("/admin/autocomplete/", f"{about}&term=a&page={value}")
            assault.get("/admin/autocomplete/", f"{about}&app_label={value}")
            assault.get("/admin/autocomplete/", f"{about}&term__regex={value}")
    assault.end()


@pytest.mark.long
@mostly_long("part", range(PARTS), one_in=3)
def test_no_key_breaks_a_page(assault, part):
    """Every address of the site that takes something: a number, a name, a token."""
    taking = [route for route, *_ in every_address() if "<" in route]
    assert len(taking) > 100
    keys = ["_00", "_C3_28", "a_0Ab", *(quote(value) for value in VALUES)]
    for route in sample(taking[part::PARTS], one_in=10):
        shape = re.sub(r"[\^\\]", "", re.sub(r"\(\?P<\w+>.*?\)+\$?|<[^>]+>", "<>", route))
        for key in keys:
            path = f"/{shape.replace('<>', key)}"
            assault.get(path, f"q={key}&page={key}")
            assault.post(path, {"fiche": key, "titre": key, "courriel": key})
    assault.end()


@mostly_long(
    "name", ["titre__regex", "titre__iregex", "titre__range", "entree__titre__regex", "themes__nom__iregex"], one_in=3
)
def test_a_regular_expression_is_no_filter(assault, name):
    ProjetFactory(titre=f"{'a' * 30}b")
    for value in ("a", "(", CATASTROPHE):
        for page in ("projets/projet/", "projets/projet/add/", "exporter/projets/projet.csv", "qualite/"):
            response = assault.client.get(f"/admin/{page}", {name: value})
            assert response.status_code == 400
            assert "Cette demande n’a pas été comprise" in response.content.decode()
    assert assault.client.get("/admin/projets/projet/", {"q": "titre__regex"}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_six_questions_at_once_stop_nobody(live_server, client):
    client.force_login(UtilisateurFactory(is_superuser=True))
    ProjetFactory.create_batch(5, titre=f"{'a' * 30}b")
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"}

    def ask(path):
        with closing(HTTPConnection(live_server.thread.host, live_server.thread.port, timeout=20)) as asked:
            asked.request("GET", path, headers=cookie)
            with asked.getresponse() as answer:
                return answer.status

    start = time.process_time()
    with ThreadPoolExecutor(7) as pool:
        question = f"/admin/projets/projet/?titre__regex={quote(CATASTROPHE)}"
        assert list(pool.map(ask, [question] * 6 + ["/"])) == [400] * 6 + [200]
    assert time.process_time() - start < SLOWEST * 3


# Bodies


class Endless:
    """A body that is never at its end, and says how much of it was read."""

    def __init__(self, start=b""):
        self.start, self.given = start, 0

    def read(self, size=-1):
        assert size > 0, "read whole"
        self.given += size
        assert self.given < 3_000_000, "read beyond its bound"
        piece, self.start = (self.start + b"x" * size)[:size], self.start[size:]
        return piece

    readline = read


PART = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'


def post_endless(client, path, **extra):
    body = Endless(PART)
    headers = {"wsgi.input": body, "CONTENT_TYPE": "multipart/form-data; boundary=b"}
    return client.generic("POST", path, **headers | extra), body


@pytest.mark.parametrize("staff", [False, True])
@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 405), ("/contacter/", 413), ("/admin/login/", 413), ("/admin/compte/mot-de-passe-oublie/", 413)],
)
def test_a_body_too_heavy_is_refused_unread(client, path, status, staff):
    if staff:
        client.force_login(UtilisateurFactory(is_superuser=True))
    heavy = "600000000" if staff else "300000000"
    response, body = post_endless(client, path, CONTENT_LENGTH=heavy)
    assert response.status_code == status
    assert body.given == 0
    assert "default-src 'none'" in response["Content-Security-Policy"]
    if status == 413:
        assert "Cet envoi est trop lourd" in response.content.decode()
    else:  # whatever its weight, a page that only reads takes no post
        assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_a_body_that_does_not_say_its_weight_is_none(client):
    response, body = post_endless(client, "/contacter/", CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")
    assert response.status_code < 500
    assert body.given == 0


def test_the_team_sends_heavier_files_at_the_desk_alone(client, settings):
    client.force_login(UtilisateurFactory(is_superuser=True))
    data = lambda weight=3_000_000: {"fichier": BytesIO(b"x" * weight)}  # noqa: E731
    assert client.post("/admin/ressources/ressource/add/", data()).status_code == 200
    assert client.post("/contacter/", data()).status_code == 413
    client.force_login(UtilisateurFactory(is_staff=False))
    # Whose session has ended sends texts with their files: these are passed over, as long as it takes little.
    passed = client.post("/admin/ressources/ressource/add/", data(11_000_000))
    assert passed.status_code == 302
    assert passed.wsgi_request.FILES == {}
    assert client.post("/admin/login/", data(10_000_000)).status_code == 413
    settings.ENVOI_DU_BUREAU = 5_000_000
    assert client.post("/admin/ressources/ressource/add/", data(5_000_000)).status_code == 413


def test_a_fault_of_the_base_is_logged(client, monkeypatch, caplog):
    monkeypatch.setattr("labacces.desk_home.waiting", Mock(side_effect=DataError("trop long")))
    client.force_login(UtilisateurFactory(is_superuser=True))
    assert client.get("/admin/").status_code == 400
    assert any(record.exc_info for record in caplog.records)
