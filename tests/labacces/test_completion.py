"""What the search box proposes, and what it never does."""

import pytest

from fiches.attached import Contact
from socle.annuaire.models import Statut
from socle.recherche.models import Mot
from tests.factories import ProjetFactory, ThemeFactory
from tests.factories.participants import EvenementFactory, ExplorationFactory, InscriptionFactory
from tests.labacces.test_recherche_site import HOSTILE, InitiativeFactory
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db


def proposed(client, text):
    return client.get("/recherche/completion/", {"q": text}, headers={"accept": "application/json"}).json()


def test_themes_places_words_and_titles_are_proposed(client):
    ProjetFactory(
        titre="BERRIC - Cantine en ligne",
        collectivite="Mairie de Berric",
        description="Des tablettes.",
        themes=[ThemeFactory(nom="Portail famille")],
    )
    InitiativeFactory(titre="La cantine solidaire")
    assert proposed(client, "fam")[0] == "Portail famille"
    assert "Mairie de Berric" in proposed(client, "berr")
    assert proposed(client, "tabl") == ["tablettes"]
    assert proposed(client, "cant") == ["cantine", "La cantine solidaire", "Cantine en ligne"]
    assert proposed(client, "CANTINE EN LIG") == ["CANTINE EN ligne"]
    assert proposed(client, "numeris") == []


@pytest.mark.parametrize(("typed", "expected"), [("etat", "état"), ("l'etat", "l'état"), ("ÉTA", "état")])
def test_accents_and_elisions_do_not_matter(client, typed, expected):
    ProjetFactory(titre="Autre chose", description="Un état des lieux.")
    assert proposed(client, typed) == [expected]


def test_words_already_typed_must_go_together(client):
    ProjetFactory(titre="Portail", description="Avec les tablettes.")
    ProjetFactory(titre="Cimetière", description="Avec les tableaux.")
    assert proposed(client, "portail tabl") == ["portail tablettes"]
    assert proposed(client, "tabl") == ["tableaux", "tablettes"]


def test_without_script_it_is_a_page_of_links(read):
    projet = ProjetFactory(titre="Cantine en ligne", description="")
    page = read("/recherche/completion/?q=canti")
    links = {a.text: a["href"] for a in page.all("main")[0].all("a")}
    assert links["cantine"] == "/recherche/?q=cantine"
    assert links["Cantine en ligne"] == projet.get_absolute_url()
    assert page.status == "2 propositions pour « canti »"
    assert "Aucun mot des fiches ne commence ainsi" in read("/recherche/completion/?q=zzz").text
    assert "Écrivez les premières lettres" in read("/recherche/completion/").text


def test_the_answer_is_for_one_reader_and_one_kind(client):
    response = client.get("/recherche/completion/?q=ca", headers={"accept": "application/json"})
    assert response["Vary"] == "Accept"
    assert "private" in response["Cache-Control"]
    assert response["Content-Type"] == "application/json"


@mostly_long("query_string", HOSTILE, one_in=4)
def test_nothing_breaks_it(client, query_string):
    ProjetFactory(titre="Portail famille")
    for accept in ("text/html", "application/json"):
        response = client.get("/recherche/completion/", QUERY_STRING=query_string, headers={"accept": accept})
        assert response.status_code == 200


SECRET = "zanzibar"


def _draft():
    ProjetFactory(titre=f"Titre {SECRET}", collectivite=SECRET, description=SECRET, draft=True)


def _retired():
    projet = ProjetFactory(titre=f"Titre {SECRET}", collectivite=SECRET, description=SECRET)
    projet.statut = Statut.RETIREE
    projet.save()


def _deleted():
    ProjetFactory(titre=f"Titre {SECRET}", collectivite=SECRET, description=SECRET).delete()


def _edited():
    projet = ProjetFactory(titre=f"Titre {SECRET}", description=SECRET)
    projet.titre = projet.description = "Autre chose"
    projet.save()


def _contact():
    projet = ProjetFactory(titre="Portail")
    Contact.objects.create(entree=projet.entree, nom=f"Awena {SECRET.title()}", fonction=SECRET)
    projet.save()


def _inscription():
    InscriptionFactory(evenement=EvenementFactory(), prenom="Awena", nom=SECRET.title(), organisation=SECRET)


def _exploration():
    ExplorationFactory(nom=f"Awena {SECRET.title()}", structure=SECRET, commentaire=SECRET)


def _unused_theme():
    ThemeFactory(nom=f"Thème {SECRET}")


@mostly_long(
    "hide", [_draft, _retired, _deleted, _edited, _contact, _inscription, _exploration, _unused_theme], one_in=2
)
def test_what_the_public_may_not_read_is_found_completed_and_proposed_by_nothing(client, hide):
    ProjetFactory(titre="Portail public", description="Zanzib")
    hide()
    assert not [text for text in proposed(client, SECRET[:4]) if SECRET in text.lower()]
    assert proposed(client, SECRET) == []
    assert not Mot.objects.filter(forme=SECRET).exists()
    for typed in (SECRET, SECRET[:-1] + "k", "zanzibra", f"portail{SECRET}"):
        html = client.get("/recherche/", {"q": typed}).content.decode()
        assert SECRET not in html.replace(typed, "").lower()
        assert "<article" not in html or "Portail public" in html
