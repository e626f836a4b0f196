"""What counts as spam, and what never may."""

import pytest

from reprise.indesirable import Indesirables, Passage, find_unwanted


def spread(texte, *, enquetes=2, initiatives=2, libre=True):
    """The same text in records of two types, under various labels."""
    places = [("enquete", n, f"question {n}") for n in range(enquetes)]
    places += [("initiative", n, f"rubrique {n}") for n in range(initiatives)]
    return [Passage(texte, type_, fiche, champ, libre) for type_, fiche, champ in places]


@pytest.mark.parametrize("piece", ["VentePlus", "MegaCRM", "Mega CRM", "www.venteplus.com", "https://venteplus.io"])
def test_a_product_that_recurs_in_records_of_several_types_is_spam(piece):
    assert find_unwanted(spread(piece)).take_out(piece) == ("", piece)


@pytest.mark.parametrize(
    "word",
    [
        *("Education", "Non", "RAS", "Merci", "Bravo", "Nantes", "Commune", "Préfecture", "e-administrative"),
        *("Agence Grrr", "Askoria", "Ti Lab", "LabAccès", "MEL", "CRPA", "COPIL", "Awena Tanguy"),
        *("https://www.bretagne.bzh", "https://exemple.com/une/page", "20 000 €"),
    ],
)
def test_an_honest_word_that_recurs_stays(word):
    assert not find_unwanted(spread(word, enquetes=6, initiatives=6))


def test_a_name_seen_in_one_record_only_stays():
    assert not find_unwanted([Passage("VentePlus", "enquete", 1, champ) for champ in "abcdef"])


def test_the_name_of_an_organisation_stays():
    honest = [Passage("VentePlus", "exploration", 1, "Structure", libre=False)]
    assert find_unwanted(spread("VentePlus"))
    assert not find_unwanted(spread("VentePlus", enquetes=2, initiatives=1) + honest)


def test_a_name_people_speak_of_stays():
    spoken = [Passage("La mairie utilise VentePlus pour alerter les habitants.", "projet", 9, "Objectifs")]
    spoken += [Passage("Nous avons choisi l’application VentePlus", "projet", 8, "Objectifs")]
    assert not find_unwanted(spread("VentePlus") + spoken)


def test_a_choice_or_a_label_stays():
    assert not find_unwanted(spread("VentePlus", libre=False))
    assert not find_unwanted(spread("VentePlus"), labels=["VentePlus"])


def test_one_complaint_does_not_protect_a_name_that_recurs():
    complaint = [Passage("Le nom VentePlus revient partout, qui l’a mis ?", "terme", 1, "Définition")]
    assert find_unwanted(spread("VentePlus", enquetes=4, initiatives=4) + complaint).names == {"venteplus"}


def test_a_page_of_the_wiki_at_the_end_of_a_sentence_is_no_product():
    line = "Voir la page http://labacces.fr/?RecettePublique"
    assert not find_unwanted(spread(line, enquetes=5, initiatives=5))


@pytest.mark.parametrize(
    ("line", "kept", "piece"),
    [
        ("VentePlus", "", "VentePlus"),
        ("- VentePlus", "", "- VentePlus"),
        ("venteplus.", "", "venteplus."),
        ("Le bilan est bon. VentePlus", "Le bilan est bon.", "VentePlus"),
        ("Le bilan est bon.VentePlus", "Le bilan est bon.", "VentePlus"),
        ("Le bilan est bon VentePlus", "Le bilan est bon", "VentePlus"),
        ("Le bilan est bonVentePlus", "Le bilan est bon", "VentePlus"),
        ("Le bilan est bon. https://www.venteplus.com/essai", "Le bilan est bon.", "https://www.venteplus.com/essai"),
        ("www.venteplus.io", "", "www.venteplus.io"),
        ("Nous travaillons avec VentePlus", "Nous travaillons avec VentePlus", ""),
        ("VentePlus a fermé", "VentePlus a fermé", ""),
        ("Écrire à contact@venteplus.exemple.bzh", "Écrire à contact@venteplus.exemple.bzh", ""),
        ("https://exemple.bzh/?VentePlus", "https://exemple.bzh/?VentePlus", ""),
        ("Éventeplus", "Éventeplus", ""),
    ],
)
def test_a_known_name_is_cut_off_and_the_sentence_stays(line, kept, piece):
    assert Indesirables(["venteplus"]).take_out(line) == (kept, piece)


def test_without_a_name_nothing_is_taken_out():
    assert Indesirables().take_out("VentePlus") == ("VentePlus", "")
