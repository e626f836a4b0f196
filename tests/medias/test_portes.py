"""Each door of the site by each kind of file: refused in words, or kept without what it must not say."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from fiches.attached import FichierJoint
from fiches.ressources.models import Ressource
from fiches.suivi.models import ImportEnAttente
from participants.contributions.models import Contribution
from projets.models import Annexe
from socle.comptes.roles import ANIMATION
from socle.medias import refus
from tests.contributions import test_corrections as corrections
from tests.contributions.test_etapes import at_the_end, go_on
from tests.contributions.test_fiches import typed
from tests.factories import ProjetFactory, UtilisateurFactory, member
from tests.factories.ressources import RessourceFactory
from tests.fiches.tableur import saved, workbook
from tests.medias import hostiles
from tests.projets.formulaire import change_url, posted
from tests.sampling import mostly_long

pytestmark = [pytest.mark.django_db, pytest.mark.securite]
FICHE = {"titre": "Un atelier numérique"}


@pytest.fixture(autouse=True)
def disque(settings, tmp_path, patient):
    """Files on a disk, as in production."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "socle.medias.disque.MediasSurDisque"}}
    return settings.MEDIA_ROOT


def stored(folder) -> list[bytes]:
    return [path.read_bytes() for path in sorted(Path(folder).rglob("*")) if path.is_file()]


# The doors: each takes (client, file), sends it as a browser does, and returns the page that it sees then


def correction(client, file):
    fiche = ProjetFactory(titre="Un portail")
    shown = corrections.page(client, fiche)
    return client.post(corrections.address(fiche), corrections.typed(shown) | {"fichiers": [file]}, follow=True)


def on_one_page(client, file):
    data = typed(client.get("/contribuer/ressources/"), titre="Un guide")
    return client.post("/contribuer/ressources/", data | {"fichiers": [file]}, follow=True)


def in_steps(client, file):
    return go_on(client, at_the_end(client, "/contribuer/initiatives/", **FICHE), "envoyer", fichiers=[file])


def desk(client, fiche, name, file, **changes):
    client.force_login(member(ANIMATION))
    return client.post(change_url(fiche), posted(client, fiche, **changes) | {name: file}, follow=True)


def resource(client, file):
    return desk(client, RessourceFactory(), "fichier", file)


def annex(client, file):
    return desk(client, ProjetFactory(), "annexes-0-fichier", file)


def joined(client, file):
    fiche = RessourceFactory()
    FichierJoint.objects.create(entree=fiche.entree, titre="Manquant", nom_origine="a.pdf")
    return desk(client, fiche, "fichiers-0-fichier", file)


VISITORS = [correction, on_one_page, in_steps]
DOCUMENTS = [*VISITORS, resource, annex, joined]


def upload(nom, content):
    return SimpleUploadedFile(nom, content)


def words(shown) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", shown.content.decode()).split())


def cases(*names):
    """Each door, each by one of these: what a door refuses is told by its depot, which has tests of its own."""
    return [(door, names[rank % len(names)]) for rank, door in enumerate(DOCUMENTS)]


@pytest.mark.parametrize(("door", "nom"), cases("macro.docx", "macro.odt", "macro-dedans.docx", "macro.docm", "a.xlsm"))
def test_no_door_keeps_macros(client, disque, door, nom):
    shown = door(client, upload(nom, hostiles.MACROS.get(nom, hostiles.MACROS["macro.docx"])))
    assert shown.status_code == 200
    assert stored(disque) == []
    assert re.search(r"[Cc]e (document contient des macros|format n’est pas accepté) : enregistrez", words(shown))
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(("door", "nom"), cases("dessin.svg", "page.pdf", "vide.png", "bombe.docx", "ligne.png"))
def test_no_door_keeps_what_is_not_what_it_says_or_costs_too_much(client, disque, door, nom):
    shown = door(client, upload(nom, hostiles.BAD[nom][0]))
    assert shown.status_code == 200
    assert stored(disque) == []
    assert re.search("joignez|Renommer un fichier ne le convertit pas|coupez-la", words(shown))


@mostly_long("door", DOCUMENTS, one_in=3)
def test_every_door_cleans_a_picture_and_a_document_and_keeps_a_pdf_as_it_came(client, disque, door, settings):
    settings.COTE_DES_IMAGES = 320
    door(client, upload("Plan.jpg", hostiles.photo()))
    (picture,) = stored(disque)
    assert hostiles.LIEU not in picture
    assert hostiles.opened(picture).size == (240, 320)
    door(client, upload("lettre.docx", hostiles.signed_docx()))
    (document,) = {*stored(disque)} - {picture}
    assert hostiles.AUTEUR not in b"".join(hostiles.all_parts(document))
    assert zipfile.ZipFile(BytesIO(document)).testzip() is None
    shown = door(client, upload("guide.pdf", hostiles.packed_pdf()))
    assert {*stored(disque)} == {picture, document, hostiles.packed_pdf()}
    if door not in VISITORS:
        assert "il peut nommer son auteur" in words(shown)


@pytest.mark.parametrize(
    "url", ["/contribuer/ressources/", "/admin/ressources/ressource/add/", "/admin/projets/projet/add/"]
)
def test_who_chooses_a_file_is_told_what_becomes_of_it(client, url):
    client.force_login(UtilisateurFactory(is_superuser=True))
    said = " ".join(client.get(url).content.decode().replace("\xa0", " ").split())
    assert "un PDF est gardé tel quel et peut nommer son auteur" in said
    assert "une image est réduite, et perd le lieu et l’appareil de la photo" in said.lower()


@pytest.mark.long
def test_files_of_one_form_of_the_desk_share_one_budget(client, disque):
    fiche = ProjetFactory()
    client.force_login(member(ANIMATION))
    data = posted(client, fiche) | {"annexes-TOTAL_FORMS": "3"}
    for number in range(3):
        out = BytesIO()
        hostiles.opened(hostiles.png(3_000, 3_000, bytes(9_001) * 3_000)).save(out, "PNG")
        data[f"annexes-{number}-fichier"] = upload(f"{number}.png", out.getvalue())
        data[f"annexes-{number}-projet"] = str(fiche.pk)
    shown = client.post(change_url(fiche), data)
    rows = [row for inline in shown.context["inline_admin_formsets"] for row in inline.formset.forms]
    assert sum(row.errors.get("fichier") == [refus.ENSEMBLE] for row in rows) == 2
    assert not Annexe.objects.exists()


# Spreadsheets


@pytest.mark.parametrize("name", ["liste.xlsx", "liste.xlsm", "liste"])
def test_a_workbook_with_macros_is_refused_at_the_import_whatever_its_name(client, tmp_path, name):
    client.force_login(UtilisateurFactory(is_superuser=True))
    data = BytesIO(saved(workbook(["identifiant", "titre"], ["", "Un guide"])))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("xl/vbaProject.bin", hostiles.OLE)
    shown = client.post(
        reverse("admin:ressources_ressource_importer"), {"fichier": upload(name, data.getvalue())}, follow=True
    )
    assert "Ce classeur contient des macros" in words(shown)
    assert not ImportEnAttente.objects.exists()
    path = tmp_path / name
    path.write_bytes(data.getvalue())
    with pytest.raises(CommandError, match="Ce classeur contient des macros"):
        call_command("importer_fiches", "ressource", path, verbosity=0)
    assert not Ressource.objects.exists()
