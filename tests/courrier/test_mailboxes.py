"""What people type as an address, and what becomes of it."""

import pytest

from socle.courrier.mailboxes import AdresseInvalide, comparable, normalise
from socle.courrier.outbox import deposit
from socle.courrier.sending import send

LONGEST = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.ee.bzh"  # 254 signs, of which 64 before the @
TAKEN = {
    "awena@exemple.bzh": "awena@exemple.bzh",
    "  awena@exemple.bzh\n": "awena@exemple.bzh",
    "Awena.LeGoff@Exemple.BZH": "Awena.LeGoff@exemple.bzh",
    "awena+balise@exemple.bzh": "awena+balise@exemple.bzh",
    "awena+a+b@exemple.bzh": "awena+a+b@exemple.bzh",
    "+@exemple.bzh": "+@exemple.bzh",
    "o'brien@exemple.bzh": "o'brien@exemple.bzh",
    "=1+1@exemple.bzh": "=1+1@exemple.bzh",
    '"awena"@exemple.bzh': "awena@exemple.bzh",
    '"a\\wena"@exemple.bzh': "awena@exemple.bzh",
    "\u00a0awena@exemple.bzh\t\r\n": "awena@exemple.bzh",
    "a@sous.domaine.exemple.bzh": "a@sous.domaine.exemple.bzh",
    "awena@évènement.exemple.bzh": "awena@évènement.exemple.bzh",
    "awena@e\u0301ve\u0300nement.exemple.bzh": "awena@évènement.exemple.bzh",
    "awena@ÉVÈNEMENT.exemple.bzh": "awena@évènement.exemple.bzh",
    "awena@xn--vnement-2xah.exemple.bzh": "awena@xn--vnement-2xah.exemple.bzh",
    LONGEST: LONGEST,
}
REFUSED = {
    "": "incomplète",
    "awena": "incomplète",
    "@exemple.bzh": "incomplète",
    "awena@": "incomplète",
    "awena＠exemple.bzh": "incomplète",
    "awena@localhost": "un point",
    "awena@[IPv6:::1]": "un point",
    "awena@exemple。bzh": "un point",
    "awena@exemple": "un point",
    "éloïse@exemple.bzh": "accents",
    "ａwena@exemple.bzh": "accents",
    "awena le goff@exemple.bzh": "espaces",
    '"awena le goff"@exemple.bzh': "espaces",
    "awena @exemple.bzh": "espaces",
    "awena@ exemple.bzh": "espaces",
    "awena\u00a0@exemple.bzh": "espaces",
    "awena\t@exemple.bzh": "espaces",
    "awena@exemple.bzh (Awena)": "espaces",
    "awena@exemple.bzh yann@exemple.bzh": "espaces",
    "awena@exemple.bzh, yann@exemple.bzh": "espaces",
    "awena@exemple.bzh;yann@exemple.bzh": "pas valable",
    "awena@exemple.bzh,yann@exemple.bzh": "pas valable",
    "awena@exemple.bzh?cc=yann@exemple.bzh": "pas valable",
    "awena@yann@exemple.bzh": "pas valable",
    '"a@b"@exemple.bzh': "pas valable",
    '"a,b"@exemple.bzh': "pas valable",
    '"<b>"@exemple.bzh': "pas valable",
    '"\\"x\\""@exemple.bzh': "pas valable",
    '""@exemple.bzh': "pas valable",
    '"awena@exemple.bzh': "pas valable",
    "mailto:awena@exemple.bzh": "pas valable",
    "awena.@exemple.bzh": "pas valable",
    ".awena@exemple.bzh": "pas valable",
    "a..b@exemple.bzh": "pas valable",
    "awena@exemple.bzh.": "pas valable",
    "awena@.exemple.bzh": "pas valable",
    "awena@exemple_a.bzh": "pas valable",
    "awena@exemple.123": "pas valable",
    "awena@127.0.0.1": "pas valable",
    "awena@🦊.bzh": "pas valable",
    "{{7|add:7}}@exemple.bzh": "pas valable",
    "awena@@exemple.bzh": "pas valable",
    "awena@exemple..bzh": "pas valable",
    "awena@-exemple.bzh": "pas valable",
    "Awena <awena@exemple.bzh>": "espaces",
    "<awena@exemple.bzh>": "pas valable",
    "awena@exemple.bzh>": "pas valable",
    "awena@[127.0.0.1]": "pas valable",
    "awena@exemple.bzh\nBcc: autre@exemple.bzh": "espaces",
    "awena@exemple.bzh\r\nSubject: autre": "espaces",
    "awena@exemple.bzh\r\n\r\ncorps": "espaces",
    "awena@exemple.bzh\u2028Bcc:yann@exemple.bzh": "espaces",
    "awena@exemple.bzh%0aBcc:autre@exemple.bzh": "pas valable",
    "awena\x00@exemple.bzh": "espaces",
    "awena@exemple.bzh\x00": "espaces",
    "awena@exemple.bzh\u202e": "espaces",
    "awena@exa\u00admple.bzh": "espaces",
    "awena\u200b@exemple.bzh": "espaces",
    "awena\ud800@exemple.bzh": "espaces",
    f"{'a' * 65}@exemple.bzh": "trop longue",
    LONGEST.replace(".ee.", ".eee."): "trop longue",
    f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.bzh": "trop longue",
    f"a@{'é' * 60}.bzh": "pas valable",
}


@pytest.mark.parametrize(("typed", "kept"), TAKEN.items())
def test_an_address_is_kept_in_one_spelling(typed, kept):
    assert normalise(typed) == kept
    assert normalise(kept) == kept


@pytest.mark.parametrize(("typed", "words"), REFUSED.items())
def test_what_no_mail_can_go_to_is_refused_in_words(typed, words):
    with pytest.raises(AdresseInvalide) as refused:
        normalise(typed)
    assert words in refused.value.messages[0]


@pytest.mark.django_db
@pytest.mark.parametrize("kept", sorted(set(TAKEN.values())))
def test_what_is_taken_reaches_that_mailbox_and_no_other(serveur, kept):
    deposit("essai", kept, {}, objet="Essai")
    assert send().envoyes == 1
    ((message, recipients),) = serveur.recus
    local, _, domaine = kept.rpartition("@")
    assert recipients == [f"{local}@{domaine.encode('idna').decode()}"]
    assert message["Bcc"] is None


def test_spellings_of_one_mailbox_compare_equal():
    assert comparable("Awena+balise@Exemple.bzh") == comparable("awena@exemple.bzh")
    assert comparable("awena@exemple.bzh") != comparable("yann@exemple.bzh")
    assert comparable("+@exemple.bzh") == "+@exemple.bzh"
