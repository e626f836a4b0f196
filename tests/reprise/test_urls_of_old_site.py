"""Addresses of the old site, and what a page that does not exist answers."""

import random

import pytest
from django.urls import reverse

from reprise.models import AncienIdentifiant
from reprise.urls_of_old_site import assign, identifiant_yeswiki
from socle.annuaire.models import Entree, Statut
from tests.factories import ProjetFactory
from tests.reprise.rows import gone
from tests.sampling import mostly_long, sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def berric():
    projet = ProjetFactory(titre="BERRIC - Mise en place d'un Portail Familles", collectivite="BERRIC")
    assign([(projet.titre, projet.pk)])
    return projet


NOM = "BerricMiseEnPlaceDUnPortailFamilles"


@pytest.mark.parametrize(
    "address",
    [
        f"/?{NOM}",
        f"/?{NOM.lower()}/edit",
        f"/?{NOM.lower().replace('portail', 'Portail').replace('familles', 'Familles')}",
        f"/?utm_source=x&wiki={NOM}",
        f"/wakka.php?{NOM}",
        f"/wakka.php?wiki={NOM}/raw",
        f"/wakka.php?wiki=BazaR&vue=consulter&id_fiche={NOM}",
        f"/index.php?{NOM}",
        f"/index.php?lang=fr&wiki={NOM}/edit",
    ],
)
def test_an_old_address_leads_to_the_sheet(client, berric, address):
    response = client.get(address)
    assert response.status_code == 301
    assert response["Location"] == berric.get_absolute_url()


@pytest.mark.parametrize("query_string", [NOM, NOM.lower(), f"BazaR&id_fiche={NOM}", f"utm_source=x&a=b&{NOM}"])
def test_an_old_address_costs_one_query(client, berric, django_assert_num_queries, query_string):
    with django_assert_num_queries(1):
        client.get(f"/?{query_string}")


def test_of_several_names_the_record_that_was_asked_wins(client, berric):
    """A page of the old site showed the record that `id_fiche` named."""
    other = ProjetFactory(titre="Une autre fiche")
    assign([(berric.titre, berric.pk), (other.titre, other.pk)])
    assert client.get(f"/?UneAutreFiche&id_fiche={NOM}")["Location"] == berric.get_absolute_url()
    assert client.get(f"/?UneAutreFiche&{NOM}")["Location"] == other.get_absolute_url()
    assert client.get(f"/?PageInconnue&{NOM}")["Location"] == berric.get_absolute_url()


def test_it_leads_to_where_the_sheet_is_now(client, berric):
    berric.slug = "portail-de-berric"
    berric.save()
    assert client.get(f"/?{NOM}")["Location"] == "/projets/portail-de-berric/"


ACCENTS = ["Été", "Œuvre", "ça et là", "Noël", "déjà", "l'aïeul", "île d’Arz", "Cœur", "n° 3", "R.S.A.", "« guichet »"]
WORDS = ["accueil", "droits", "portail", "famille", "mairie", "cimetière", "numérique", "accès", "Côtes-d'Armor", "élu"]


@pytest.mark.long
def test_five_hundred_old_addresses_lead_where_they_should(client):
    """Titles with accents, long ones cut within a word, and one in five that is somebody else's too."""
    chance = random.Random(24)
    titres = []
    for number in range(500):
        if titres and number % 5 == 0:
            titres.append(chance.choice(titres).upper())
        else:
            titres.append(" ".join([*chance.sample(WORDS, chance.randint(2, 9)), chance.choice(ACCENTS), str(number)]))
    entrees = Entree.objects.bulk_create(
        Entree(type="projet", slug=f"fiche-{number}", titre=titre, statut=Statut.PUBLIEE)
        for number, titre in enumerate(titres)
    )
    assign((titre, entree.pk) for titre, entree in zip(titres, entrees, strict=True))
    expected, seen = {}, {}
    for titre, entree in zip(titres, entrees, strict=True):
        name = identifiant_yeswiki(titre)
        count = seen[name.lower()] = seen.get(name.lower(), 0) + 1
        expected[name if count == 1 else f"{name}{count}"] = entree.get_absolute_url()
    assert len(expected) == 500
    assert sum(count > 1 for count in seen.values()) > 40
    assert all(name.isascii() and name.isalnum() and len(name) < 60 for name in expected)
    asked = sample(expected.items(), one_in=5)
    wrong = {name: url for name, url in asked if client.get(f"/?{name}").headers.get("Location") != url}
    assert wrong == {}


