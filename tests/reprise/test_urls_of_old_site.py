"""Addresses of the old site, and the answer for a missing page."""

import pytest
from django.urls import reverse

from reprise.models import AncienIdentifiant
from reprise.urls_of_old_site import assign
from socle.annuaire.models import Statut
from tests.factories import ProjetFactory
from tests.reprise.rows import gone

pytestmark = pytest.mark.django_db

NOM = "BerricMiseEnPlaceDUnPortailFamilles"


@pytest.fixture
def berric():
    projet = ProjetFactory(titre="BERRIC - Mise en place d'un Portail Familles", collectivite="BERRIC")
    assign([(projet.titre, projet.pk)])
    return projet


@pytest.mark.parametrize(
    "address",
    [
        f"/?{NOM}",
        f"/?{NOM.lower()}/edit",
        f"/?utm_source=x&wiki={NOM}",
        f"/wakka.php?wiki={NOM}/raw",
        f"/wakka.php?wiki=BazaR&vue=consulter&id_fiche={NOM}",
        f"/index.php?lang=fr&wiki={NOM}/edit",
    ],
)
def test_an_old_address_leads_to_the_sheet_where_it_is_now(client, berric, address, django_assert_num_queries):
    berric.slug = "portail-de-berric"
    berric.save()
    with django_assert_num_queries(1):
        response = client.get(address)
    assert (response.status_code, response["Location"]) == (301, "/projets/portail-de-berric/")


def test_of_several_names_the_record_that_was_asked_wins(client, berric):
    """A page of the old site showed the record that `id_fiche` named."""
    other = ProjetFactory(titre="Une autre fiche")
    assign([(berric.titre, berric.pk), (other.titre, other.pk)])
    assert client.get(f"/?UneAutreFiche&id_fiche={NOM}")["Location"] == berric.get_absolute_url()
    assert client.get(f"/?UneAutreFiche&{NOM}")["Location"] == other.get_absolute_url()
    assert client.get(f"/?PageInconnue&{NOM}")["Location"] == berric.get_absolute_url()


def test_the_page_of_what_is_gone_retired_or_deleted_says_so(client, berric):
    gone("AncienneReunionDuGroupe")
    response = client.get("/?AncienneReunionDuGroupe")
    page = response.content.decode()
    assert response.status_code == 410
    assert "<h1>Cette page a été retirée</h1>" in page
    assert 'value="ancienne reunion du groupe"' in page
    berric.statut = Statut.RETIREE
    berric.save()
    assert client.get(f"/?{NOM}").status_code == 410
    berric.delete()
    assert client.get(f"/wakka.php?wiki={NOM}").status_code == 410


@pytest.mark.parametrize("statut", [Statut.BROUILLON, Statut.A_RELIRE])
def test_a_sheet_that_is_not_public_is_not_told_of(client, berric, statut):
    berric.statut = statut
    berric.save()
    known = client.get(f"/?{NOM}")
    AncienIdentifiant.objects.all().delete()
    unknown = client.get(f"/?{NOM}")
    assert known.status_code == unknown.status_code == 404
    assert known.content == unknown.content


def test_an_unknown_page_is_a_404_with_what_its_words_find(client):
    found = [ProjetFactory(titre=f"VILLE {n} - Mise en place d’un portail familles") for n in range(7)]
    response = client.get("/?MiseEnPlaceDUnPortailFamilles")
    page = response.content.decode()
    assert response.status_code == 404
    assert "<h1>Cette page n’existe pas</h1>" in page
    assert 'value="mise en place d un portail familles"' in page
    assert sum(f'href="{projet.get_absolute_url()}"' in page for projet in found) == 5


