"""French typography of a plain text, of HTML, of a template; titles typed in capitals."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.template import engines
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from hypothesis import given
from hypothesis import strategies as st

from socle.francais.typographie import bas_de_casse, typographie, typographie_html, typographie_template
from socle.francais.wording import FINE, INSECABLE, jour_en_lettres
from tests.growth import in_line, repeated
from tests.sampling import mostly_long


def shown(text):
    """The two no-break blanks made visible: ~ for U+00A0, _ for U+202F."""
    assert "~" not in text
    return text.replace(INSECABLE, "~").replace(FINE, "_")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Objectif : ouvrir", "Objectif~: ouvrir"),
        ("Objectif: ouvrir", "Objectif~: ouvrir"),
        ("Quoi ? Bravo ! Oui ; non", "Quoi_? Bravo_! Oui_; non"),
        ("Quoi  ?!", "Quoi_?!"),
        ('Le "portail" et "l\'état civil".', "Le «~portail~» et «~l’état civil~»."),
        ('Un 24" et un mot seul"', 'Un 24" et un mot seul"'),
        ('avec « "état civil" »', "avec «~“état civil”~»"),
        ("L'accès d'ici, aujourd'hui, l'« école », l' eau", "L’accès d’ici, aujourd’hui, l’«~école~», l’ eau"),
        ("CA de Blois ''Agglopolys''", "CA de Blois «~Agglopolys~»"),
        ("etc... [...] Et...", "etc… […] Et…"),
        ("n° 3, N°3", "n°~3, N°~3"),
        ("20 000 €, 1 234 567,50 €, 15 k€, 20000€", "20_000~€, 1_234_567,50~€, 15~k€, 20000~€"),
        ("en 2024 100 000 €", "en 2024 100_000~€"),
    ],
)
def test_a_text_is_printed_as_french_is(typed, printed):
    assert shown(typographie(typed)) == printed


@pytest.mark.parametrize(
    "text",
    [
        "https://exemple.bzh/a?b=c;d!e:f'g",
        "anne.oneil@exemple.bzh",
        "rapport_v1.final.pdf",
        "`a ; b ? \"c\" : 'd'`",
        "Merci :) ;-) :D",
        "02 96 12 34 56",
        "200 067 932 00012",
        "des années 2019 2020 2021",
        "&nbsp; &#39;",
        "",
    ],
)
def test_what_is_no_french_sentence_stays_as_it_is(text):
    assert typographie(text) == text


# Properties

MARKS = [*":;!?%€«»\"'°.…()[]/&`<>", "...", "''", " ", "  ", "\n", INSECABLE, FINE, "n°", "\ue000", "\uf8ff"]
WORDS = [
    *("mot", "l", "Élan", "d", "9", "20", "000", "123", "2024", "k€"),
    "https://",
    "www.",
    "a@exemple.bzh",
    "x.pdf",
    ":)",
]
sentences = st.lists(st.sampled_from([*MARKS, *WORDS]) | st.text(max_size=3), max_size=30).map("".join)
addresses = st.from_regex(r"https?://[a-z]{1,8}\.(?:bzh|fr)(?:/[a-z;:!?'=&%]{0,8}[a-z0-9])?", fullmatch=True)


@given(sentences)
def test_twice_is_once(text):
    once = typographie(text)
    assert typographie(once) == once


@given(sentences)
def test_letters_and_digits_never_change(text):
    assert list(filter(str.isalnum, typographie(text))) == list(filter(str.isalnum, text))


@given(sentences, addresses, st.sampled_from(" \n(«"), st.sampled_from(" \n)»"))
def test_an_address_inside_never_changes(text, address, before, after):
    assert address in typographie(f"{text.replace('`', '')}{before}{address}{after}{text.replace('`', '')}")


@given(sentences)
def test_html_says_what_the_plain_text_says(text):
    if not re.search(r"&\S", text):  # an entity that somebody typed is none on the page
        assert unescape(typographie_html(escape(text))) == typographie(text)


@given(sentences, st.sampled_from(["<b>", '<a href="/?q=l\'eau ; vive">', "</b>", "<br>", "<!-- l'eau ? -->"]))
def test_tags_and_what_is_escaped_stay(text, tag):
    html = typographie_html(escape(text) + tag + escape(text))
    assert tag in html
    rest = html.replace(tag, "", 1)
    assert not re.search("[<>\"']", rest)


@mostly_long(
    "piece",
    [" ", '"', "'", " ''", "«", "« ", ": ", "1 000 ", "111 ", "a.", "a@", "...", "`", "&#", "n°", "<", "!"],
    one_in=4,
)
def test_long_texts_cost_no_more_than_their_length(piece):
    for write in (typographie, typographie_html):
        assert in_line(write, repeated(piece), 50_000)


# Filters


def render(source, **context):
    return engines["django"].from_string("{% load fiches %}" + source).render(context)


def test_a_plain_value_is_escaped_after_its_typography():
    assert shown(render("{{ x|fr }}", x="L'eau <b> : oui")) == "L’eau &lt;b&gt;~: oui"
    assert shown(render('<a title="{{ x|fr }}">', x='24" : oui')) == '<a title="24&quot;~: oui">'


def test_safe_html_keeps_its_tags():
    html = mark_safe('L&#x27;<mark>eau</mark> ? <a href="/?q=l\'eau ; vive">l\'eau !</a><code>a ; "b"</code>')
    found = render("{{ x|fr }}", x=html)
    expected = 'L’<mark>eau</mark>_? <a href="/?q=l\'eau ; vive">l’eau_!</a><code>a ; "b"</code>'
    assert shown(found) == expected
    assert isinstance(typographie_html(html), SafeString)


def test_dates_start_with_the_first():
    assert shown(jour_en_lettres(date(2024, 3, 1))) == "1er mars 2024"
    assert render("{{ x|jour }}", x=date(2024, 3, 2)) == "2 mars 2024"
    assert shown(render("{{ x|jour_et_heure }}", x=datetime(2024, 3, 1, 9, 5, tzinfo=UTC))) == "1er mars 2024 à 10~h~05"


# Templates


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("<p>{{ n }} : oui</p>", "<p>{{ n }}~: oui</p>"),
        ("<p>« {{ x }} » ?</p>", "<p>«~{{ x }}~»_?</p>"),
        ("{% if a == 'b ; c' %} : {% endif %}", "{% if a == 'b ; c' %}~: {% endif %}"),
        ("{# l'eau ? #}{{ x|default:'l\\'eau ?' }}", "{# l'eau ? #}{{ x|default:'l\\'eau ?' }}"),
        ("{% comment %} l'eau : x {% endcomment %}l'eau", "{% comment %} l'eau : x {% endcomment %}l’eau"),
        (
            "<a{% if a > b %} title=\"l'eau ?\"{% endif %} id='x'>",
            "<a{% if a > b %} title=\"l'eau ?\"{% endif %} id='x'>",
        ),
        ("<script>a ? b : 'c'</script><code>\"x\"</code>", "<script>a ? b : 'c'</script><code>\"x\"</code>"),
        ("<!-- l'eau ? --><p>&nbsp; &amp; ?", "<!-- l'eau ? --><p>&nbsp; &amp;_?"),
    ],
)
def test_only_the_words_of_a_template_change(source, read):
    assert shown(typographie_template(source)) == read


# Titles


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("BERRIC - PORTAIL FAMILLE", "Berric - Portail famille"),
        ("ACCUEIL DE L'ENFANT. UNE ÉTUDE", "Accueil de l'enfant. Une étude"),
        ("DÉMARCHE FRANCE RELANCE DU CCAS", "Démarche France Relance du CCAS"),
        ("MISE EN PLACE D’UNE GRC POUR LE SPEF (V2)", "Mise en place d’une GRC pour le SPEF (V2)"),
        ("PORTAIL FAMILLE pour tous les habitants de la ville", "PORTAIL FAMILLE pour tous les habitants de la ville"),
        ("LE PORTAIL DE SAINT-BRIEUC ET D’AURAY", "Le portail de Saint-Brieuc et d’Auray"),
        ("GRU, GED ET ARCHIVES DU SIECLE XIX", "GRU, GED et archives du siecle XIX"),
        ("NOTRE SERVICE EST WWW.EXEMPLE.BZH", "Notre service est www.exemple.bzh"),
        ("PLAN D ACTION, CATEGORIE D ET LETTRE L", "Plan d’action, categorie d et lettre l"),
        ("PORTAIL", "PORTAIL"),
        ("Portail famille", "Portail famille"),
        ("", ""),
    ],
)
def test_a_shouted_title_is_said(typed, printed):
    assert bas_de_casse(typed) == printed
    assert bas_de_casse(printed) == printed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("AUJOURD’HUI ASSOCIATION JEUNESSE", "Aujourd’hui Association Jeunesse"),
        ("FONDATION DE L ARMEE DU SALUT", "Fondation de l’Armee du Salut"),
        ("CENTRE SOCIAL L'ESCALE, SAINT-BRIEUC", "Centre Social l'Escale, Saint-Brieuc"),
        ("Salle GUY", "Salle GUY"),
    ],
)
def test_a_shouted_name_keeps_the_capitals_of_its_words(typed, printed):
    assert bas_de_casse(typed, noms=True) == printed
    assert bas_de_casse(printed, noms=True) == printed
