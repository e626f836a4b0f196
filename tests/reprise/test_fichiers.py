"""Files of the old site, attached by name."""

import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.management import CommandError, call_command

from fiches.podcast.models import Episode
from reprise import sauvegarde
from reprise.models import Anomalie
from tests.reprise.extrait import LINES, part

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]

NOMS = [line.removeprefix("Fichier : ") for line in LINES if line.startswith("Fichier : ") and line.endswith(".mp3")]


def take_over(*options, **kwargs):
    with TemporaryDirectory() as folder:
        source = Path(folder) / "export.txt"
        source.write_bytes(part(types=("episode",)))
        call_command("importer_yeswiki", str(source), *options, **({"verbosity": 0, "stdout": io.StringIO()} | kwargs))


@pytest.fixture
def folder(tmp_path, settings):
    """The folder of the old site's files, and one of our own."""
    settings.MEDIA_ROOT = tmp_path / "medias"
    path = tmp_path / "files"
    path.mkdir()
    return path


def test_files_of_the_folder_go_to_the_records_that_name_them(folder):
    take_over()
    episode = Episode.objects.exclude(nom_origine="").first()
    (folder / episode.nom_origine).write_bytes(b"ID3 un son")
    (folder / "autre.mp3").write_bytes(b"ID3 un autre")
    missing = Anomalie.objects.open().filter(type="fichier_manquant").count()
    dates = episode.datee, episode.modifiee_le
    take_over("--fichiers", str(folder))
    episode.refresh_from_db()
    assert (episode.datee, episode.modifiee_le) == dates
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


def missing():
    return set(Anomalie.objects.filter(type="fichier_manquant").values_list("texte", flat=True))


def test_a_file_attached_at_the_first_takeover_was_never_missing(folder, tmp_path):
    (folder / NOMS[0]).write_bytes(b"ID3 un son")
    rapport = tmp_path / "rapport.json"
    take_over("--fichiers", str(folder), rapport=rapport)
    assert Episode.objects.get(nom_origine=NOMS[0]).fichier.read() == b"ID3 un son"
    assert NOMS[0] not in missing()
    assert set(NOMS[1:]) <= missing()
    told = json.loads(rapport.read_text(encoding="utf-8"))["anomalies"]
    assert NOMS[0] not in {row["texte"] for row in told if row["type"] == "fichier_manquant"}


def test_a_file_that_is_not_what_it_says_or_holds_nothing_is_told_and_left(folder, capsys):
    (folder / NOMS[0]).write_bytes(b"")
    (folder / NOMS[1]).write_bytes(b"<html>une erreur</html>")
    (folder / "perdu.mp3").write_bytes(b"ID3 un autre")
    take_over("--fichiers", str(folder), verbosity=1, stdout=None)
    told = capsys.readouterr()
    assert f"{NOMS[0]} n’a pas été joint. Ce fichier est vide." in told.err
    assert f"{NOMS[1]} n’a pas été joint. Le contenu de ce fichier n’est pas celui" in told.err
    assert "0 fichier joint depuis" in told.out
    assert "1 fichier qu’aucune fiche ne nomme :\n  perdu.mp3\n" in told.out
    assert not Episode.objects.exclude(fichier="").exists()
    assert {*NOMS[:2]} <= missing()


def test_a_simulation_says_what_it_would_attach_and_writes_nothing(folder, capsys, settings):
    (folder / NOMS[0]).write_bytes(b"ID3 un son")
    take_over("--fichiers", str(folder), "--simulation", verbosity=1, stdout=None)
    assert f"1 fichier serait joint depuis {folder}\n  {NOMS[0]}\n" in capsys.readouterr().out
    assert not settings.MEDIA_ROOT.exists()
    assert not Episode.objects.exists()


def test_a_takeover_that_fails_leaves_no_file_on_the_disk(folder, monkeypatch, settings):
    (folder / NOMS[0]).write_bytes(b"ID3 un son")

    def broken(rapport, anomalie):
        raise RuntimeError("coupure")

    monkeypatch.setattr(sauvegarde.Rapport, "forget", broken)
    with pytest.raises(RuntimeError):
        take_over("--fichiers", str(folder))
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert not Episode.objects.exists()
