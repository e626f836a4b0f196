"""What surveys pay: lines written and read back, amounts found in answers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiches.enquetes.bareme_reading import propositions
from fiches.enquetes.indemnites import Indemnite, LigneIllisible, Unite, joined, read, read_all, split, text_of

HEURE, BONS = "15 € de l’heure", "20 € en bons d’achat"


# A line


@pytest.mark.parametrize(
    ("ligne", "indemnite"),
    [
        ("15 € de l’heure ; élus ; réunion", Indemnite(Decimal(15), Unite.HEURE, "élus", "réunion")),
        ("0,30 € du kilomètre ; ; trajets", Indemnite(Decimal("0.30"), Unite.KILOMETRE, "", "trajets")),
        ("1\u202f200 € par mois ; habitants", Indemnite(Decimal(1200), Unite.MOIS, "habitants")),
        ("frais réels", Indemnite(None, Unite.FRAIS_REELS)),
        ("montant non dit, à la séance", Indemnite(None, Unite.SEANCE)),
        ("50 €", Indemnite(Decimal(50))),
        ("12,5 de l'heure", Indemnite(Decimal("12.50"), Unite.HEURE)),
    ],
)
def test_a_line_says_how_much_to_whom_for_what(ligne, indemnite):
    assert read(ligne) == read(indemnite.ligne) == indemnite


@pytest.mark.parametrize(
    "ligne", ["beaucoup ; élus", "-5 € de l’heure", "0 € la séance", "100000 € par mois", "15 € par tête"]
)
def test_a_line_without_a_readable_amount_is_refused_and_keeps_its_words(ligne):
    with pytest.raises(LigneIllisible):
        read(ligne)
    (kept,) = read_all(ligne)
    assert kept.montant is None
    assert kept.qui == ligne.replace(";", ",")


WORDS = st.text(alphabet="abcé ;|'’1€\n", max_size=12)


@given(st.decimals("0.01", "99999.99", places=2) | st.none(), st.sampled_from(Unite), WORDS, WORDS)
def test_what_is_typed_in_a_row_comes_back(montant, unite, qui, pour_quoi):
    typed = "" if montant is None else str(montant)
    ligne = joined(typed, unite, qui, pour_quoi)
    if not ligne:
        return
    found = read(ligne)
    assert (found.montant, found.unite) == (montant, unite)
    assert (found.qui, found.pour_quoi) == split(ligne)[2:]
    assert read_all(text_of([found])) == [found]


# Amounts in answers


@pytest.mark.parametrize(
    ("texte", "lus"),
    [
        ("Nous versons 15 € de l’heure aux participants.", [HEURE]),
        ("80 euros la journée, 40€ la demi journée", ["80 € la journée", "40 € la demi-journée"]),
        ("12,50 €/h net", ["12,50 € de l’heure"]),
        ("De 10 à 15 € de l'heure selon le rôle", ["10 € de l’heure", HEURE]),
        ("Des bons d'achat de 20 € pour chacun", [BONS]),
        ("La rémunération s'est faite en tickets service de 20 €.", [BONS]),
        ("20 euros en chèques cadeaux", [BONS]),
        ("25 € d'indemnité par réunion", ["25 € la séance"]),
        ("20 € par personne et par atelier", ["20 € la séance"]),
        ("une indemnité forfaitaire de 40 € par jour", ["40 € la journée"]),
        ("un forfait de 1 200 € par mois", ["1 200 € par mois"]),
        ("Le repas est plafonné à 15 € ; 0,30 € du km.", ["0,30 € du kilomètre"]),
        ("repas plafonné à 15 €, taux horaire de 12 €", ["15 € par repas", "12 € de l’heure"]),
        ("remboursement des trajets au réel, frais réels sinon", ["frais réels"]),
        ("Salaire maintenu pour les salariés", ["salaire maintenu"]),
        ("15 € de l’heure. Oui, 15 euros par heure.", [HEURE]),  # once
        # Nothing to propose
        ("50€", []),
        ("3 jours de salaire plus les frais. Un budget total de 8000 €.", []),
        ("une enveloppe de 300 € par mois", []),
        ("300 € de repas pour 20 personnes", []),
        ("Pendant 3 heures, sans montant", []),
        ("7 000 € pour 3 mois", []),
        ("sur la base de la grille des élus", []),
    ],
)
def test_an_amount_beside_its_unit_is_proposed(texte, lus):
    assert [one.indemnite.combien for one in propositions([("forme", texte)])] == lus


PARTS = ["15", "€", "de l’heure", "bons d’achat de", "1 200", "au réel", "\n", ".", "à", "é", "entre"]


@given(st.lists(st.sampled_from(PARTS)))
def test_any_text_is_read_and_the_words_quoted_are_its_own(parts):
    texte = " ".join(parts)
    for one in propositions([("forme", texte)]):
        assert one.mots in " ".join(texte.split())
        assert read(one.indemnite.combien) == one.indemnite
