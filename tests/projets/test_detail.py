"""The page of a project, the addresses that lead to it, the sheets beside it, and what replaces what."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projets.models import Annexe, Projet
from socle.annuaire.models import AncienneAdresse, Statut
from tests.conftest import COMMUNES, make_many_projets
from tests.factories import ProjetFactory, ThemeFactory
from tests.sampling import mostly_long, size

pytestmark = pytest.mark.django_db


def keys(page):
    """{term: what it says} of « En bref »."""
    return {row.one("dt").text: ", ".join(said.text for said in row.all("dd")) for row in page.one("dl").all("div")}


def test_the_page_tells_the_sheet_in_brief_then_in_full(read, places):
    projet = ProjetFactory(
        titre="DINAN - Portail",
        collectivite="DINAN",
        departement_id="22",
        commune_id="22050",
        intercommunalite_id="200068989",
        montant_eur=Decimal("15000.50"),
        description="Un texte <b>brut</b>.\n- un\n- deux",
        objectifs="1. Aller\n2. Venir",
        suivi="Vu",
        engagements="Promis",
        themes=[ThemeFactory(nom="Cantine")],
    )
    page = read(projet.get_absolute_url())
    assert page.one("h1").text == "Portail"
    held = keys(page)
    assert held["Financement"] == "15 000,50 €"
    assert held["Collectivité"] == "Dinan"
    assert held["Où"] == ("Dinan et autour, 10 000 habitants en 2023, Dinan Agglomération, Côtes-d’Armor (22) Bretagne")
    assert held["Thème"] == "Cantine"
    assert page.one("article").all("details")[0].one("summary").text == "En bref : Dinan, 15 000,50 € de financement"
    assert "<b>brut" not in page.html
    assert [item.text for item in page.one("div", class_="prose").all("li")] == ["un", "deux", "Aller", "Venir"]
    headings = [heading.text for heading in page.one("div", class_="prose").all("h2")]
    assert headings == ["Description", "Objectifs", "Suivi", "Engagements"]
    assert len(page.all("h1")) == 1


def test_links_of_the_page_lead_to_lists_that_hold_the_sheet(read, places):
    projet = ProjetFactory(
        departement_id="22", commune_id="22050", intercommunalite_id="200068989", themes=[ThemeFactory(nom="Cantine")]
    )
    page = read(projet.get_absolute_url())
    lists = {a["href"] for a in page.one("main").all("a") if a["href"].startswith("/projets/?")}
    assert len(lists) >= 4
    for address in lists:
        assert projet.get_absolute_url() in read(address).titles


@pytest.mark.parametrize("amount", [None, 0])
def test_an_unknown_or_zero_amount_is_said(read, places, amount):
    page = read(ProjetFactory(montant_eur=amount, themes=[]).get_absolute_url())
    assert keys(page)["Financement"] == "Montant non renseigné"


def test_an_empty_sheet_has_a_page(read, places):
    page = read(ProjetFactory(titre="Un titre", collectivite="", themes=[]).get_absolute_url())
    assert set(keys(page)) == {"Financement", "Mise à jour"}
    assert "n’a pas encore décrit" in page.html


def test_no_annexe_is_on_the_page(read, places):
    projet = ProjetFactory(themes=[])
    Annexe.objects.create(projet=projet, nom_origine="chorus-secret.pdf")
    for address in (projet.get_absolute_url(), "/projets/", "/"):
        assert "chorus-secret" not in read(address).html, address


# Addresses


@pytest.mark.parametrize("statut", [Statut.BROUILLON, Statut.A_RELIRE, Statut.RETIREE])
def test_what_is_not_published_is_nowhere(client, places, statut):
    projet = ProjetFactory(themes=[])
    projet.slug = "nouvelle-adresse"
    projet.save()
    projet.statut = statut
    projet.save()
    old = AncienneAdresse.objects.get(entree=projet.pk).slug
    for address in (projet.get_absolute_url(), f"/projets/{old}/", f"/p/{projet.pk}"):
        assert client.get(address).status_code == 404
    assert "nouvelle-adresse" not in client.get("/").content.decode() + client.get("/projets/").content.decode()


def test_a_renamed_sheet_answers_from_each_address_it_had_and_from_its_lasting_one(client, places):
    projet = ProjetFactory(titre="Un portail", themes=[])
    assert client.get(f"/p/{projet.pk}")["Location"] == projet.get_absolute_url() == "/projets/un-portail/"
    for slug in ("deux", "trois"):
        projet.slug = slug
        projet.save()
    for old in ("/projets/un-portail/", "/projets/deux/", f"/p/{projet.pk}"):
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, "/projets/trois/")
        assert response["Cache-Control"] == "no-cache"  # it may lead elsewhere tomorrow
    assert client.get("/projets/trois/").status_code == 200
    assert client.get(f"/p/{projet.pk + 1}").status_code == 404


def test_an_address_that_comes_back_is_no_old_one_any_more(client, places):
    projet = ProjetFactory(titre="Un portail", themes=[])
    for slug in ("deux", "un-portail"):
        projet.slug = slug
        projet.save()
    assert client.get("/projets/un-portail/").status_code == 200
    assert client.get("/projets/deux/")["Location"] == "/projets/un-portail/"
    assert not AncienneAdresse.objects.filter(slug="un-portail").exists()


def test_an_old_address_is_never_given_to_another_sheet(client, places):
    first = ProjetFactory(titre="Un portail", themes=[])
    first.slug = "autre"
    first.save()
    second = ProjetFactory(titre="Un portail", themes=[])
    third = ProjetFactory(titre="Un portail", themes=[])
    assert [second.slug, third.slug] == ["un-portail-2", "un-portail-3"]
    assert client.get("/projets/un-portail/")["Location"] == "/projets/autre/"
    second.slug = "un-portail"
    second.save()
    assert client.get("/projets/un-portail/")["Location"] == "/projets/autre/"


def test_the_address_of_a_deleted_sheet_is_gone(client, places):
    projet = ProjetFactory(titre="Un portail", themes=[])
    pk = projet.pk
    projet.slug = "autre"
    projet.save()
    projet.delete()
    for address in ("/projets/autre/", "/projets/un-portail/", f"/p/{pk}"):
        assert client.get(address).status_code == 404
    assert client.get("/projets/?q=portail").context["selection"].total == 0


@mostly_long("titre", ["", "???", "漢字", "-", "É" * 500, "a/b?c#d", "<script>"], one_in=3)
def test_any_title_gives_an_address_that_answers(client, places, titre):
    first, second = ProjetFactory(titre=titre, themes=[]), ProjetFactory(titre=titre, themes=[])
    assert first.slug != second.slug
    for projet in (first, second):
        assert client.get(projet.get_absolute_url()).status_code == 200


# Versions


@pytest.fixture
def replaced(places):
    """A sheet of 1 000 €, its second version of 3 000 €, and another of 5 000 €."""
    theme = ThemeFactory(nom="Cantine")
    shared = {"departement_id": "22", "collectivite": "Dinan", "themes": [theme]}
    first = ProjetFactory(titre="Portail", montant_eur=1000, **shared)
    second = ProjetFactory(titre="Portail (rapport V2)", montant_eur=3000, remplace=first, **shared)
    other = ProjetFactory(titre="Autre", montant_eur=5000, **shared)
    return first, second, other


def test_a_replaced_sheet_says_by_what_and_stays_readable(read, replaced):
    first, second, _ = replaced
    page = read(first.get_absolute_url())
    assert second.get_absolute_url() in page.html
    assert "remplacée" in page.html
    later = read(second.get_absolute_url())
    assert "remplace une première version" in later.html
    assert first.get_absolute_url() in later.html
    assert "remplacée" not in later.one("main").text


@pytest.mark.parametrize(
    ("montant", "source", "shown"),
    [
        (77600, "77 600 € sur une dépense de 98 000 € HT", True),
        (None, "400 00 €", True),
        (77600, "77 600 €", False),
        (50000, "77 600 € sur une dépense de 98 000 € HT", False),  # an editor corrected it: the words are of another
    ],
)
def test_the_page_says_what_an_amount_is_part_of_in_the_words_that_were_written(read, places, montant, source, shown):
    projet = ProjetFactory(montant_eur=montant, montant_source=source, themes=[])
    facts = read(projet.get_absolute_url()).one("dl", class_="faits").text
    assert (f"écrit ainsi : « {source} »" in " ".join(facts.split())) == shown


def test_a_replaced_sheet_counts_in_no_total_anywhere(read, replaced):
    figures = Projet.objects.published().figures()
    assert (figures["total"], figures["montants"], figures["mediane"]) == (8000, 2, 4000)
    assert "8 000 €" in read("/").one("dl", class_="chiffres").text
    listing = read("/projets/").one("main").text
    assert "Médiane 4 000 €, total 8 000 € sur 2 montants comptés" in listing
    assert "Remplacée par une version suivante" in listing
    assert len(read("/projets/").titles) == 3
    # Alone in its list, it counts neither.
    assert "Aucun montant à compter" in read("/projets/?montant_max=1000").one("main").text


def test_a_version_that_is_not_public_replaces_nothing(read, replaced):
    first, second, _ = replaced
    second.statut = Statut.BROUILLON
    second.save()
    assert Projet.objects.published().figures()["total"] == 6000
    assert "remplacée" not in read(first.get_absolute_url()).one("main").text
    second.statut = Statut.PUBLIEE
    second.save()
    first.statut = Statut.RETIREE
    first.save()
    page = read(second.get_absolute_url())
    assert first.get_absolute_url() not in page.html


# Cost


@pytest.mark.long
def test_the_page_costs_the_same_at_twenty_and_at_two_thousand(client, places):
    themes = [ThemeFactory(nom="Cantine"), ThemeFactory(nom="Cimetière")]
    communes = [(code, place) for code, place in COMMUNES.items() if place[2]]

    def row(number):
        code, (_, departement, group, *_) = communes[number % len(communes)]
        return {
            "departement_id": departement,
            "commune_id": code,
            "intercommunalite_id": group,
            "montant_eur": number,
            "themes": themes,
        }

    def cost(projet):
        client.get(projet.get_absolute_url())  # what is held until the data change is read
        with CaptureQueriesContext(connection) as captured:
            assert client.get(projet.get_absolute_url()).status_code == 200
        return len(captured)

    full = make_many_projets(row(number) for number in range(20))
    bare = ProjetFactory(themes=[])
    newer = ProjetFactory(remplace=full[1], departement_id="22", themes=themes)
    few = [cost(projet) for projet in (full[0], full[1], bare, newer)]
    make_many_projets(row(number) for number in range(size(1980, one_in=10)))
    assert [cost(projet) for projet in (full[0], full[1], bare, newer)] == few
    # Versions; the sheet, its themes, its files, who reads what one writes, what replaces it.
    assert few == [5, 6, 5, 5]
