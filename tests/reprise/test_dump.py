"""Reading the text dump: the extract of the old site in full, then each rule on a few lines, then what is refused."""

import random
from collections import Counter

import pytest

from reprise import paths
from reprise.champs import restore
from reprise.dump import read_dump
from reprise.formulaires import declared
from reprise.lecture import DumpIllisible
from reprise.titres import has_date, sort_key
from tests.reprise.extrait import EXTRAIT as FILE
from tests.reprise.extrait import LINES, lecture
from tests.sampling import mostly_long

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


def text(*spans: int | tuple[int, int]) -> str:
    """Lines of the extract by number, both ends included."""
    pairs = [(span, span) if isinstance(span, int) else span for span in spans]
    return "\n".join("\n".join(LINES[first - 1 : last]) for first, last in pairs)


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


def test_records_of_the_extract_follow_one_another_without_a_gap(extrait):
    following = [*(fiche.premiere_ligne for fiche in extrait.fiches[1:]), 1946]
    assert [fiche.derniere_ligne + 1 for fiche in extrait.fiches] == following


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


@pytest.mark.parametrize(
    ("label", "ligne", "spans"),
    [
        ("Définition", 95, [(96, 100)]),
        ("Convictions", 113, [(116, 120), (121, 123)]),
        ("Méthodologie mise en place", 124, [(126, 134)]),
        ("Mot clef de l'action", 149, [150]),
        ("Partenaires associés", 158, [159]),
        ("Résumé", 188, [189, 190]),
        ("Objectifs", 204, [(205, 213)]),
        ("Description synthétique du projet", 330, [(331, 335)]),
        ("Origine et contexte de la démarche", 407, [(408, 410)]),
        ("Description synthétique du projet", 588, [(589, 596)]),
        ("Méthodologie mise en place", 719, [(720, 724)]),
        ("Partenaires associés", 826, [827, 828]),
        ("Partenaires associés", 990, [991, 992]),
        ("Méthodologie mise en place", 1093, [1094, (1096, 1099)]),
        ("Objectifs", 1251, [(1252, 1259)]),
        ("Objectifs", 1295, [(1296, 1305)]),
        ("Objectifs", 1335, [(1336, 1350)]),
        ("Objectifs", 1434, [(1435, 1448)]),
        ("Description synthétique du projet", 1732, [(1733, 1736)]),
        ("Objectifs", 1762, [1763]),
        ("Objectifs", 1920, [(1921, 1930)]),
    ],
)
def test_a_text_of_the_extract_comes_back_in_its_true_order(extrait, label, ligne, spans):
    [champ] = [champ for fiche in extrait.fiches for champ in fiche.champs.values() if champ.ligne == ligne]
    assert (champ.label, champ.texte) == (label, text(*spans))


@pytest.mark.parametrize("lines", [1, 40])
def test_what_is_settled_early_changes_no_reading(monkeypatch, extrait, lines):
    """What is held of a long text does not grow with it."""
    held = []
    settle = paths.Paths.settle

    def watched(self, *args):
        settle(self, *args)
        held.append(len(self.table))

    monkeypatch.setattr(paths, "SETTLE", lines)
    monkeypatch.setattr(paths.Paths, "settle", watched)
    assert read_dump(EXTRAIT, declared()) == extrait
    assert len(held) > 40
    assert max(held) < 300


@pytest.mark.long
def test_windows_line_ends_and_a_missing_last_one_change_nothing(extrait):
    windows = read_dump(EXTRAIT.replace(b"\n", b"\r\n"), declared())
    marked = read_dump(b"\xef\xbb\xbf" + EXTRAIT, declared())
    assert windows == marked == extrait
    endless = read_dump(EXTRAIT.removesuffix(b"\n"), declared())
    assert [fiche.champs for fiche in endless.fiches] == [fiche.champs for fiche in extrait.fiches]


@mostly_long("brand", ["VentePlus", "MegaCRM", "www.venteplus.com", "https://venteplus.io", "Zoltrix"], one_in=2)
def test_another_brand_is_found_as_well(extrait, brand):
    lecture = read_dump(EXTRAIT.replace(b"FloodCRM", brand.encode()), declared())
    assert lecture.lignes == extrait.lignes
    assert [fiche.champs for fiche in lecture.fiches] == [fiche.champs for fiche in extrait.fiches]


