"""What people type as an address, and what becomes of it."""

import pytest

from courrier.adresses import AdresseInvalide, comparable, normaliser

TAKEN = {
    "awena@exemple.bzh": "awena@exemple.bzh",
    "  awena@exemple.bzh\n": "awena@exemple.bzh",
    "Awena.LeGoff@Exemple.BZH": "Awena.LeGoff@exemple.bzh",
    "awena+balise@exemple.bzh": "awena+balise@exemple.bzh",
    "o'brien@exemple.bzh": "o'brien@exemple.bzh",
    "a@sous.domaine.exemple.bzh": "a@sous.domaine.exemple.bzh",
    "awena@évènement.exemple.bzh": "awena@évènement.exemple.bzh",
    "awena@e\u0301ve\u0300nement.exemple.bzh": "awena@évènement.exemple.bzh",
    "awena@xn--vnement-2xah.exemple.bzh": "awena@xn--vnement-2xah.exemple.bzh",
}
REFUSED = {
    "": "incomplète",
    "awena": "incomplète",
    "@exemple.bzh": "incomplète",
    "awena@": "incomplète",
    "awena@localhost": "un point",
    "awena@exemple": "un point",
    "éloïse@exemple.bzh": "accents",
    "awena le goff@exemple.bzh": "espaces",
    "awena@exemple.bzh, yann@exemple.bzh": "espaces",
    "awena@exemple.bzh;yann@exemple.bzh": "pas valable",
    "awena@@exemple.bzh": "pas valable",
    "awena@exemple..bzh": "pas valable",
    "awena@-exemple.bzh": "pas valable",
    "Awena <awena@exemple.bzh>": "espaces",
    "<awena@exemple.bzh>": "pas valable",
    "awena@[127.0.0.1]": "pas valable",
    "awena@exemple.bzh\nBcc: autre@exemple.bzh": "espaces",
    "awena@exemple.bzh\r\nSubject: autre": "espaces",
    "awena@exemple.bzh%0aBcc:autre@exemple.bzh": "pas valable",
    "awena\x00@exemple.bzh": "espaces",
    "awena\u200b@exemple.bzh": "espaces",
    "awena\ud800@exemple.bzh": "espaces",
    f"{'a' * 65}@exemple.bzh": "trop longue",
    f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.bzh": "trop longue",
    f"a@{'é' * 60}.bzh": "pas valable",
}


@pytest.mark.parametrize(("typed", "kept"), TAKEN.items())
def test_an_address_is_kept_in_one_spelling(typed, kept):
    assert normaliser(typed) == kept
    assert normaliser(kept) == kept


@pytest.mark.parametrize(("typed", "words"), REFUSED.items())
def test_what_no_mail_can_go_to_is_refused_in_words(typed, words):
    with pytest.raises(AdresseInvalide) as refused:
        normaliser(typed)
    assert words in refused.value.messages[0]


def test_spellings_of_one_mailbox_compare_equal():
    assert comparable("Awena+balise@Exemple.bzh") == comparable("awena@exemple.bzh")
    assert comparable("awena@exemple.bzh") != comparable("yann@exemple.bzh")
    assert comparable("+@exemple.bzh") == "+@exemple.bzh"
