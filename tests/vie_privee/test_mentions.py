"""What the finder of mentions sees in texts, and what it ignores. Persons are invented."""

import time
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.vie_privee.mentions import Genre, any_in, find, mask
from tests.ecrits import ADRESSE_MASQUEE, TELEPHONE_MASQUE

SAID = tomllib.loads((Path(__file__).parent / "mentions.toml").read_text())
TEXTES, HONNETES, CIVILITES = SAID["textes"], [one["texte"] for one in SAID["honnetes"]], SAID["civilites"]


def places(text: str, words: str) -> list[range]:
    """Where words stand in a text, without a civilité before them, which may stay."""
    found, start = [], text.find(words)
    for civilite in sorted(CIVILITES, key=len, reverse=True):
        if words.lower().startswith((f"{civilite.lower()} ", f"{civilite.lower()}\u00a0")):
            skipped = len(civilite) + 1
            break
    else:
        skipped = 0
    while start >= 0:
        found.append(range(start + skipped, start + len(words)))
        start = text.find(words, start + 1)
    return found


def mentions(one: dict) -> list:
    return find(one["texte"], contacts=one.get("contacts", ()), auteur=one.get("auteur", ""))


def seen(one: dict) -> set[int]:
    return {place for mention in mentions(one) for place in range(mention.start, mention.end)}


@pytest.mark.parametrize("one", TEXTES, ids=range(1, len(TEXTES) + 1))
def test_what_a_careful_reader_would_mark_is_marked(one):
    text, marked = one["texte"], seen(one)
    missed = [
        (genre, words)
        for genre, words in one["attendus"]
        for place in places(text, words)
        if not {at for at in place if text[at].isalnum()} <= marked
    ]
    assert missed == []


@pytest.mark.parametrize("text", HONNETES, ids=range(1, len(HONNETES) + 1))
def test_amounts_numbers_of_companies_dates_and_laws_are_nobody(text):
    assert [mention.mots for mention in find(text)] == []


def test_nothing_else_is_marked_in_these_texts():
    def listed(one):
        return {at for _, words in one["attendus"] for place in places(one["texte"], words) for at in place}

    odd = [
        mention.mots
        for one in TEXTES
        for mention in mentions(one)
        if listed(one).isdisjoint(range(mention.start, mention.end))
    ]
    assert odd == []


SEPARATORS = ["", " ", ".", "-", "/", "\u00a0", "\u202f", " - ", "_"]


@given(
    digits=st.from_regex(r"[1-79][0-9]{8}", fullmatch=True),
    separator=st.sampled_from(SEPARATORS),
    prefix=st.sampled_from(["0", "+33", "+33 ", "0033", "+33 (0)", "(+33)", "(0)"]),
    before=st.sampled_from(
        ["", "Tél : ", "joindre Mme Riou au ", "tel", "le 01/02/2023, ", "45 € ; ", "(", "réf. 12, "]
    ),
    after=st.sampled_from(["", ".", " ou plus tard", ", poste 12", " le 12/03/2024", ")", "\nNon", " – 20 places"]),
)
def test_a_telephone_number_is_seen_however_it_is_written(digits, separator, prefix, before, after):
    pairs = [digits[0], *(digits[place : place + 2] for place in range(1, 9, 2))]
    number = prefix + separator.join(pairs)
    text = before + number + after
    found = [one for one in find(text) if one.genre == Genre.TELEPHONE]
    assert [one.cle for one in found] == [digits]
    assert text[found[0].start : found[0].end].count(digits[0])


@pytest.mark.parametrize(
    "text",
    [
        "Maison de l’emploi : 02 96 98 01 23",
        "Pôle emploi\n02 96 98 01 23",
        "la loi : 02 96 98 01 23",
        "SIREN\n0296980123",
        "02:96:98:01:23",
        "02 ; 96 ; 98 ; 01 ; 23",
        "| 02|96|98|01|23 |",
        "+33:2:96:98:01:23",
        "02\u200b96\u200b98\u200b01\u200b23",
        "０２ ９６ ９８ ０１ ２３",
        "02    96    98    01    23",
        "02 96 98 01 23 habitants de Dinan appellent",
        "tel02;96;98;01;23",
    ],
)
def test_a_number_is_seen_whatever_stands_beside_or_in_it_and_can_be_masked(text):
    (found,) = find(text)
    assert (found.genre, found.cle) == (Genre.TELEPHONE, "296980123")
    masked = mask(text, [found.mots]).texte
    assert masked == text[: found.start] + TELEPHONE_MASQUE + text[found.end :]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Anne (06 39 98 77 02). Ou (+33 6 39 98 77 03).", "Anne ([numéro masqué]). Ou ([numéro masqué])."),
        ("Ou ((0)2 96 98 01 23), ou (+33 (0)2 96 98 01 23)", "Ou ([numéro masqué]), ou ([numéro masqué])"),
        ("Ou (+33:2:96:98:01:23) ou (+33;2;96;98;01;23)", "Ou ([numéro masqué]) ou ([numéro masqué])"),
        ("Ou (+33) 6 39 98 77 02 ou (0)2 96 98 01 23", "Ou [numéro masqué] ou [numéro masqué]"),
    ],
)
def test_a_bracket_is_masked_with_its_other_or_not_at_all(text, masked):
    found = find(text)
    assert len(found) == 2
    assert not any(one.mots.count("(") - one.mots.count(")") for one in found)
    assert mask(text, [one.mots for one in found]).texte == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("(06 39 98 77 02), ((0)6 39 98 77 02)", "([numéro masqué]), ([numéro masqué])"),
        ("(+33) 6 39 98 77 02 ou (0)6 39 98 77 02", "[numéro masqué] ou [numéro masqué]"),
        ("Riou Anne, Mme Riou, A. Riou ; Mme Le Riou", "[nom masqué], Mme [nom masqué], [nom masqué] ; Mme Le Riou"),
        ("rue Riou, puis Anne et Riouval", "rue Riou, puis Anne et Riouval"),
        ("ANNE@exemple.bzh", "[adresse masquée]"),
    ],
)
def test_words_are_masked_however_the_text_writes_them_and_nothing_else(text, masked):
    found = mask(text, ["06 39 98 77 02", "Anne  Riou", "anne@exemple.bzh"])
    assert found.texte == masked
    assert mask(found.texte, found.retires) == (found.texte, [])


