"""The analyser, and the extracts made with it. No database."""

import pytest

from socle.francais.texte import fold
from socle.recherche.analyse import STOP_WORDS, compounds, stems
from socle.recherche.extraits import highlight, snippet
from socle.recherche.index import SEPARATOR
from socle.recherche.parsing import parse
from tests.growth import in_line, repeated


@pytest.mark.parametrize(
    "forms",
    [
        "droit droits DROITS",
        "oeuvre œuvre œuvres ŒUVRES",
        "logement logements l'logement d’logement",
        "dématérialisation dématérialisé dématérialisée dématérialisées dematerialiser",
        "élu élus élue élues elu",
        "médiateur médiateurs médiatrice médiatrices",
        "social sociale sociaux sociales",
        "travail travaux",
        "handicap handicapé handicapées",
        "RSA rsa R.S.A. r.s.a",
        "aujourd'hui aujourd’hui Aujourd'hui",
        "prud'homme prud’hommes",
        "1er 1ᵉʳ",
        "usager usager·ère usager·ère·s usager.e.s usagers",
        "médiateur médiateur·rice médiateur.trice.s médiateurs·trices médiatrice",
        "conseiller conseillère conseiller·ère·s conseillères",
        "professeur professeure professeur·e·s",
        "excédé excédé-es excédée",
    ],
)
def test_forms_of_a_word_have_one_stem(forms):
    assert len({tuple(stems(form)) for form in forms.split()}) == 1
    assert len(stems(forms)) == len(forms.split())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("médiation", "méditation"),
        ("mise", "misère"),
        ("payé", "pays"),
        ("café", "CAF"),
        ("logement", "logiciel"),
        ("Ω", "O"),
    ],
)
def test_different_words_have_different_stems(one, other):
    assert stems(one) != stems(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("état-civil", ["etat", "civil"]),
        ("e-administration", ["e", "administr"]),
        ("15\u202f000 15.000 15000", ["zz15000"] * 3),
        ("12abc 1e5x", ["zz12abc", "zz1e5x"]),
        ("λ 漢", ["u3bb", "u6f22"]),
        ("sans-abri", ["san", "abri"]),
        ("jusqu’à ce qu’il l’ait", []),
        ("😀 \0 \ud800 « ' » -", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_stems(text, expected):
    assert stems(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("un espace de co-working", "coworking"),
        ("des e-services", "eservice"),
    ],
)
def test_a_word_with_hyphens_is_also_one_word(text, expected):
    assert stems(expected)[0] in compounds(text)


def test_a_word_that_goes_on_for_pages_costs_no_more_than_its_length():
    assert compounds("a" * 100_000) == []
    assert in_line(compounds, repeated("a"), 100_000)


def test_stop_words_are_written_as_folded_words():
    assert all(fold(word) == word and stems(word) == [] for word in STOP_WORDS)
    assert stems(SEPARATOR) == []


def test_a_title_shows_the_words_that_were_searched():
    assert highlight("L’accès aux <droits> & le R.S.A.", parse("droit rsa")) == (
        "L’accès aux &lt;<mark>droits</mark>&gt; &amp; le <mark>R.S.A</mark>."
    )
    assert highlight("Accès aux droits", parse('"accès aux droits" -cimetière')) == "<mark>Accès aux droits</mark>"
    assert (
        highlight("Accès aux droits", parse("-droits"))
        == highlight("Accès aux droits", parse(""))
        == "Accès aux droits"
    )
    assert highlight("Accès", parse("acces")) == "<mark>Accès</mark>"


def test_an_extract_shows_where_most_of_the_words_stand():
    text = "Le portail ouvre. " + "Rien à voir ici. " * 30 + "Un portail pour les familles. " + "Suite du texte. " * 30
    html = snippet(text, parse("portail famille"), 80)
    assert "Un <mark>portail pour les familles</mark>." in html
    assert html.startswith("… ")
    assert html.endswith(" …")


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Des actes d’état-civil", "etat civil", "Des actes d’<mark>état-civil</mark>"),
        ("Des droits, un accès", "accès droits", "Des <mark>droits</mark>, un <mark>accès</mark>"),
        ("accès à l’emploi", "accès emploi", "<mark>accès à l’emploi</mark>"),
        ("accès rapide aux droits", "accès droits", "<mark>accès</mark> rapide aux <mark>droits</mark>"),
        ("droits - accès", "accès droits", "<mark>droits</mark> - <mark>accès</mark>"),
    ],
)
def test_a_mark_is_whole_and_every_word_has_it(text, query, marked):
    assert snippet(text, parse(query)) == highlight(text, parse(query)) == marked


def test_an_extract_without_a_wanted_word_is_the_beginning():
    text = "\n Un début\n\n- de texte " + "assez long " * 50
    for query in ("", None, "introuvable", "-début"):
        assert snippet(text, parse(query), 30) == "Un début - de texte assez …"
    assert snippet("Court.", parse("introuvable")) == "Court."
    assert snippet("", parse("portail")) == ""
