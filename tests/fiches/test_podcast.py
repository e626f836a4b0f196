"""Episodes of the podcast: list, page, CSV, search, demo, editors' desk."""

import io
import wave

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from fiches.podcast.demo import chime, load_episodes
from fiches.podcast.duree import en_lettres, horloge, parse_duree
from fiches.podcast.models import Episode, split_titre
from fiches.suivi.historique import restore, revisions
from tests.conftest import PageLue, as_read, csv_rows
from tests.factories import ThemeFactory, UtilisateurFactory
from tests.factories.podcast import EpisodeFactory
from tests.projets.formulaire import change_url, posted
from tests.sampling import mostly_long, size


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
        ("ÉPISODE 3 : Excédé-es", (3, "Excédé-es")),
        ("Episode nº4. France Service", (4, "France Service")),
        ("Hors-série - À Kermarron", (None, "Hors-série - À Kermarron")),
        ("Episode n°5", (None, "Episode n°5")),
        ("Un épisode 2 - qui n’en est pas un", (None, "Un épisode 2 - qui n’en est pas un")),
        ("Episode n°20240512 - Trop long", (None, "Episode n°20240512 - Trop long")),
    ],
)
def test_the_number_is_read_from_the_title(titre, expected):
    assert split_titre(titre) == expected


@given(st.integers(0, 99 * 3600))
def test_a_length_is_typed_back_as_it_was_shown(seconds):
    assert parse_duree(horloge(seconds)) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"), [("21:24", 1284), ("1:02:30", 3750), ("90:00", 5400), (" 4 ", 4), ("0:00", 0)]
)
def test_lengths_are_read_as_a_clock_shows_them(text, seconds):
    assert parse_duree(text) == seconds


@pytest.mark.parametrize("text", ["", "21h", "21:60", "1:60:00", "1:2:03", "-4", "21:24:", "²", "٢:٠٠", "9" * 50])
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
def test_an_episode_plays_on_demand_and_says_what_it_weighs(client):
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


@pytest.mark.django_db
def test_facets_are_the_state_the_theme_and_the_year_and_count(client):
    droits, papiers = ThemeFactory(nom="Accès aux droits"), ThemeFactory(nom="Papiers")
    EpisodeFactory(themes=[droits])
    EpisodeFactory(themes=[droits, papiers])
    EpisodeFactory(themes=[papiers], draft=True)
    selection = client.get(reverse("podcast:list") + "?theme=papiers").context["selection"]
    assert list(selection.facets) == ["etat", "theme", "annee"]
    assert selection.counts("theme") == {"acces-aux-droits": 2, "papiers": 1}
    assert selection.phrase() == "1 épisode sur Papiers"


@pytest.mark.django_db
@mostly_long("query", ["podcast caf", "épisode 8", "exigences", "transcris voisine", "rendez vous"], one_in=3)
def test_an_episode_is_found_by_what_one_knows_of_it(client, query):
    wanted = EpisodeFactory(
        titre="Episode n°8 - Rendez-vous à la CAF", texte_long="Les exigences.", transcription="Transcrit : la voisine."
    )
    EpisodeFactory(titre="Episode n°2 - Ailleurs")
    found = client.get(reverse("podcast:list"), {"q": query}).context["page"]
    assert [episode.pk for episode in found] == [wanted.pk]


@pytest.mark.long
@pytest.mark.django_db
@mostly_long("size", [20, 1], one_in=2)
@mostly_long("query", ["", "?theme=papiers", "?q=papiers&theme=papiers", "?page=2"], one_in=2)
def test_the_list_costs_the_same_whatever_its_size(client, django_assert_max_num_queries, size, query):
    theme = ThemeFactory(nom="Papiers")
    EpisodeFactory.create_batch(size, themes=[theme], texte_long="Des papiers.", fichier=recording())
    with django_assert_max_num_queries(14 if "q=" in query else 8):
        assert client.get(reverse("podcast:list") + query).status_code == 200


# The page


