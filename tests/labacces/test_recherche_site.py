"""The search of the whole site."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fiches import registre
from fiches.indexation import document
from fiches.initiatives.models import Initiative
from projets.models import Projet
from socle.annuaire.models import Entree, Statut, inscrire_fiches
from socle.recherche.index import index_many
from tests.conftest import as_read, csv_rows
from tests.factories import ProjetFactory, ThemeFactory, factory_of
from tests.factories.glossaire import TermeFactory
from tests.sampling import mostly_long, size

pytestmark = pytest.mark.django_db

QUERIES = 8  # besides one for each type on the page
InitiativeFactory = factory_of(Initiative)


def page(client, query_string=""):
    response = client.get(f"/recherche/?{query_string}")
    assert response.status_code == 200
    return as_read(response)


def titles(html):
    """Titles of the results, in order, without marks."""
    found = re.findall(r"<article.*?<h3><a [^>]*>(.*?)</a></h3>.*?</article>", html, re.DOTALL)
    return [re.sub(r"</?mark>", "", title) for title in found]


def bulk(model, size, **values):
    """Many public records, indexed, at the cost of a few queries."""
    cle = registre.for_model(model).cle
    entrees = Entree.objects.bulk_create(
        Entree(type=cle, slug=f"{cle}-{n}", titre=f"Cantine de midi {n}", tri=f"cantine {n}", statut=Statut.PUBLIEE)
        for n in range(size)
    )
    fiches = model.objects.bulk_create(
        model(entree=entree, titre=entree.titre, slug=entree.slug, statut=Statut.PUBLIEE, **values)
        for entree in entrees
    )
    index_many((fiche.pk, document(fiche)) for fiche in fiches)
    inscrire_fiches(fiche.pk for fiche in fiches)


def test_one_list_holds_the_records_of_all_types_the_best_first_and_quotes_their_text(client):
    ProjetFactory(titre="Autre chose")
    ProjetFactory(titre="BERRIC - Portail", collectivite="Berric", description="Les familles réservent <la> cantine.")
    InitiativeFactory(titre="La cantine solidaire", acteur="Association Ti-Bihan", ville="Auray")
    html = page(client, "q=cantines")
    assert titles(html) == ["La cantine solidaire", "Portail"]
    assert "2 fiches avec «\u00a0cantines\u00a0»" in html
    assert "<span>Projet, Berric, montant non renseigné</span>" in html
    assert "<span>Initiative, Association Ti-Bihan, Auray</span>" in html
    assert "Les familles réservent &lt;la&gt; <mark>cantine</mark>" in html


def test_drafts_are_nowhere(client):
    ProjetFactory(titre="Cantine secrète", draft=True)
    ProjetFactory(titre="Cantine retirée").change({"statut": Statut.RETIREE})
    assert titles(page(client, "q=cantine")) == []
    assert csv_rows(client.get("/recherche.csv")) == []


def test_type_is_a_facet_counted_under_the_search_and_zeros_stand_behind_a_line(client):
    ProjetFactory.create_batch(3, titre="Cantine")
    InitiativeFactory(titre="Cantine de midi")
    html = page(client, "q=midi")
    boxes = re.findall(r'<input type="checkbox" name="type" value="(\w+)"> ([^<]*)</label>', html)
    assert boxes == [("initiative", "Initiatives\u00a0·\u00a01"), ("projet", "Projets France Relance\u00a0·\u00a00")]
    assert html.index("Afficher le seul sans résultat") < html.index('value="projet"')
    html = page(client, "q=cantine&type=initiative")
    assert titles(html) == ["Cantine de midi"]
    assert "1 fiche avec «\u00a0cantine\u00a0», de type initiative" in html
    boxes = re.findall(r'name="type" value="(\w+)"[^>]*> [^<·]*·\u00a0(\d+)</label>', html)
    assert boxes == [("projet", "3"), ("initiative", "1")]
    assert '<input type="hidden" name="type" value="initiative">' in html  # kept by the box


def test_without_a_question_it_invites_and_shows_the_types(client):
    ProjetFactory.create_batch(2)
    html = page(client)
    assert "Écrivez un ou plusieurs mots" in html
    assert titles(html) == []
    assert '<a class="vaste" href="/projets/">Projets</a>' in html
    assert "<b>2</b>" in html
    assert 'href="/initiatives/">Initiatives</a></h3>' not in html  # nothing there yet
    html = page(client, "q=%22cantine+%3Cb%3E%22")
    assert 'id="q" name="q" type="search" value="&quot;cantine &lt;b&gt;&quot;"' in html
    assert '<meta name="robots" content="noindex, follow">' in html


def test_without_a_record_that_has_all_words_any_is_enough(client):
    ProjetFactory(titre="Cantine")
    ProjetFactory(titre="Portail")
    html = page(client, "q=cantine+portail")
    assert len(titles(html)) == 2
    assert "Aucune fiche ne contient tous ces mots" in html


# Nothing found


def mended(html):
    """The search that the page answers in place of the one typed, and the others that it proposes."""
    found = re.search(r"ne contient «\u00a0[^»]*». Voici ce que donne <strong>(.*?)</strong>(.*?)</p>", html)
    return [found[1], *re.findall(r'<a href="\?q=[^"&]*">([^<]*)</a>', found[2])] if found else []


@mostly_long(
    ("asked", "proposed"),
    [
        ("cimetierre", "cimetière"),
        ("cimtiere", "cimetière"),
        ("portial", "portail"),
        ("landernau", "landerneau"),
        ("numerisassion", "numérisation"),
        ("inclsuion", "inclusion"),  # a theme
        ("projte", "projet"),  # a type
        ("portial+familel", "portail famille"),
        ("portailfamille", "portail famille"),
        ("permanance", "permanence"),  # a word of the text
    ],
    one_in=3,
)
def test_nearest_words_that_do_occur_are_answered(client, asked, proposed):
    ProjetFactory(
        titre="LANDERNEAU - Numérisation du cimetière, portail famille",
        collectivite="Landerneau",
        description="Une permanence.",
        themes=[ThemeFactory(nom="Inclusion")],
    )
    html = page(client, f"q={asked}")
    assert mended(html) == [proposed]
    assert titles(html) == ["Numérisation du cimetière, portail famille"]
    assert f"1 fiche avec «\u00a0{proposed}\u00a0»" in html


def test_every_list_answers_the_nearest_words(client):
    ProjetFactory(titre="Portail famille")
    html = as_read(client.get("/projets/?q=portial"))
    assert mended(html) == ["portail"]
    assert "Portail famille" in html
    ProjetFactory(titre="Portail citoyen")
    html = page(client, "q=portail+familel")  # mended rather than left out
    assert (titles(html), mended(html)) == (["Portail famille"], ["portail famille"])
    for asked in ('"portial"', '"portial famille"', "portail -familel"):  # what is quoted or excluded is left
        assert mended(page(client, f"q={asked}")) == []
    assert titles(page(client, 'q="portial"')) == []


def test_nothing_is_answered_that_would_find_nothing(client):
    ThemeFactory(nom="Inclusion")  # no record has it
    ProjetFactory(titre="Portail brouillon secret", draft=True)
    gone = ProjetFactory(titre="Portail perdu")
    ProjetFactory(titre="Portail")
    assert mended(page(client, "q=pedru")) == ["perdu"]
    gone.change({"statut": Statut.RETIREE})
    ProjetFactory(titre="Autre")  # another word: as many as before, and more
    for asked in ("inclsuion", "secert", "pedru"):
        assert mended(page(client, f"q={asked}")) == [], asked


def test_records_of_one_département_are_one_list_whatever_their_type_and_found_by_its_code(client, places):
    here = ProjetFactory(titre="Cantine", departement_id="22")
    InitiativeFactory(titre="La cantine solidaire", departement_id="22")
    ProjetFactory(titre="Cantine de Brest", departement_id="29")
    ProjetFactory(titre="Le département", departement_id="29")
    InitiativeFactory(titre="Cantine sans lieu")
    html = page(client, "departement=22")
    assert set(titles(html)) == {"Cantine", "La cantine solidaire"}
    assert "2 fiches dans les Côtes-d’Armor" in html
    assert re.search(r"Côtes-d’Armor \(22\).*?2 fiches", page(client), re.DOTALL)
    assert titles(page(client, "q=solidaire&departement=22")) == ["La cantine solidaire"]
    found = csv_rows(client.get("/recherche.csv?departement=22"))
    assert [row["departement_code"] for row in found] == ["22", "22"]
    for words in ("22", "Departement+22", "Cotes d’Armor 22", "22 cantine", "cantine département 22"):
        assert "Cantine" in (shown := titles(page(client, f"q={words}"))), words
        assert not {"Cantine de Brest", "Le département"} & {*shown}, words
    here.departement_id = "29"
    here.save()
    assert titles(page(client, "departement=22")) == ["La cantine solidaire"]


# The file


def test_the_file_holds_the_whole_list(client, settings, places):
    settings.SITE_URL = "https://labacces.example.org"
    projet = ProjetFactory(titre="BERRIC - Cantine", collectivite="Berric", departement_id="56")
    InitiativeFactory.create_batch(13, titre="La cantine", acteur="Ti-Bihan")
    response = client.get("/recherche.csv?q=cantine")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "recherche-cantine-20" in response["Content-Disposition"]
    found = csv_rows(response)
    assert len(found) == 14
    said = {
        "identifiant": str(projet.pk),
        "type": "projet",
        "intitule": "Cantine",
        "departement_code": "56",
        "departement": "Morbihan",
        "provenance": "Berric",
        "publiee_le": timezone.localtime(projet.publiee_le).isoformat(),
        "modifiee_le": timezone.localtime(projet.modifiee_le).isoformat(),
        "url": f"https://labacces.example.org{projet.get_absolute_url()}",
        "licence": "",
    }
    assert said in found
    assert csv_rows(client.get("/recherche.csv?q=cantine&type=projet")) == [said]
    for query_string in ("type=inconnu", "q=%00", "typ=projet", "tri=couleur"):  # refused rather than another list
        assert client.get(f"/recherche.csv?{query_string}").status_code == 400


# What it costs


@pytest.mark.long
@pytest.mark.parametrize("size", [20, size(2000, one_in=10)])
def test_it_costs_the_same_whatever_the_size(client, size):
    bulk(Projet, size // 2)
    bulk(Initiative, size // 2)
    # Versions, words asked, the order of a short list, the page; without the records.
    for query_string, expected in [("", 2), ("q=cantine", 3), ("q=cantine+midi", 3), ("q=cantine&type=projet", 3)]:
        page(client, query_string)
        with CaptureQueriesContext(connection) as queries:
            html = page(client, query_string)
        shown = ("<span>Projet, montant" in html) + ("<span>Initiative</span>" in html)
        assert bool(shown) == bool(query_string)
        assert len(queries) == expected + shown


HOSTILE = [
    "q=%00",
    "q=" + "a" * 5000,
    "q=" + "a+" * 3000,
    "q=" + "%22a%22" * 200,
    "q=xyzw" + "é" * 900,
    "q=-portail",
    "q=AND+OR+NOT+NEAR(*:*",
    "q='%3B+DROP+TABLE+annuaire_entree--",
    "q=%FF%FE",
    "q=%ED%A0%80",
    "q=%F0%9F%98%80%E2%80%AE",
    "q=<script>alert(1)</script>",
    "q=a&q=b&q=c",
    "type=%00",
    "type=" + "a" * 5000,
    "type=projet&" * 500,
    "page=" + "9" * 30,
    "page=%00",
    "page=²",
    "tri=%00",
    "tri=-pk",
    "excel=%00",
    "a=" * 50,
    "%00=%00",
    "&&&",
]


@mostly_long("query_string", HOSTILE, one_in=4)
def test_no_query_string_breaks_the_search(client, query_string):
    ProjetFactory(titre="Portail famille")
    for path in ("/recherche/", "/recherche.csv"):
        response = client.get(path, QUERY_STRING=query_string)
        assert response.status_code < 500
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert b"<script>alert" not in body


def test_a_search_leads_to_the_list_of_each_type_that_answers_under_the_same_filters(client, places):
    ProjetFactory(titre="Portail des familles", departement_id="56")
    TermeFactory(titre="Portail")
    assert '"/projets/?q=portail"' in (html := page(client, "q=portail"))
    assert '"/glossaire/?q=portail"' in html
    html = page(client, "q=portail&departement=56&type=projet")
    assert '"/projets/?q=portail&amp;departement=56"' in html
    assert '"/glossaire/?' not in page(client, "q=portail&departement=56&type=terme"), "it knows no département"


def test_a_title_is_the_one_that_was_written_and_the_short_one_is_called_otherwise(client, read):
    written = "BERRIC - Cantine"
    pk = ProjetFactory(titre=written, collectivite="Berric", departement_id="56", commune_id=None).pk
    assert client.get("/api/v1/projets").json()["resultats"][0]["titre"] == written
    (found,) = client.get("/api/v1/recherche").json()["resultats"]
    assert (found["intitule"], "titre" in found) == ("Cantine", False)
    (line,) = csv_rows(client.get("/recherche.csv"))
    assert (line["intitule"], "titre" in line) == ("Cantine", False)
    assert client.get(f"/api/v1/recherche/{pk}").json()["intitule"] == "Cantine"
    for nom in ("intitule", "titre"):  # addresses of before name the other
        shown = read(f"/recherche/tableau/?departement=56&colonnes={nom}")
        assert next(cell.text for cell in shown.all("th", scope="col")).startswith("Titre")
        assert "Cantine" in shown.text
