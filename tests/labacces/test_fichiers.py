"""Files of the old site, attached by name."""

import io

import pytest
from django.core.management import CommandError, call_command

from fiches.podcast.models import Episode
from fiches.suivi.models import Anomalie
from tests.labacces.test_reprise_commande import EXTRAIT

pytestmark = pytest.mark.django_db


def take_over(*options):
    call_command("importer_yeswiki", str(EXTRAIT), *options, verbosity=0, stdout=io.StringIO())


def test_files_of_the_folder_go_to_the_records_that_name_them(tmp_path, places, settings):
    settings.MEDIA_ROOT = tmp_path / "medias"
    folder = tmp_path / "files"
    folder.mkdir()
    take_over()
    episode = Episode.objects.exclude(nom_origine="").first()
    (folder / episode.nom_origine).write_bytes(b"ID3 un son")
    (folder / "autre.mp3").write_bytes(b"ID3 un autre")
    missing = Anomalie.objects.open().filter(type="fichier_manquant").count()
    take_over("--fichiers", str(folder))
    episode.refresh_from_db()
    assert episode.fichier.read() == b"ID3 un son"
    assert Episode.objects.exclude(fichier="").count() == 1
    assert Anomalie.objects.open().filter(type="fichier_manquant").count() == missing - 1
    version = episode.version
    take_over("--fichiers", str(folder))
    episode.refresh_from_db()
    assert (episode.version, Anomalie.objects.open().filter(type="fichier_manquant").count()) == (version, missing - 1)


def test_a_folder_that_is_none_is_refused_before_anything_is_saved(tmp_path):
    with pytest.raises(CommandError, match="n’est pas un dossier"):
        take_over("--fichiers", str(tmp_path / "absent"))
    assert not Episode.objects.exists()
