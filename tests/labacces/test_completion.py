"""What the search box proposes, and what it never does."""

import pytest

from fiches.attached import Contact
from socle.annuaire.models import Statut
from socle.recherche.models import Mot
from tests.factories import ProjetFactory, ThemeFactory
from tests.factories.participants import ExplorationFactory, InscriptionFactory
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
    links = {a.text: a["href"] for a in page.one("main").all("a")}
    assert links["cantine"] == "/recherche/?q=cantine"
    assert links["Cantine en ligne"] == projet.get_absolute_url()
    assert page.status == "2 propositions pour « canti »"
    assert "Aucun mot des fiches ne commence ainsi" in read("/recherche/completion/?q=zzz").text
    assert "Écrivez les premières lettres" in read("/recherche/completion/").text


@mostly_long("query_string", HOSTILE, one_in=4)
def test_nothing_breaks_it_and_the_answer_is_for_one_reader_and_one_kind(client, query_string):
    ProjetFactory(titre="Portail famille")
    for accept in ("text/html", "application/json"):
        response = client.get("/recherche/completion/", QUERY_STRING=query_string, headers={"accept": accept})
        assert response.status_code == 200
        assert response["Content-Type"].partition(";")[0] == accept
        assert response["Vary"] == "Accept"
        assert "private" in response["Cache-Control"]


SECRET = "zanzibar"


def sheet(**values):
    return ProjetFactory(**{"titre": f"Titre {SECRET}", "collectivite": SECRET, "description": SECRET} | values)


HIDDEN = {
    "a draft": lambda: sheet(draft=True),
    "withdrawn": lambda: sheet().change({"statut": Statut.RETIREE}),
    "deleted": lambda: sheet().delete(),
    "edited": lambda: sheet().change({"titre": "Autre chose", "collectivite": "", "description": ""}),
    "a contact": lambda: Contact.objects.create(
        entree=ProjetFactory(titre="Portail").entree, nom=f"Awena {SECRET.title()}", fonction=SECRET
    ),
    "a registration": lambda: InscriptionFactory(prenom="Awena", nom=SECRET.title(), organisation=SECRET),
    "an exploration": lambda: ExplorationFactory(nom=f"Awena {SECRET.title()}", structure=SECRET, commentaire=SECRET),
    "a theme of no sheet": lambda: ThemeFactory(nom=f"Thème {SECRET}"),
}


@mostly_long("hidden", HIDDEN, one_in=2)
def test_what_the_public_may_not_read_is_found_completed_and_proposed_by_nothing(client, hidden):
    ProjetFactory(titre="Portail public", description="Zanzib")
    HIDDEN[hidden]()
    assert not [text for text in proposed(client, SECRET[:4]) if SECRET in text.lower()]
    assert proposed(client, SECRET) == []
    assert not Mot.objects.filter(forme=SECRET).exists()
    for typed in (SECRET, SECRET[:-1] + "k", "zanzibra", f"portail{SECRET}"):
        html = client.get("/recherche/", {"q": typed}).content.decode()
        assert SECRET not in html.replace(typed, "").lower()
        assert "<article" not in html or "Portail public" in html