def test_a_page_that_is_gone_says_so(client):
    gone("AncienneReunionDuGroupe")
    response = client.get("/?AncienneReunionDuGroupe")
    page = response.content.decode()
    assert response.status_code == 410
    assert "<h1>Cette page a été retirée</h1>" in page
    assert 'value="ancienne reunion du groupe"' in page


def test_so_does_the_page_of_a_retired_or_deleted_sheet(client, berric):
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


@pytest.mark.parametrize("name", ["Recette", "Recette/edit", "Sante", "Admin"])  # no page of ours is called so
def test_a_page_of_one_word_is_no_home(client, name):
    projet = ProjetFactory(titre="La recette d’un accueil")
    response = client.get(f"/?{name}")
    assert response.status_code == 404
    assert (projet.get_absolute_url() in response.content.decode()) == name.startswith("Recette")


def test_an_unknown_page_whose_words_find_nothing_is_a_plain_404(client):
    ProjetFactory()
    response = client.get("/?EtDeLa")
    assert response.status_code == 404
    assert "Peut-être cherchiez-vous" not in response.content.decode()


@mostly_long(
    "query_string",
    [
        "",
        "utm_source=lettre",
        "utm_source=MaLettre&utm_medium=Courriel",
        "utm_source=lettre&utm_medium=&utm_campaign=Rentree+2026&gclid=AbC-dEf_9",
        "fbclid=IwAR0AbCdEf",
        "page=2",
        "Bonjour=",
        "q=",
        "wiki=",
        "id_fiche=",
        "MonTitr%C3%A9",
        "mon_titre",
    ],
    one_in=3,
)
def test_home_is_home_and_asks_nothing_of_old_addresses(client, query_string, django_assert_num_queries):
    client.get("/")  # what a process holds of it
    with django_assert_num_queries(1):  # whether that is still so
        response = client.get(f"/?{query_string}")
    assert response.status_code == 200
    assert 'class="accueil' in response.content.decode() or "Par où entrer" in response.content.decode()


@pytest.mark.parametrize(
    "query_string",
    ["MaCampagne=&utm_source=x", "bonjour", "1719999999", "utm_source=x&MaCampagne", "utm_source=x&bonjour"],
)
def test_a_parameter_that_only_looks_like_a_page_is_home_for_one_query_more(
    client, query_string, django_assert_num_queries
):
    client.get("/")
    with django_assert_num_queries(2):
        assert client.get(f"/?{query_string}").status_code == 200


def test_a_thousand_words_cost_one_small_query(client, django_assert_num_queries):
    client.get("/")
    with django_assert_num_queries(2) as queries:
        assert client.get("/?" + "&".join(f"w{n}" for n in range(1000))).status_code == 200
    assert len(queries[0]["sql"]) < 1500


@pytest.mark.parametrize(
    "address",
    [
        "/?PagePrincipale",
        "/?pageprincipale",
        "/?PagePrincipale/edit",
        "/?utm_source=x&PagePrincipale",
        "/?wiki=PagePrincipale%20",
        "/wakka.php?wiki=PagePrincipale",
        "/wakka.php?lang=fr&wiki=pageprincipale",
        "/wakka.php",
        "/wakka.php?",
        "/index.php",
        "/index.php?utm_source=x",
        "/index.php?PagePrincipale",
    ],
)
def test_the_home_of_the_old_site_is_ours(client, address):
    response = client.get(address)
    assert response.status_code == 301
    assert response["Location"] == "/"


