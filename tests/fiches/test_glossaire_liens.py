"""Words of the glossary as links in the texts of other pages."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiches.glossaire.liens import Lexique, linker
from fiches.glossaire.models import Terme
from socle.francais.prose import prose
from tests.factories import ProjetFactory
from tests.factories.glossaire import TermeFactory
from tests.growth import in_line

DROIT = "/glossaire/droit-social/"


def lexique(*titres, variantes=""):
    return Lexique([Terme(titre=titre, slug=f"mot-{n}", variantes=variantes) for n, titre in enumerate(titres)])


def linked(text, *titres, variantes="", seen=()):
    """Words of `text` that are links, as written."""
    return [text[start:end] for start, end, _ in lexique(*titres, variantes=variantes).find(text, set(seen))]


@pytest.mark.parametrize(
    ("titre", "text", "expected"),
    [
        ("Non-recours", "Le non-recours, et des non recours.", ["non-recours"]),
        ("Droit social", "Les droits sociaux de chacun", ["droits sociaux"]),
        ("Accès aux droits", "L’accès à ces droits", ["accès à ces droits"]),
        ("Accès aux droits", "L’accès à ceux des droits", ["accès à ceux des droits"]),
        ("Accès aux droits", "Un accès. Aux droits, on préfère", []),
        ("CAF", "Un café, puis la CAF", ["CAF"]),
        ("CAF", "Un café et une caf", []),
        ("Aller vers", "Aller-vers est un métier", ["Aller-vers"]),
        ("Aller vers", "Aller à la mairie", []),
        ("Médiation (numérique)", "la médiation, la Médiation", ["médiation"]),
        ("Démarche d’aller vers", "ses démarches pour aller à Rennes, démarches afin d’aller", []),
        ("Démarche d’aller vers", "Des démarches d’aller-vers", ["démarches d’aller-vers"]),
        ("Recherche-action", "recherche des actions à mener", []),
        ("Non-recours", "dire non au recours amiable", []),
    ],
)
def test_a_word_is_found_as_people_write_it(titre, text, expected):
    assert linked(text, titre) == expected


def test_the_longest_word_wins_and_each_leads_once():
    text = "L’accès aux droits est un droit ; l’accès aux droits encore."
    assert linked(text, "Droit", "Accès aux droits") == ["accès aux droits", "droit"]


@given(st.text(), st.lists(st.text(min_size=1, max_size=20), max_size=5))
def test_no_text_is_changed_but_by_links(text, titres):
    known, seen = lexique(*titres), set()
    spans = known.find(text, seen)
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end, _ in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert len({adresse for *_, adresse in spans}) == len(spans)


# On pages


@pytest.mark.django_db
def test_a_sheet_links_the_first_occurrence_and_neither_titles_nor_addresses(read):
    TermeFactory(titre="Non-recours")
    fiche = ProjetFactory(
        titre="Contre le non-recours",
        description="Voir https://exemple.bzh/non-recours d’abord.\n\nLe non-recours recule.",
        objectifs="Réduire le non-recours.",
    )
    page = read(fiche.get_absolute_url())
    (found,) = page.all("a", class_="mot")
    assert (found.text, found["href"]) == ("non-recours", "/glossaire/non-recours/")
    assert not page.one("h1").all("a")
    assert 'href="https://exemple.bzh/non-recours"' in page.html


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"definition": ""}, {"draft": True}])
def test_a_word_without_a_public_definition_is_no_link(read, fields):
    TermeFactory(titre="Non-recours", **fields)
    fiche = ProjetFactory(description="Le non-recours.")
    assert not read(fiche.get_absolute_url()).all("a", class_="mot")


@pytest.mark.django_db
def test_a_definition_links_other_words_but_not_itself(read):
    TermeFactory(titre="Droit social", definition="Un droit.")
    terme = TermeFactory(titre="Non-recours", definition="Le non-recours à un droit social.")
    assert [a["href"] for a in read(terme.get_absolute_url()).all("a", class_="mot")] == [DROIT]


@pytest.mark.django_db
def test_a_changed_glossary_is_seen_at_once(read):
    fiche = ProjetFactory(description="Le guichet et le non-recours.")

    def words():
        return [a.text for a in read(fiche.get_absolute_url()).all("a", class_="mot")]

    assert words() == []
    terme = TermeFactory(titre="Guichet")
    assert words() == ["guichet"]
    terme.titre = "Non-recours"
    terme.save()
    assert words() == ["non-recours"]
    terme.delete()
    assert words() == []


@pytest.mark.django_db
def test_hostile_words_stay_words(read):
    TermeFactory(titre='<b onclick="x">guichet</b>')
    html = prose('Un <b onclick="x">guichet</b> & un "guichet"', linker("/"))
    assert not re.search(r"<b|onclick=\"", html)


@pytest.mark.long
@pytest.mark.django_db
def test_it_costs_one_query_and_no_more_than_the_length_of_the_text(django_assert_num_queries):
    for number in range(60):
        TermeFactory(titre=f"Mot{number} social", variantes=f"Autre{number}")
    linker("/")
    with django_assert_num_queries(1):
        words = linker("/")

    def sentences(number):
        return " ".join(f"Le mot{one} social et la vie des gens." for one in range(number))

    assert prose(sentences(300), words).count('class="mot"') == 60
    assert in_line(lambda text: prose(text, words), sentences, 1200)
