"""Workbooks cost seconds of processor: a process makes so many at once, and whoever wants one more is told to wait."""

import logging
from threading import Barrier, Event

import pytest
from django.test import Client

from labacces.alarme import CourrielOperateur
from socle.tableur import slots
from socle.tableur.slots import TropDeClasseurs, one_of_few
from tests.factories import ProjetFactory, UtilisateurFactory
from tests.factories.participants import EvenementFactory
from tests.together import together


@pytest.fixture
def taken(settings):
    """All the places that a process has for workbooks are taken."""
    settings.CLASSEURS_A_LA_FOIS = 1
    with slots._lock:
        slots._making += 1
    yield
    with slots._lock:
        slots._making -= 1
    assert slots._making == 0


def test_as_many_run_at_once_as_the_setting_says(settings):
    settings.CLASSEURS_A_LA_FOIS = 2
    in_it, others_came = Barrier(3), Event()

    @one_of_few
    def write():
        in_it.wait(10)
        assert others_came.wait(10)
        return "a workbook"

    def one_more():
        in_it.wait(10)
        try:
            for _ in range(5):
                with pytest.raises(TropDeClasseurs):
                    write()
        finally:
            others_came.set()

    assert together(write, write, one_more) == ["a workbook", "a workbook", None]
    assert slots._making == 0


@pytest.mark.long
@pytest.mark.django_db
def test_one_that_fails_in_the_middle_of_its_rows_leaves_the_next_one_its_place(client, settings, monkeypatch):
    settings.CLASSEURS_A_LA_FOIS = 1
    ProjetFactory()
    client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("socle.tableur.classeur._cell", lambda *args: 1 / 0)
        assert client.get("/projets.xlsx").status_code == 500
    assert client.get("/projets.xlsx").status_code == 200
    assert client.head("/projets.ods").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["xlsx", "ods"])
def test_whoever_wants_one_more_is_told_to_come_again_and_nobody_is_alarmed(client, taken, monkeypatch, format):
    alarmed, logged = [], []
    monkeypatch.setattr(CourrielOperateur, "emit", lambda self, record: alarmed.append(record))
    (console,) = [one for one in logging.root.handlers if one.name == "console"]
    monkeypatch.setattr(console, "emit", logged.append)
    ProjetFactory()
    response = client.get(f"/projets.{format}")
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert response["Cache-Control"] == "no-store"
    assert "Réessayez dans quelques secondes" in response.content.decode()
    assert "ETag" not in response
    assert not alarmed
    assert {record.levelname for record in logged} == {"WARNING"}


@pytest.mark.django_db
def test_other_files_and_pages_do_not_wait(client, taken):
    ProjetFactory()
    for address in ("/projets/", "/projets.csv", "/projets.csv?excel=1", "/projets.json", "/projets.atom"):
        response = client.get(address)
        response.getvalue()
        assert response.status_code == 200, address


@pytest.mark.django_db
def test_the_desk_is_told_the_same(taken):
    client = Client()
    client.force_login(UtilisateurFactory(is_superuser=True))
    evenement = EvenementFactory()
    ProjetFactory()
    for address in (
        "/admin/exporter/projets/projet.xlsx",
        f"/admin/inscriptions/inscription/evenement/{evenement.pk}/inscriptions.xlsx",
    ):
        response = client.get(address)
        assert (response.status_code, response["Retry-After"]) == (503, "10"), address
        assert response["Cache-Control"] == "private, no-store"
