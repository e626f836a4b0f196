import io
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.management import call_command
from django.urls import reverse

from fiches.attached import FichierInterne, FichierJoint
from fiches.enquetes.models import Enquete
from fiches.podcast.models import Episode
from projets.models import Annexe
from reprise import sauvegarde
from reprise.fichiers import Fichiers, attach_files
from reprise.file_names import parted
from reprise.follow_up import settle_seen
from reprise.models import Anomalie
from reprise.sauvegarde import Rapport
from reprise.saver import note
from tests.factories import ProjetFactory, UtilisateurFactory
from tests.factories.enquetes import EnqueteFactory
from tests.factories.ressources import RessourceFactory
from tests.medias import hostiles
from tests.reprise.extrait import LINES, part

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]

NOMS = [line.removeprefix("Fichier : ") for line in LINES if line.startswith("Fichier : ") and line.endswith(".mp3")]


def take_over(*options, dump=b"", **kwargs):
    with TemporaryDirectory() as folder:
        source = Path(folder) / "export.txt"
        source.write_bytes(dump or part(types=("episode",)))
        call_command("importer_yeswiki", str(source), *options, **({"verbosity": 0, "stdout": io.StringIO()} | kwargs))


@pytest.fixture
def folder(tmp_path, settings):
    """That of the old site's files, and one of ours."""
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


@pytest.mark.long
def test_a_file_printed_among_words_leaves_them_for_a_line_of_its_own(folder, read):
    said = "les déplacements, des repas, du temps passé"
    dump = part(types=("enquete",)).replace(
        said.encode(), f"{said} :Attestation_2021.docx (32.6kB)\nUne liste »Feuille.pdf (0.3MB)".encode(), 1
    )
    take_over(dump=dump)
    enquete = Enquete.objects.get(indemnise_quoi=f"{said}\nUne liste »")
    files = read(enquete.get_absolute_url()).one("h2", id="fichiers")
    assert files
    lines = [line.text for line in read(enquete.get_absolute_url()).one("main").all("li")]
    for nom in ("Attestation_2021.docx", "Feuille.pdf"):
        assert f"{nom} : document de l’ancien site, à retrouver" in lines
    assert missing() >= {"Attestation_2021.docx", "Feuille.pdf"}
    version = enquete.version
    take_over(dump=dump)
    enquete.refresh_from_db()
    assert enquete.version == version
    (folder / "Feuille.pdf").write_bytes(hostiles.pdf())
    take_over("--fichiers", str(folder), dump=dump)
    lines = [line.text for line in read(enquete.get_absolute_url()).one("main").all("li")]
    assert "Attestation_2021.docx : document de l’ancien site, à retrouver" in lines
    assert not [line for line in lines if line.startswith("Feuille.pdf :")]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Un.\n\nDeux : A_1.pdf (0.1MB)\n\n- a\n- b", "Un.\n\nDeux\n\n- a\n- b"),
        ("Un.\nA_1.pdf (0.1MB)\n\nDeux.", "Un.\n\nDeux."),
        ("Voir (A_1.pdf (1,2 Mo)) ici.", "Voir ici."),
        ("Un (deux)\n\n()", "Un (deux)\n\n()"),
    ],
)
def test_what_stood_around_a_printed_file_stays_as_it_was_written(text, left):
    assert parted(text) == (left, ["A_1.pdf"] if "pdf" in text else [])


def test_a_lost_file_is_told_by_its_title_alone(read):
    enquete = EnqueteFactory()
    for titre in ("", "Charte.pdf"):
        FichierJoint.objects.create(
            entree=enquete.entree, titre=titre, nom_origine=f"x_Enora_Calvez_{titre or 'a.pdf'}"
        )
    page = read(enquete.get_absolute_url()).one("main")
    lost = [line.text for line in page.all("li") if "à retrouver" in line.text]
    assert lost == ["Charte.pdf : document de l’ancien site, à retrouver"]
    assert "Calvez" not in page.text


def missing():
    return set(Anomalie.objects.filter(type="fichier_manquant").values_list("texte", flat=True))


@pytest.mark.long
def test_what_no_door_would_take_is_kept_for_the_team_and_what_holds_nothing_is_missing(folder, capsys, client):
    (folder / NOMS[0]).write_bytes(b"")
    (folder / NOMS[1]).write_bytes(b"<html>une erreur</html>")
    (folder / "perdu.mp3").write_bytes(b"ID3 un autre")
    for _ in range(2):
        take_over("--fichiers", str(folder), verbosity=1, stdout=None)
        told = capsys.readouterr()
        assert f"{NOMS[0]} n’a pas été joint : ce fichier est vide." in told.err
        assert f"{NOMS[1]} est gardé pour l’équipe seule. Le contenu de ce fichier n’est pas celui" in told.err
        assert "0 fichier joint depuis" in told.out
        assert "1 fichier qu’aucune fiche ne nomme :\n  perdu.mp3\n" in told.out
    assert not Episode.objects.exclude(fichier="").exists()
    assert NOMS[0] in missing()
    assert NOMS[1] not in missing()
    (kept,) = FichierInterne.objects.all()
    assert (kept.nom_origine, kept.fichier.read()) == (NOMS[1], b"<html>une erreur</html>")
    assert kept.entree_id == Episode.objects.get(nom_origine=NOMS[1]).pk
    client.force_login(UtilisateurFactory(is_superuser=True))
    assert client.get(f"/media/{kept.fichier.name}").status_code == 404
    take_over()
    assert NOMS[1] not in missing(), "a source without files knows that it is here"


