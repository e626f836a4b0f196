"""The glossary: A to Z, words without definition, file, page, search."""

import re

import pytest
from django.http import QueryDict

from fiches.glossaire.columns import TERME_COLUMNS
from fiches.glossaire.declaration import load_termes
from fiches.glossaire.filters import TermeFilterSet
from fiches.glossaire.models import Terme, lettre
from socle.annuaire.models import Entree
from socle.catalogue.selection import Selection
from socle.recherche.query import search
from tests.conftest import as_read, csv_rows
from tests.factories import ThemeFactory
from tests.factories.enquetes import EnqueteFactory
from tests.factories.glossaire import TermeFactory
from tests.sampling import mostly_long, size

pytestmark = pytest.mark.django_db


def select(query=""):
    return Selection(TermeFilterSet, QueryDict(query))


def html(client, address="/glossaire/", data=None):
    response = client.get(address, data or {})
    assert response.status_code == 200, address
    return as_read(response)


def words(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def rows(client, query=""):
    return csv_rows(client.get(f"/glossaire.csv{query}"))


def sections(text):
    """{letter: [word, …]} of the page."""
    found = {}
    for part in text.partition("</main>")[0].split('<h3 id="lettre-')[1:]:
        name, _, body = part.partition(">")[2].partition("</h3>")
        found[name] = [words(word) for word in re.findall(r'<li id="mot-[^"]*">\s*<a [^>]*>(.*?)</a>', body)]
    return found


# A to Z


@pytest.mark.parametrize(
    ("mot", "expected"),
    [
        *(("Aller vers", "A"), ("e-administrative", "E"), ("Écosystémique", "E"), ("écoute", "E"), ("Œuvre", "O")),
        *(
            ("Ça", "C"),
            ("« Tiers-lieu »", "T"),
            ("1er accueil", "#"),
            ("115", "#"),
            ("", "#"),
            ("…", "#"),
            ("Ωméga", "#"),
        ),
        *(("(Dé)matérialisation", "D"), ("𝐁old", "B")),
    ],
)
def test_a_word_stands_under_its_letter_without_accent(mot, expected):
    assert lettre(mot) == expected


def test_the_list_goes_from_a_to_z_then_digits(client):
    for mot in ("Écoute", "115", "ville", "e-administration", "Édile", "Aller vers", "Éa", "Œuvre"):
        TermeFactory(titre=mot)
    text = html(client)
    assert sections(text) == {
        "A": ["Aller vers"],
        "E": ["e-administration", "Éa", "Écoute", "Édile"],
        "O": ["Œuvre"],
        "V": ["ville"],
        "#": ["115"],
    }
    assert list(sections(text)) == ["A", "E", "O", "V", "#"]
    (az,) = re.findall(r'<ul class="az">(.*?)</ul>', text)
    assert re.findall(r'<a href="#[\w-]+">(.)</a>', az) == ["A", "E", "O", "V", "#"]
    anchors = re.findall(r'<a href="#([\w-]+)">', text)
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(anchors) <= set(ids)


def test_each_word_is_an_anchor_and_a_link_to_its_page(client):
    for mot in ("Navigation", "Contenu"):  # ids that the page has already
        TermeFactory(titre=mot)
    text = html(client)
    assert 'id="mot-navigation"' in text
    assert 'href="/glossaire/navigation/"' in text
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


@pytest.mark.long
def test_every_word_is_on_one_page(client):
    for number in range(60):
        TermeFactory(titre=f"Mot {number}", themes=[])
    text = html(client)
    assert sum(map(len, sections(text).values())) == 60
    assert "Page suivante" not in text


def test_an_empty_glossary_says_so(client):
    assert "pas encore de fiche" in html(client)


def test_a_search_stays_in_the_order_of_words_and_shows_why(client):
    TermeFactory(titre="Zone", definition="Zone, zone, zone de droits.")
    TermeFactory(titre="Accueil", definition="Un lieu, une zone.", references="Traité des droits, 1998.")
    TermeFactory(titre="Mobilité")
    for text in (html(client, "/glossaire/?q=zone"), html(client, "/glossaire/?q=droits")):
        assert sections(text) == {"A": ["Accueil"], "Z": ["Zone"]}
    assert "<mark>droits</mark>, 1998" in text
    assert [row["titre"] for row in rows(client, "?q=zone")] == ["Accueil", "Zone"]


def test_a_long_definition_is_cut_between_words(client):
    TermeFactory(definition="mot " * 200 + "fin")
    (shown,) = re.findall(r"</a>\s*<p>(.*?)</p>", html(client))
    assert len(shown) < 260
    assert shown.endswith("mot …")


# Words to define


@pytest.fixture
def three():
    TermeFactory(titre="Aller vers", definition="Rencontrer.", themes=[])
    TermeFactory(titre="Capacitation", definition="", variantes="capacitante\npouvoir d’agir", themes=[])
    TermeFactory(titre="Cyberbase", definition=" \n ", themes=[])
    TermeFactory(titre="Caché", definition="", draft=True)


def test_a_word_without_definition_is_a_word_like_others_with_its_mark(client, three):
    text = html(client)
    assert sections(text) == {"A": ["Aller vers"], "C": ["Capacitation", "Cyberbase"]}
    assert "3 termes</span>" in text
    assert "2 mots attendent leur définition" in words(text)
    assert "Aller vers Rencontrer. C Capacitation à définir Cyberbase à définir" in words(text.replace("</h3>", " "))
    page = html(client, "/glossaire/cyberbase/")
    assert '<span class="etiq a">À définir</span>' in page
    assert "Ce mot est à définir" in page
    assert "etiq a" not in html(client, "/glossaire/aller-vers/")


def test_a_link_shows_the_words_of_one_state_and_counts_them(read, three):
    def offered(address):
        links = [a for ul in read(address).all("ul", **{"aria-label": "Montrer"}) for a in ul.all("a")]
        return [(a.text, a["href"], "aria-current" in a.attributes) for a in links]

    assert offered("/glossaire/?q=introuvable") == []
    assert offered("/glossaire/") == [
        ("Tous, 3", "/glossaire/", True),
        ("Défini, 1", "/glossaire/?etat=defini", False),
        ("À définir, 2", "/glossaire/?etat=a-definir", False),
    ]
    assert [shown for *_, shown in offered("/glossaire/?etat=a-definir")] == [False, False, True]


def test_where_nothing_is_found_the_way_out_counts_what_its_list_holds(client, three):
    text = words(html(client, "/glossaire/?q=tierslieux"))
    assert "Aucune fiche ne répond à ce critère Essayez sans lui" in text
    assert "Sans le critère « tierslieux » : 3 termes" in text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("query", ["", "q=agir", "etat=defini", "etat=defini&etat=a-definir"])
def test_counts_are_what_lists_hold(three, query):
    for option in select(query).options("etat"):
        asked = QueryDict(query, mutable=True)
        asked.setlist("etat", [option.valeur])
        assert option.compte == select(asked.urlencode()).total


def test_states_are_counted_and_said(client, three):
    assert select().counts("etat") == {"defini": 1, "a-definir": 2}
    assert select("etat=a-definir").phrase() == "2 termes, à définir"
    assert select("etat=defini").phrase() == "1 terme, défini"
    for query, said in {
        "etat=a-definir": "2 termes, à définir",
        "etat=defini": "1 terme, défini",
        "q=capacitation": "1 terme avec « Capacitation »",
        "q=rencontrer": "1 terme avec « rencontrer »",
    }.items():
        heading = re.search(r'role="status">(.*?)<', html(client, f"/glossaire/?{query}"))[1]
        assert heading.replace("\u00a0", " ").lower() == said.lower()
    assert sections(html(client, "/glossaire/?etat=a-definir")) == {"C": ["Capacitation", "Cyberbase"]}
    assert {row["titre"]: row["etat"] for row in rows(client)} == {
        "Aller vers": "défini",
        "Capacitation": "à définir",
        "Cyberbase": "à définir",
    }


def test_words_to_define_and_other_forms_are_found(three):
    for text, titre in (
        ("cyberbase", "Cyberbase"),
        ("capacitantes", "Capacitation"),
        ('"pouvoir d\'agir"', "Capacitation"),
    ):
        assert [terme.titre for terme in search(Terme.objects.published(), text)] == [titre]
        assert [entree.titre for entree in search(Entree.objects.published(), text)] == [titre]


# Cost


@pytest.mark.long
@pytest.mark.parametrize("size", [2, size(40, one_in=4)])
def test_a_list_costs_the_same_whatever_its_size(client, django_assert_max_num_queries, size):
    theme = ThemeFactory()
    for number in range(size):
        TermeFactory(definition="" if number % 2 else "Un sens à trouver.", themes=[theme])
    with django_assert_max_num_queries(5):  # what changed, the list's sets, its order, words, the licence
        html(client)
    html(client, "/glossaire/?q=rien")  # what the words of a search may mean
    with django_assert_max_num_queries(5):  # what the words weigh, all or any
        html(client, "/glossaire/?q=sens+trouver&etat=defini")
    with django_assert_max_num_queries(3):  # which words, what they say, themes
        rows(client)


@pytest.mark.long
@pytest.mark.parametrize("size", [1, 12])
def test_a_page_costs_the_same_whatever_it_holds(client, django_assert_num_queries, size):
    terme = TermeFactory(titre="Médiation", variantes="\n".join(f"forme {n}" for n in range(size)))
    for _ in range(size):
        EnqueteFactory(freins="La médiation manque.", themes=[])
    html(client, terme.get_absolute_url())  # the process learns the glossary
    with django_assert_num_queries(7):  # word, themes, files, who reads, few uses or many, uses; the glossary
        html(client, terme.get_absolute_url())


# File and page


def test_the_file_tells_every_field(client):
    terme = TermeFactory(
        titre="Aller vers",
        variantes="aller-vers\n\n démarche d’aller vers ",
        definition="Sur deux\n\nparagraphes.",
        references="- Un livre\nÉcrit à x@exemple.bzh",
        themes=[ThemeFactory(nom="Mobilité")],
    )
    (row,) = rows(client)
    assert list(row) == [*(column.nom for column in TERME_COLUMNS), "licence"]
    assert row["variantes"] == "aller-vers | démarche d’aller vers"
    assert row["definition"] == "Sur deux\n\nparagraphes."
    assert row["references"] == "- Un livre\nÉcrit à x@exemple.bzh"
    assert (row["titre"], row["etat"], row["themes"]) == ("Aller vers", "défini", "Mobilité")
    assert row["url"].endswith(terme.get_absolute_url())


def test_a_page_tells_definition_references_and_other_forms(client):
    terme = TermeFactory(
        titre="Aller vers",
        variantes="aller-vers\ndémarche d’aller vers",
        definition="Un <b>sens</b>.\n\nUn autre.",
        references="- Un livre\n- https://www.exemple.bzh/etude",
        themes=[ThemeFactory(nom="Mobilité")],
    )
    text = html(client, terme.get_absolute_url())
    headings = re.findall(r'<h2 id="(?:definition|references)">.*?</h2>', text)
    assert [words(found) for found in headings] == ["Définition", "Références"]
    assert "<b>sens" not in text
    assert "<p>Un autre.</p>" in text
    assert '<a href="https://www.exemple.bzh/etude"' in text
    assert "Autres formes aller-vers, démarche d’aller vers" in words(text)
    assert "?theme=" not in text  # the glossary has no such filter


def test_a_page_leads_to_the_records_that_use_the_word(client):
    terme = TermeFactory(titre="Médiation numérique (métier)", variantes='le "médiateur" numérique', themes=[])
    EnqueteFactory(titre="Première", freins="Il manque une médiation numérique.", themes=[])
    EnqueteFactory(titre="Deuxième", freins="Les médiateurs numériques sont loin.", themes=[])
    EnqueteFactory(titre="Autre", freins="Le numérique, et une médiation.", themes=[])
    EnqueteFactory(titre="Cachée", freins="La médiation numérique.", draft=True)
    text = html(client, terme.get_absolute_url())
    section = text.partition("Fiches qui emploient ce mot</h2>")[2].partition("</ul>")[0]
    assert set(re.findall(r'<a href="[^"]+">(.*?)</a>', section)) == {"Première", "Deuxième"}


@mostly_long("mot", ["De la", "(sigle)", '""', "-", "Aller vers"], one_in=3)
def test_a_word_that_no_search_can_ask_has_a_page(client, mot):
    EnqueteFactory(freins="De la patience, puis aller ailleurs.", themes=[])
    text = html(client, TermeFactory(titre=mot, themes=[]).get_absolute_url())
    assert "Fiches qui emploient" not in text


# The desk


def test_the_desk_lists_words_to_define(client, anne, three):
    response = client.get("/admin/glossaire/terme/?etat=a-definir")
    assert {terme.titre for terme in response.context["cl"].result_list} == {"Capacitation", "Cyberbase", "Caché"}
    response = client.get("/admin/glossaire/terme/?etat=defini")
    assert [terme.titre for terme in response.context["cl"].result_list] == ["Aller vers"]
    assert client.get(f"/admin/glossaire/terme/{Terme.objects.first().pk}/history/").status_code == 200
    response = client.get("/admin/glossaire/terme/add/")
    names = [field for fieldset in response.context["adminform"] for line in fieldset for field in line.fields]
    assert names[:4] == ["titre", "definition", "variantes", "references"]
    assert "Mot\u00a0:" in response.content.decode()


@pytest.mark.long
def test_demo_words_are_forty_with_their_other_forms():
    assert load_termes() == Terme.objects.published().count() == 40
    assert Terme.objects.filter(definition="").count() == 22
    terme = Terme.objects.get(titre="Aller vers")
    assert terme.variantes.split("\n") == ["aller-vers", "l’aller vers", "démarche d’aller vers"]
