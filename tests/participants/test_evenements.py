import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from participants.evenements.models import Evenement
from socle.vie_privee.public_text import Decision
from tests.conftest import as_read, csv_rows
from tests.factories import ThemeFactory
from tests.factories.participants import EvenementFactory
from tests.sampling import size

pytestmark = pytest.mark.django_db
LISTE = "/agenda/"


def titles(response):
    return [fiche.titre for fiche in response.context["page"]]


def test_what_is_to_come_stands_first_the_nearest_first_then_the_past_the_latest_first(client):
    for name, dans in (("loin", 30), ("hier", -1), ("bientôt", 2), ("jadis", -400), ("sans date", None)):
        EvenementFactory(titre=name, dans=dans)
    assert titles(client.get(LISTE)) == ["bientôt", "loin", "hier", "jadis", "sans date"]


def test_an_event_of_today_whose_hour_is_unknown_is_to_come_until_the_day_is_over(client):
    today = timezone.localdate()
    evenement = EvenementFactory(titre=f"Balise {today:%d/%m/%y}", dans=None)
    assert not evenement.heure_connue
    assert evenement.jour_debut == today
    assert not evenement.is_passe
    assert client.get(LISTE, {"quand": "a-venir"}).context["selection"].total == 1


def test_the_facet_tells_what_is_to_come_from_what_is_past(client):
    EvenementFactory(titre="demain", dans=1)
    EvenementFactory.create_batch(2, dans=-5)
    EvenementFactory(titre="sans date", dans=None)
    response = client.get(LISTE)
    assert response.context["selection"].counts("quand") == {"a-venir": 1, "passes": 2}
    response = client.get(LISTE, {"quand": "a-venir"})
    assert titles(response) == ["demain"]
    assert response.context["selection"].phrase() == "1 événement, à venir"
    assert client.get(LISTE, {"quand": "passes"}).context["selection"].phrase() == "2 événements, passés"
    assert client.get(LISTE, {"quand": ["a-venir", "passes"]}).context["selection"].total == 3


def test_an_event_is_to_come_until_the_minute_of_its_end_is_over(client, same_moment):
    now = timezone.now().replace(second=0, microsecond=0)
    for name, minutes in (("finit", 0), ("finira", 1), ("a fini", -1)):
        EvenementFactory(titre=name, debut=now - timedelta(hours=1), fin=now + timedelta(minutes=minutes))
    assert client.get(LISTE).context["selection"].counts("quand") == {"a-venir": 2, "passes": 1}
    assert set(titles(client.get(LISTE, {"quand": "a-venir"}))) == {"finit", "finira"}
    assert titles(client.get(LISTE, {"quand": "passes"})) == ["a fini"] == titles(client.get(LISTE))[2:]


def test_the_date_is_taken_from_the_title_and_shown_once():
    evenement = EvenementFactory(titre="Balise MedNum Remix 15/11/24", dans=None)
    assert evenement.debut == datetime(2024, 11, 14, 23, tzinfo=UTC)
    assert not evenement.heure_connue
    assert evenement.titre_affiche == "Balise MedNum Remix"
    assert evenement.slug == "balise-mednum-remix-15-11-24"
    assert evenement.quand == "vendredi 15 novembre 2024"


def test_a_date_that_was_chosen_stays_and_the_title_keeps_the_other_one():
    chosen = timezone.make_aware(datetime(2024, 11, 22, 9, 30))
    evenement = EvenementFactory(titre="Balise 15/11/24", debut=chosen, fin=None, heure_connue=False)
    assert evenement.debut == chosen
    assert evenement.heure_connue  # a time was given
    assert evenement.titre_affiche == "Balise 15/11/24"


def test_the_page_says_when_where_and_how_many(client):
    evenement = EvenementFactory(
        titre="Balise",
        resume="Matin : récits.\n- café",
        debut=timezone.make_aware(datetime(2030, 1, 4, 9, 30)),
        fin=timezone.make_aware(datetime(2030, 1, 4, 17)),
        lieu="La Tablée d’Exemple",
        adresse="1 place de l’Exemple",
        capacite=60,
    )
    page = client.get(evenement.get_absolute_url()).content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    for words in ("Vendredi 4 janvier 2030, de 9 h 30 à 17 h (heure de Paris)", "La Tablée", "1 place"):
        assert words in page
    assert "<li>café</li>" in page
    assert "Cette rencontre a eu lieu" not in page
    assert "Il reste 60 places" in page
    assert "<dd>60 places</dd>" in re.sub(r"\s*(</?dd>)\s*", r"\1", page), "nobody took one: said once"
    assert f'href="/agenda/{evenement.slug}/inscription/"' in page
    main = page.partition("<main")[2]
    first = next(link for link in re.findall(r'href="([^"]*)"', main.partition("</h1>")[2]) if "theme=" not in link)
    assert first == f"/agenda/{evenement.slug}/inscription/", "before all that one may do besides"