@pytest.mark.parametrize(
    "written",
    [
        "jeanne (chez) exemple.bzh",
        "jeanne chez exemple point fr",
        "jeanne@\nexemple.bzh",
        "jeanne.q@",
        "jeanne(a)exemple.bzh",
        "jeanne [à] exemple.bzh",
        "jeanne @ exemple . bzh",
        "jeanne(à)exemple(point)bzh",
    ],
)
def test_an_address_is_seen_however_it_is_written_and_can_be_masked(written):
    text = f"Écrire à : {written} (le mardi)"
    (found,) = find(text)
    assert (found.genre, text[found.start : found.end]) == (Genre.COURRIEL, written)
    assert mask(text, [found.mots]).texte == f"Écrire à : {ADRESSE_MASQUEE} (le mardi)"


@pytest.mark.parametrize(
    "text",
    [
        "Deux voies : (a) simple, de bon sens ; (à) discuter. Com de rue.",
        "Trois ateliers @ Médiathèque. De 14 h à 16 h, @ Salle, de 9 h à midi.",
    ],
)
def test_lists_and_places_are_no_address(text):
    assert find(text) == []


def test_a_number_in_a_link_is_seen_and_what_is_none_is_not():
    links = ["wa.me/33639980123", "api.whatsapp.com/send?phone=33639980123", "exemple.bzh/?tel=0639980123"]
    for link in [*(f"https://{link}" for link in links), "tel:+33639980123", "sms:06-39-98-01-23"]:
        assert [one.cle for one in find(link)] == ["639980123"], link
    plain = [
        "www.letelegramme.fr/finistere/brest/25-02-2019-12215841.php",
        "www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000033219357",
        "doi.org/10.1234/regar.046.0021",
        "www.openstreetmap.org/?mlat=48.117266&mlon=-1.6777926#map=17/48.11727/-1.67779",
        "exemple.bzh/IMG/pdf/06_2021_bilan.pdf",
        "www.insee.fr/fr/statistiques/2011101?geo=COM-35238",
        "annuaire-entreprises.data.gouv.fr/entreprise/213502388",
        "www.youtube.com/watch?v=a0612345_Zk",
    ]
    for link in plain:
        assert find(f"https://{link}") == [], link


@pytest.mark.parametrize(
    "text",
    [
        "Ouvert 09:30:12 ou 09:30-12:00/14:00-17:30.",
        "Les 02, 05, 09, 12, 16 juin, fiches 01 ; 02 ; 03 ; 04 ; 05.",
        "Loi no 0296980123, décret n° 0296980123, version 0296980123",
        "0296980123 habitants",
    ],
)
def test_hours_days_and_ranks_are_no_number(text):
    assert find(text) == []


@given(st.text(), st.text(max_size=20), st.text(max_size=20))
def test_mentions_stand_in_order_none_in_another_whatever_the_text(text, contact, auteur):
    found = find(text, contacts=[contact], auteur=auteur)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("words", "text", "there"),
    [
        ("06 39 98 01 23", "au +33639980123", True),
        ("06 39 98 01 23", "au 06 39 98 01 24", False),
        ("Mme Le Dantec", "Madame LE DANTEC reçoit", True),
        ("Mme Riou", "Mme Rioual", False),
        ("a@exemple.bzh", "A@Exemple.bzh", True),
    ],
)
def test_words_are_known_again_in_another_spelling(words, text, there):
    assert any_in([words], text) is there


PIECES = [*"a @0\n'", "06 ", "M. A ", "Mme de ", "12 rue ", "a (point) ", "a@b.", "1-", "agent-", "d’"]


@pytest.mark.long
@pytest.mark.parametrize("before", ["", "Mme la responsable "])
def test_a_long_text_costs_little(before):
    for piece in PIECES:
        text = before + piece * (50_000 // len(piece))
        start = time.process_time()
        find(text, contacts=["Anne Le Goff"], auteur="LE GOFF Erwan")
        assert time.process_time() - start < 3, piece  # 0.35 s at worst on the machine of the measurement


@pytest.mark.parametrize("piece", ["des ", "de la ", "d’", "du d’"])
def test_words_that_may_be_read_in_two_ways_cost_no_more(piece):
    """Thirty of them took 6 s, and each one more a half more."""
    start = time.process_time()
    find("Mme la responsable " + piece * 30 + "1")
    assert time.process_time() - start < 1
