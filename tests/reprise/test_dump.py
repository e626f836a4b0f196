"""Reading the text dump: the whole extract, each rule on a few lines, then refusals."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.dump import read_dump
from reprise.formulaires import declared
from reprise.lecture import DumpIllisible
from reprise.titres import has_date, sort_key
from tests.reprise.extrait import EXTRAIT as FILE
from tests.reprise.extrait import lecture

EXTRAIT = FILE.read_bytes()
PROJET = [
    *("1.IDENTIFICATION", "La collectivité", "Nom de la collectivité", "Mairie de Kerlann"),
    *("Département", "29 - Finistère", "Référent du projet", "2.DESCRIPTION DU PROJET"),
    *("Description synthétique du projet", "Un site.", "Objectifs", "Informer."),
    *("Montant du financement France Relance", "1000", "3.SUIVI DU PROJET"),
    "4.ENGAGEMENTS DANS LE CADRE DE LA CONVENTION DE FINANCEMENT FRANCE RELANCE",
    *("5.ANNEXES", "Annexe financière Chorus"),
]


def read(*lines: str, end: str = "\n"):
    return read_dump(("\n".join(lines) + end).encode(), declared())


@pytest.fixture(scope="module")
def extrait():
    return lecture()


# The extract


def test_every_line_of_the_extract_is_accounted_for(extrait):
    assert extrait.lignes == {
        "total": 1945,
        "titres": 171,
        "libelles": 786,
        "valeurs": 759,
        "repetitions": 217,
        "vides": 0,
        "ecartees": 12,
        "non_attribuees": 0,
    }
    assert sum(extrait.lignes.values()) == 2 * extrait.lignes["total"]


def test_every_record_of_the_extract_is_found(extrait):
    assert Counter(fiche.type for fiche in extrait.fiches) == {
        "projet": 35,
        "terme": 20,
        "inscription": 9,
        "enquete": 8,
        "initiative": 6,
        "episode": 5,
        "exploration": 4,
        "evenement": 3,
        "ressource": 1,
        "inconnu": 1,
    }
    titles = [fiche.titre for fiche in extrait.fiches if fiche.titre]
    assert sorted(titles, key=sort_key) == titles


def test_anomalies_of_the_extract(extrait):
    assert Counter(anomalie.type for anomalie in extrait.anomalies) == {
        "definition_manquante": 19,
        "contenu_indesirable": 12,
        "courriel_invalide": 1,
        "lien_vide": 1,
        "type_inconnu": 1,
    }
    spam = [anomalie.ligne for anomalie in extrait.anomalies if anomalie.type == "contenu_indesirable"]
    assert spam == [440, 531, 532, 552, 553, 730, 831, 832, 882, 1044, 1095, 1100]


def test_no_line_of_the_extract_is_lost_or_kept_twice(extrait):
    kept = Counter(
        line for fiche in extrait.fiches for champ in fiche.champs.values() if champ.texte
        for line in champ.texte.split("\n")
    )  # fmt: skip
    assert sum(kept.values()) == extrait.lignes["valeurs"]
    assert "FloodCRM" not in kept


def test_spam_glued_to_a_sentence_is_cut_off_and_the_sentence_stays(extrait):
    data = EXTRAIT.decode()
    data = data.replace("sans couture\n", "sans couture FloodCRM\n").replace("anticiper.\n", "anticiper.FloodCRM\n")
    lecture = read_dump(data.encode(), declared())
    assert lecture.lignes == extrait.lignes
    assert [fiche.champs for fiche in lecture.fiches] == [fiche.champs for fiche in extrait.fiches]
    spam = {anomalie.ligne: anomalie.texte for anomalie in lecture.anomalies if anomalie.type == "contenu_indesirable"}
    assert len(spam) == 15
    assert spam[667] == spam[762] == spam[764] == "FloodCRM"


# Rules, on a few lines


def kinds(lecture) -> list[tuple[str, str]]:
    return [(fiche.type, fiche.titre) for fiche in lecture.fiches]


def test_a_second_line_of_a_text_is_a_title_only_where_it_sorts():
    between = read("Accueil", "Accueil", "Description", "Un.", "Bus", "Bus", "Car - A", "Car - A", *PROJET)
    assert kinds(between) == [("initiative", "Accueil"), ("terme", "Bus"), ("projet", "Car - A")]
    beyond = read("Accueil", "Accueil", "Description", "Un.", "Vélo", "Vélo", "Car - A", "Car - A", *PROJET)
    assert kinds(beyond) == [("initiative", "Accueil"), ("projet", "Car - A")]
    assert beyond.fiches[0].champs["Description"].texte == "Un.\nVélo"


def test_without_a_body_the_title_tells_the_type():
    lecture = read("Accueil", "Accueil", "Balise du 4/07/24", "Car - A", "Car - A", *PROJET, "essai")
    assert kinds(lecture) == [
        ("terme", "Accueil"),
        ("evenement", "Balise du 4/07/24"),
        ("projet", "Car - A"),
        ("inconnu", "essai"),
    ]
    assert [(anomalie.type, anomalie.titre, anomalie.texte) for anomalie in lecture.anomalies] == [
        ("definition_manquante", "Accueil", ""),
        ("type_inconnu", "essai", "essai"),
    ]


def test_a_first_name_starts_a_registration_only_before_the_first_title():
    lecture = read(
        *("Prénom", "Awena", "Courriel", "awena;tanguy@exemple.bzh", "Prénom", "Malo", "NOM", "Prigent"),
        *("Carte", "Carte", "Source", "ANCT", "Prénom", "Loïc", "NOM", "Kerbrat"),
    )
    assert kinds(lecture) == [("inscription", ""), ("inscription", ""), ("ressource", "Carte")]
    assert lecture.fiches[2].champs["Prénom"].texte == "Loïc"
    assert [(anomalie.type, anomalie.ligne) for anomalie in lecture.anomalies] == [("courriel_invalide", 4)]


def test_a_line_that_no_field_claims_is_told_and_kept():
    lecture = read("Export du site", "Prénom", "Awena", "Car - A", "Car - A", "Une phrase perdue.", *PROJET)
    assert lecture.lignes["non_attribuees"] == 2
    found = [(anomalie.type, anomalie.ligne, anomalie.texte) for anomalie in lecture.anomalies]
    assert found == [("non_attribuee", 1, "Export du site"), ("non_attribuee", 6, "Une phrase perdue.")]
    assert lecture.fiches[1].champs[""].texte == "Une phrase perdue."


def test_only_a_line_feed_ends_a_line():
    lecture = read("Accueil", "Accueil", "Description", "Un\u2028deux\x0btrois\x85quatre.", "", "  ")
    assert lecture.lignes["total"] == 6
    assert lecture.lignes["vides"] == 2
    assert lecture.fiches[0].champs["Description"].texte == "Un\u2028deux\x0btrois\x85quatre."


def test_a_date_is_told_from_a_number_in_a_title():
    for title in ("Balise 15/11/24", "Le 4 juillet", "Remix (1er mars 2024)", "Rencontre, mai 2025"):
        assert has_date(title), title
    for title in ("Episode n°1", "24/7", "Maire", "Plan 2030", "1/2/3 soleil"):
        assert not has_date(title), title


# What is refused


@pytest.mark.parametrize(
    ("data", "words", "ligne"),
    [
        (b"", "vide", None),
        (b"PK\x03\x04\x14\x00", "ZIP", None),
        (b"%PDF-1.7\n", "PDF", None),
        (b"<!DOCTYPE html>\n<html>", "HTML", None),
        (b'{"1": {"bf_titre": "Bus"}}', "JSON", None),
        (b"titre;ville;date\nBus;Brest;\n", "CSV", None),
        ("Bonjour,\nvoici le texte demandé.\n".encode(), "aucun libellé", None),
        ("Prénom\nAwena\nNOM\nPrigent\n".encode("cp1252"), "UTF-8", 1),
        ("Prénom\nAwena\n".encode("utf-16"), "UTF-16", 1),
        ("Prénom\nAwena\n".encode("utf-16-le"), "nul", 1),
        ("Prénom\nAwena\n".encode().decode("cp1252").encode(), "accents", 1),
    ],
)
def test_a_file_that_is_no_dump_is_refused_in_plain_french(data, words, ligne):
    with pytest.raises(DumpIllisible) as error:
        read_dump(data, declared())
    assert words in str(error.value)
    assert error.value.ligne == ligne


# A text may end anywhere


def told(lecture) -> list[tuple[str, str, int]]:
    return [(a.titre, a.champ, a.ligne) for a in lecture.anomalies if a.type == "fin_douteuse"]


@pytest.mark.long
@given(st.integers(20, len(EXTRAIT) - 1))
def test_a_dump_cut_anywhere_is_taken_over_as_far_as_it_goes_and_told(extrait, end):
    lecture = read_dump(EXTRAIT[:end], declared())
    assert_goes_as_far(lecture, extrait, EXTRAIT[:end].count(b"\n"))
    assert len(told(lecture)) == (EXTRAIT[end - 1 : end] != b"\n" or "projet" in lecture.fiches[-1].type)
    assert len(lecture.ignores) >= len(told(lecture))


def assert_goes_as_far(lecture, extrait, lines: int) -> None:
    """No line is lost, and records that end before the cut are those of the whole, except the last.

    Records with spam that only later text reveals are left out.
    """
    assert lecture.lignes["non_attribuees"] == 0
    whole = [fiche for fiche in extrait.fiches if fiche.derniere_ligne <= lines][:-1]
    whole = [fiche for fiche in whole if all(a.type != "contenu_indesirable" for a in fiche.anomalies)]
    read = {(fiche.premiere_ligne, fiche.titre): (fiche.type, fiche.champs) for fiche in lecture.fiches}
    assert whole == [fiche for fiche in whole if read[fiche.premiere_ligne, fiche.titre] == (fiche.type, fiche.champs)]


def test_a_project_without_its_last_headings_is_taken_over_and_told():
    lines = ["Car - A", "Car - A", *PROJET]
    for end in range(3, len(lines)):
        lecture = read(*lines[:end])
        assert [(fiche.type, fiche.titre) for fiche in lecture.fiches] == [("projet", "Car - A")]
        [(titre, _, ligne)] = told(lecture)
        assert (titre, ligne) == ("Car - A", end)
    assert "« Annexe financière Chorus »" in lecture.ignores[0]
    assert told(read(*lines)) == []


@pytest.mark.parametrize(
    ("lines", "champ", "texte"),
    [
        (("Description", "Un texte qui"), "Description", "Un texte qui"),
        (("Description", "Un.", "Deux.", "Trois."), "Description", "Un.\nDeux.\nTrois."),
        (("Description", "Un.", "Deux.", "Trois.", "Deux.", "Tr"), "Description", "Un.\nDeux.\nTrois."),
        (("Description", "Un.", "Deux.", "Un.", "De"), "Description", "Un.\nDeux."),
        (("Description", "Un texte.", "Méthodologie mi"), "Méthodologie mise en place", ""),
        (("Description", "Un texte.", "Ville", "Bres"), "Ville", "Bres"),
    ],
    ids=["a word", "no second walk", "the second walk", "a whole second walk", "a label", "a short field"],
)
def test_a_last_line_without_its_end_goes_where_it_belongs(lines, champ, texte):
    lecture = read("Accueil", "Accueil", *lines, end="")
    [fiche] = lecture.fiches
    assert fiche.champs[champ].texte == texte
    assert told(lecture) == [("Accueil", champ, len(lines) + 2)]
    assert lecture.lignes["non_attribuees"] == 0


@pytest.mark.parametrize("lines", [("Borne d’accueil", "Borne d’acc"), ("Borne d’accueil", "Borne d’accueil")])
def test_a_title_cut_from_its_body_changes_no_record_before_it(lines):
    lecture = read("Accueil", "Accueil", "Description", "Un.", "Deux.", "Deux.", *lines, end="")
    assert lecture.fiches[0].champs["Description"].texte == "Un.\nDeux."
    assert lecture.fiches[1].titre == "Borne d’accueil"


def test_half_a_character_at_the_end_is_taken_off_and_said():
    lecture = read_dump("Prénom\nAwena\nNOM\nQué".encode()[:-1], declared())
    assert lecture.fiches[0].champs["NOM"].texte == "Qu"
    assert "coupé en deux" in lecture.ignores[0]
    assert told(lecture) == [("", "NOM", 4)]
