"""The glossary: A to Z, words without definition, pages."""

import re

import pytest

from fiches.glossaire.declaration import load_termes
from fiches.glossaire.models import Terme, lettre
from socle.annuaire.models import Entree
from socle.recherche.query import search
from tests.conftest import as_read
from tests.factories import ThemeFactory
from tests.factories.enquetes import EnqueteFactory
from tests.factories.glossaire import TermeFactory

pytestmark = pytest.mark.django_db


def html(client, address="/glossaire/", data=None):
    response = client.get(address, data or {})
    assert response.status_code == 200, address
    return as_read(response)


def words(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


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
        *(("e-administrative", "E"), ("Œuvre", "O"), ("« Tiers-lieu »", "T"), ("(Dé)matérialisation", "D")),
        *(("1er accueil", "#"), ("…", "#"), ("Ωméga", "#"), ("𝐁old", "B")),
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
    assert 'href="/glossaire/ville/"' in text
    (az,) = re.findall(r'<ul class="az">(.*?)</ul>', text)
    assert re.findall(r'<a href="#[\w-]+">(.)</a>', az) == ["A", "E", "O", "V", "#"]
    anchors = re.findall(r'<a href="#([\w-]+)">', text)
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(anchors) <= set(ids)


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


# File and page


def test_words_to_define_and_other_forms_are_found(three):
    for text, titre in (
        ("cyberbase", "Cyberbase"),
        ("capacitantes", "Capacitation"),
        ('"pouvoir d\'agir"', "Capacitation"),
    ):
        assert [terme.titre for terme in search(Terme.objects.published(), text)] == [titre]
        assert [entree.titre for entree in search(Entree.objects.published(), text)] == [titre]


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


# The desk


@pytest.mark.long
def test_demo_words_are_forty_with_their_other_forms():
    assert load_termes() == Terme.objects.published().count() == 40
    assert Terme.objects.filter(definition="").count() == 22
    terme = Terme.objects.get(titre="Aller vers")
    assert terme.variantes.split("\n") == ["aller-vers", "l’aller vers", "démarche d’aller vers"]