@mostly_long("word", ["RAS", "Non", "Education", "IntraMuros", "Agence Grrr", "Askoria", "MEL", "Nantes"], one_in=2)
def test_an_honest_word_in_the_same_places_stays(word):
    assert read_dump(EXTRAIT.replace(b"FloodCRM", word.encode()), declared()).lignes["ecartees"] == 0


def test_spam_glued_to_a_sentence_is_cut_off_and_the_sentence_stays(extrait):
    data = EXTRAIT.decode()
    data = data.replace("sans couture\n", "sans couture FloodCRM\n").replace("anticiper.\n", "anticiper.FloodCRM\n")
    lecture = read_dump(data.encode(), declared())
    assert lecture.lignes == extrait.lignes
    assert [fiche.champs for fiche in lecture.fiches] == [fiche.champs for fiche in extrait.fiches]
    spam = {anomalie.ligne: anomalie.texte for anomalie in lecture.anomalies if anomalie.type == "contenu_indesirable"}
    assert len(spam) == 15
    assert spam[667] == spam[762] == spam[764] == "FloodCRM"


def test_a_spam_address_of_a_known_brand_is_taken_out(extrait):
    lecture = read_dump(EXTRAIT.replace(b"\naucun\n", b"\nhttps://www.floodcrm.io/essai\n"), declared())
    assert lecture.lignes["ecartees"] == 13


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


def test_words_of_a_label_inside_a_text_stay_in_it():
    own = ["Contexte.", "Objectifs", "Équiper."]
    lines = ["Car - A", "Car - A", *PROJET]
    place = lines.index("Un site.")
    lecture = read(*lines[:place], *own, *own[1:], *lines[place + 1 :])
    [fiche] = lecture.fiches
    assert fiche.champs["Description synthétique du projet"].texte == "\n".join(own)
    assert fiche.champs["Objectifs"].texte == "Informer."
    assert lecture.lignes["repetitions"] == 2


def test_labels_without_a_value_that_follow_one_another_are_no_value():
    empty = ["Type d'acteurs qui propose cette initiative", "Echelle d'action", "Mot clef de l'action"]
    [fiche] = read("Accueil", "Accueil", "Description", "Un texte.", *empty, "Ville", "Brest").fiches
    assert [fiche.champs[label].texte for label in (*empty, "Ville")] == ["", "", "", "Brest"]


def test_names_of_files_are_kept_wherever_they_stand():
    lecture = read(
        *("Accueil", "Accueil", "Description", "Un.", "Fichier : Fiche.pdf", "Télécharger", "Ville", "Brest"),
        *("Car - A", "Car - A", *PROJET, "Fichier : Annexe.ods", "Télécharger"),
        *("Épisode 1", "Épisode 1", "Fichier : EP1.mp3", "Télécharger"),
    )
    assert kinds(lecture) == [("initiative", "Accueil"), ("projet", "Car - A"), ("episode", "Épisode 1")]
    files = [fiche.champs["Fichier"].texte for fiche in lecture.fiches]
    assert files == ["Fiche.pdf", "Annexe.ods", "EP1.mp3"]
    assert lecture.fiches[0].champs["Ville"].texte == "Brest"


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


def test_titles_sort_as_the_old_site_sorts_them():
    titles = [
        "C.C. DE L'EST",
        "CC DE L'OUEST",
        "D'ABORD",
        "DINAN",
        "D’UNE MSAP",
        "e-administrative",
        "Élan",
        "« Zone »",
    ]
    assert [sort_key(title) for title in titles] == sorted(sort_key(title) for title in titles)


@pytest.mark.parametrize("title", ["Balise 15/11/24", "Le 4 juillet", "Remix (1er mars 2024)", "Rencontre, mai 2025"])
def test_a_date_is_seen_in_a_title(title):
    assert has_date(title)


@pytest.mark.parametrize("title", ["Episode n°1", "24/7", "Maire", "Plan 2030", "1/2/3 soleil"])
def test_a_number_is_no_date(title):
    assert not has_date(title)


@pytest.mark.parametrize(
    ("printed", "order"),
    [
        (["a", "b", "b"], ["a", "b"]),
        (["a", "a"], ["a"]),
        (["a", "b", "- x", "b"], ["a", "- x", "b"]),
        (["a", "- x", "a", "- y"], ["- x", "a", "- y"]),
        (["a", "b", "a", "b", "a"], ["a", "b", "a"]),
        (["- x", "- y"], ["- x", "- y"]),
        (["- x", "- y", "- z", "- y", "- z"], ["- x", "- y", "- z"]),
        (["a", "b", "c"], ["a", "b", "c"]),
        (["a", "b", "c", "b", "d", "c"], ["a", "b", "d", "c"]),
    ],
)
def test_the_two_walks_give_back_the_text(printed, order):
    kept = restore(printed)
    assert kept == order
    assert Counter(kept) <= Counter(printed)
    assert {*kept} == {*printed}  # what is left out repeats a line that stays


