"""The podcast beyond its list and pages: its feed for listening, what searches, files and machines say of it."""

from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fiches.podcast.demo import chime
from fiches.podcast.models import Episode
from tests.factories import ProjetFactory
from tests.factories.podcast import EpisodeFactory
from tests.labacces.test_recherche_site import page as results
from tests.labacces.test_recherche_site import titles
from tests.labacces.test_schema import data
from tests.projets.formulaire import posted
from tests.sampling import mostly_long
from tests.vues.test_flux import SITE, feed
from tests.vues.test_tableau import rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(settings, tmp_path):
    settings.SITE_URL, settings.MEDIA_ROOT = SITE, tmp_path


def episode(**values):
    return EpisodeFactory(fichier=ContentFile(chime(), name="son.wav"), duree_secondes=4, **values)


def test_the_podcast_is_followed_by_applications_for_listening(client, read):
    when = datetime(2025, 3, 1, 9, tzinfo=UTC)
    one = episode(
        titre="Episode n°1 - Aller vers", publiee_le=when, transcription="Une voix.", texte_long="<b>Un</b> mot"
    )
    episode(titre="Episode n°2 - Suite")
    EpisodeFactory(titre="Episode n°3 - Sans enregistrement", fichier="", transcription="Une voix.")
    found = feed(client, "/podcast.rss")
    assert [entry.itunes_episode for entry in found.entries] == ["2", "1"]
    entry = found.entries[1]
    (recording,) = entry.enclosures
    assert recording.type == "audio/wav"
    assert int(recording.length) == len(chime())
    assert recording.href == SITE + one.fichier.url
    assert (entry.title, entry.itunes_duration) == ("Aller vers", "4")
    assert entry.id == f"tag:labacces.exemple.bzh,2026:/p/{one.pk}"
    assert entry.published_parsed.tm_year == 2025
    assert "&lt;b&gt;Un&lt;/b&gt; mot" in entry.summary
    assert found.feed.language == "fr"
    assert found.feed.title == read("/podcast/").one("h1").text
    for page in ("/podcast/", one.get_absolute_url()):
        assert f"{SITE}/podcast.rss" in read(page).one("main").text
    assert found.feed.itunes_explicit in (False, None)
    assert {tag.term for tag in found.feed.tags} == {"Society & Culture", "Documentary"}
    content = client.get("/podcast.rss").content.decode()
    assert "itunes:email" not in content
    assert f'url="{SITE}{one.get_absolute_url()}#transcription"' in content
    heads = {link["type"]: link["href"] for link in read("/podcast/").all("link", rel="alternate")}
    assert heads["application/rss+xml"] == "/podcast.rss"
    assert client.get(one.fichier.url, headers={"Range": "bytes=0-3"}).status_code == 206


def test_an_episode_whose_recording_left_the_disk_is_not_in_the_podcast(client):
    one = episode(titre="Episode n°1 - Partie")
    one.fichier.storage.delete(one.fichier.name)
    assert feed(client, "/podcast.rss").entries == []


def test_an_episode_says_where_it_is_heard(client, read):
    recording = ContentFile(b"ID3" + bytes(50), name="un.mp3")
    episode = EpisodeFactory(titre="Episode n°7 - Une voix", fichier=recording, duree_secondes=1284)
    told = data(read(episode.get_absolute_url()))
    assert (told["@type"], told["episodeNumber"], told["duration"]) == ("PodcastEpisode", 7, "PT21M24S")
    assert told["partOfSeries"]["url"] == f"{SITE}/podcast/"
    audio = told["associatedMedia"]
    response = client.get(audio["contentUrl"].removeprefix(SITE))
    assert (response.status_code, response["Content-Type"]) == (200, audio["encodingFormat"])
    assert "associatedMedia" not in data(read(EpisodeFactory(titre="À venir").get_absolute_url()))


def test_podcast_caf_finds_an_episode_about_the_caf(client):
    EpisodeFactory(titre="Rendez-vous à la CAF", transcription="Bonjour.")
    ProjetFactory(titre="Le projet", description="Avec la CAF.")
    assert titles(results(client, "q=podcast+caf")) == ["Rendez-vous à la CAF"]


def test_what_lacks_its_recording_is_found_and_counted_and_says_so(client, read):
    EpisodeFactory(titre="Episode n°4 - Accueil", transcription="")
    assert results(client, "q=accueil").count("Épisode 4, à écouter bientôt") == 1
    assert "à écouter bientôt" in rows(read("/podcast/tableau/"))[0][1]


def test_a_page_says_that_its_recording_left_the_disk(client):
    episode = EpisodeFactory(fichier=ContentFile(chime(), name="son.wav"))
    episode.fichier.storage.delete(episode.fichier.name)
    content = client.get(episode.get_absolute_url()).content.decode()
    assert "L’enregistrement n’est pas encore en ligne" in content
    assert "<audio" not in content


@mostly_long(
    ("values", "message"),
    [
        ({"fichier": ("EP1.mp3", b"<html>")}, "n’est pas celui d’un fichier mp3"),
        ({"fichier": ("EP1.exe", b"MZ")}, "enregistrez le son au format MP3"),
        ({"fichier": ("guide.pdf", b"%PDF-1.4")}, "enregistrez le son au format MP3"),
        ({"duree_secondes": "vingt minutes"}, "Écrivez la durée en minutes et secondes"),
    ],
    one_in=2,
)
def test_what_a_field_cannot_hold_is_refused_beside_it(admin_client, values, message):
    if "fichier" in values:
        values = {"fichier": SimpleUploadedFile(*values["fichier"])}
    typed = posted(admin_client, Episode, titre="Dix gestes", statut="publiee") | values
    response = admin_client.post(reverse("admin:podcast_episode_add"), typed)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not Episode.objects.exists()
