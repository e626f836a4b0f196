"""Surveys: list, facets, file, page, and what no page says."""

import io
import re
from html import unescape

import pytest
from django.conf import settings
from django.http import QueryDict
from openpyxl import load_workbook

from fiches.attached import Contact
from fiches.choice_lists import Choix
from fiches.choice_lookup import load_choices
from fiches.enquetes.columns import ENQUETE_COLUMNS
from fiches.enquetes.declaration import load_enquetes
from fiches.enquetes.models import Enquete
from socle.catalogue.selection import Selection
from socle.recherche.query import search
from socle.territoires.models import Commune
from tests.conftest import TYPES, csv_rows
from tests.factories import ThemeFactory
from tests.factories.enquetes import EnqueteFactory
from tests.sampling import mostly_long, size
from tests.selections import records

pytestmark = pytest.mark.django_db

FRAIS = "Indemnisation des frais (Transports, repas, garde d’enfants, achats…)"
TEMPS = "Rémunération du temps consacré à l’action"
SANS_ARGENT = "Valorisation de la participation (Formation, compétences, reconnaissance…)"
SLUGS = {FRAIS: "indemnisation-des-frais-transports-repas-garde-denfants-achats"}


def select(query=""):
    return Selection(TYPES["enquete"], QueryDict(query))


def html(client, address, data=None):
    response = client.get(address, data or {})
    assert response.status_code == 200, address
    return response.content.decode()


