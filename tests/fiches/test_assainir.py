"""Files that were kept before the doors decided as they do now: told, then mended, whatever stops the command."""

import os
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from fiches import assainissement
from fiches.attached import FichierInterne, FichierJoint
from fiches.ressources.models import Ressource
from projets.models import Annexe
from socle.annuaire.models import Statut
from socle.medias.pictures import is_bare
from tests import sampling
from tests.factories import ProjetFactory, UtilisateurFactory
from tests.factories.contributions import ContributionFactory
from tests.factories.ressources import RessourceFactory
from tests.fiches.test_medias_s3 import depot as _depot
from tests.medias import hostiles

pytestmark = pytest.mark.django_db(transaction=True)
depot = _depot
PHOTO, LETTRE, MACRO = hostiles.photo(), hostiles.signed_docx(), hostiles.MACROS["macro.docx"]


@pytest.fixture
def disque(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "socle.medias.disque.MediasSurDisque"}}
    return settings.MEDIA_ROOT


@pytest.fixture(params=["disque", "s3"])
def rangement(request):
    """Where files are kept."""
    return request.getfixturevalue("disque" if request.param == "disque" else "depot")


def put(nom, content, row=None):
    """A file as it was kept before: nothing has looked into it."""
    row = row or FichierJoint(entree=RessourceFactory().entree, titre=nom)
    row.fichier.save(nom, ContentFile(content), save=False)
    row.save()
    return row


def assainir(*options) -> str:
    out = StringIO()
    call_command("assainir_fichiers", *options, stdout=out)
    return " ".join(out.getvalue().replace("\xa0", " ").split())


def read(name) -> bytes:
    with default_storage.open(name) as file:
        return file.read()


def fetched(client, url):
    answer = client.get(url)
    return b"".join(answer.streaming_content) if answer.status_code == 200 else answer.status_code


@pytest.mark.long
def test_what_is_kept_is_told_then_mended_and_then_there_is_nothing_to_tell(client, rangement):
    photo, lettre = put("Plan.jpg", PHOTO), put("lettre.docx", LETTRE)
    macro, ressource = put("macro.docx", MACRO), RessourceFactory(draft=True)
    put("modele.docx", MACRO, ressource)
    guide, *clean = [
        put("guide.pdf", hostiles.packed_pdf()),
        put("ecran.png", hostiles.bare()),
        put("a.odt", hostiles.odt()),
    ]
    rows = (photo, lettre, macro, ressource, guide, *clean)
    before = {row.fichier.name: read(row.fichier.name) for row in rows}
    said = assainir()
    assert "1 image à redessiner, 1 document à réécrire sans son auteur, 2 documents avec macros à retirer" in said
    assert f"{photo.fichier.name} (fiche « {photo.entree.titre} », n° {photo.entree_id}) : image à redessiner" in said
    assert "relancez avec --appliquer" in said
    assert {name: read(name) for name in before} == before, "told alone, nothing changes"
    assert not FichierInterne.objects.exists()

    said = assainir("--appliquer")
    assert "1 image redessinée, 1 document réécrit sans son auteur, 2 documents avec macros retirés du public." in said
    drawn = fetched(client, photo.fichier.url)
    assert is_bare(drawn, "JPEG")
    assert hostiles.LIEU not in drawn
    assert hostiles.AUTEUR not in b"".join(hostiles.all_parts(fetched(client, lettre.fichier.url)))
    for row in (guide, *clean):
        assert fetched(client, row.fichier.url) == before[row.fichier.name]
    for row in (macro, ressource):
        assert not type(row).objects.get(pk=row.pk).fichier
        assert client.get(row.fichier.url).status_code == 404
        assert not default_storage.exists(row.fichier.name)
    assert Ressource.objects.get(pk=ressource.pk).history.first().history_change_reason == assainissement.RAISON

    kept = {row.de: row for row in FichierInterne.objects.all()}
    assert kept.keys() == {row.fichier.name for row in (photo, lettre, macro, ressource)}
    assert {name: read(row.fichier.name) for name, row in kept.items()} == {name: before[name] for name in kept}
    assert {kept[row.fichier.name].nature for row in (photo, lettre)} == {"original"}
    assert {kept[row.fichier.name].nature for row in (macro, ressource)} == {"prive"}
    client.force_login(UtilisateurFactory(is_superuser=True))
    assert {client.get(f"/media/{row.fichier.name}").status_code for row in kept.values()} == {404}

    assert assainir() == "Tous les fichiers sont comme ceux d’aujourd’hui."
    assert assainir("--appliquer") == "Tous les fichiers sont comme ceux d’aujourd’hui."
    assert FichierInterne.objects.count() == 4


