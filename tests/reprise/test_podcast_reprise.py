"""Episodes of the old site: what the takeover makes of its dump."""

from functools import partial

import pytest

from fiches.podcast.models import Episode
from reprise.models import Anomalie
from tests.reprise.extrait import LINES, take_type

pytestmark = pytest.mark.django_db

take_over = partial(take_type, "episode")


def counts(report):
    return {etat: number for etat, number in report.fiches["episode"].items() if number}


def missing(report):
    return [anomalie["texte"] for anomalie in report.anomalies if anomalie["type"] == "fichier_manquant"]


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


def test_each_missing_recording_is_reported_on_its_line():
    report = take_over()
    assert len(missing(report)) == 5
    for anomalie in report.anomalies:
        assert anomalie["type"] == "fichier_manquant"
        assert LINES[anomalie["ligne"] - 1] == f"Fichier : {anomalie['texte']}"
    assert Anomalie.objects.open().count() == 5


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
