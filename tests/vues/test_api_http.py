"""What the API answers of records that moved, to front servers, to other sites and to whoever asks too much."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fiches import registre
from fiches.suivi import corbeille
from fiches.suivi.fusion import merge
from socle.annuaire.models import Statut
from socle.vues import api_reponses
from tests.conftest import some_types
from tests.factories import ProjetFactory, factory_of
from tests.sampling import size
from tests.vues.lecture import PROJETS, get

pytestmark = pytest.mark.django_db


def test_a_record_is_followed_where_it_went_and_one_that_left_is_said_to_have(client, places):
    kept, lost, deleted, draft = ProjetFactory.create_batch(4)
    other = factory_of(registre.get("initiative").model)()
    merge(kept, lost, {})
    corbeille.throw_away(deleted)
    draft.statut = Statut.BROUILLON
    draft.save()
    response = client.get(f"{PROJETS}/{lost.pk}")
    assert (response.status_code, response["Location"]) == (301, f"{PROJETS}/{kept.pk}")
    assert client.get(f"{PROJETS}/{other.pk}")["Location"] == f"/api/v1/initiatives/{other.pk}"
    assert client.get(f"/api/v1/recherche/{lost.pk}")["Location"] == f"{PROJETS}/{kept.pk}"
    assert get(client, f"{PROJETS}/{deleted.pk}", 410)["detail"] == "Cette fiche a été supprimée."
    for pk in (draft.pk, 999_999, 0, 2**63, 10**30):
        get(client, f"{PROJETS}/{pk}", 404)
    assert [record["identifiant"] for record in get(client, PROJETS)["resultats"]] == [kept.pk]


@pytest.mark.long
@some_types
def test_no_number_of_records_takes_more_queries(client, declaration, monkeypatch, places):
    make, address = factory_of(declaration.model), f"/api/v1/{declaration.adresse}"
    make(titre="Une fiche")
    costs = []
    moment = timezone.now()  # within one minute: an event that ends changes what is held
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    for number in (1, size(20, one_in=4)):
        make.create_batch(number, titre="Encore une")
        pk = declaration.model.objects.last().pk
        asked = (address, f"{address}?q=fiche", f"{address}/facettes", f"{address}/{pk}", "/api/v1/recherche")
        for question in asked:
            client.get(question)  # what a process holds
        cost = []
        for question in asked:
            with CaptureQueriesContext(connection) as captured:
                get(client, question)
            cost.append(len(captured))
        costs.append(cost)
    assert costs[0] == costs[1]
    assert max(costs[1]) <= 8, costs


# What a front server and other sites' pages meet


@pytest.mark.long
def test_who_holds_an_answer_is_told_that_it_has_not_changed(client, places):
    projet = ProjetFactory()
    for address in (PROJETS, f"{PROJETS}/facettes", f"{PROJETS}/{projet.pk}", "/api/v1/changements", "/api/v1/"):
        first = client.get(address)
        assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
        again = {"headers": {"if-none-match": first["ETag"]}}
        assert client.get(address, **again).status_code == 304
        assert client.head(address, **again).status_code == 304
        ProjetFactory()
        assert client.get(address, **again).status_code == 200


def test_a_slash_at_the_end_leads_to_the_address_without_it(client, places):
    projet = ProjetFactory(departement_id="22")
    for address in (PROJETS, f"{PROJETS}/facettes", f"{PROJETS}/{projet.pk}", "/api/v1/openapi.json"):
        response = client.get(f"{address}/?departement=22&q=%C3%A9tat")
        assert (response.status_code, response["Location"]) == (301, f"{address}?departement=22&q=%C3%A9tat")
        assert response["Access-Control-Allow-Origin"] == "*"
        assert client.head(f"{address}/").status_code == 301
    for address in ("/api/v1/absente/", f"{PROJETS}//", f"{PROJETS}/facettes//", "/api/v2/projets/"):
        assert client.get(address).status_code == 404, address


def test_pages_of_other_sites_may_read_it(client, places):
    asked = {"origin": "https://exemple.bzh", "access-control-request-method": "GET"}
    for address in (PROJETS, f"{PROJETS}/1", f"{PROJETS}?x=1", "/api/v1/absente", "/api/v1/", "/api/v1/openapi.json"):
        response = client.get(address, headers=asked)
        assert response["Access-Control-Allow-Origin"] == "*", address
        assert {"ETag", "Link"} <= set(response["Access-Control-Expose-Headers"].split(", "))
        assert "Access-Control-Allow-Credentials" not in response
        assert not response.cookies
    response = client.options(PROJETS, headers=asked)
    assert response.status_code == 204
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Origin" not in client.get("/projets/", headers=asked)


@pytest.fixture
def minute(monkeypatch, settings):
    """Five requests a minute, counted from nothing, by a clock that the test moves."""
    settings.API_PAR_MINUTE = 5
    monkeypatch.setattr(api_reponses, "_limite", api_reponses.Limite())
    clock = [60.0 * 1000]
    monkeypatch.setattr(api_reponses, "time", lambda: clock[0])
    return clock


def test_whoever_asks_too_much_waits_for_the_next_minute_and_others_do_not(client, places, minute):
    for _ in range(5):
        get(client, PROJETS)
    minute[0] += 20
    response = client.get(f"{PROJETS}?q=a")
    assert (response.status_code, response["Retry-After"]) == (429, "40")
    assert "40 s" in get(client, PROJETS, 429)["detail"]
    get(client, PROJETS, REMOTE_ADDR="192.0.2.7")
    assert client.get("/projets/").status_code == 200
    assert client.options(PROJETS).status_code == 204
    minute[0] += 40
    get(client, PROJETS)


def test_what_has_not_changed_counts_little(client, places, minute):
    etag = client.get(PROJETS)["ETag"]
    for _ in range(30):
        assert client.get(PROJETS, headers={"if-none-match": etag}).status_code == 304


def test_no_address_of_the_network_is_held(client, places, minute):
    client.get(PROJETS, REMOTE_ADDR="192.0.2.7")
    assert "192.0.2" not in repr(vars(api_reponses._limite))
    assert len(api_reponses._limite.asked) == 1
