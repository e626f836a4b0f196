"""What answers at addresses of the old site's files and feeds."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from projets.models import Annexe
from reprise.formulaires import declared
from reprise.models import AncienFormulaire
from reprise.sauvegarde import save_lecture
from reprise.sources import Piece, read_pieces
from reprise.urls_of_old_site import learn, learn_forms
from socle.annuaire.models import Statut
from tests.factories import ProjetFactory
from tests.factories.podcast import EpisodeFactory
from tests.reprise.yeswiki import ecriture
from tests.reprise.yeswiki.site import NUMEROS, fabriquer

pytestmark = pytest.mark.django_db

PAGE = "VersLaccesAuxDroits"
CLE = "fichierbf_fichier"
STOCKE = f"{PAGE}_{CLE}_EP9__Aller_vers_20220503140731_20220503140731.mp3"
ADRESSES = [
    f"/files/{STOCKE}",
    f"/?wiki={PAGE}/download&file={STOCKE}",
    f"/wakka.php?wiki={PAGE}_{CLE}/download&file={STOCKE}",
    f"/index.php?{PAGE}/download&file={STOCKE}&utm_source=x",
    f"/?{PAGE}%2Fdownload&file={STOCKE}%20",
]


@pytest.fixture
def episode(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    episode = EpisodeFactory(nom_origine=STOCKE)
    episode.fichier.save("EP9.mp3", ContentFile(b"ID3"))
    learn(episode.entree, PAGE)
    return episode


@pytest.mark.parametrize("address", ADRESSES)
def test_the_old_address_of_a_file_leads_to_ours(client, episode, address):
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (301, episode.fichier.url)
    assert client.get(response["Location"]).getvalue() == b"ID3"
    assert client.head(address).status_code == 301


@pytest.mark.parametrize(("statut", "code"), [(Statut.BROUILLON, 404), (Statut.A_RELIRE, 404), (Statut.RETIREE, 410)])
def test_the_file_of_a_record_that_is_not_public_is_as_its_page(client, episode, statut, code):
    episode.statut = statut
    episode.save()
    for address in (*ADRESSES, f"/?{PAGE}"):
        response = client.get(address)
        assert response.status_code == code, address
        assert "EP9.mp3" not in response.content.decode()


def test_a_file_that_is_not_here_is_gone_or_leads_to_its_record_or_offers_those_that_it_may_be_of(client):
    episode = EpisodeFactory(titre="Vers l’accès aux droits, le retour", nom_origine=STOCKE)
    for address in ADRESSES:
        response = client.get(address)
        assert response.status_code == 404
        assert 'value="vers lacces aux droits"' in response.content.decode()
    learn(episode.entree, PAGE)
    response = client.get(ADRESSES[0])
    assert (response.status_code, response["Location"]) == (302, episode.get_absolute_url())  # it may come later
    episode.delete()
    assert client.get(ADRESSES[0]).status_code == 410


def test_an_attachment_that_only_editors_may_read_stays_where_it_is(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    annexe = Annexe(projet=ProjetFactory(), nom_origine="Guichet_fichierbf_annexe_chorus.pdf_")
    annexe.fichier.save("chorus.pdf", ContentFile(b"%PDF-"))
    annexe.save()
    assert client.get(f"/files/{annexe.nom_origine}").status_code == 404
    assert client.get(f"/?Guichet/download&file={annexe.nom_origine}").status_code == 404


HOSTILES = ["../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "a/b.mp3", "%00", "a%00.mp3", "%FF", "é.pdf", "x" * 5000]


def test_no_name_of_a_file_breaks_an_old_address(client, episode):
    for nom in HOSTILES:
        assert client.get(f"/files/{nom}").status_code == 404
        assert client.get(f"/?{PAGE}/download&file={nom}").status_code in (404, 200)


# Feeds and exports


@pytest.fixture
def forms():
    learn_forms({"5": "projet", "6": "terme", "7": "evenement"})


LISTE, CSV, FLUX = reverse("projets:list"), reverse("projets:csv"), reverse("projets:atom")
JSON = reverse("projets:json")
TOUT, TOUT_FLUX = reverse("recherche:list"), reverse("recherche:atom")


LISTS = [
    ("/?BazaR/rss&id=5", FLUX),
    ("/?BazaR/rss&amp;id=5", FLUX),  # readers keep addresses as they stood in a page
    ("/?BazaR/rss&id_typeannonce=5", FLUX),
    ("/?BazaR&vue=consulter&id=5&q=mairie", f"{LISTE}?q=mairie"),
    ("/wakka.php?wiki=BazaR&vue=consulter&id=5", LISTE),
    ("/BazaR?vue=consulter&id=5", LISTE),  # a wiki whose server rewrites its addresses
    ("/api/forms/5/entries", JSON),
    ("/?bazar&vue=consulter&q=mairie", f"{TOUT}?q=mairie"),
    ("/?BazaR/rss", TOUT_FLUX),
    ("/?ProjetsFinances/rss&id=5&q=cantine+%C3%A0+bord", f"{FLUX}?q=cantine+%C3%A0+bord"),
    ("/index.php?BazaR/rss&id=7", "/agenda.atom"),
    ("/?api%2Fforms%2F5%2Fentries", JSON),
    ("/?api/forms/5/entries/geojson", reverse("projets:geojson")),
    ("/?api/forms/6/entries/geojson", "/glossaire.json"),  # words have no place
    ("/?api/forms/5/entries/html", LISTE),
    ("/?api/forms/7/entries/ical", "/agenda/"),
    ("/?BazaR&vue=exporter&id=5", CSV),
    ("/?PagePrincipale/json&demand=entries&id=5", JSON),
]
DOORS = [
    ("/?DerniersChangementsRSS/xml", TOUT_FLUX),
    ("/?RecentChanges/xml", TOUT_FLUX),
    ("/?DerniersChangements", f"{TOUT}?tri=recent"),
    ("/?RechercheTexte&phrase=m%C3%A9diation", f"{TOUT}?q=m%C3%A9diation"),
    ("/?PagePrincipale&phrase=cantine", f"{TOUT}?q=cantine"),
    ("/?ProjetsFranceRelance", "/projets/"),
    ("/?MentionsLegales", "/mentions-legales/"),
    ("/?Contact", "/contacter/"),
    ("/?Accueil", "/"),
]


@pytest.mark.usefixtures("forms")
@pytest.mark.parametrize(("address", "ours"), LISTS)
def test_a_feed_or_an_export_leads_to_the_same_list(client, address, ours):
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (301, ours)
    assert client.get(response["Location"]).status_code == 200


def test_a_door_of_the_old_site_leads_to_ours_even_if_nobody_told_its_forms(client):
    for address, ours in DOORS:
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (301, ours), address
        assert client.get(response["Location"]).status_code == 200, address


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("/?BazaR/rss&id=1&q=mairie", f"{TOUT_FLUX}?q=mairie"),
        ("/?BazaR&vue=consulter&id=77", TOUT),
        ("/?BazaR&vue=exporter&id=77", TOUT),
    ],
)
def test_a_form_that_nobody_told_leads_to_all_records_until_somebody_does(client, address, ours):
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, ours)  # readers of feeds keep a 301


@pytest.mark.parametrize(("numero", "code"), [("99", 302), ("9", 302), ("5x", 301), ("5" * 500, 301), ("%00", 301)])
def test_a_feed_of_a_form_that_is_none_of_ours_goes_on_with_all_records(client, numero, code):
    learn_forms({"5": "projet", "9": "inscription"})
    response = client.get(f"/?BazaR/rss&id={numero}&q=mairie")
    assert (response.status_code, response["Location"]) == (code, f"{TOUT_FLUX}?q=mairie")


@pytest.mark.parametrize(
    "address",
    [
        *(f"/?BazaR&vue=exporter&id={numero}" for numero in ("99", "5x", "5" * 500, "%00", "٥")),
        *("/?BazaR&vue=consulter&id=9", "/?BazaR&vue=exporter&id=9", "/?api/forms/9/entries"),  # a form of persons
        *("/?api/forms/99/entries", "/?api/forms/5", "/?api/forms/5/entries/json/UneFiche"),
    ],
)
def test_what_is_no_list_of_ours_answers_as_any_old_address(client, address):
    learn_forms({"5": "projet", "9": "inscription"})
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("forms")
@pytest.mark.parametrize(
    "address", ["/?api/entries", "/?api/forms/99/entries", "/api/pages", "/?PagePrincipale/json&demand=lists"]
)
def test_programs_that_ask_the_old_api_are_answered_in_json(client, address):
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (404, "application/json")
    assert "ancien site" in response.json()["erreur"]
    assert client.get(response.json()["api"]).status_code == 200


@pytest.mark.parametrize("page", [PAGE, "42", PAGE.lower().capitalize()])
def test_a_page_of_a_wiki_that_rewrites_its_addresses_leads_to_its_record(client, page):
    projet = ProjetFactory()
    learn(projet.entree, page if page == "42" else PAGE)
    for address in (f"/{page}", f"/{page}/", f"/{page}/edit", f"/{page}?utm_source=x"):
        assert client.get(address)["Location"] == projet.get_absolute_url()
    assert client.get("/projets")["Location"] == "/projets/"  # ours are unchanged
    response = client.get("/NosActions/edit")
    assert response.status_code == 404
    assert "Rechercher une fiche" in response.content.decode()


def test_no_address_of_a_feed_leads_out_of_the_site(client, forms):
    for mots in ("//exemple.bzh", "%0d%0aSet-Cookie:x=1", "https://exemple.bzh/"):
        response = client.get(f"/?BazaR/rss&id=5&q={mots}")
        assert response["Location"].startswith(f"{FLUX}?q=")
        assert "Set-Cookie" not in response.headers


def test_the_takeover_learns_what_each_form_became():
    site = fabriquer({"terme": 1, "projet": 1, "inscription": 1, "annuaire": 1})
    data = ecriture.en_un_fichier(site)
    lecture = read_pieces([Piece("tout.json", data)], declared())
    save_lecture(lecture, simulation=True)
    assert not AncienFormulaire.objects.exists()
    for _ in range(2):
        save_lecture(lecture)
        assert dict(AncienFormulaire.objects.values_list("numero", "type")) == {
            NUMEROS["terme"]: "terme",
            NUMEROS["projet"]: "projet",
        }