# What is refused


@pytest.mark.parametrize(
    ("data", "words", "ligne"),
    [
        (b"", "vide", None),
        (b"\xef\xbb\xbf\r\n \n", "vide", None),
        (b"PK\x03\x04\x14\x00", "ZIP", None),
        (b"%PDF-1.7\n", "PDF", None),
        (b"<!DOCTYPE html>\n<html>", "HTML", None),
        (b'{"1": {"bf_titre": "Bus"}}', "JSON", None),
        (b"titre;ville\nBus;Brest\n;;", "aucun libellé", None),
        (b"titre;ville;date\nBus;Brest;\n", "CSV", None),
        ("Bonjour,\nvoici le texte demandé.\n".encode(), "aucun libellé", None),
        (b"Bonjour,\nDescription\nde la ville\nmerci\n", "aucun libellé", None),
        ("Prénom\nAwena\nNOM\nPrigent\n".encode("cp1252"), "UTF-8", 1),
        ("Prenom\nAwena\nNOM\nQuéméner\n".encode("cp1252"), "UTF-8", 4),
        ("Prénom\nAwena\n".encode("utf-16"), "UTF-16", 1),
        ("Prénom\nAwena\n".encode("utf-16-le"), "nul", 1),
        (b"NOM\nPrigent\nVille\n\0", "nul", 4),
        (b"Pr\xc3", "aucun libellé", None),
        ("Prénom\nAwena\n".encode().decode("cp1252").encode(), "accents", 1),
    ],
)
def test_a_file_that_is_no_dump_is_refused_in_plain_french(data, words, ligne):
    with pytest.raises(DumpIllisible) as error:
        read_dump(data, declared())
    assert words in str(error.value)
    assert error.value.ligne == ligne


@pytest.mark.long
def test_a_text_that_stands_twice_in_a_file_is_read_twice(extrait):
    """Registrations of the second are persons, and go into no field of the sheet above them."""
    read = [(fiche.type, fiche.titre, fiche.champs.keys()) for fiche in read_dump(EXTRAIT * 2, declared()).fiches]
    assert read == [(fiche.type, fiche.titre, fiche.champs.keys()) for fiche in extrait.fiches] * 2


# A text may end anywhere


def told(lecture) -> list[tuple[str, str, int]]:
    return [(a.titre, a.champ, a.ligne) for a in lecture.anomalies if a.type == "fin_douteuse"]


@mostly_long("end", range(1, len(LINES), 3), one_in=50)
def test_a_dump_cut_after_any_line_is_taken_over_as_far_as_it_goes(extrait, end):
    lecture = read_dump("".join(f"{line}\n" for line in LINES[:end]).encode(), declared())
    assert_goes_as_far(lecture, extrait, end)


@mostly_long("seed", list(range(100)), one_in=20)
def test_a_dump_cut_inside_any_line_is_taken_over_as_far_as_it_goes_and_told(extrait, seed):
    end = random.Random(seed).randrange(20, len(EXTRAIT))
    lecture = read_dump(EXTRAIT[:end], declared())
    assert_goes_as_far(lecture, extrait, EXTRAIT[:end].count(b"\n"))
    assert len(told(lecture)) == (EXTRAIT[end - 1 : end] != b"\n" or "projet" in lecture.fiches[-1].type)
    assert len(lecture.ignores) >= len(told(lecture))


def assert_goes_as_far(lecture, extrait, lines: int) -> None:
    """No line is lost; records that end before the cut are those of the whole, but for the last.

    Spam that only later text tells stands in some: those are left out.
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


def test_a_registration_of_which_only_a_label_stands_is_none():
    lecture = read("Prénom", "Awena", "NOM", "Prigent", "Prénom")
    assert [fiche.champs["NOM"].texte for fiche in lecture.fiches] == ["Prigent"]
    assert lecture.lignes["libelles"] == 3


def test_the_title_of_a_dated_event_may_end_a_dump_without_its_line_end():
    lecture = read("Accueil", "Accueil", "Description", "Un texte.", "Balise du 15/11/24", end="")
    assert [fiche.type for fiche in lecture.fiches] == ["initiative", "evenement"]
    assert lecture.anomalies[-1].type == "fin_douteuse"
