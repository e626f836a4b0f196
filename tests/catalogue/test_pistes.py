"""Where else the words of a search lead: values that mean the same, counted, each with the address of its list."""

import tomllib
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode

from bench.qualite_recherche import fill, first_ten
from fiches import registre
from fiches.choice_lists import Choix
from fiches.enquetes.indemnites import Unite
from fiches.enquetes.models import Enquete
from fiches.initiatives.models import Initiative
from labacces.recherche import SITE
from projets.models import Projet
from socle.catalogue.pistes import MONTREES, PEU, pistes
from socle.catalogue.selection import Selection
from socle.journal.cache import forget
from tests import sampling
from tests.conftest import make_many_projets, some_types
from tests.factories import ProjetFactory, ThemeFactory, factory_of

pytestmark = pytest.mark.django_db
PROJETS = registre.get("projet")
WORDS = Path(__file__).parent.parent / "fiches" / "mots_du_metier.toml"


def leads(text, declaration=SITE, **asked):
    return pistes(Selection(declaration, QueryDict(urlencode({"q": text, **asked}))))


def values(found) -> list[str]:
    """« theme=cantine » of each lead."""
    return ["=".join(parse_qsl(urlsplit(piste.liens[0][1]).query)[-1]) for piste in found]


@pytest.fixture
def numerique():
    """A theme that not all records have."""
    ProjetFactory(themes=[])
    return ThemeFactory(nom="Inclusion numérique", mots_cles="médiation numérique\nillectronisme")


# Where the words of the trade lead


def here(lead) -> bool:
    """Whether the site has the type that a lead names, if it names one: « type=terme », « terme/aller-vers »."""
    named = lead.startswith("type=") or "/" in lead
    return not named or registre.find(lead.removeprefix("type=").partition("/")[0]) is not None


@pytest.mark.long
def test_the_thirty_words_lead_where_they_should():
    call_command("charger_referentiels", verbosity=0)
    fill("extrait")
    wanted = {text: to for part in tomllib.loads(WORDS.read_text("utf-8")).values() for text, to in part.items()}
    assert len(wanted) == 30
    wanted = {text: kept for text, to in wanted.items() if (kept := [one for one in to if here(one)]) or not to}
    lost = {}
    for text, to in wanted.items():
        found, records = values(leads(text)), first_ten(text)[:5]
        missing = [one for one in to if one not in found and not any(record.startswith(one) for record in records)]
        if missing or (found and not to):
            lost[text] = missing, found, records
    assert lost == {}


@sampling.mostly_long(
    "text", ["médiation numérique", "Illectronisme", "inclusions numeriques", "l’inclusion"], one_in=3
)
def test_the_name_or_a_key_word_of_a_theme_leads_to_it(numerique, text):
    ProjetFactory(themes=[numerique])
    assert values(leads(text)) == values(leads(text, PROJETS)) == ["theme=inclusion-numerique"]


@pytest.mark.long
def test_what_people_ask_of_money_leads_to_the_surveys():
    ProjetFactory(themes=[])
    factory_of(Enquete)(titre="Un comité")
    call_command("charger_referentiels", verbosity=0)
    asked = ["qui paie", "Combien payer ?", "ticket service", "tickets services", "bons d’achat"]
    assert {text: values(leads(text))[0] for text in asked} == dict.fromkeys(asked, "type=enquete")


@pytest.mark.parametrize(
    "text", ["payer la cantine en ligne", "payer en ligne", "fiche de paie", "service", "ticket de caisse"]
)
@pytest.mark.parametrize("declaration", [SITE, PROJETS])
def test_what_only_shares_a_word_with_that_does_not(text, declaration):
    ProjetFactory(themes=[])
    factory_of(Enquete)(titre="Un comité")
    assert "type=enquete" not in values(leads(text, declaration))


def test_a_word_that_is_a_name_leads_to_no_other_value_that_holds_it():
    """« accueil » is part of « accueil périscolaire », which is another matter."""
    ProjetFactory(themes=[])
    ProjetFactory(themes=[ThemeFactory(nom="Téléphonie et accueil")])
    ProjetFactory(themes=[ThemeFactory(nom="Portail famille", mots_cles="accueil périscolaire\ngarderie")])
    assert values(leads("accueil")) == ["theme=telephonie-et-accueil"]
    assert values(leads("périscolaire")) == ["theme=portail-famille"]


