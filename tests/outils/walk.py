"""What docs/record-type.md promises of its type: played where that type is written (test_record_type.py)."""

import json

import pytest
from django.apps import apps
from django.core.management import call_command

from fiches.acces import admin_url
from tests.conftest import csv_rows
from tests.factories import factory_of
from tests.projets.formulaire import posted

pytestmark = pytest.mark.django_db
Retour = apps.get_model("retours.Retour")
RetourFactory = factory_of(Retour)


@pytest.fixture
def retour(places):
    RetourFactory(titre="Un guichet fermé", draft=True)
    RetourFactory(titre="Une autre histoire", bilan="eviter", cout_eur=5000, departement_id="29")
    told = {"recit": "Une borne dans la mairie.", "bilan": "refaire", "vecu_le": "2026-03-01", "cout_eur": 1200}
    return RetourFactory(titre="Un accueil tournesol", commune_id="22050", **told)


def test_list_and_filters_with_their_counts(read, retour):
    page = read("/retours/")
    assert page.status == "2 retours d’expérience"
    assert page.boxes("bilan") == {"refaire": (1, False), "adapter": (0, False), "eviter": (1, False)}
    assert page.boxes("departement") == {"22": (1, False), "29": (1, False)}
    assert read("/retours/?bilan=refaire&cout_max=2000").titles == [retour.get_absolute_url()]
    assert read("/retours/?cout_max=1000").titles == []


def test_sheet(read, retour):
    text = read(retour.get_absolute_url()).text
    for words in ("Un accueil tournesol", "Une borne dans la mairie.", "Dinan", "à refaire", "1er mars 2026"):
        assert words in text, words


def test_csv_and_api(client, retour):
    row = next(row for row in csv_rows(client.get("/retours.csv")) if row["titre"] == "Un accueil tournesol")
    said = {"bilan": "à refaire", "vecu_le": "2026-03-01", "cout_eur": "1200.00", "commune": "Dinan"}
    assert {name: row[name] for name in said} == said
    answer = json.loads(client.get("/api/v1/retours?bilan=refaire").content)
    assert [one["cout_eur"] for one in answer["resultats"]] == [1200]
    assert json.loads(client.get(f"/api/v1/retours/{retour.pk}").content)["titre"] == "Un accueil tournesol"


def test_map_figures_and_search(client, read, retour):
    found = json.loads(b"".join(client.get("/retours.geojson").streaming_content))
    assert [feature["id"] for feature in found["features"]] == [retour.pk]
    assert "Dinan" in read("/retours/carte/").text
    assert "6 200 €" in read("/retours/chiffres/").text
    assert retour.get_absolute_url() in read("/recherche/?q=tournesol").html
    assert retour.get_absolute_url() in read("/retours/?q=borne mairie").html


def test_home_and_menu(read, retour):
    assert "/retours/" in {link["href"] for link in read("/").all("a")}
    assert "/retours/" in {link["href"] for link in read("/projets/").all("header")[0].all("a")}


def test_desk_and_history(client, anne, retour):
    response = client.post(admin_url(Retour, "change", retour.pk), posted(client, retour, bilan="adapter"))
    assert response.status_code == 302
    assert [version.bilan for version in retour.history.all()] == ["adapter", "refaire"]
    assert "à adapter" in client.get(f"/p/{retour.pk}/historique/").content.decode()
    assert "à adapter" in client.get(admin_url(Retour, "history", retour.pk)).content.decode()
    assert "Un accueil tournesol" in client.get(admin_url(Retour, "changelist")).content.decode()


def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
