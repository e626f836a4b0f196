"""Feeds and calendars of a selection, read by what others wrote to read them."""

import io
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import feedparser
import pytest
import vobject
from django.utils import timezone
from icalendar import Calendar

from projets.models import Projet
from tests.conftest import TYPES, make_many_projets, some_types
from tests.factories import ProjetFactory, ThemeFactory, factory_of
from tests.factories.participants import EvenementFactory

pytestmark = pytest.mark.django_db

SITE = "https://labacces.exemple.bzh"
HOSTILE = "Un ]]> <script>alert(1)</script> & \x01\x0b\ufffe fin"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _site(settings, tmp_path):
    settings.SITE_URL, settings.MEDIA_ROOT = SITE, tmp_path


def feed(client, address, **query):
    """A feed as feedparser reads it: well-formed, or the test fails."""
    response = client.get(address, query)
    assert response.status_code == 200
    found = feedparser.parse(response.content)
    assert not found.bozo, found.get("bozo_exception")
    ET.fromstring(response.content)
    return found


# Atom


@some_types
def test_each_list_has_a_feed_of_its_latest_records(client, read, declaration):
    make = factory_of(declaration.model)
    old, new = make(titre="Une ancienne"), make(titre="Une nouvelle")
    declaration.model.objects.filter(pk=old.pk).update(modifiee_le=timezone.now() - timedelta(days=9))
    found = feed(client, f"/{declaration.adresse}.atom")
    assert [entry.id for entry in found.entries] == [f"tag:labacces.exemple.bzh,2026:/p/{one.pk}" for one in (new, old)]
    assert [entry.link for entry in found.entries] == [SITE + one.get_absolute_url() for one in (new, old)]
    assert found.entries[0].title == new.titre_affiche
    assert found.feed.title == client.get(f"/{declaration.adresse}/").context["selection"].phrase()
    links = {link.rel: link.href for link in found.feed.links}
    assert links == {"self": f"{SITE}/{declaration.adresse}.atom", "alternate": f"{SITE}/{declaration.adresse}/"}
    heads = read(f"/{declaration.adresse}/").all("link", type="application/atom+xml")
    assert [link["href"] for link in heads] == [f"/{declaration.adresse}.atom"]


def test_the_feed_of_the_whole_site_holds_records_of_all_types(client, read, django_assert_max_num_queries):
    for declaration in TYPES.values():
        factory_of(declaration.model)(titre=f"Une {declaration.nom}", themes=[ThemeFactory()])
    with django_assert_max_num_queries(6 + 4 * len(TYPES)):
        found = feed(client, "/recherche.atom")
    assert len(found.entries) == len(TYPES)
    assert read("/recherche/").one("link", type="application/atom+xml")["href"] == "/recherche.atom"


def test_a_feed_is_of_the_selection_and_says_what_was_done(client, places):
    ProjetFactory(departement_id="29")
    ProjetFactory(
        titre="Portail", fait="Les familles\ns’inscrivent.", departement_id="22", themes=[ThemeFactory(nom="Cantine")]
    )
    found = feed(client, "/projets.atom", departement="22")
    (entry,) = found.entries
    assert entry.summary == "Les familles s’inscrivent."
    assert [tag.term for tag in entry.tags] == ["Cantine"]
    assert found.feed.title == "1 projet dans les Côtes-d’Armor"
    assert {link.href for link in found.feed.links} == {
        *(f"{SITE}/projets.atom?departement=22", f"{SITE}/projets/?departement=22"),
    }


def test_what_the_takeover_brought_without_a_date_comes_last_and_never_as_new(client):
    undated = ProjetFactory(titre="Reprise")
    came = timezone.now() - timedelta(days=3)
    Projet.objects.filter(pk=undated.pk).update(datee=False, cree_le=came, publiee_le=None)
    ProjetFactory(titre="Datée")
    first = feed(client, "/projets.atom")
    assert [entry.title for entry in first.entries] == ["Datée", "Reprise"]
    assert first.entries[1].updated_parsed[:6] == came.astimezone(UTC).timetuple()[:6]
    assert "published" not in first.entries[1]
    Projet.objects.filter(pk=undated.pk).update(modifiee_le=timezone.now() + timedelta(days=1))
    again = feed(client, "/projets.atom")
    assert again.entries[1].updated == first.entries[1].updated


