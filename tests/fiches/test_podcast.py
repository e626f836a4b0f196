"""Episodes of the podcast: list, page, file, demo, editors' desk."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from fiches.podcast.demo import chime, load_episodes
from fiches.podcast.duree import en_lettres, horloge, parse_duree
from fiches.podcast.models import Episode, split_titre
from fiches.suivi.historique import restore, revisions
from tests.conftest import PageLue, as_read, csv_rows
from tests.factories.podcast import EpisodeFactory
from tests.projets.formulaire import change_url, posted


def page(client, address=None):
    response = client.get(address or reverse("podcast:list"))
    assert response.status_code == 200
    return as_read(response).replace("\xa0", " ")


def recording(name="voix.mp3"):
    return ContentFile(b"ID3" + bytes(420_000), name=name)


# Titles and lengths


@pytest.mark.parametrize(
    ("titre", "expected"),
    [
        ("Episode n°1 - Une coopérative d'accès aux droits", (1, "Une coopérative d'accès aux droits")),
        ("Épisode n° 12 – Aller vers", (12, "Aller vers")),
        ("Hors-série - À Kermarron", (None, "Hors-série - À Kermarron")),
        ("Un épisode 2 - qui n’en est pas un", (None, "Un épisode 2 - qui n’en est pas un")),
        ("Episode n°20240512 - Trop long", (None, "Episode n°20240512 - Trop long")),
    ],
)
def test_the_number_is_read_from_the_title(titre, expected):
    assert split_titre(titre) == expected


@given(st.integers(0, 59_999))
@example(90 * 60)
def test_a_length_is_typed_back_as_it_was_shown(seconds):
    assert parse_duree(horloge(seconds)) == seconds
    assert parse_duree(f" {seconds // 60}:{seconds % 60:02} ") == seconds


@pytest.mark.parametrize("text", ["", "21h", "21:60", "1:2:03", "-4", "²", "٢:٠٠", "9" * 50])
def test_what_is_no_length_is_refused(text):
    with pytest.raises(ValueError, match="no length"):
        parse_duree(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (0, ""), (4, "4 s"), (60, "1 min"), (1284, "21 min 24 s"), (3600, "1 h"), (3750, "1 h 2 min")],
)
def test_lengths_are_said_in_words(seconds, text):
    assert en_lettres(seconds).replace("\xa0", " ") == text


@pytest.mark.django_db
def test_an_episode_takes_its_number_from_its_title_or_from_its_editor():
    assert EpisodeFactory(titre="Episode n°7 - Aux frontières du droit", numero=3).numero == 7
    special = EpisodeFactory(titre="Hors-série", numero=10)
    assert (special.numero, special.titre_affiche, special.designation) == (
        10,
        "Hors-série",
        "l’épisode 10, Hors-série",
    )
    assert EpisodeFactory(titre="Bande-annonce").designation == "l’épisode Bande-annonce"


# The list


@pytest.mark.django_db
def test_episodes_stand_in_the_order_of_their_number_and_drafts_are_hidden(client):
    for titre in ("Episode n°2 - Deux", "Episode n°10 - Dix", "Bande-annonce", "Episode n°9 - Neuf"):
        EpisodeFactory(titre=titre)
    EpisodeFactory(titre="Episode n°11 - Onze", draft=True)
    content = page(client)
    places = [content.index(f">{titre}</a></h3>") for titre in ("Deux", "Neuf", "Dix", "Bande-annonce")]
    assert places == sorted(places)
    assert "Onze" not in content
    assert "4 épisodes" in content
    last = page(client, reverse("podcast:list") + "?tri=dernier")
    places = [last.index(f">{titre}</a></h3>") for titre in ("Dix", "Neuf", "Deux", "Bande-annonce")]
    assert places == sorted(places)


@pytest.mark.django_db
def test_an_episode_plays_on_demand_and_says_what_it_weighs(client, settings):
    episode = EpisodeFactory(
        titre="Episode n°1 - Une coopérative", fichier=recording(), duree_secondes=1284, transcription="Job : Bonjour."
    )
    for address in (reverse("podcast:list"), episode.get_absolute_url()):
        content = page(client, address)
        assert (
            f'<audio controls preload="none" src="{episode.fichier.url}" '
            'aria-label="Écouter l’épisode 1, Une coopérative"></audio>' in content
        )
        assert "autoplay" not in content
        assert f'<a href="{episode.fichier.url}" download>Télécharger' in content
        assert "(MP3, 420 Ko, 21 min 24 s)" in content
        assert "à écouter bientôt" not in content.lower()
    assert f'href="{episode.get_absolute_url()}#transcription">Transcription' in page(client)
    [row] = csv_rows(client.get(reverse("podcast:csv")))
    assert list(row) == [
        *("identifiant", "titre", "numero", "duree_secondes", "etat", "fichier_url", "fait", "themes"),
        *("publiee_le", "modifiee_le", "url", "texte_long", "transcription", "licence"),
    ]
    assert row["fichier_url"] == settings.SITE_URL + episode.fichier.url
    summary = PageLue(client.get(episode.get_absolute_url())).one("article").all("summary")[0]
    assert summary.text.replace("\u00a0", " ") == "En bref : épisode 1, 21 min 24 s"


@pytest.mark.django_db
def test_an_episode_without_its_recording_says_so(client):
    episode = EpisodeFactory(texte_long="À lire en attendant.", nom_origine="EP1.mp3", duree_secondes=60)
    for address in (reverse("podcast:list"), episode.get_absolute_url()):
        content = page(client, address)
        assert '<span class="etiq a">À écouter bientôt</span>' in content
        assert "(1 min)" in content
        assert "<audio" not in content
        assert "EP1.mp3" not in content
        assert "À lire en attendant." in content


@pytest.mark.django_db
def test_a_filter_tells_what_can_be_heard_from_what_will_be_and_the_feed_for_listening_holds_the_first(client, read):
    heard = EpisodeFactory(titre="Entendu", fichier=recording())
    soon = [EpisodeFactory(titre=f"Bientôt {text}", transcription=text) for text in ("", "On parle.")]
    listed = read("/podcast/")
    assert listed.status == "3 épisodes"
    assert "2 épisodes à écouter bientôt" in listed.one("div", class_="note").text
    assert next(a["href"] for a in listed.one("div", class_="note").all("a")) == "/alertes/?type=episode"
    assert read("/podcast/?etat=ecouter").status == "1 épisode, à écouter"
    later = read("/podcast/?etat=bientot")
    assert later.status == "2 épisodes, à écouter bientôt"
    assert {row["identifiant"]: row["etat"] for row in csv_rows(client.get("/podcast.csv"))} == {
        str(heard.pk): "à écouter",
        **{str(episode.pk): "à écouter bientôt" for episode in soon},
    }
    feed = client.get("/podcast.rss").content.decode()
    assert (feed.count("<item>"), "Entendu" in feed) == (1, True)
    assert client.get("/podcast.atom").content.decode().count("<entry>") == 3


# Demo


@pytest.mark.django_db
def test_demo_episodes_can_be_heard(client):
    assert load_episodes() == 9
    episode = Episode.objects.published().get(numero=9)
    assert episode.nom_origine == "Vers_laccs_aux_droits__EP9__Aller_vers.mp3"
    assert episode.fichier.name.startswith("podcast/Vers_laccs_aux_droits__EP9__Aller_vers")  # others may be kept there
    assert episode.fichier.name.endswith(".wav")
    assert episode.duree_secondes == 4
    assert episode.fichier.read() == chime()
    assert page(client).count("<audio ") == 9


# The editors' desk


@pytest.mark.django_db
def test_an_editor_adds_an_episode_with_its_recording(client, anne):
    typed = {"titre": "Episode n°1 - Une coopérative", "statut": "publiee", "duree_secondes": "21:24"}
    typed["fichier"] = SimpleUploadedFile("EP1.wav", chime())
    response = client.post(reverse("admin:podcast_episode_add"), posted(client, Episode, **typed))
    assert response.status_code == 302, response.context["errors"]
    episode = Episode.objects.get()
    assert (episode.numero, episode.duree_secondes, episode.fichier.size) == (1, 1284, len(chime()))
    assert "WAV, " in page(client, reverse("admin:podcast_episode_changelist"))
    change = page(client, change_url(episode))
    assert 'value="21:24"' in change
    assert ">Durée :</label>" in change
    assert f'href="{episode.fichier.url}"' in change
    assert 'accept=".mp3,.ogg,.wav,.m4a"' in change
    assert "Fichier mp3, ogg, wav ou m4a, 200 Mo au plus." in change


@pytest.mark.django_db
def test_saving_other_fields_keeps_the_recording_and_the_box_takes_it_off(client, anne):
    episode = EpisodeFactory(fichier=recording(), titre="Episode n°1 - Une coopérative")
    client.post(change_url(episode), posted(client, episode, texte_long="Une table."))
    episode.refresh_from_db()
    assert (episode.texte_long, bool(episode.fichier)) == ("Une table.", True)
    assert client.post(change_url(episode), posted(client, episode) | {"fichier-clear": "on"}).status_code == 302
    episode.refresh_from_db()
    assert not episode.fichier


@pytest.mark.django_db
def test_a_second_editor_is_told_of_a_recording_changed_meanwhile(client, anne):
    episode = EpisodeFactory(titre="Episode n°1 - Une coopérative")
    his = posted(client, episode, duree_secondes="0:30")
    episode.fichier = recording("entre-temps.mp3")
    episode.save()
    response = client.post(change_url(episode), his)
    assert response.status_code == 200
    assert "entre-temps.mp3" in response.content.decode()
    episode.refresh_from_db()
    assert episode.duree_secondes is None


@pytest.mark.django_db
def test_an_earlier_version_brings_its_recording_back():
    episode = EpisodeFactory(fichier=recording("premier.mp3"))
    episode.fichier = recording("second.mp3")
    episode.save()
    first = revisions(Episode, episode.pk).last()
    restored = restore(Episode, first, seen=episode.version)
    assert restored.fichier.name == "podcast/premier.mp3"
    assert restored.fichier.size == 420_003