@pytest.mark.django_db
def test_the_page_shows_both_texts_under_their_headings(client, django_assert_num_queries):
    episode = EpisodeFactory(
        titre="Episode n°1 - Une coopérative",
        texte_long="Une table.\n\n- un carnet\n- <b>des gens</b>, [adresse masquée]",
        transcription="Job : On n’est pas pressés.",
    )
    page(client, episode.get_absolute_url())  # the process learns the glossary
    with django_assert_num_queries(5):  # the episode, its themes, files, who reads, whether the glossary changed
        content = page(client, episode.get_absolute_url())
    assert "<h1>Une coopérative</h1>" in content
    assert "<title>Épisode 1 : Une coopérative | LabAccès</title>" in content
    assert 'id="texte_long">Présentation</h2>' in content
    assert 'id="transcription">Transcription</h2>' in content
    assert "<li>&lt;b&gt;des gens&lt;/b&gt;, [adresse masquée]</li>" in content


# CSV


@pytest.mark.django_db
def test_the_csv_holds_what_the_list_holds(client, settings):
    episode = EpisodeFactory(
        titre="Episode n°1 - Une coopérative",
        fichier=recording(),
        duree_secondes=1284,
        texte_long="=1+1",
        transcription="Écrire à job@exemple.bzh",
        themes=[ThemeFactory(nom="Papiers"), ThemeFactory(nom="Accueil")],
    )
    EpisodeFactory(draft=True)
    response = client.get(reverse("podcast:csv") + "?theme=papiers")
    [row] = csv_rows(response)
    assert list(row) == [
        *("identifiant", "titre", "numero", "duree_secondes", "etat", "fichier_url", "fait", "themes"),
        *("publiee_le", "modifiee_le", "url", "texte_long", "transcription", "licence"),
    ]
    assert row["identifiant"] == str(episode.pk)
    assert (row["titre"], row["numero"], row["duree_secondes"]) == (episode.titre, "1", "1284")
    assert row["fichier_url"] == settings.SITE_URL + episode.fichier.url
    assert row["url"] == settings.SITE_URL + episode.get_absolute_url()
    assert row["themes"] == "Accueil | Papiers"
    assert row["texte_long"] == "=1+1"
    assert row["transcription"] == "Écrire à job@exemple.bzh"


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, size(20, one_in=4)])
def test_the_csv_costs_the_same_whatever_its_size(client, django_assert_num_queries, size):
    EpisodeFactory.create_batch(size, fichier=recording())
    with django_assert_num_queries(
        6
    ):  # what changed, the list’s sets, their themes, its order; what they say, their themes
        b"".join(client.get(reverse("podcast:csv")).streaming_content)


# Demo


def test_the_chime_is_short_small_and_always_the_same():
    content = chime()
    assert len(content) < 70_000
    assert content == chime.__wrapped__()
    with wave.open(io.BytesIO(content)) as sound:
        assert (sound.getnchannels(), sound.getframerate(), sound.getnframes()) == (1, 8000, 4 * 8000)
        loud = [abs(int.from_bytes(sound.readframes(1), "little", signed=True)) for _ in range(sound.getnframes())]
    assert 3_000 < max(loud) < 32_000
    assert loud[-1] == 0


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


@pytest.mark.django_db
def test_the_desk_lists_episodes_with_their_files(client, anne, django_assert_max_num_queries):
    EpisodeFactory.create_batch(5, fichier=recording())
    EpisodeFactory()
    with django_assert_max_num_queries(12):
        content = page(client, reverse("admin:podcast_episode_changelist"))
    assert content.count("MP3, 420 Ko") == 5
    assert "à écouter bientôt" in content


@pytest.mark.django_db
def test_who_may_only_look_sees_the_form_and_its_recording(client):
    episode = EpisodeFactory(draft=True, fichier=recording())
    viewer = UtilisateurFactory()
    viewer.user_permissions.add(Permission.objects.get(codename="view_episode"))
    client.force_login(viewer)
    content = page(client, change_url(episode))
    assert f'href="{episode.fichier.url}"' in content
    assert 'type="file"' not in content