@pytest.mark.parametrize(
    ("query_string", "words"),
    [
        ("wiki=Page-Inconnue", "Page Inconnue"),
        ("wiki=%C3%89t%C3%A9", "Été"),
        ("wiki=Été", "Été"),
        ("wiki=ZorgLub%20", "zorg lub"),
        ("wiki=ZorgLub/edit", "zorg lub"),
        ("lang=fr&wiki=ZorgLub", "zorg lub"),
        ("wiki=zorglub", "zorglub"),
        ("ZorgLub", "zorg lub"),
        ("zorglub", "zorglub"),
        ("Page-Inconnue", "Page Inconnue"),
        ("wiki=BazaR&id_fiche=ZorgLub", "zorg lub"),
        ("wiki=" + "Aa" * 90, ("aa " * 34)[:100].strip()),
        ("wiki=", ""),
        ("a=b", ""),
        ("wiki=//exemple.bzh/", ""),
        ("&&", ""),
    ],
)
@pytest.mark.parametrize("path", ["/wakka.php", "/index.php"])
def test_an_address_of_the_old_script_that_leads_nowhere_is_a_404(client, path, query_string, words):
    response = client.get(f"{path}?{query_string}")
    if path == "/index.php" and query_string in ("wiki=", "a=b", "&&"):
        assert (response.status_code, response["Location"]) == (301, "/")  # as for `/`, parameters alone are home
        return
    assert response.status_code == 404
    assert f'name="q" type="search" value="{words}">' in " ".join(response.content.decode().split())


@mostly_long("path", ["/", "/wakka.php", "/index.php"], one_in=4)
@pytest.mark.parametrize(
    "query_string",
    [
        "wiki=https://exemple.bzh/",
        "wiki=//exemple.bzh",
        "https://exemple.bzh/",
        "//exemple.bzh/?x",
        "id_fiche=//exemple.bzh",
        "PagePrincipale/https://exemple.bzh",
        "PagePrincipale&url=//exemple.bzh",
        NOM + "/https://exemple.bzh",
        NOM + "?//exemple.bzh",
        "%5C%5Cexemple.bzh",
    ],
)
def test_no_old_address_leads_out_of_the_site(client, berric, path, query_string):
    response = client.get(path, QUERY_STRING=query_string)
    assert response.status_code in (200, 301, 404)
    assert response.headers.get("Location", "/") in ("/", berric.get_absolute_url())


HOSTILE = [
    "%00",
    "Mon%00Titre",
    "wiki=%00",
    "%FF%FE",
    "wiki=%FF",
    "%ED%A0%80",
    "%",
    "%%%",
    "Aa" * 5000,
    "wiki=" + "Aa" * 90,
    "MonTitre/" + "../" * 500,
    "MonTitre%0d%0aSet-Cookie:x=1",
    "MonTitre&" + "a=b&" * 2000,
    "'OR1=1--",
    "<script>alert(1)</script>",
    "MonTitre/<script>",
    "É" * 100,
    "wiki=É",
    "MonTitre\u202e",
    "1" * 191,
    "=",
    "?",
    "&&&",
    "wiki=wiki=MonTitre",
    "wiki",
    "wiki=%ED%A0%80",
    "wiki=\u202e",
    "id_fiche=%00&wiki=%00",
    "id_fiche=" + "%C3" * 300,
    "wiki=a&" * 700,
    "+",
    "%20&%20",
]


@mostly_long("query_string", HOSTILE, one_in=8)
@pytest.mark.parametrize("path", ["/", "/wakka.php", "/index.php"])
def test_no_query_string_breaks_an_old_address(client, path, query_string):
    ProjetFactory()
    response = client.get(path, QUERY_STRING=query_string)
    assert response.status_code < 500
    assert "<script>alert" not in response.content.decode()
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/projets/portail-famille-a-berric/", "portail famille a berric"),
        ("/initiatives/le_guichet.html", "le guichet"),
        ("/MiseEnPlaceDUnPortail", "mise en place d un portail"),
        ("/actions/RSA-en-Bretagne", "actions rsa en Bretagne"),
        ("/%C3%A9tat-civil", "état civil"),
        ("/Mobilit%C3%A9Solidaire", "MobilitéSolidaire"),
        ("/...", ""),
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


def test_every_search_box_leads_to_the_search_of_the_site(client):
    ProjetFactory()
    for path in (reverse("home"), reverse("projets:list"), "/rien-ici/"):
        assert 'action="/recherche/"' in client.get(path).content.decode()