def test_a_key_word_that_counts_for_no_theme_leads_nowhere():
    ProjetFactory(themes=[])
    ProjetFactory(themes=[ThemeFactory(nom="Portail famille", mots_cles="garderie\n Sauf halte-garderie")])
    assert values(leads("garderie")) == ["theme=portail-famille"]
    assert leads("halte") == leads("sauf") == []


def test_paid_by_the_hour_leads_to_the_surveys_where_one_is(places):
    mode = Choix.objects.create(liste=Choix.Liste.RECONNAISSANCE, nom="Rémunération du temps (salaire, vacation)")
    make = factory_of(Enquete)
    make(indemnites="15 € de l’heure ; habitants ; réunion").change({"modes_reconnaissance": [mode]})
    make()
    assert f"unite={Unite.HEURE}" in values(leads("payé à l’heure"))
    assert values(leads("vacations")) == [f"mode={mode.slug}"]
    assert values(leads("payé à l’heure"))[0] == f"mode={mode.slug}"


@pytest.mark.parametrize("text", ["médiation numérique Côtes d'Armor", "22 illectronisme"])
def test_a_theme_and_a_place_that_say_all_words_together_lead_together_first(read, places, numerique, text):
    for departement, themes in (("22", [numerique]), ("22", []), ("29", [numerique]), ("29", [])):
        ProjetFactory(departement_id=departement, themes=themes)
    for declaration, here in ((PROJETS, "/projets/"), (SITE, "")):
        first, *others = leads(text, declaration)
        assert {*first.nom.split(", ")} == {"Inclusion numérique", "Côtes-d’Armor (22)"}
        ((words, address),) = first.liens
        assert words == "1 projet"
        assert read(f"{here}{address}").one("h2", id="bilan").text.startswith("1 projet dans les Côtes-d’Armor")
        assert {one.quoi for one in others} == {"Thème", "Département"}
    assert values(leads(text, PROJETS, departement="22")) == ["theme=inclusion-numerique"]


def test_two_that_no_record_has_do_not_lead_together(places, numerique):
    for departement, themes in (("22", []), ("29", [numerique])):
        ProjetFactory(departement_id=departement, themes=themes)
    assert {*values(leads("illectronisme Côtes d'Armor"))} == {"theme=inclusion-numerique", "departement=22"}


@sampling.mostly_long(
    ("text", "value"),
    [("Morbihan", "departement=56"), ("56", "departement=56"), ("Vannes", "lieu=56260"), ("village", "taille=0-1000")],
    one_in=3,
)
def test_places_and_sizes_of_communes_are_found_by_their_names(places, text, value):
    for commune in ("56205", "56260", "29019"):
        ProjetFactory(commune_id=commune, departement_id=commune[:2], themes=[])
    assert value in values(leads(text))


@some_types
def test_a_type_is_found_by_its_names_from_the_list_of_another_too(places, declaration):
    for one in registre.types():
        factory_of(one.model)(titre="Une fiche")
    for text in (declaration.nom, declaration.nom_pluriel, declaration.menu):
        assert f"type={declaration.cle}" in values(leads(text)), text
        for other in registre.types():
            found = values(leads(text, other))
            assert (f"type={declaration.cle}" in found) == (other != declaration), (text, other.cle)


# What each says


