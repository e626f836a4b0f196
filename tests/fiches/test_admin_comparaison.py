"""Word by word: what two texts have in common."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiches.suivi.comparaison import ADDED, REMOVED, SAME, Difference, compare_texts, is_whole
from projets.models import Projet
from tests.growth import in_line

TEXTS = st.text(st.sampled_from("ab é’.-\n\r 漢"), max_size=60)


def pieces(before, after):
    return [(piece.kind, piece.text) for piece in compare_texts(before, after)]


def test_only_the_words_that_changed_are_marked():
    assert pieces("Un portail pour les familles", "Un portail pour toutes les familles") == [
        (SAME, "Un portail pour "),
        (ADDED, "toutes "),
        (SAME, "les familles"),
    ]
    assert pieces("le 3 mars", "le 4 mars") == [(SAME, "le "), (REMOVED, "3 "), (ADDED, "4 "), (SAME, "mars")]


@pytest.mark.parametrize(
    ("before", "after"), [("", ""), ("a", "a"), ("a\r\nb", "a\nb"), ("a  b", "a b"), ("a\nb", "a b")]
)
def test_blanks_are_no_change(before, after):
    assert {kind for kind, _ in pieces(before, after)} <= {SAME}


@given(TEXTS, TEXTS)
def test_what_is_the_same_and_what_is_added_make_the_new_text(before, after):
    found = compare_texts(before, after)
    unix = after.replace("\r\n", "\n").replace("\r", "\n")
    assert "".join(piece.text for piece in found if piece.kind != REMOVED) == unix
    assert all(piece.text for piece in found)
    assert all(one.kind != other.kind for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("made", "number"),
    [
        (lambda number: ("le mot " * number, "un mot " * number), 50_000),
        (lambda number: ("a b " * number, "b a c " * number), 10_000),
        (lambda number: ("a\nb\n" * number, "b\na\nc\n" * number), 10_000),
        (lambda number: [" ".join(map(str, row)) for row in (range(number), range(number, 0, -1))], 16_000),
    ],
)
def test_what_long_texts_have_in_common_is_not_looked_for_without_end(made, number):
    assert in_line(lambda texts: compare_texts(*texts), made, number)


@pytest.mark.parametrize(
    ("before", "after", "summary"),
    [
        ("un", "un deux trois", "2 mots ajoutés"),
        ("un deux", "un trois", "1 mot retiré, 1 mot ajouté"),
        ("un.", "un,", "ponctuation"),
        ("un  deux", "un deux", "espaces ou retours à la ligne seulement"),
    ],
)
def test_a_difference_is_summed_up_in_words(before, after, summary):
    assert Difference("objectifs", "objectifs", before, after).summary == summary


@pytest.mark.parametrize(
    ("before", "after", "summary", "pieces"),
    [
        ("6 736 €", "6 000 €", "remplacement", [(REMOVED, "6 736 €"), (ADDED, "6 000 €")]),
        ("", "6 000 €", "ajout", [(ADDED, "6 000 €")]),
        ("6 736 €", "", "retrait", [(REMOVED, "6 736 €")]),
    ],
)
def test_a_value_that_is_one_is_replaced_whole(before, after, summary, pieces):
    difference = Difference("montant_eur", "montant", before, after, whole=True)
    assert (difference.summary, [(piece.kind, piece.text) for piece in difference.pieces]) == (summary, pieces)


def test_an_amount_and_a_département_are_values_a_title_is_words():
    names = ("montant_eur", "departement", "statut", "titre", "objectifs", "themes")
    whole = [name for name in names if is_whole(Projet._meta.get_field(name))]
    assert whole == ["montant_eur", "departement", "statut", "themes"]
