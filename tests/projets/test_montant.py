"""Amounts as people typed them into the old site, read exactly or left to a person."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projets.montant import MAXIMUM, parse_montant, says_more
from socle.francais.nombres import parse_nombre

SURE = {
    "": None,
    "  ": None,
    "15 000 Euros": "15000",
    "88 093.00 €": "88093",
    "23 328 TTC": "23328",
    "7240€": "7240",
    "47 291 €": "47291",
    "18561": "18561",
    "1\u202f008\u00a0€": "1008",
    "1.008": "1008",
    "1,008 €": "1008",
    "12,5 €": "12.50",
    "12 k€": "12000",
    "1,5 M€": "1500000",
    "0": "0",
    "0,00 €": "0",
    "1'234.56 €": "1234.56",
    "15 000 € H.T.": "15000",
    "15 000 HT": "15000",
    "12000HT": "12000",
    "1,255 M€": "1255000",
    "2.345 k€": "2345",
    "1 255 k€": "1255000",
    "(15 000 euros TTC)": "15000",
    "€ 15 000": "15000",
    "15 000.": "15000",
    "999999999999.99": "999999999999.99",
}
DOUBTFUL = {
    "77 600 € sur dépense prévisionnelle subventionnable de 98 000 € HT": "77600",
    "environ 15 000 €": None,
    "15 000 € environ": "15000",
    "15 000 € dont 3 000 € de la région": "15000",
    "15 000 TTC (2 500 de TVA)": "15000",
    "12 k€ + 3 k€": "12000",
    "2021 : 12 000 €": None,
    "3 bornes à 1 000 €": None,
    "50 % de 12 000 €": None,
    "Subvention : 12 000 €": None,
    "15 000 – 20 000 €": None,
    "15 000 € sur deux ans": "15000",
    "400 00 €": None,
    "-15 €": None,
    "- 15 000": None,
    "quinze mille": None,
    "15 000 ou 20 000": None,
    "lot 2": None,
    "1e5": None,
    "10 000 000 000 000 €": None,
}


@pytest.mark.parametrize("text", SURE)
def test_one_figure_with_nothing_else_is_sure(text):
    expected = SURE[text]
    assert parse_montant(text) == (None if expected is None else Decimal(expected), False)


@pytest.mark.parametrize("text", DOUBTFUL)
def test_anything_more_is_looked_at_by_a_person(text):
    eur, doubt = parse_montant(text)
    assert doubt
    assert eur == (None if DOUBTFUL[text] is None else Decimal(DOUBTFUL[text]))


@given(st.text() | st.text("0123456789 .,'€kM-\u202f\u00a0eurTHC", max_size=20))
def test_no_text_is_an_error_and_no_amount_is_invented(text):
    eur, _ = parse_montant(text)
    if eur is not None:
        assert 0 <= eur <= MAXIMUM
        assert eur == eur.quantize(Decimal("0.01"))
        digits = "".join(char for char in text if char.isdigit() and char.isascii())
        shown = f"{eur:.2f}".replace(".", "").strip("0")
        assert shown in digits


AMOUNTS = st.decimals(0, MAXIMUM, places=2)


@given(AMOUNTS)
def test_what_the_export_writes_is_read_back(amount):
    assert parse_montant(f"{amount:.2f}") == (amount, False)
    assert parse_montant(f"{amount:.2f}".replace(".", ",")) == (amount, False)


@given(
    st.decimals(0, 999_999_999, places=2),
    st.sampled_from([" ", "\u202f", "\u00a0"]),
    st.sampled_from(["", " €", "€", " euros"]),
)
def test_french_spelling_is_read_by_the_filter_and_by_the_takeover(amount, blank, unit):
    text = f"{amount:,.2f}".replace(",", blank).replace(".", ",") + unit
    assert parse_nombre(text) == amount
    assert parse_montant(text) == (amount, False)


@given(st.text())
def test_the_filter_reads_an_amount_or_says_it_cannot(text):
    number = parse_nombre(text)
    assert number is None or number >= 0


@pytest.mark.parametrize(
    "text", ["", "0", "15 000 Euros", "88 093.00 €", "7240€", "12 k€", "1,5 M€", "(5 000 €)", "5000 eur."]
)
def test_an_amount_alone_says_no_more_than_its_euros(text):
    assert not says_more(text)


@pytest.mark.parametrize("text", [*DOUBTFUL, "23 328 TTC", "15 000 € (HT)", "(15 000 euros TTC)"])
def test_what_stands_beside_an_amount_says_more(text):
    assert says_more(text)