@pytest.mark.long
def test_what_somebody_looked_at_and_threw_away_does_not_come_back(folder, client):
    (folder / NOMS[1]).write_bytes(b"<html>une erreur</html>")
    take_over("--fichiers", str(folder))
    kept = FichierInterne.objects.get()
    (anomalie,) = Anomalie.objects.open().filter(type="fichier_interne")
    assert (anomalie.entree_id, anomalie.texte) == (kept.entree_id, NOMS[1])
    kept.delete()
    assert settle_seen(Episode.objects.get(pk=anomalie.entree_id)) == [anomalie]
    take_over("--fichiers", str(folder))
    assert not FichierInterne.objects.exists()
    assert not Anomalie.objects.open().filter(type="fichier_interne").exists()


KINDS = {
    "photo.jpg": (hostiles.photo(), "joint"),
    "lettre.docx": (hostiles.signed_docx(), "joint"),
    "guide.pdf": (hostiles.packed_pdf(), "joint"),
    "lettre.docm_": (hostiles.MACROS["macro.docx"], "garde"),
    "macro.docx": (hostiles.MACROS["macro.docx"], "garde"),
    "ancien.doc": (hostiles.OLE, "garde"),
    "dessin.svg": (hostiles.SVG, "garde"),
    "coupee.jpg": (hostiles.picture()[:2000], "garde"),
    "bombe.png": (hostiles.png(60_000, 60_000), "garde"),
}


@pytest.mark.long
def test_a_takeover_refuses_no_file_and_publishes_what_a_door_would_take(folder, client):
    """Each hangs on a public record, and on a project, whose annexes nobody publishes."""
    fiche, projet = RessourceFactory(), ProjetFactory()
    for nom, (content, _) in KINDS.items():
        (folder / nom).write_bytes(content)
        FichierJoint.objects.create(entree=fiche.entree, nom_origine=nom)
        Annexe.objects.create(projet=projet, nom_origine=nom)
    fichiers = Fichiers(folder)
    for _ in range(2):
        attach_files(
            fichiers, simulation=False, told=lambda anomalie: None, note=partial(note, Rapport("json", False, {}))
        )
    internes = list(FichierInterne.objects.all())
    for row in (*FichierJoint.objects.all(), *Annexe.objects.all()):
        content, becomes = KINDS[row.nom_origine]
        assert bool(row.fichier) == (becomes == "joint"), row.nom_origine
        if row.fichier:
            stored = row.fichier.read()
            assert hostiles.LIEU not in stored
            assert not stored.startswith(b"PK") or hostiles.AUTEUR not in b"".join(hostiles.all_parts(stored))
            continue
        (kept,) = [one for one in internes if (one.entree_id, one.nom_origine) == (row.entree.pk, row.nom_origine)]
        assert kept.fichier.read() == content
        assert kept.raison
    told = Anomalie.objects.open().filter(type="fichier_interne")
    assert len(internes) == told.count() == 2 * sum(becomes == "garde" for _, becomes in KINDS.values())
    client.force_login(UtilisateurFactory(is_superuser=True))
    one = next(one for one in internes if one.entree_id == fiche.pk)
    assert client.get(f"/media/{one.fichier.name}").status_code == 404
    handed = client.get(reverse("admin:ressources_ressource_interne", args=[one.entree_id, one.pk]))
    assert handed["Content-Disposition"].startswith("attachment")
    assert b"".join(handed.streaming_content) == KINDS[one.nom_origine][0]


def test_a_simulation_says_what_it_would_attach_and_writes_nothing(folder, capsys, settings):
    (folder / NOMS[0]).write_bytes(b"ID3 un son")
    (folder / NOMS[1]).write_bytes(b"<html>")
    take_over("--fichiers", str(folder), "--simulation", verbosity=1, stdout=None)
    told = capsys.readouterr()
    assert f"1 fichier serait joint depuis {folder}\n  {NOMS[0]}\n" in told.out
    assert f"{NOMS[1]} serait gardé pour l’équipe seule." in told.err
    assert not settings.MEDIA_ROOT.exists()
    assert not Episode.objects.exists()


def test_a_takeover_that_fails_leaves_no_file_on_the_disk(folder, monkeypatch, settings):
    (folder / NOMS[0]).write_bytes(b"ID3 un son")
    (folder / NOMS[1]).write_bytes(b"<html>")

    def broken(rapport, anomalie):
        raise RuntimeError("coupure")

    monkeypatch.setattr(sauvegarde.Rapport, "forget", broken)
    with pytest.raises(RuntimeError):
        take_over("--fichiers", str(folder))
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert not Episode.objects.exists()