def test_a_feed_holds_fifty_entries_at_most_and_an_empty_one_is_stable(client):
    assert feed(client, "/projets.atom").feed.updated_parsed.tm_year == 2000
    make_many_projets([{}] * 60)
    assert len(feed(client, "/projets.atom").entries) == 50


def test_a_feed_is_well_formed_and_inert_whatever_a_title_holds(client):
    ProjetFactory(titre=HOSTILE, fait=HOSTILE[:140], themes=[ThemeFactory(nom="A & <b>")])
    response = client.get("/projets.atom")
    assert b"<script" not in response.content
    entry = ET.fromstring(response.content).find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}title").text == "Un ]]> <script>alert(1)</script> & \ufffd\ufffd\ufffd fin"
    assert entry.find(f"{ATOM}title").get("type", "text") == "text"
    assert "&lt;script&gt;" in entry.find(f"{ATOM}summary").text  # as HTML, that is a text
    feed(client, "/projets.atom")


# The agenda


def test_the_agenda_is_a_calendar_that_one_subscribes_to(client, read):
    summer = EvenementFactory(titre="Rencontre d’été", debut=datetime(2027, 7, 5, 7, 30, tzinfo=UTC), heure_connue=True)
    winter = EvenementFactory(
        titre="Rencontre d’hiver", debut=datetime(2027, 1, 5, 8, 30, tzinfo=UTC), heure_connue=True
    )
    off = EvenementFactory(titre="Annulée ; en, entier", annule_le=timezone.now())
    undated = EvenementFactory(titre="Sans date", dans=None)
    data = b"".join(client.get("/agenda.ics").streaming_content)
    events = {str(event["uid"]): event for event in Calendar.from_ical(data).walk("VEVENT")}
    assert set(events) == {f"evenement-{one.pk}@labacces" for one in (summer, winter, off)}
    assert str(events[f"evenement-{off.pk}@labacces"]["status"]) == "CANCELLED"
    for one in (summer, winter):
        event = events[f"evenement-{one.pk}@labacces"]
        assert event.decoded("dtstart") == one.debut
        assert event["sequence"] == one.sequence
        (alone,) = Calendar.from_ical(client.get(f"/agenda/{one.slug}.ics").content).walk("VEVENT")
        assert alone.to_ical() == event.to_ical()
    other = {event.uid.value: event for event in vobject.readOne(io.StringIO(data.decode())).vevent_list}
    assert set(other) == set(events)
    assert other[f"evenement-{summer.pk}@labacces"].dtstart.value == summer.debut
    assert other[f"evenement-{winter.pk}@labacces"].dtstart.value == winter.debut
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert undated.titre.encode() not in data
    page = read("/agenda/")
    assert page.one("link", type="text/calendar")["href"] == "/agenda.ics"
    offered = {a.text: a["href"] for a in page.one("details", class_="emporter").all("a")}
    assert offered["S’abonner dans votre agenda"] == f"webcal://{SITE.partition('://')[2]}/agenda.ics"
    assert offered["Fichier d’agenda (ICS)"] == "/agenda.ics"
    assert "Dans votre agenda" in page.one("details", class_="emporter").text


def test_the_calendar_is_of_the_selection(client):
    EvenementFactory(titre="Rencontre des voix")
    EvenementFactory(titre="Autre chose")
    data = b"".join(client.get("/agenda.ics", {"q": "voix"}).streaming_content)
    assert re.findall(rb"SUMMARY:(.*)\r", data) == [b"Rencontre des voix"]
    assert "X-WR-CALNAME:LabAccès : agenda avec « voix »" in data.decode().replace("\u00a0", " ")  # no number in it
    assert client.get("/agenda.ics", {"departement": "zz"}).status_code == 400


def test_a_search_of_several_lines_adds_no_line_to_the_calendar(client):
    EvenementFactory(titre="Rencontre")
    data = b"".join(client.get("/agenda.ics", {"q": "a\r\nX:y\u2028\x07"}).streaming_content)
    assert Calendar.from_ical(data)["x-wr-calname"].startswith("LabAccès")
    assert all(re.match(rb"[A-Z-]+[:;]| ", line) for line in data.removesuffix(b"\r\n").split(b"\r\n"))
    assert b"\r\nX:y" not in data
    assert b"\x07" not in data
