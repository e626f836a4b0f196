"""/projets/subventions.csv is valid by the national schema, row by row; the page beside it says what is missing."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.urls import reverse
from frictionless import Resource, Schema
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import siret

from labacces.env import env_choice, env_siret
from projets.models import Projet
from projets.nomenclature import NatureDeSubvention, OuiNon
from projets.subventions import OBLIGATOIRES
from socle.vie_privee.mentions import MASQUES
from tests.conftest import make_many_projets
from tests.factories import ProjetFactory
from tests.fiches.tableur import csv_of, edit_csv
from tests.fiches.test_tableur import TYPES, one, take
from tests.projets.formulaire import change_url, posted
from tests.sampling import mostly_long, size

pytestmark = pytest.mark.django_db
SCHEMA = json.loads((Path(__file__).parent / "scdl.json").read_text())
PAYER = "12345678200010"  # of nobody, as the other: their check digits are right
SIRET = "90000001900019"
COMPLETE = {
    "titre": "BERRIC - Portail familles",
    "collectivite": "BERRIC",
    "montant_eur": Decimal("47800.20"),
    "siret": SIRET,
    "convention_le": date(2021, 6, 27),
    "versement": "unique",
    "verse_le": date(2021, 9, 1),
    "part_pourcent": 100,
}
# What leaves a sheet without each compulsory column that is its own.
WITHOUT = {
    "dateConvention": {"convention_le": None},
    "nomBeneficiaire": {"collectivite": ""},
    "idBeneficiaire": {"siret": ""},
    "montant": {"montant_eur": None},
    "conditionsVersement": {"versement": ""},
    "datesPeriodeVersement": {"verse_le": None},
    "pourcentageSubvention": {"part_pourcent": None},
}


@pytest.fixture(autouse=True)
def site(settings):
    settings.SUBVENTIONS_ATTRIBUANT, settings.SUBVENTIONS_SIRET = "Une préfecture", PAYER
    settings.SUBVENTIONS_NATURE, settings.SUBVENTIONS_NOTIFICATION_UE = "aide en numéraire", "non"
    return settings


def complete(**more):
    return ProjetFactory(**({"themes": []} | COMPLETE | more))


def exported(client, query="") -> str:
    response = client.get("/projets/subventions.csv", QUERY_STRING=query)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def rows(client, query="") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported(client, query), newline=""), strict=True))


def errors(text: str) -> list[str]:
    """What the national validator would say of a file: frictionless by the schema, and the two checks that it adds."""
    schema = Schema.from_descriptor(SCHEMA)
    report = Resource(data=text.encode(), format="csv", encoding="utf-8", schema=schema).validate()
    said = [message for (message,) in report.flatten(["message"])]
    for row in csv.DictReader(io.StringIO(text, newline="")):
        if not (row["idBeneficiaire"] or row["rnaBeneficiaire"]):
            said.append("one-of-required")
        numbers = filter(None, (row["idAttribuant"], row["idBeneficiaire"]))
        said += ["french-siret-value" for number in numbers if not siret.is_valid(number)]
    return said


def missing(page) -> dict[str, int]:
    """{column: how many sheets lack it, as the page says}."""
    lines = page.one("tbody").all("tr")
    return {line.one("code").text: int(line.all("td")[0].text.split()[0]) for line in lines}


# The file


def test_a_complete_sheet_is_a_row_of_the_national_schema(client):
    complete(decision="2021-03-103", dispositif="FR-RELANCE", verse_jusqu_au=date(2022, 9, 1))
    text = exported(client)
    assert errors(text) == []
    for wrong in (text.replace(SIRET, f"{SIRET[:-1]}8"), text.replace(SIRET, ""), text.replace('"non"', '"peut-être"')):
        assert errors(wrong), "the judge sees what is wrong"
    assert rows(client) == [
        {
            "nomAttribuant": "Une préfecture",
            "idAttribuant": PAYER,
            "dateConvention": "2021-06-27",
            "referenceDecision": "2021-03-103",
            "nomBeneficiaire": "Berric",
            "idBeneficiaire": SIRET,
            "rnaBeneficiaire": "",
            "objet": "Portail familles",
            "montant": "47800.20",
            "nature": "aide en numéraire",
            "conditionsVersement": "unique",
            "datesPeriodeVersement": "2021-09-01/2022-09-01",
            "idRAE": "",
            "notificationUE": "non",
            "pourcentageSubvention": "1.00",
            "dispositifAide": "FR-RELANCE",
        }
    ]


@mostly_long("column", WITHOUT, one_in=3)
def test_a_sheet_that_lacks_something_compulsory_is_no_row_and_is_counted(client, read, column):
    complete(titre="Complète")
    complete(titre="Incomplète", **WITHOUT[column])
    assert [row["objet"] for row in rows(client)] == ["Complète"]
    page = read("/projets/subventions/")
    assert "contient 1 fiche sur 2 ; 1 est à compléter" in page.text
    assert {name: count for name, count in missing(page).items() if count} == {column: 1}


def test_every_compulsory_column_of_the_schema_is_asked_for():
    required = {field["name"] for field in SCHEMA["fields"] if field.get("constraints", {}).get("required")}
    assert {*OBLIGATOIRES} == required | {"idBeneficiaire"}


def test_an_association_without_a_siret_is_told_by_its_rna(client):
    complete(siret="", rna="W351234567")
    assert errors(exported(client)) == []
    assert rows(client)[0]["rnaBeneficiaire"] == "W351234567"


def test_a_replaced_sheet_a_draft_and_an_amount_of_zero_are_no_rows(client, read):
    first = complete(titre="Première")
    complete(titre="Seconde", remplace=first)
    complete(titre="Brouillon", draft=True)
    complete(titre="Rien", montant_eur=0)
    assert [row["objet"] for row in rows(client)] == ["Seconde"]
    said = "contient 1 fiche sur 3 ; 1 est à compléter ; 1 est laissée de côté"
    assert said in read("/projets/subventions/").text


def test_an_empty_result_is_a_file_with_its_headings(client):
    names = [field["name"] for field in SCHEMA["fields"]]
    assert next(csv.reader([exported(client)])) == names
    complete()
    assert len(exported(client, "q=introuvable").splitlines()) == 1


def test_the_file_is_under_the_filters_and_the_order_of_the_page(client, places):
    complete(titre="Petit", montant_eur=100, departement_id="22")
    complete(titre="Grand", montant_eur=9000, departement_id="56")
    assert [row["objet"] for row in rows(client, "tri=montant-decroissant")] == ["Grand", "Petit"]
    assert [row["objet"] for row in rows(client, "departement=22")] == ["Petit"]
    response = client.get("/projets/subventions.csv?departement=22")
    assert "subventions-cotes-d-armor" in response["Content-Disposition"]


@mostly_long("query", ["departement=zz", "montant_min=beaucoup", "inconnu=1", "montant_max=%00"], one_in=3)
def test_a_malformed_filter_is_refused_by_the_file_and_told_on_the_page(client, read, query):
    complete()
    assert client.get("/projets/subventions.csv", QUERY_STRING=query).status_code == 400
    assert read(f"/projets/subventions/?{query}").alert


def test_the_page_is_offered_and_leads_to_the_file_of_its_filters(client, read, places):
    complete(departement_id="22")
    panel = read("/projets/?departement=22").one("details", class_="emporter")
    (rubrique,) = [one for one in panel.all("p") if "(SCDL)" in one.text]
    assert "1 ligne" not in rubrique.text  # those of the list; the page says how many are complete
    page = read({a.text: a["href"] for a in panel.all("a")}["Subventions complètes (SCDL)"])
    assert "/projets/subventions.csv?departement=22" in {a["href"] for a in page.all("a")}


def test_no_sheet_takes_the_address_of_the_page():
    assert complete(titre="Subventions").slug == "subventions-2"


# What the operator says


def test_without_a_payer_no_sheet_is_complete_and_the_page_says_so(client, read, site):
    site.SUBVENTIONS_SIRET = ""
    complete()
    assert rows(client) == []
    page = read("/projets/subventions/")
    assert missing(page)["idAttribuant"] == 1
    assert "Dit par le site" in page.one("table").text  # the other columns are
    assert not [a for a in page.all("a") if "subventions.csv" in a["href"]]  # a file of headings alone
    assert "Pas de fichier à télécharger" in page.text


def test_what_a_sheet_says_goes_before_what_the_operator_says(client, read, site):
    complete(nature="aide en nature", notification_ue="oui")
    assert (rows(client)[0]["nature"], rows(client)[0]["notificationUE"]) == ("aide en nature", "oui")
    site.SUBVENTIONS_NATURE = site.SUBVENTIONS_NOTIFICATION_UE = ""
    assert errors(exported(client)) == []
    complete()
    assert len(rows(client)) == 1
    found = missing(read("/projets/subventions/"))
    assert (found["nature"], found["notificationUE"]) == (1, 1)


def test_defaults_are_shown_as_such(client, read, anne):
    projet = complete()
    assert "Une préfecture" in read("/projets/subventions/").one("table").text
    form = read(reverse("admin:projets_projet_change", args=[projet.pk]))
    assert "comme le site : aide en numéraire" in form.one("select", name="nature").text
    assert f"Une préfecture {PAYER}" in form.text


def test_a_default_that_the_schema_does_not_know_stops_the_site(monkeypatch):
    monkeypatch.setenv("SIRET_LU", "732 829 320 00075")
    monkeypatch.setenv("NATURE_LUE", "don")
    with pytest.raises(ImproperlyConfigured, match="SIRET"):
        env_siret("SIRET_LU")
    with pytest.raises(ImproperlyConfigured, match="aide en nature"):
        env_choice("NATURE_LUE", tuple(NatureDeSubvention.values))
    monkeypatch.setenv("SIRET_LU", "732 829 320 00074")
    assert (env_siret("SIRET_LU"), env_choice("RIEN", tuple(OuiNon.values))) == ("73282932000074", "")


# The desk


def post(client, projet, **typed):
    """Save the form of a sheet as it is shown, but for what is typed."""
    return client.post(change_url(projet), posted(client, projet, **typed))


@pytest.mark.parametrize("typed", ["900 000 019 00019", "９００００００１９０００１９"])
def test_a_number_is_kept_in_one_piece_and_in_plain_digits(client, anne, typed):
    projet = complete(siret="")
    response = post(client, projet, siret=typed, rna="w35 123-4567", convention_le="28/06/2021")
    assert response.status_code == 302, response.context["errors"]
    projet.refresh_from_db()
    assert (projet.siret, projet.rna, projet.convention_le) == (SIRET, "W351234567", date(2021, 6, 28))
    assert projet.history.first().siret == SIRET


@mostly_long(
    ("typed", "said"),
    [
        ({"siret": "90000001900018"}, "Recopiez-le depuis annuaire-entreprises.data.gouv.fr"),
        ({"siret": "900000019"}, "Un SIRET a 14 chiffres"),
        ({"siret": "٥٥٢٠٨١٣١٧٦٦٥٢٢"}, "Un SIRET a 14 chiffres"),
        ({"rna": "351234567"}, "W suivi de 9 chiffres"),
        ({"part_pourcent": "0"}, "supérieure ou égale à 1"),
        ({"part_pourcent": "101"}, "inférieure ou égale à 100"),
        ({"verse_jusqu_au": "01/01/2020"}, "finit avant de commencer"),
        ({"nature": "don"}, "Sélectionnez un choix valide"),
    ],
    one_in=3,
)
def test_what_the_schema_would_refuse_is_refused_with_what_to_do(client, anne, typed, said):
    projet = complete()
    response = post(client, projet, **typed)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert Projet.objects.get().version == projet.version


@pytest.mark.parametrize(
    "values",
    [
        {"siret": "900000019"},
        {"rna": "0123456789"},
        {"part_pourcent": 101},
        {"verse_le": None, "verse_jusqu_au": date(2022, 1, 1)},
        {"verse_jusqu_au": date(2020, 1, 1)},
    ],
)
def test_no_way_of_saving_goes_around_the_rules(values):
    projet = complete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Projet.objects.filter(pk=projet.pk).update(**values)


def test_the_list_of_the_desk_finds_what_is_to_complete(client, anne):
    done, bare = complete(), complete(siret="", convention_le=None)
    expected = {"subvention=complete": done, "subvention=a-completer": bare, "manque=siret%2Brna": bare}
    for asked, found in expected.items():
        response = client.get(f"{reverse('admin:projets_projet_changelist')}?{asked}")
        assert [row.pk for row in response.context["cl"].result_list] == [found.pk], asked


# Spreadsheets


@pytest.mark.parametrize("typed", ["900 000 019 00019", "9,00000E+13", "9e+13"])
def test_a_siret_that_a_spreadsheet_rewrote_is_no_change(places, typed):
    projet = complete()
    data = edit_csv(csv_of(TYPES["projet"]), {projet.pk: {"siret": typed}})
    assert take(TYPES["projet"], data).inchanges == 1


def test_a_siret_without_its_first_zeros_is_no_change(places):
    projet = complete(siret="00000001800010")
    data = edit_csv(csv_of(TYPES["projet"]), {projet.pk: {"siret": "1800010"}})
    assert take(TYPES["projet"], data).inchanges == 1


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"siret": "1,23457E+13"}, "le tableur a abrégé ce numéro"),
        ({"siret": "90000001900018"}, "annuaire-entreprises"),
        ({"part_pourcent": "150"}, "Part versée à ce bénéficiaire (%) « 150 »"),
        ({"verse_jusqu_au": "2020-01-01"}, "finit avant de commencer"),
        ({"versement": "x" * 300}, "255 au plus"),
    ],
)
def test_a_cell_that_the_schema_would_refuse_is_refused(places, cells, said):
    projet = complete()
    ligne = one(take(TYPES["projet"], edit_csv(csv_of(TYPES["projet"]), {projet.pk: cells})))
    assert ligne.sort == "refus"
    assert said in ligne.message


# Hostile values

TEXTS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), min_size=1, max_size=90)
TEXTS |= st.sampled_from(["=1+1", "- un tiret", '"', "a,b;c\r\nd", "x" * 90, "\ufeff", "nolwenn@exemple.bzh", "\u200b"])


@pytest.mark.long
@given(titre=TEXTS, nom=TEXTS, mots=TEXTS, cents=st.integers(1, 10**14 - 1))
def test_every_row_is_valid_whatever_people_wrote(client, titre, nom, mots, cents):
    with transaction.atomic():
        montant = Decimal(cents) / 100
        complete(titre=titre * 5, collectivite=nom, versement=mots, decision=mots, montant_eur=montant)
        complete(titre="Témoin")
        text = exported(client)
        assert errors(text) == []
        assert "Témoin" in text
        transaction.set_rollback(True)


def test_a_masked_name_is_no_beneficiary(client):
    complete(collectivite=MASQUES[0])
    assert rows(client) == []


# Speed


@pytest.mark.parametrize("size", [1, size(20, one_in=4)])
def test_page_and_file_cost_the_same_whatever_the_size(client, django_assert_num_queries, size):
    make_many_projets([COMPLETE] * size)
    with django_assert_num_queries(5):  # what changed, sets, their themes, what is said, which are replaced
        client.get("/projets/subventions/")
    with django_assert_num_queries(3):
        assert len(rows(client)) == size
