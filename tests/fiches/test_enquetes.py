"""Surveys: what their file and page say, and the four answers that every view gives."""

import re

import pytest
from django.conf import settings
from django.http import QueryDict

from fiches.attached import Contact
from fiches.choice_lists import Choix
from fiches.choice_lookup import load_choices
from fiches.enquetes.columns import ENQUETE_COLUMNS
from fiches.enquetes.declaration import load_enquetes
from fiches.enquetes.models import Enquete
from socle.catalogue.selection import Selection
from socle.territoires.models import Commune
from tests.conftest import TYPES, csv_rows
from tests.factories.enquetes import EnqueteFactory
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db

FRAIS = "Indemnisation des frais (Transports, repas, garde d’enfants, achats…)"
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


# File


def test_the_file_has_every_public_field(client, dinan):
    EnqueteFactory(adresse="8 boulevard Simone Veil, 22100 Dinan", themes=[])
    (row,) = rows(client)
    assert list(row) == [*(column.nom for column in ENQUETE_COLUMNS), "licence"]
    assert (row["latitude"], row["longitude"], row["position_approchee"]) == ("48.45553", "-2.05049", "oui")
    public = {f.name for f in Enquete._meta.get_fields() if f.concrete and f.name not in ("entree", "version")}
    told = {"departement": "departement_code", "slug": "url"}
    hidden = {"statut", "themes_automatiques", "cree_le", "datee"}
    assert {told.get(name, name) for name in public - hidden} <= set(row)


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
        ({"delai_montants": "50€", "bareme": KM}, "50€", "delai_montants"),  # what was paid, before the scale
        ({"delai_montants": "Sous un mois", "bareme": KM}, KM, "bareme"),
        ({"delai_montants": "Sous un mois", "bareme": "Celui des agents"}, "Celui des agents", "bareme"),
        ({"delai_montants": "Un chèque de 40", "bareme": "Celui des agents"}, "Un chèque de 40", "delai_montants"),
        ({"delai_montants": "", "bareme": "non"}, "", ""),  # whether there is a scale, not how much
        ({"delai_montants": "Sous un mois", "bareme": "Oui."}, f"{DELAI}Sous un mois", "delai_montants"),
        ({"delai_montants": "Rien : un repas"}, f"{DELAI}Rien : un repas", "delai_montants"),  # ordered, not hidden
        ({"indemnites": "20 € par repas", "bareme": KM}, "20 € par repas", "indemnites"),
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
        ("Au SMIC horaire", True),
        ("0,30 du km", True),
        ("des bons d’achat de 20", True),
        ("Le 5 du mois, sous 15 jours", False),
        ("Une carte cadeau remise sur place", False),
        ("Les bons sont remis dans un délai de 2 mois", False),
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
        ({"indemnise_quoi": "non", "forme": "Formation, goodies"}, "Formation, goodies"),
        ({"indemnise_quoi": "Non.", "forme": "Aucune"}, ""),
    ],
    one_in=2,
)
def test_what_for_is_what_was_paid_else_the_form_that_it_took(client, read, answers, said):
    enquete = EnqueteFactory(indemnise_qui="non", **answers)
    shown, row = said or "non dit", rows(client)[0]
    for page in (read("/indemnisation/"), read(enquete.get_absolute_url())):
        assert [answer for _, answer in four_of(page)][1:3] == ["non dit", shown]
    assert (row["qui_est_reconnu"], row["pour_quoi"]) == ("", said)
    assert row["indemnise_qui"] == "non"  # as it was written
    (found,) = client.get("/api/v1/indemnisation").json()["resultats"]
    assert (found["qui_est_reconnu"], found["pour_quoi"]) == (None, said or None)


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


def test_no_is_no_summary():
    assert EnqueteFactory(indemnise_quoi="Non", contexte="").fait_affiche == ""
    assert EnqueteFactory(indemnise_quoi="non", origine_demarche="Élus", contexte="Un collectif.").fait_affiche == (
        "Un collectif."
    )
    assert EnqueteFactory(indemnise_quoi="Les trajets.", contexte="Un collectif.").fait_affiche == "Les trajets."
    assert EnqueteFactory(indemnise_quoi="oui", contexte="Un collectif.").fait_affiche == "Un collectif."


# Page, its position


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
