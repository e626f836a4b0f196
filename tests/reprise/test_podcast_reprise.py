"""Episodes of the old site: what the takeover makes of its dump."""

from dataclasses import replace
from pathlib import Path

import pytest

from fiches.podcast.demo import load_episodes
from fiches.podcast.models import Episode
from reprise import formulaires
from reprise.dump import read_dump
from reprise.models import Anomalie, Conflit
from reprise.sauvegarde import save_lecture
from tests.reprise.extrait import lecture

EXTRAIT = Path(__file__).with_name("extrait-labacces.txt")
DATA = EXTRAIT.read_bytes()
LINES = DATA.decode().splitlines()


def take_over(data=DATA):
    """Take the episodes of a dump over; the report."""
    found = lecture() if data is DATA else read_dump(data, formulaires.declared())
    fiches = [fiche for fiche in found.fiches if fiche.type == "episode"]
    return save_lecture(replace(found, fiches=fiches, anomalies=[]))


def counts(report):
    return {etat: number for etat, number in report.fiches["episode"].items() if number}


def missing(report):
    return [anomalie["texte"] for anomalie in report.anomalies if anomalie["type"] == "fichier_manquant"]


@pytest.mark.django_db
def test_five_episodes_are_made_with_their_exact_texts():
    assert counts(take_over()) == {"lues": 5, "creees": 5}
    episodes = {episode.numero: episode for episode in Episode.objects.published()}
    assert sorted(episodes) == [1, 3, 5, 7, 9]
    for episode in episodes.values():
        start = LINES.index(episode.titre)
        assert LINES[start + 1] == episode.titre
        assert LINES[start + 2] == f"Fichier : {episode.nom_origine}"
        assert LINES[start + 4] == "Texte long"
        assert episode.texte_long == LINES[start + 5]
        assert not episode.fichier
    assert episodes[1].titre_affiche == "Une coopérative d'accès aux droits"
    assert episodes[1].nom_origine == "Vers_laccs_aux_droits__EP1__Une_cooprative_daccs_aux_droits.mp3"
    assert episodes[3].titre_affiche == "Excédé-es"


@pytest.mark.django_db
def test_each_missing_recording_is_reported_on_its_line():
    report = take_over()
    assert len(missing(report)) == 5
    for anomalie in report.anomalies:
        assert anomalie["type"] == "fichier_manquant"
        assert LINES[anomalie["ligne"] - 1] == f"Fichier : {anomalie['texte']}"
    assert Anomalie.objects.open().count() == 5


@pytest.mark.django_db
def test_a_second_takeover_changes_nothing():
    take_over()
    before = list(Episode.objects.order_by("pk").values())
    assert counts(take_over()) == {"lues": 5, "inchangees": 5}
    assert list(Episode.objects.order_by("pk").values()) == before
    assert Episode.history.count() == 5
    assert Anomalie.objects.count() == 5


@pytest.mark.django_db
def test_a_recording_attached_here_is_kept_and_no_longer_missing():
    take_over()
    episode = Episode.objects.get(numero=1)
    episode.fichier = "podcast/EP1.mp3"
    episode.save()
    report = take_over()
    assert counts(report) == {"lues": 5, "inchangees": 5}
    assert len(missing(report)) == 4
    episode.refresh_from_db()
    assert episode.fichier.name == "podcast/EP1.mp3"


@pytest.mark.django_db
def test_a_text_edited_here_is_not_overwritten():
    take_over()
    episode = Episode.objects.get(numero=9)
    episode.texte_long = "Réécrit ici."
    episode.save()
    said = next(line for line in LINES if line.startswith("Au terme d'une année")).encode()
    changed = DATA.replace(said, b"Autre texte.")
    assert counts(take_over(changed)) == {"lues": 5, "inchangees": 4, "conflits": 1}
    episode.refresh_from_db()
    assert episode.texte_long == "Réécrit ici."
    assert Conflit.objects.open().get().ancien_site == "Autre texte."


@pytest.mark.django_db
def test_real_episodes_take_the_place_of_demo_ones_and_their_chimes_with_them():
    load_episodes()
    report = take_over()
    assert report.demo_retirees == 9
    assert len(missing(report)) == 5
    assert Episode.objects.count() == 5
    assert not any(episode.fichier for episode in Episode.objects.all())