@sampling.mostly_long("statut", Statut, one_in=3)
def test_macros_leave_a_record_in_any_state_and_a_restored_version_gives_none_back(disque, client, statut):
    fiche = RessourceFactory(statut=statut)
    put("macro.docx", MACRO, fiche)
    nom, version = fiche.fichier.name, fiche.version
    assainir("--appliquer")
    fiche.refresh_from_db()
    assert (fiche.statut, fiche.fichier.name, fiche.version) == (statut, "", version + 1)
    Ressource.objects.filter(pk=fiche.pk).update(fichier=nom, statut=Statut.PUBLIEE)  # as a restored version says
    assert client.get(f"/media/{nom}").status_code == 404
    assert assainir() == "Tous les fichiers sont comme ceux d’aujourd’hui."


def test_annexes_which_nobody_publishes_and_what_is_gone_are_left_alone(disque):
    annexe = put("photo.jpg", PHOTO, Annexe(projet=ProjetFactory()))
    gone = put("macro.docx", MACRO)
    Path(gone.fichier.path).unlink()
    assert assainir("--appliquer") == "Tous les fichiers sont comme ceux d’aujourd’hui."
    assert read(annexe.fichier.name) == PHOTO


def test_what_nothing_can_mend_is_told_and_left(disque):
    cut, odd, moving = (
        put("coupee.jpg", PHOTO[:3000]),
        put("page.html", hostiles.PAGE),
        put("a.webp", hostiles.moving("WEBP")),
    )
    said = assainir("--appliquer")
    assert f"{cut.fichier.name} (fiche « {cut.entree.titre} », n° {cut.entree_id}) : fichier à regarder. Cette" in said
    assert "fichier à regarder. Ce format n’est plus accepté." in said
    assert "fichier à regarder. Cette image est animée" in said
    assert "3 fichiers à regarder." in said
    assert read(moving.fichier.name) == hostiles.moving("WEBP")
    assert (read(cut.fichier.name), read(odd.fichier.name)) == (PHOTO[:3000], hostiles.PAGE)


def test_a_file_that_waits_to_join_a_record_loses_its_author_too(disque):
    row = ContributionFactory().fichiers.create(nom="lettre.docx", poids=len(LETTRE))
    put("lettre.docx", LETTRE, row)
    assainir("--appliquer")
    row.refresh_from_db()
    kept = read(row.fichier.name)
    assert hostiles.AUTEUR not in b"".join(hostiles.all_parts(kept))
    assert row.poids == len(kept)
    assert not FichierInterne.objects.exists()


# Whatever stops it

STEPS = [
    "socle.medias.disque.MediasSurDisque._save",
    "fiches.attached.FichierInterne.save",
    "socle.medias.disque.MediasSurDisque.replace",
    "pathlib.Path.replace",
    "fiches.models.Fiche.change",
    "socle.medias.disque.MediasSurDisque.delete",
]


@pytest.mark.long
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_it_goes_on_from_there(disque, client, step):
    photo, fiche = put("Plan.jpg", PHOTO), RessourceFactory()
    put("macro.docx", MACRO, fiche)
    nom = fiche.fichier.name
    with patch(step, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        assainir("--appliquer")
    for path in disque.rglob("*"):  # it may be long before somebody runs it again
        os.utime(path, (1_700_000_000, 1_700_000_000))
    assainir("--appliquer")
    assert is_bare(fetched(client, photo.fichier.url), "JPEG")
    assert client.get(f"/media/{nom}").status_code == 404
    assert {(row.nature, read(row.fichier.name)) for row in FichierInterne.objects.all()} == {
        ("original", PHOTO),
        ("prive", MACRO),
    }
    assainir("--appliquer")
    kept = {row.fichier.name for row in FichierInterne.objects.all()}
    there = {str(path.relative_to(disque)) for path in disque.rglob("*") if path.is_file()}
    assert there - {one for one in there if Path(one).name.startswith(".")} == kept | {photo.fichier.name}
