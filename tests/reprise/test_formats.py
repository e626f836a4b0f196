"""One wiki as JSON and as text: the same records, except for what each format lacks."""

from functools import cache

import pytest

from reprise.formulaires import declared
from reprise.sources import Piece, format_of, read_pieces
from tests.reprise.yeswiki import ecriture
from tests.reprise.yeswiki.site import fabriquer
from tests.sampling import mostly_long

SITE = fabriquer()


def api(**options):
    answers = ecriture.reponses(SITE, **options)
    return [Piece(path, data) for path, data in answers.items() if "api/forms" in path or "lists" in path]


SOURCES = {
    "json": api,
    "json_redacteur": lambda: api(courriels=True),
    "json_un_fichier": lambda: [Piece("tout.json", ecriture.en_un_fichier(SITE))],
    "texte": lambda: [Piece("texte.txt", ecriture.en_texte(SITE))],
}


@cache
def read(name):
    return read_pieces(SOURCES[name](), declared())


def records(lecture):
    """{(type, title or person): [{label: text}]}; file names as pages show them."""
    found = {}
    for fiche in lecture.fiches:
        held = {label: champ.texte for label, champ in fiche.champs.items() if champ.texte}
        name = fiche.titre or f"{held['Prénom']} {held['NOM']}"
        found.setdefault((fiche.type, name), []).append(held)
    return {key: sorted(rows, key=str) for key, rows in found.items()}


def differences(one, other):
    """{(type, label)} where two readings differ."""
    ours, theirs = records(read(one)), records(read(other))
    assert ours.keys() == theirs.keys()
    return {
        (key[0], label)
        for key in ours
        for held, said in zip(ours[key], theirs[key], strict=True)
        for label in held.keys() | said.keys()
        if held.get(label) != said.get(label)
    }


# Blank for whoever may not read addresses: nobody logged in to the API.
COURRIELS = {("enquete", "Courriel / Mail de contact"), ("inscription", "Courriel")}
MOTS = {("initiative", "Mots libres")}  # the text does not print them
# Without records of the other form, keys of linked records stay keys.
LIENS = {("initiative", "Enquête liée"), ("initiative", "Termes liés")}
EXPECTED = {
    "json_un_fichier": set(),
    "json_redacteur": COURRIELS,
}


@pytest.mark.long
@mostly_long("name", EXPECTED, one_in=2)
def test_each_file_gives_the_same_records(name):
    assert differences("json", name) == EXPECTED[name]


@pytest.mark.long
def test_the_text_tells_less():
    """No address of a link, date, position, tag or picture; names of files as pages show them."""
    told = {(fiche, label) for fiche, label in differences("json", "texte") if label not in ("Fichier", "Position")}
    of_data_only = {("evenement", label) for label in ("Début", "Fin", "Adresse", "Ville")}
    of_data_only |= {("enquete", "Latitude"), ("enquete", "Longitude"), ("initiative", "Illustration")}
    of_data_only |= {("inconnu", champ.label) for champ in SITE.formulaires["annuaire"]}
    links = told - COURRIELS - MOTS - LIENS - of_data_only
    ours, theirs = records(read("json")), records(read("texte"))
    for key in ours:
        for held, said in zip(ours[key], theirs[key], strict=True):
            for label in {label for fiche, label in links if fiche == key[0]}:
                assert ecriture.sans_adresses(held.get(label, "")) == said.get(label, "")


def test_identifiers_dates_and_state_come_with_json():
    by_name = {fiche.identifiant: fiche for fiche in SITE.fiches}
    for lue in read("json").fiches:
        fiche = by_name[lue.identifiant]
        assert lue.creee_le.replace(tzinfo=None) == fiche.creation
        assert lue.modifiee_le.replace(tzinfo=None) == fiche.modification
        assert str(lue.creee_le.tzinfo) == "Europe/Paris"
        assert lue.publiee
        for cle in fiche.fichiers:
            assert fiche.stocke(cle) in [*lue.joints, *(champ.texte for champ in lue.champs.values())]


@pytest.mark.long
@pytest.mark.parametrize("name", ["json", "json_redacteur"])
def test_no_author_and_no_password_is_read(name):
    said = repr(read(name))
    for secret in ("192.0.2.17", "AgentExemple", "5f4dcc3b5aa765d61d8327deb882cf99", "NolwennExemple"):
        assert secret not in said


def test_the_format_is_guessed_by_content():
    forms = declared()
    assert {format_of(piece, forms) for piece in api()} == {"json"}
    assert format_of(Piece("x", ecriture.en_texte(SITE)), forms) == "texte"
    assert format_of(Piece("x", b"\x89PNG\r\n\x1a\n\x00\x00"), forms) is None
