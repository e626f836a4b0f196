"""Old and new answers of the API give the same forms, lists and records."""

import json

import pytest

from reprise.formulaires import declared
from reprise.sources import Piece, read_pieces
from tests.reprise.yeswiki.site import LISTES

ENTRY = {
    **{"id_fiche": "CafeEtDroits", "id_typeannonce": "7", "bf_titre": "Caf&eacute; &amp; droits", "bf_source": "CAF"},
    **{"checkboxListeRessource": "out,gui", "bf_lien": "https://", "user": "192.0.2.17", "geolocation": None},
    **{"date_creation_fiche": "2022-05-03 14:07:31", "date_maj_fiche": "2023-09-12 08:00:02", "statut_fiche": "1"},
}
PREPARED = [
    {"id": "bf_titre", "propertyname": "bf_titre", "label": "Titre", "type": "text"},
    {"id": "bf_source", "propertyname": "bf_source", "label": "Source", "type": "text"},
    {
        **{"id": "checkboxListeRessource", "propertyname": "checkboxListeRessource", "label": "Type de ressources"},
        **{"type": "checkbox", "linkedObjectName": "ListeRessource", "options": LISTES["ListeRessource"]},
    },
    {"id": "bf_lien", "propertyname": "bf_lien", "label": "Ou ajouter un lien URL", "type": "link"},
]
FORM = {"bn_id_nature": "7", "bn_label_nature": "Ressources", "bn_template": "", "template": [], "prepared": PREPARED}
LISTE = {"titre_liste": "Types", "label": LISTES["ListeRessource"]}
TEMPLATE = """
texte***bf_titre***Titre*** *** *** *** *** *** ***
# une remarque
texte***bf_source***Source*** *** *** *** *** *** ***
checkbox***ListeRessource***Type de ressources*** *** *** ***{} *** *** ***
lien_internet***bf_lien***Ou ajouter un lien URL*** *** *** *** *** *** ***
"""


def read(*values):
    pieces = [Piece(f"{number}.json", json.dumps(value).encode()) for number, value in enumerate(values)]
    (fiche,) = read_pieces(pieces, declared()).fiches
    return fiche


def said(fiche):
    return fiche.type, fiche.titre, fiche.identifiant, {label: champ.texte for label, champ in fiche.champs.items()}


WHOLE = (
    "ressource",
    "Café & droits",
    "CafeEtDroits",
    {"Source": "CAF", "Type de ressources": "- Outils\n- Guide", "Ou ajouter un lien URL": "https://"},
)


@pytest.mark.parametrize("form", [{"7": FORM}, [FORM], FORM, {"forms": {"7": FORM}}])
@pytest.mark.parametrize(
    "entry",
    [
        {"CafeEtDroits": ENTRY},
        [ENTRY],
        ENTRY,
        {"CafeEtDroits": {name: value for name, value in ENTRY.items() if name != "id_fiche"}},
        {"type": "FeatureCollection", "features": [{"id": "CafeEtDroits", "properties": ENTRY}]},
        {"entries": [list(ENTRY.values())], "fieldMapping": list(ENTRY), "filters": [], "forms": {}},
        {"CafeEtDroits": ENTRY | {"checkboxListeRessource": {"out": "1", "gui": "1", "etu": "0"}}},
    ],
)
def test_forms_and_records_are_read_in_every_shape(form, entry):
    assert said(read(form, entry)) == WHOLE


@pytest.mark.parametrize("own", ["", "checkboxListeRessource"])
@pytest.mark.parametrize(
    "lists",
    [
        {"ListeRessource": LISTE},
        {
            "ListeRessource": {
                "title": "Types",
                "nodes": [{"id": key, "label": label} for key, label in LISTE["label"].items()],
            }
        },
        {"id": "ListeRessource", **LISTE},
        [
            {
                "id": "ListeRessource",
                "title": "Types",
                "nodes": [
                    {
                        "id": "x",
                        "label": "X",
                        "children": [
                            {"id": key, "label": label, "children": []} for key, label in LISTE["label"].items()
                        ],
                    }
                ],
            }
        ],
    ],
)
def test_a_definition_and_the_lists_do_when_nothing_is_prepared(own, lists):
    form = FORM | {"prepared": [], "bn_template": TEMPLATE.format(own).replace("\n", "\r\n")}
    assert said(read(form, lists, {"CafeEtDroits": ENTRY})) == WHOLE
    parsed = [
        [cell.strip() for cell in line.split("***")] for line in TEMPLATE.format(own).splitlines() if "***" in line
    ]
    assert said(read(FORM | {"prepared": None, "template": parsed}, lists, {"CafeEtDroits": ENTRY})) == WHOLE


def test_an_unknown_option_is_told_and_chosen_nowhere():
    fiche = read(FORM, {"A": ENTRY | {"checkboxListeRessource": "out,autre"}})
    assert fiche.champs["Type de ressources"].texte == "- Outils"
    assert [(a.type, a.texte) for a in fiche.anomalies if a.champ == "Type de ressources"] == [
        ("non_attribuee", "autre")
    ]


@pytest.mark.parametrize("empty", ["", None, "0", {}, []])
def test_nothing_chosen_is_nothing(empty):
    fiche = read(FORM, {"A": ENTRY | {"checkboxListeRessource": empty}})
    assert "Type de ressources" not in fiche.champs
    assert not [a for a in fiche.anomalies if a.champ == "Type de ressources"]


def test_halves_of_characters_and_nul_are_no_obstacle():
    data = json.dumps({"A": ENTRY}).replace("CAF", "C\\u0000A\\ud800F").encode()
    (fiche,) = read_pieces([Piece("f.json", json.dumps(FORM).encode()), Piece("e.json", data)], declared()).fiches
    assert fiche.champs["Source"].texte == "CA\ufffdF"


def test_the_latest_of_two_prints_of_a_record_holds_and_the_other_is_told():
    older = ENTRY | {"bf_source": "MSA", "date_maj_fiche": "2022-09-12 08:00:02"}
    for pair in ([ENTRY, older], [older, ENTRY]):
        fiche = read(FORM, pair)
        assert fiche.champs["Source"].texte == "CAF"
        assert [(a.champ, a.texte) for a in fiche.anomalies if a.type == "non_attribuee"] == [("Source", "MSA")]


def test_a_record_without_a_title_is_called_by_its_page():
    fiche = read(FORM, {"CafeEtDroits": ENTRY | {"bf_titre": " "}})
    assert fiche.titre == "CafeEtDroits"
    assert [(a.type, a.texte) for a in fiche.anomalies if a.champ == "titre"] == [("titre_manquant", "")]
