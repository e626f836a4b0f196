"""What the records lack, and which may double one another: counts that are those of the lists, no one told too much."""

import pytest

from fiches.list_filters import expected
from fiches.suivi import doublons
from fiches.suivi.models import PasDoublon
from projets.models import Projet
from socle.annuaire.models import Statut
from socle.comptes.roles import ANIMATION, REDACTION
from tests.conftest import TYPES, PageLue, some_types
from tests.factories import ProjetFactory, factory_of
from tests.fiches.tableur import full

pytestmark = pytest.mark.django_db


@some_types
def test_each_count_is_that_of_the_list_it_leads_to(client, read, enter, places, declaration):
    full(declaration)
    make = factory_of(declaration.model)
    make(titre="Une fiche vide", themes=[])
    make(titre="Un brouillon vide", themes=[], draft=True)
    enter(REDACTION)
    found = read("/admin/qualite/")
    links = [link for table in found.all("table") for link in table.all("a")]
    assert len(links) > len(expected(declaration.model))
    for link in links:
        assert client.get(link["href"]).context["cl"].result_count == int(link.text), link["href"]
    assert "Sans thème" in [row.text for row in found.all("th", scope="row")]


@pytest.mark.parametrize("address", ["/admin/qualite/", "/admin/doublons/"])
def test_without_a_role_nothing_is_told(client, enter, read, address):
    assert client.get(address).url.startswith("/admin/login/")
    ProjetFactory(titre="Secret")
    ProjetFactory(titre="Secret")
    enter("Personne")
    assert not read(address).all("section")


# Doubles


def found(model=Projet):
    return [(*pair, tuple(why.split(", "))) for pair, why in doublons.pairs(model).items()]


def test_same_titles_near_titles_and_near_amounts_of_one_place_are_told():
    first = ProjetFactory(titre="Portail des familles", collectivite="Dinan", montant_eur=15000)
    same = ProjetFactory(titre="PORTAIL, des Famillés", collectivite="Brest", draft=True)
    near = ProjetFactory(titre="Un portail pour les familles", collectivite="Dinan", montant_eur=15100)
    ProjetFactory(titre="Un portail pour les familles de Vannes", collectivite="Vannes", montant_eur=15000)
    ProjetFactory(titre="Portail des familles", collectivite="Dinan", statut=Statut.RETIREE)
    old = ProjetFactory(titre="Cimetière", collectivite="Brest", montant_eur=9000)
    ProjetFactory(titre="Cimetière", collectivite="Brest", montant_eur=9000, remplace=old)  # its version, no double
    assert found() == [
        (first.pk, same.pk, ("même titre",)),
        (first.pk, near.pk, ("titres proches", "même lieu et montant voisin")),
    ]


def test_one_link_typed_in_two_ways_is_one_link_and_one_that_many_share_tells_nothing():
    model = TYPES["ressource"].model
    make = factory_of(model)
    liens = ("https://www.exemple.bzh/Carte/", "http://exemple.bzh/carte", "https://exemple.bzh/carte", "", "")
    few = [
        make(titre=titre, lien=lien).pk for titre, lien in zip(["Une", "deux", "tri", "pem", "ymp"], liens, strict=True)
    ]
    assert found(model) == [(*pair, ("même lien",)) for pair in (few[:2], few[:3:2], few[1:3])]
    make(titre="Autre chose", lien=liens[0])  # a portal
    assert found(model) == []


def test_a_pair_is_compared_or_said_to_be_two_and_told_no_more(client, read, enter):
    first, second = ProjetFactory(titre="Portail"), ProjetFactory(titre="Portail")
    enter(ANIMATION)
    pair = read("/admin/doublons/").one("article", class_="paire")
    assert "Même titre" in pair.text
    assert client.get(pair.all("a")[-1]["href"]).status_code == 200
    keys = [field["value"] for field in pair.all("input", name="fiche")]
    assert keys == [str(first.pk), str(second.pk)]
    response = client.post("/admin/doublons/", {"fiche": keys}, follow=True)
    assert "deux fiches différentes" in response.content.decode()
    assert not PageLue(response).all("article", class_="paire")
    assert client.get("/admin/projets/projet/?a_reprendre=doublon").context["cl"].result_count == 0
    client.post("/admin/doublons/", {"fiche": keys[::-1]})
    assert PasDoublon.objects.count() == 1


@pytest.mark.long
def test_rédaction_sees_doubles_and_decides_nothing(client, read, enter):
    rows = [ProjetFactory(titre="Portail").pk, ProjetFactory(titre="Portail").pk]
    enter(REDACTION)
    assert not read("/admin/doublons/").one("article", class_="paire").all("form")
    assert client.post("/admin/doublons/", {"fiche": rows}).status_code == 403
    enter(ANIMATION)
    for keys in ([], rows[:1], [rows[0], rows[0]], ["a", "²"], ["9" * 30, rows[0]]):
        assert client.post("/admin/doublons/", {"fiche": keys}).status_code == 404