@pytest.mark.long
def test_a_lead_counts_the_list_behind_it_under_the_other_filters(read, places, numerique):
    for departement, themes in (("22", [numerique]), ("22", [numerique]), ("29", [numerique]), ("29", []), ("56", [])):
        ProjetFactory(departement_id=departement, themes=themes)
    make = factory_of(Initiative)
    for themes in ([numerique], []):
        make(departement_id="29", themes=themes)
    other, n22, n29, n56 = (
        "1 initiative (sans vos autres filtres)",
        "2 projets",
        "1 projet",
        "3 projets (sans vos autres filtres)",
    )
    for asked, of_projects, of_all in (
        ({}, ["3 projets"], ["3 projets", "1 initiative"]),
        ({"departement": "22"}, [n22], [n22, other]),
        ({"departement": "29"}, [n29], [n29, "1 initiative"]),
        ({"departement": "56"}, [n56], [n56, other]),
    ):
        for declaration, said, here in ((PROJETS, of_projects, "/projets/"), (SITE, of_all, "")):
            (piste,) = leads("médiation numérique", declaration, **asked)
            assert (piste.quoi, piste.nom) == ("Thème", "Inclusion numérique")
            assert [words for words, _ in piste.liens] == said
            for words, address in piste.liens:
                assert read(f"{here}{address}").one("h2", id="bilan").text.startswith(words.partition(" (")[0])


def test_the_map_and_the_figures_lead_there_too(read, places, numerique):
    ProjetFactory(departement_id="22", commune_id="22050", themes=[numerique])
    ProjetFactory(departement_id="22", commune_id="22050", themes=[])
    for view in ("", "tableau/", "carte/", "chiffres/"):
        page = read(f"/projets/{view}?q=illectronisme")
        assert "Thème « Inclusion numérique » : 1 projet" in page.text, view


def test_nothing_leads_where_nothing_means_the_words(read, places, numerique):
    ProjetFactory(departement_id="22", themes=[numerique])
    for text in ("surendettement", "de la", "…", "-numérique", "", '"', "\x01", "cantine " * 500):
        assert leads(text) == [], text
    assert "Ces mots mènent" not in read("/projets/?q=surendettement").text


def test_a_value_that_all_records_hold_or_that_is_asked_leads_nowhere(numerique):
    Projet.objects.get().change({"themes": [numerique]})
    assert values(leads("illectronisme", PROJETS)) == []
    ProjetFactory(themes=[])
    assert values(leads("illectronisme", PROJETS)) == ["theme=inclusion-numerique"]
    assert leads("illectronisme", PROJETS, theme="inclusion-numerique") == []


def test_one_word_is_enough_where_a_search_finds_few_and_not_where_it_finds_many(numerique):
    ProjetFactory(themes=[numerique])
    rows = [{"titre": f"Un jumeau numérique {n}", "themes": []} for n in range(PEU)]
    make_many_projets(rows[1:])
    assert values(leads("jumeau numérique")) == ["theme=inclusion-numerique"]
    make_many_projets(rows[:1])
    assert leads("jumeau numérique") == []


def test_no_more_than_a_few_are_shown_the_nearest_first(places):
    themes = [ThemeFactory(nom=f"Accueil {nom}".strip()) for nom in ("en mairie", "du public", "mobile", "social", "")]
    for theme in themes:
        ProjetFactory(themes=[theme])
    found = leads("accueil")
    assert len(found) == MONTREES
    assert found[0].nom == "Accueil"


# What it costs


def test_once_the_names_are_held_a_search_costs_what_it_did(places, numerique):
    for commune in ("56205", "56260", "29019"):
        ProjetFactory(commune_id=commune, departement_id=commune[:2], themes=[numerique])
    leads("illectronisme")
    for declaration in (SITE, PROJETS):
        selection = Selection(declaration, QueryDict(urlencode({"q": "médiation"})))
        assert not selection.total
        with CaptureQueriesContext(connection) as captured:
            assert pistes(selection)
        tables = {query["sql"] for query in captured if "journal_ligne" not in query["sql"]}
        assert tables == set()


def test_the_first_search_of_a_process_reads_each_list_and_the_names_of_its_facets_once(client, places, numerique):
    for _ in range(2):
        for declaration in registre.types():
            factory_of(declaration.model)()
    forget()
    with CaptureQueriesContext(connection) as first:
        client.get("/recherche/", {"q": "illectronisme"})
    facets = sum(len(one.liste.filterset_class.base_filters) for one in registre.types())
    assert len(first) < facets
    with CaptureQueriesContext(connection) as second:
        client.get("/recherche/", {"q": "médiation"})
    assert len(second) <= 6