def words(text):
    """Text of a page, tags left out, blanks made one."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def rows(client, query=""):
    return csv_rows(client.get(f"/indemnisation.csv{query}"))


@pytest.fixture
def dinan(places):
    Commune.objects.filter(pk="22050").update(codes_postaux="22100")


@pytest.fixture
def four(dinan):
    theme = ThemeFactory(nom="Mobilité")
    EnqueteFactory(
        titre="Alpha",
        modes=[FRAIS, TEMPS],
        types=["Association", "Région"],
        echelle="Région",
        niveau="Consultation",
        themes=[theme],
    )
    EnqueteFactory(
        titre="Bêta",
        modes=[FRAIS],
        types=["Association"],
        echelle="Commune",
        niveau="Co-Décision",
        adresse="8 boulevard Simone Veil, 22100 Dinan",
        themes=[],
    )
    EnqueteFactory(titre="Gamma", modes=[TEMPS], niveau="Consultation", themes=[theme])
    EnqueteFactory(titre="Delta", modes=["Un mode caché"], types=["Secret"], echelle="Pays", themes=[], draft=True)


# The form


def test_the_model_has_no_column_for_the_referent():
    names = {field.name for field in Enquete._meta.get_fields()} | {
        field.name for field in Enquete.history.model._meta.get_fields()
    }
    assert not [name for name in names if re.search("referent|courriel|mail|fonction", name)]


# List


def test_a_card_shows_the_structure_and_the_modes(client, dinan):
    EnqueteFactory(
        titre="Une enquête", structure="Codev", modes=[FRAIS], niveau="Consultation", adresse="22100 Dinan", themes=[]
    )
    EnqueteFactory(titre="Une seconde")  # a list of one offers no comparison
    card = (
        html(client, "/indemnisation/").partition('<ul class="liste')[2].partition("Une seconde")[0].partition(">")[2]
    )
    four = "Qui paie Codev Qui est reconnu non dit Pour quoi non dit Combien non dit"
    assert words(card) == f"Une enquête Dinan (22) Indemnisation des frais {four} Comparer"


@pytest.mark.parametrize("query", ["", "niveau=consultation", "mode=remuneration-du-temps-consacre-a-laction&q=alpha"])
def test_counts_are_what_lists_hold(four, query):
    selection = select(query)
    for name in ("mode", "niveau", "type_organisation", "echelle", "departement", "theme"):
        for option in selection.options(name):
            others = [(key, value) for key, value in QueryDict(query).lists() if key != name]
            asked = QueryDict(mutable=True)
            for key, values in others:
                asked.setlist(key, values)
            asked.setlist(name, [option.valeur])
            assert option.compte == select(asked.urlencode()).total, (name, option.valeur)


def test_facets_offer_what_public_surveys_hold(four):
    selection = select()
    assert {name: selection.counts(name) for name in selection.facets if name not in ("lieu", "taille", "annee")} == {
        "mode": {SLUGS[FRAIS]: 2, "remuneration-du-temps-consacre-a-laction": 2},
        "niveau": {"consultation": 2, "co-decision": 1},
        "type_organisation": {"association": 2, "region": 1},
        "echelle": {"commune": 1, "region": 1},
        "departement": {"22": 1},
        "theme": {"mobilite": 2},
        "unite": {},
        "montant": {"connu": 0},
    }


def test_the_sentence_names_a_mode_without_its_examples(four):
    assert select(f"mode={SLUGS[FRAIS]}&departement=22").phrase() == (
        "1 enquête avec Indemnisation des frais, dans les Côtes-d’Armor"
    )
    assert [option.texte for option in select().options("mode")] == ["Indemnisation des frais", TEMPS]


def test_lists_sort_on_the_folded_title():
    for titre in ("Zoé", "élan", "Abri", "Écluse", "abri"):
        EnqueteFactory(titre=titre, themes=[])
    assert [e.titre for e in records(select())] == ["Abri", "abri", "Écluse", "élan", "Zoé"]


@pytest.mark.long
@pytest.mark.parametrize("size", [2, size(30, one_in=4)])
def test_a_list_costs_the_same_whatever_its_size(client, django_assert_num_queries, dinan, size):
    theme = ThemeFactory(nom="Mobilité")
    for _ in range(size):
        EnqueteFactory(
            modes=[FRAIS, TEMPS],
            types=["Association", "Région"],
            echelle="Région",
            niveau="Consultation",
            adresse="22100 Dinan",
            contexte="Des trajets.",
            themes=[theme],
        )
    for address, queries in (
        ("/indemnisation/", 4),  # versions, page, themes, modes
        ("/indemnisation/?niveau=consultation&q=trajets+dinan", 5),  # versions, words, page, themes, modes
        ("/indemnisation.csv", 5),  # versions, what they say, themes, modes, types
    ):
        b"".join(client.get(address))  # what a process holds
        with django_assert_num_queries(queries):
            b"".join(client.get(address))


@pytest.mark.long
@pytest.mark.parametrize("size", [1, 8])
def test_a_page_costs_the_same_whatever_it_holds(client, django_assert_num_queries, dinan, size):
    enquete = EnqueteFactory(
        modes=[f"Mode {n}" for n in range(size)],
        types=[f"Type {n}" for n in range(size)],
        themes=[ThemeFactory() for _ in range(size)],
        niveau="Consultation",
        echelle="Région",
        adresse="22100 Dinan",
    )
    client.get(enquete.get_absolute_url())  # what is held until the data change is read
    with django_assert_num_queries(7):  # versions; record, themes, modes, types, files, who reads
        client.get(enquete.get_absolute_url())


# File


def test_the_file_has_every_public_field(client, dinan):
    enquete = EnqueteFactory(
        titre="Codev",
        structure="Conseil",
        adresse="8 boulevard Simone Veil, 22100 Dinan",
        modes=[FRAIS, TEMPS],
        types=["Association", "Région"],
        echelle="Région",
        niveau="Consultation",
        themes=[ThemeFactory(nom="Mobilité")],
        freins="Écrire à quelqu.un@exemple.bzh\nPuis attendre.",
        **{name: f"Réponse {name}" for name in Enquete.textes if name != "freins"},
    )
    (row,) = rows(client)
    assert list(row) == [*(column.nom for column in ENQUETE_COLUMNS), "licence"]
    assert row["modes_reconnaissance"] == f"{FRAIS} | {TEMPS}"
    assert row["types_organisation"] == "Association | Région"
    assert (row["echelle"], row["niveau"], row["themes"]) == ("Région", "Consultation", "Mobilité")
    assert (row["commune"], row["departement_code"], row["departement"]) == ("Dinan", "22", "Côtes-d’Armor")
    assert (row["latitude"], row["longitude"], row["position_approchee"]) == ("48.45553", "-2.05049", "oui")
    assert row["freins"] == "Écrire à quelqu.un@exemple.bzh\nPuis attendre."
    assert row["url"].endswith(enquete.get_absolute_url())
    assert {name: row[name] for name in Enquete.textes if name != "freins"} == {
        name: f"Réponse {name}" for name in Enquete.textes if name != "freins"
    }
    public = {f.name for f in Enquete._meta.get_fields() if f.concrete and f.name not in ("entree", "version")}
    told = {"departement": "departement_code", "slug": "url"}
    hidden = {"statut", "themes_automatiques", "cree_le", "datee"}
    assert {told.get(name, name) for name in public - hidden} <= set(row)


def test_excel_gets_decimal_commas_in_its_own_file(client, dinan):
    EnqueteFactory(adresse="22100 Dinan", themes=[])
    text = b"".join(client.get("/indemnisation.csv?excel=1").streaming_content).decode()
    assert '"48,45553";"-2,05049";"oui"' in text


# Page


def test_a_page_tells_each_answer_under_its_question(client, dinan):
    enquete = EnqueteFactory(
        structure="Conseil",
        adresse="8 boulevard Simone Veil, 22100 Dinan",
        modes=[FRAIS],
        niveau="Consultation",
        contexte="Tout a commencé ainsi.\n- un\n- deux",
        freins="Aucun <b>frein</b>.",
        themes=[],
    )
    text = html(client, enquete.get_absolute_url())
    headings = [words(found) for found in re.findall(r"<h2 id=\"(?:contexte|freins)\">.*?</h2>", text)]
    assert headings == ["Contexte", "Freins"]
    questions = [words(found) for found in re.findall(r"<p class=\"question\">.*?</p>", text)]
    assert questions == ["Origine et contexte de la démarche", "Quels freins ont été rencontrés ?"]
    assert "<li>un</li><li>deux</li>" in text
    assert "<b>frein" not in text
    assert "Questions sans réponse : origine de la démarche, acteurs, pour quoi, " in words(text)
    assert "leviers, suggestions, satisfaction." in words(text)
    keys = words(re.search(r"<dl class=\"faits\">.*?</dl>", text, re.DOTALL).group())
    assert "Où 8 boulevard Simone Veil, 22100 Dinan Côtes-d’Armor (22) position approchée, celle de la commune" in keys
    assert "Indemnisation des frais" in words(text)
    assert f'href="/indemnisation/?mode={SLUGS[FRAIS]}"' in text


# Four answers

LONGUE = (
    "Les trajets en voiture pour les réunions, les visites et les ateliers, y compris le détour pour un covoiturage, "
    "les repas pris sur place."
)
ANSWERS = {
    "structure": "Conseil de Dinan",
    "indemnise_qui": "15 salariés",
    "indemnise_quoi": LONGUE,
    "delai_montants": "150€ pour 2 ateliers",
}


DELAI = "Délai et montants : "
KM = "0,30 € du kilomètre"


@pytest.mark.parametrize(
    ("answers", "said", "where"),
    [
        ({"delai_montants": "50€", "bareme": "Non"}, "50€", "delai_montants"),
        ({"delai_montants": "50€", "bareme": KM}, "50€", "delai_montants"),  # what was paid, before the scale
        ({"delai_montants": "Sous un mois", "bareme": KM}, KM, "bareme"),
        ({"delai_montants": "Sous un mois", "bareme": "Celui des agents"}, "Celui des agents", "bareme"),
        ({"delai_montants": "Un chèque de 40", "bareme": "Celui des agents"}, "Un chèque de 40", "delai_montants"),
        ({"delai_montants": "", "bareme": "Celui des agents"}, "Celui des agents", "bareme"),
        ({"delai_montants": " Aucun. ", "bareme": "Celui des agents"}, "Celui des agents", "bareme"),
        ({"delai_montants": "non", "bareme": "Non !"}, "", ""),
        ({"delai_montants": "", "bareme": "non"}, "", ""),  # whether there is a scale, not how much
        ({"delai_montants": "Sous un mois", "bareme": "Oui."}, f"{DELAI}Sous un mois", "delai_montants"),
        ({"delai_montants": "Rien : un repas"}, f"{DELAI}Rien : un repas", "delai_montants"),  # ordered, not hidden
        ({"indemnites": "20 € par repas"}, "20 € par repas", "indemnites"),
        ({"indemnites": "20 € par repas", "bareme": KM}, "20 € par repas", "indemnites"),
        ({"indemnites": "50 €", "delai_montants": "50 €"}, "50 €", "indemnites"),
        (
            {"indemnites": "frais réels ; élus ; trajets\n9 € de l’heure ; élus\nmontant non dit", "bareme": "Non"},
            "frais réels (trajets), 9 € de l’heure (élus)",
            "indemnites",
        ),
    ],
)
def test_how_much_is_what_an_editor_typed_else_the_answer_that_names_an_amount(answers, said, where):
    how_much = Enquete(**answers).quatre[3]
    assert (" ".join(how_much.texte.split()), how_much.champ) == (said, where)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("cinquante euros", True),
        ("60 \u20ac par personne", True),
        ("Au SMIC horaire", True),
        ("12,50 de l’heure", True),
        ("80 par jour", True),
        ("15/h", True),
        ("0,30 du km", True),
        ("2 tickets service", True),
        ("des bons d’achat de 20", True),
        ("Dans le mois", False),
        ("3 mois après la demande", False),
        ("Le 5 du mois, sous 15 jours", False),
        ("Versement 2 fois par an", False),
        ("Une carte cadeau remise sur place", False),
        ("Celui des européens", False),
        ("15 par séance", True),
        ("40 la séance", True),
        ("Les bons sont remis dans un délai de 2 mois", False),
        ("La carte est donnée au bout de 3 semaines", False),
        ("Les bons arrivent au bout de 2 à 3 semaines", False),
        ("Des bons de 10, dans un délai de 12 jours", True),
    ],
)
def test_an_answer_that_names_an_amount_comes_before_the_scale(text, names):
    said = EnqueteFactory.build(delai_montants=text, bareme="Celui des agents").quatre[3].champ
    assert said == ("delai_montants" if names else "bareme")


def test_whom_and_what_for_are_what_an_editor_typed_where_nobody_answered(client, read):
    lignes = "9 € de l’heure ; élus ; réunions\nfrais réels ; habitants ; réunions\nmontant non dit ; élus ; visites"
    enquete = EnqueteFactory(titre="Alpha", indemnise_qui="Non", forme="Un virement", indemnites=lignes)
    EnqueteFactory(titre="Bêta", indemnise_qui="Les élus", indemnise_quoi="Trajets", indemnites=lignes)
    assert [answer for _, answer in four_of(read("/indemnisation/").all(class_="fiche")[0])][1:] == [
        "Élus, habitants",
        "Réunions, visites",
        "9 € de l’heure (réunions), frais réels (réunions)",
    ]
    first, second = rows(client)
    assert (first["qui_est_reconnu"], first["pour_quoi"]) == ("élus, habitants", "réunions, visites")
    assert (second["qui_est_reconnu"], second["pour_quoi"]) == ("Les élus", "Trajets")
    page = read(enquete.get_absolute_url())
    heading = page.one("h2", id="indemnites")
    assert [one["id"] for one in heading.all("span")] == ["qui_est_reconnu", "pour_quoi"]
    assert page.one("ul", id="combien").text.startswith("9 € de l’heure")


@mostly_long(
    "answers, said",
    [
        ({"indemnise_quoi": "Les trajets", "forme": "Un virement"}, "Les trajets"),
        ({"indemnise_quoi": "non", "forme": "Formation, goodies"}, "Formation, goodies"),
        ({"forme": "Formation, goodies"}, "Formation, goodies"),
        ({"indemnise_quoi": "Non.", "forme": "Aucune"}, ""),
    ],
    one_in=2,
)
def test_what_for_is_what_was_paid_else_the_form_that_it_took(client, read, answers, said):
    enquete = EnqueteFactory(indemnise_qui="non", **answers)
    shown, row = said or "non dit", rows(client)[0]
    for page in (read("/indemnisation/"), read(enquete.get_absolute_url())):
        assert [answer for _, answer in four_of(page)][1:3] == ["non dit", shown]
    assert [cell.text for cell in read("/indemnisation/tableau/").one("tbody").all("td")][1:3] == ["non dit", shown]
    assert (row["qui_est_reconnu"], row["pour_quoi"]) == ("", said)
    assert row["indemnise_qui"] == "non"  # as it was written
    (found,) = client.get("/api/v1/indemnisation").json()["resultats"]
    assert (found["qui_est_reconnu"], found["pour_quoi"]) == (None, said or None)
    heads, first = load_workbook(io.BytesIO(client.get("/indemnisation.xlsx").content)).worksheets[0].values
    assert (first[heads.index("Qui est reconnu")], first[heads.index("Pour quoi")]) == (None, said or None)
    other = EnqueteFactory(indemnise_qui="Élus", indemnise_quoi="Trajets")
    compared = read(f"/indemnisation/comparer/?fiche={enquete.pk}&fiche={other.pk}").one("tbody")
    assert [cell.text for cell in compared.all("td")][2:6] == ["non dit", "Élus", shown, "Trajets"]


def four_of(element) -> list[tuple[str, str]]:
    found = element.one("dl", class_="quatre")
    return [
        (label.text, " ".join(answer.text.split()))
        for label, answer in zip(found.all("dt"), found.all("dd"), strict=True)
    ]


def test_four_answers_stand_in_a_list_a_sheet_and_every_file_in_the_words_of_the_person(client, read, places):
    enquete = EnqueteFactory(titre="Alpha", themes=[], **ANSWERS)
    EnqueteFactory(titre="Bêta", structure="", indemnise_qui="non", bareme="Non", themes=[])
    first, second = read("/indemnisation/").all(class_="fiche")
    cut = (
        "Les trajets en voiture pour les réunions, les visites et les ateliers, y compris le détour pour un "
        "covoiturage, les… la suite"
    )
    assert four_of(first) == [
        ("Qui paie", "Conseil de Dinan"),
        ("Qui est reconnu", "15 salariés"),
        ("Pour quoi", cut),
        ("Combien", "150 € pour 2 ateliers"),
    ]
    assert [answer for _, answer in four_of(second)] == ["non dit"] * 4
    (more,) = first.one("dl", class_="quatre").all("a")
    assert more["href"] == f"{enquete.get_absolute_url()}#pour_quoi"
    assert more["aria-label"] == "la suite : Pour quoi"
    page = read(enquete.get_absolute_url())
    assert four_of(page) == four_of(first)
    assert LONGUE in page.text
    assert page.one("h2", id="indemnise_quoi").text == "Pour quoi"
    assert page.one("p", id="pour_quoi").text.startswith("Qu’est-ce qui a été indemnisé")
    assert page.one("p", id="combien").text.startswith("Quel est le délai")
    expected = ["Conseil de Dinan", "15 salariés", LONGUE, "150€ pour 2 ateliers"]
    names = ["structure", "qui_est_reconnu", "pour_quoi", "combien"]
    row, other = rows(client)
    assert [row[name] for name in names] == expected
    assert [other[name] for name in names] == [""] * 4
    found, _ = client.get("/api/v1/indemnisation").json()["resultats"]
    assert [found[name] for name in names] == expected
    sheet = load_workbook(io.BytesIO(client.get("/indemnisation.xlsx").content)).worksheets[0]
    heads, first, _ = sheet.values
    assert [first[heads.index(name)] for name in ("Qui paie", "Qui est reconnu", "Pour quoi", "Combien")] == expected


def test_the_table_has_the_four_answers_unless_other_columns_are_asked(read, places):
    enquete = EnqueteFactory(titre="Alpha", themes=[], **ANSWERS | {"indemnise_quoi": f"{LONGUE} {LONGUE}"})
    page = read("/indemnisation/tableau/")
    assert [cell.text for cell in page.one("thead").all("th")] == [
        *("Titre", "Qui paie", "Qui est reconnu", "Pour quoi", "Combien"),
    ]
    cells = page.one("tbody").all("td")
    assert cells[3].text == "150 € pour 2 ateliers"
    assert cells[2].text.endswith("… la suite")
    assert cells[2].one("a")["href"] == f"{enquete.get_absolute_url()}#pour_quoi"
    enquete.change(dict.fromkeys(ANSWERS, ""))
    assert [cell.text for cell in read("/indemnisation/tableau/").one("tbody").all("td")] == ["non dit"] * 4


def test_no_is_no_summary():
    assert EnqueteFactory(indemnise_quoi="Non", contexte="").fait_affiche == ""
    assert EnqueteFactory(indemnise_quoi="non", origine_demarche="Élus", contexte="Un collectif.").fait_affiche == (
        "Un collectif."
    )
    assert EnqueteFactory(indemnise_quoi="Les trajets.", contexte="Un collectif.").fait_affiche == "Les trajets."
    assert EnqueteFactory(indemnise_quoi="oui", contexte="Un collectif.").fait_affiche == "Un collectif."


def test_a_summary_is_one_answer_even_without_capitals_or_stops():
    enquete = EnqueteFactory(indemnise_quoi="les frais de déplacement", forme="virement bancaire depuis 2012")
    assert enquete.fait_affiche == "les frais de déplacement"


def test_three_modes_have_three_colours_and_their_words(read, places):
    EnqueteFactory(titre="Alpha", modes=[FRAIS, TEMPS, SANS_ARGENT, "Autre façon"])
    EnqueteFactory(titre="Bêta", modes=[TEMPS])
    page = read("/indemnisation/")
    tags = page.all(class_="fiche")[0].one("ul", class_="etiqs").all("li")
    assert {tag.text: tag["class"].split()[1:] for tag in tags} == {
        "Indemnisation des frais": ["a"],
        TEMPS: ["g"],
        "Valorisation de la participation": ["b"],
        "Autre façon": [],
    }
    told = {" ".join(one.text.split()): one.one("a")["href"] for one in page.one("ul", class_="modes").all("li")}
    assert len(told) == 4
    assert told[f"{TEMPS} 2 sur 2 enquêtes"] == "?mode=remuneration-du-temps-consacre-a-laction"
    assert not read(f"/indemnisation/?mode={SLUGS[FRAIS]}").all("ul", class_="modes")


# Page, its position


def test_a_page_says_an_own_position_of_no_commune(client):
    exact = EnqueteFactory(latitude=48.1, longitude=-2.1, themes=[])
    assert "position approchée" not in html(client, exact.get_absolute_url())
    near = EnqueteFactory(latitude=48.1, longitude=-2.1, position_approchee=True, themes=[])
    assert "position approchée" in html(client, near.get_absolute_url())


def test_an_empty_survey_has_a_page(client):
    text = html(client, EnqueteFactory(titre="Un titre", structure="", themes=[]).get_absolute_url())
    assert "n’a pas encore répondu" in text
    assert "sans réponse" not in text


def test_a_search_finds_answers_choices_and_places(dinan):
    enquete = EnqueteFactory(adresse="22100 Dinan", modes=[FRAIS], bareme="Kilométrique", niveau="Consultation")
    EnqueteFactory()
    for text in ("dinan", "Côtes-d'Armor", "indemnisations", "kilometrique", "consultation", "structure"):
        assert enquete in search(Enquete.objects.published(), text), text


@pytest.mark.long
def test_demo_surveys_are_complete():
    load_choices(settings.BASE_DIR / "fixtures" / "choix.json")
    assert load_enquetes() == Enquete.objects.published().count() == 14
    modes = Choix.objects.filter(liste="reconnaissance")
    assert modes.count() == 3  # those of the file, whatever their apostrophes
    assert [Enquete.objects.filter(modes_reconnaissance=mode).count() for mode in modes] == [10, 6, 6]
    assert Contact.objects.filter(role="referent").count() == 14
    assert all(contact.courriel.endswith("@exemple.bzh") for contact in Contact.objects.all())
    assert not [row for row in Enquete.objects.all() if not row.texte_affiche]


def test_a_group_of_filters_that_no_record_answers_is_not_shown(read):
    enquete, _ = EnqueteFactory.create_batch(2, indemnites="")
    assert "Comment on est payé" not in read("/indemnisation/").html
    enquete.change({"indemnites": "15 € de l’heure"})
    assert "Comment on est payé" in read("/indemnisation/").html


def test_the_shouted_name_of_a_structure_is_said_in_one_way(client):
    """Its page says it above, as who pays, in the head, in the path and in how it is cited; files as it was written."""
    fiche = EnqueteFactory(titre="Conseil", structure="FONDATION DE L ARMEE DU SALUT")
    other = EnqueteFactory(titre="Comité", structure="Codev")
    for address in (
        *(fiche.get_absolute_url(), "/indemnisation/", "/indemnisation/tableau/"),
        *(f"/indemnisation/comparer/?fiche={fiche.pk}&fiche={other.pk}", "/recherche/?q=armee", "/recherche/tableau/"),
    ):
        said = client.get(address).content.decode()
        assert "FONDATION" not in said, address
        found = set(re.findall(r"(?i)fondation de (?:<mark>)?l.{1,8}?arm", unescape(said)))
        assert {re.sub("<.*?>|\u00a0", "", one) for one in found} == {"Fondation de l’Arm"}, address
    assert rows(client)[-1]["structure"] == fiche.structure
