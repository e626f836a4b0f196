"""A field and its words: there and back, in every form, and what a person types."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiches.choice_lists import Choix
from fiches.enquetes.models import Enquete
from fiches.initiatives.models import Initiative
from participants.evenements.models import Evenement
from projets.models import Projet
from socle.annuaire.models import Statut
from socle.francais.nombres import whole
from socle.francais.valeurs import FILE, PAGE, TYPED, Illisible, as_words, read_words
from socle.territoires.models import Commune
from tests.factories import ProjetFactory, ThemeFactory

FORMS = [PAGE, TYPED, FILE]


def field(model, name):
    return model._meta.get_field(name)


MONTANT = field(Projet, "montant_eur")
DEBUT = field(Evenement, "debut")


@pytest.mark.parametrize(
    ("one", "value", "page", "file"),
    [
        (MONTANT, Decimal("20000.50"), "20\u202f000,50\u00a0€", "20000.50"),
        (MONTANT, None, "", ""),
        (field(Enquete, "latitude"), 48.5, "48,5", "48.5"),
        (field(Evenement, "capacite"), 12, "12", "12"),
        (field(Evenement, "heure_connue"), False, "non", "non"),
        (field(Projet, "statut"), Statut.PUBLIEE, "publiée", "publiée"),
        (DEBUT, datetime(2026, 3, 12, 13, 3, tzinfo=UTC), "12 mars 2026 à 14:03", "2026-03-12T14:03:00+01:00"),
        (field(Projet, "objectifs"), "Un\ndeux", "Un\ndeux", "Un\ndeux"),
    ],
)
def test_a_value_in_the_words_of_a_page_and_of_a_file_is_read_back(one, value, page, file):
    assert (as_words(one, value), as_words(one, value, FILE)) == (page, file)
    assert {form: read_words(one, as_words(one, value, form)) for form in FORMS} == dict.fromkeys(FORMS, value)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_every_amount_is_read_back(amount):
    assert [read_words(MONTANT, as_words(MONTANT, amount, form)) for form in FORMS] == [amount] * 3


@given(st.datetimes(datetime(2001, 1, 1), datetime(2099, 12, 31)))
def test_every_moment_is_read_back_to_the_microsecond_from_a_file_and_to_the_minute_from_a_page(naive):
    when = naive.replace(tzinfo=UTC)
    assert read_words(DEBUT, as_words(DEBUT, when, FILE)) == when
    # One hour of October stands twice in the time of the site, and words do not say which.
    assert abs(read_words(DEBUT, as_words(DEBUT, when)) - when) < timedelta(hours=1, minutes=1)


def test_rows_are_named_as_their_use_wants_and_found_again(places):
    one = field(Enquete, "commune")
    commune = Commune.objects.first()
    assert as_words(one, commune.pk) == as_words(one, commune) == f"{commune.nom} ({commune.departement_id})"
    assert as_words(one, commune.pk, TYPED) == as_words(one, commune, FILE) == commune.nom
    for words in (commune.nom, commune.nom.upper(), str(commune), commune.pk):
        assert read_words(one, words) == commune


def test_a_name_that_two_rows_bear_is_no_answer(places):
    one, twins = field(Enquete, "commune"), []
    for code, departement in (("22999", "22"), ("35999", "35")):
        twins.append(Commune.objects.create(code=code, nom="Deux-Fois", departement_id=departement))
    with pytest.raises(Illisible, match="plusieurs"):
        read_words(one, "Deux-Fois")
    assert read_words(one, "Deux-Fois (35)") == twins[1]


def test_several_values_stand_on_lines_or_between_bars(db):
    one = field(Initiative, "mots_cles")
    rows = [Choix.objects.create(liste="mot-cle", nom=nom) for nom in ("Écoute, accueil", "Santé")]
    Choix.objects.create(liste="profil", nom="Curieux")
    assert as_words(one, rows, FILE) == "Écoute, accueil | Santé"
    assert as_words(one, {row.pk for row in rows}, TYPED) == "Écoute, accueil\nSanté"
    assert [read_words(one, text) for text in ("ecoute, accueil | SANTE|sante", "Écoute, accueil\n\nSanté\n")] == [
        rows,
        rows,
    ]
    with pytest.raises(Illisible, match=r"choisissez parmi : .*Écoute, accueil") as refused:
        read_words(one, "Santé | Curieux")
    assert refused.value.said == "Curieux"


def test_a_theme_is_found_by_its_address_too_and_a_run_reads_a_list_once(db, django_assert_num_queries):
    themes = [ThemeFactory(nom="Portail famille"), ThemeFactory(nom="Cantine")]
    one, lists = field(Projet, "themes"), {}
    with django_assert_num_queries(1):
        assert read_words(one, "portail-famille", lists=lists) == themes[:1]
        assert read_words(one, "cantine | Portail famille", lists=lists) == themes[::-1]


def test_what_is_gone_says_so(db):
    assert as_words(field(Projet, "departement"), "99") == "supprimé (99)"
    assert as_words(field(Projet, "departement"), "99", FILE) == "99"
    assert as_words(field(Projet, "themes"), {10**6}) == "thème supprimé (1000000)"


def test_a_record_is_found_by_its_title_and_by_its_key(places):
    sheet, one = ProjetFactory(), field(Projet, "remplace")
    assert {as_words(one, sheet, form) for form in FORMS} == {str(sheet)}
    assert read_words(one, str(sheet.pk)) == read_words(one, str(sheet)) == sheet


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("12/03/2026", 0),
        ("12/03/26 14:30", 14),
        ("2026-03-12 9:30", 9),
        ("12 MARS 2026 à 14h30", 14),
        ("2026-03-12T14:30:00+01:00", 14),
    ],
)
def test_a_moment_as_people_and_spreadsheets_write_it(text, hour):
    assert read_words(DEBUT, text).astimezone(UTC) == datetime(2026, 3, 12, hour, 30 if hour else 0, tzinfo=UTC) - (
        timedelta(hours=1)
    )
    assert read_words(DEBUT, "1er mars 2026") == read_words(DEBUT, "2026-03-01")


@pytest.mark.parametrize(
    ("one", "text", "reason"),
    [
        (MONTANT, "beaucoup", "un nombre"),
        (field(Evenement, "capacite"), "12,5", "un nombre entier"),
        (field(Evenement, "capacite"), "-3", "supérieure"),
        (DEBUT, "demain", "la date ainsi"),
        (DEBUT, "31 février 2026", "la date ainsi"),
        (field(Evenement, "heure_connue"), "peut-être", "oui ou non"),
        (field(Evenement, "lien_externe"), "javascript:alert(1)", "adresse entière"),
        (field(Projet, "statut"), "cachée", "écrivez brouillon ou"),
        (field(Projet, "titre"), "x" * 501, "501 caractères, 500 au plus"),
        (field(Projet, "objectifs"), "a\x00", "nul"),
    ],
)
def test_what_a_field_cannot_hold_is_told_in_french(one, text, reason):
    with pytest.raises(Illisible, match=reason):
        read_words(one, text)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["montant_eur", "departement", "publiee_le"])
def test_no_words_are_no_value(name):
    assert read_words(field(Projet, name), " ") is None
    assert (read_words(field(Projet, "themes"), ""), read_words(field(Projet, "objectifs"), "")) == ([], "")


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("0", 0), ("007", 7), ("999", 999), ("1000", None), ("", None), ("9" * 5_000, None)]
    + [(text, None) for text in ("-1", "+1", " 1", "1\n", "1_0", "1.0", "²", "٣", "1²", "un")],
)
def test_a_whole_number_is_digits_alone_and_no_more_than_asked(text, number):
    assert whole(text, 3) == number