def test_an_external_link_is_the_way_to_register_until_registration_closes(client):
    link = "https://framaforms.org/une-balise"
    evenement = EvenementFactory(lien_externe=link)
    assert f'<a class="bouton plein" href="{link}" rel="nofollow noopener">S’inscrire sur framaforms.org' in (
        as_read(client.get(evenement.get_absolute_url()))
    )
    evenement.cloture = timezone.now() - timedelta(days=1)
    evenement.save()
    page = as_read(client.get(evenement.get_absolute_url()))
    assert "S’inscrire sur" not in page
    assert "Closes depuis le" in page


def test_a_past_event_says_so_and_takes_no_registration(client):
    evenement = EvenementFactory(dans=-3, lien_externe="https://framaforms.org/une-balise")
    page = as_read(client.get(evenement.get_absolute_url()))
    assert "Cette rencontre a eu lieu" in page
    assert "Rien n’en est encore raconté ici" in page
    assert "pas encore écrit" not in page, "nobody waits for the programme of what is over"
    assert "S’inscrire sur" not in page


def test_an_event_that_is_called_off_says_so_wherever_it_is_named(client):
    off = EvenementFactory(titre="Balise", capacite=30, annule_le=timezone.now())
    other = EvenementFactory(titre="Voisine", dans=None)
    card = as_read(client.get(LISTE, {"quand": "a-venir"}))
    assert '<li class="etiq b">Annulé</li>' in card
    assert '">À venir</li>' not in card
    page = as_read(client.get(off.get_absolute_url())).replace("\u00a0", " ")
    assert "<title>Annulé : Balise" in page
    assert "Événement annulé" in page
    for gone in ("30 places", ".ics", "Événement à venir"):
        assert gone not in page, gone
    assert b"STATUS:CANCELLED" in client.get(f"/agenda/{off.slug}.ics").content  # for whoever had it
    assert ", annulé</span>" in as_read(client.get(other.get_absolute_url()))
    for shorter in ("/integrer/agenda/", "/agenda-a-imprimer/", "/recherche/?q=balise"):
        assert f"{off.jour_en_mots}, annulé" in as_read(client.get(shorter)).replace("\u00a0", " "), shorter


def test_a_link_whose_address_is_masked_leads_nowhere_and_is_gone(client):
    evenement = EvenementFactory(lien_externe="https://exemple.bzh/?a=nolwenn@exemple.bzh")
    evenement.change({}, decisions=[Decision("lien_externe", "nolwenn@exemple.bzh")])
    assert "nolwenn" not in client.get(evenement.get_absolute_url()).content.decode()
    assert csv_rows(client.get("/agenda.csv"))[0]["lien_externe"] == ""


def test_the_file_has_the_whole_list_and_days_without_hours(client):
    EvenementFactory(titre="Balise 15/11/24", dans=None, themes=[ThemeFactory(nom="Accueil")], capacite=12)
    EvenementFactory(titre="À l’heure", debut=timezone.make_aware(datetime(2024, 7, 4, 9, 30)), fin=None)
    day, hour = csv_rows(client.get("/agenda.csv"))
    assert (day["debut"], day["capacite"], day["themes"]) == ("2024-11-15", "12", "Accueil")
    assert (hour["debut"], hour["fin"]) == ("2024-07-04T09:30:00+02:00", "")


@pytest.mark.long
@pytest.mark.parametrize("size", [1, size(20, one_in=2)])
def test_the_list_costs_the_same_whatever_its_size(client, django_assert_max_num_queries, size):
    EvenementFactory.create_batch(size, themes=[ThemeFactory()])
    client.get(LISTE, {"q": "rien"})  # what words may mean, and those of the glossary, which the process then remembers
    with django_assert_max_num_queries(8):
        client.get(LISTE)
    with django_assert_max_num_queries(8):
        client.get(LISTE, {"quand": "a-venir", "q": "balise"})


@pytest.mark.parametrize(
    "fields",
    [
        {"debut": timezone.make_aware(datetime(2025, 1, 2)), "fin": timezone.make_aware(datetime(2025, 1, 1))},
        {"debut": None, "fin": timezone.make_aware(datetime(2025, 1, 1))},
        {
            "ouverture": timezone.make_aware(datetime(2025, 1, 2)),
            "cloture": timezone.make_aware(datetime(2025, 1, 1)),
        },
    ],
)
def test_dates_that_contradict_each_other_are_refused(fields):
    with pytest.raises(ValidationError):
        Evenement(titre="Balise", **fields).full_clean(exclude=["entree"])
    with pytest.raises(IntegrityError), transaction.atomic():
        EvenementFactory(dans=None, **fields)


def test_the_departement_comes_from_the_address_and_narrows_the_agenda(client, places):
    EvenementFactory(titre="Là", adresse="Dinan")
    EvenementFactory(titre="Ailleurs", adresse="quelque part")
    assert Evenement.objects.get(titre="Là").departement_id == "22"
    assert titles(client.get(LISTE, {"departement": "22"})) == ["Là"]
    assert csv_rows(client.get("/agenda.csv", {"departement": "22"}))[0]["departement_code"] == "22"
    assert client.get(LISTE, {"q": "côtes-d’armor"}).context["selection"].total == 1