@pytest.mark.parametrize(
    ("query_string", "queries"),
    [
        ("", 1),  # whether the process's cache of the page is valid
        ("utm_source=lettre&utm_medium=&utm_campaign=Rentree+2026&gclid=AbC-dEf_9", 1),
        ("page=2", 1),
        ("wiki=", 1),
        ("MonTitr%C3%A9", 1),
        ("MaCampagne=&utm_source=x", 2),  # it only looks like a page
        ("bonjour", 2),
        ("1719999999", 2),
        ("&".join(f"w{n}" for n in range(1000)), 2),
    ],
)
def test_home_is_home_whatever_parameters_it_is_given(client, query_string, queries, django_assert_num_queries):
    client.get("/")
    with django_assert_num_queries(queries) as asked:
        response = client.get(f"/?{query_string}")
    assert response.status_code == 200
    assert len(asked[0]["sql"]) < 1500
    assert 'class="accueil' in response.content.decode() or "Par où entrer" in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/?PagePrincipale",
        "/?utm_source=x&pageprincipale",
        "/wakka.php",
        "/wakka.php?wiki=PagePrincipale",
        "/index.php?utm_source=x",
        "/index.php?wiki=",
    ],
)
def test_the_home_of_the_old_site_is_ours(client, address):
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (301, "/")


@pytest.mark.parametrize(
    ("query_string", "words"),
    [
        ("wiki=Page-Inconnue", "Page Inconnue"),
        ("wiki=Été", "Été"),
        ("wiki=ZorgLub/edit", "zorg lub"),
        ("zorglub", "zorglub"),
        ("wiki=BazaR&id_fiche=ZorgLub", "zorg lub"),
        ("wiki=" + "Aa" * 90, ("aa " * 34)[:100].strip()),
        ("wiki=//exemple.bzh/", ""),
    ],
)
def test_an_address_of_the_old_script_that_leads_nowhere_is_a_404(client, query_string, words):
    for path in ("/wakka.php", "/index.php"):
        response = client.get(f"{path}?{query_string}")
        assert response.status_code == 404
        assert f'name="q" type="search" value="{words}">' in " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    "query_string",
    [
        "wiki=https://exemple.bzh/",
        "//exemple.bzh/?x",
        "id_fiche=//exemple.bzh",
        "PagePrincipale/https://exemple.bzh",
        "PagePrincipale&url=//exemple.bzh",
        NOM + "/https://exemple.bzh",
        NOM + "?//exemple.bzh",
        "%5C%5Cexemple.bzh",
    ],
)
def test_no_old_address_leads_out_of_the_site(client, berric, query_string):
    for path in ("/", "/wakka.php", "/index.php"):
        response = client.get(path, QUERY_STRING=query_string)
        assert response.status_code in (200, 301, 404)
        assert response.headers.get("Location", "/") in ("/", berric.get_absolute_url())


HOSTILE = ["%00", "Mon%00Titre", "wiki=%FF", "%ED%A0%80", "%%%", "Aa" * 5000, "MonTitre/" + "../" * 500]
HOSTILE += ["MonTitre%0d%0aSet-Cookie:x=1", "MonTitre&" + "a=b&" * 2000, "'OR1=1--", "<script>alert(1)</script>"]
HOSTILE += ["MonTitre/<script>", "wiki=É", "wiki=\u202e", "1" * 191, "=", "&&&", "wiki=wiki=MonTitre", "%20&%20"]
HOSTILE += ["id_fiche=%00&wiki=%00", "id_fiche=" + "%C3" * 300, "wiki=a&" * 700]


@pytest.mark.parametrize("path", ["/", "/wakka.php", "/index.php"])
def test_no_query_string_breaks_an_old_address(client, path):
    ProjetFactory()
    for query_string in HOSTILE:
        response = client.get(path, QUERY_STRING=query_string)
        assert response.status_code < 500, query_string
        assert "<script>alert" not in response.content.decode(), query_string
        assert "Set-Cookie" not in response.headers, query_string


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/projets/portail-famille-a-berric/", "portail famille a berric"),
        ("/initiatives/le_guichet.html", "le guichet"),
        ("/MiseEnPlaceDUnPortail", "mise en place d un portail"),
        ("/%C3%A9tat-civil", "état civil"),
        ("/%00/", ""),
        ("/<script>alert(1)</script>/", "script alert 1 script"),
    ],
)
def test_a_missing_page_offers_a_search_on_the_words_of_its_address(client, path, words):
    response = client.get(path)
    page = response.content.decode()
    assert response.status_code == 404
    assert f'action="{reverse("recherche:list")}"' in page
    assert f'name="q" type="search" value="{words}">' in " ".join(page.split())


def test_a_missing_page_costs_no_query_for_its_words(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/rien-ici/" + "mot-" * 1000)
