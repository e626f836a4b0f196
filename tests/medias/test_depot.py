"""What a door takes: a file that is what it says, for what it costs, and no other; said in French. Persons invented."""

import threading
from contextlib import suppress
from io import BytesIO
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import FileField
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from socle.medias import office, refus, turns
from socle.medias.budget import Budget
from socle.medias.champs import FichierField
from socle.medias.depot import ANNEXE, AUDIO, DOCUMENT, DOCUMENTS_ET_IMAGES, IMAGES_SEULES, Depot
from socle.medias.fichiers import FORMATS
from tests.medias import hostiles
from tests.sounds import silence
from tests.test_house import OURS

GOOD = {
    "mp3": [b"ID3\4\0\0\0\0\0\0", b"\xff\xfb\x90\x00", b"\xff\xf3\x40\xc0"],
    "ogg": [b"OggS\0\2"],
    "wav": [silence()],
    "m4a": [b"\0\0\0\x20ftypM4A \0\0\0\0"],
    "pdf": [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", b"\n%PDF-1.4", *hostiles.UNOPENED.values()],
    "odt": [hostiles.odt()],
    "docx": [hostiles.docx()],
    "xlsx": [hostiles.xlsx()],
    "png": [hostiles.picture("PNG")],
    "jpg": [hostiles.picture()],
    "webp": [hostiles.picture("WEBP")],
    "doc": [hostiles.OLE],
    "csv": ["titre;montant\nÉté;12".encode("utf-16"), b"titre\n"],
}
READ = {"odt", "docx", "xlsx", "png", "jpg", "webp"}


def door(nom) -> Depot:
    return next(one for one in (AUDIO, DOCUMENT, ANNEXE) if nom in one.extensions)


def upload(nom, content):
    return SimpleUploadedFile(nom, content)


def refused(one: Depot, nom, content, budget=None) -> ValidationError:
    with pytest.raises(ValidationError) as error:
        one.receive(upload(nom, content), budget)
    return error.value


@pytest.mark.parametrize(("nom", "content"), [(nom, content) for nom in GOOD for content in GOOD[nom]])
def test_a_file_that_is_what_its_name_says_is_taken_and_only_some_are_opened(nom, content):
    kept = door(nom).receive(upload(f"Fichier.{nom.upper()}", content))
    assert kept.name == f"Fichier.{nom}"
    if nom not in READ:
        assert kept.read() == content


TOLD = sorted({*GOOD} - {"csv"})


@pytest.mark.parametrize("nom", TOLD)
def test_a_file_of_another_kind_under_that_name_is_refused(nom):
    strange = [b"<html><script>alert(1)</script>", b"<svg/>", b"MZ\x90", b"\xff\xfeU\0T\0F\0", b"\xff\xf1\x50\x80"]
    for content in (*strange, *(GOOD[kind][0] for kind in GOOD if kind != nom)):
        assert refused(door(nom), f"fichier.{nom}", content).code == "contenu"
    assert refused(door(nom), f"fichier.{nom}", b"").code == "vide"


@pytest.mark.parametrize("nom", ["csv", "txt"])
def test_a_text_is_one_in_each_encoding_that_spreadsheets_and_notepads_write(nom):
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16-le", "utf-16-be"):
        data = ("\ufeff" * encoding.startswith("utf-16") + "Été à l’œuvre").encode(encoding)
        assert FORMATS[nom].holds(data, data), encoding
    assert not FORMATS[nom].holds(b"MZ\0\0", b"MZ\0\0")


@given(content=st.binary(max_size=300), nom=st.sampled_from(sorted(FORMATS)))
def test_no_content_breaks_a_door(content, nom):
    with suppress(ValidationError):
        door(nom).receive(upload(f"fichier.{nom}", content))


@given(data=st.data(), nom=st.sampled_from(sorted(READ)))
def test_no_damage_breaks_a_door(data, nom):
    """A good file with some bytes changed, cut or doubled is taken, or refused in words."""
    content = bytearray(GOOD[nom][0] if nom not in ("png", "jpg", "webp") else SMALL[nom])
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    with suppress(ValidationError):
        door(nom).receive(upload(f"fichier.{nom}", bytes(content)))


SMALL = {
    nom: hostiles.picture(kind, size=(20, 15)) for nom, kind in {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}.items()
}


@pytest.mark.parametrize("one", [AUDIO, DOCUMENT, ANNEXE, DOCUMENTS_ET_IMAGES, IMAGES_SEULES])
def test_no_door_takes_documents_that_say_that_they_hold_macros_nor_what_runs(one):
    for nom in ("docm", "dotm", "xlsm", "xltm", "xlsb", "pptm", "potm", "ppsm", "svg", "html", "zip", "exe"):
        said = refused(one, f"a.{nom}", hostiles.docx())
        assert (said.code, said.messages[0][:28]) == ("extension", "Ce format n’est pas accepté "), nom


@pytest.mark.parametrize("one", [DOCUMENT, ANNEXE, DOCUMENTS_ET_IMAGES])
def test_macros_are_refused_by_what_the_document_holds(one):
    for nom, content in hostiles.MACROS.items():
        error = refused(one, nom, content)
        assert (error.code, error.messages) == ("macros", [refus.MACROS]), nom


def test_an_old_document_is_taken_beside_a_project_unless_it_shows_macros():
    assert ANNEXE.receive(upload("devis.xls", hostiles.OLE)).name == "devis.xls"
    macros = hostiles.OLE + "_VBA_PROJECT".encode("utf-16-le")
    assert refused(ANNEXE, "devis.xls", macros).code == "macros"
    assert refused(DOCUMENT, "devis.xls", hostiles.OLE).code == "extension"


def test_each_file_of_a_record_is_told_what_it_may_be():
    """A FichierField says to its forms what they may take (socle/medias/champs.py)."""
    fields = [field for model in OURS for field in model._meta.concrete_fields if isinstance(field, FileField)]
    assert [str(field) for field in fields if not isinstance(field, FichierField)] == []
    assert [str(field) for field in fields if field.depot is None and not field.prive] == []


# One budget


def test_files_of_a_request_share_one_budget_in_their_order():
    budget = Budget(pixels=2 * 640 * 480)
    DOCUMENT.receive(upload("1.jpg", hostiles.picture()), budget)
    DOCUMENT.receive(upload("2.jpg", hostiles.picture()), budget)
    said = refused(DOCUMENT, "3.jpg", hostiles.picture(), budget)
    assert (said.code, said.messages) == ("budget", [refus.ENSEMBLE])
    DOCUMENT.receive(upload("3.jpg", hostiles.picture()), Budget(pixels=2 * 640 * 480))


def test_what_is_too_much_by_itself_says_so():
    assert refused(DOCUMENT, "a.jpg", hostiles.picture(), Budget(pixels=1000)).messages == [refus.IMMENSE]
    assert refused(DOCUMENT, "a.docx", hostiles.docx(), Budget(unpacked=10)).messages == [refus.GONFLE]
    assert refused(DOCUMENT, "a.docx", hostiles.docx(), Budget(tags=1)).messages == [refus.GONFLE]
    assert refused(DOCUMENT, "a.docx", hostiles.docx(), Budget(parts=1)).messages == [refus.GONFLE]


def test_after_a_file_that_was_too_much_the_others_are_not_opened():
    budget = Budget()
    refused(DOCUMENT, "a.docx", hostiles.bomb(), budget)
    with patch.object(office, "written", side_effect=AssertionError("read")):
        assert refused(DOCUMENT, "b.docx", hostiles.docx(), budget).messages == [refus.ENSEMBLE]
    DOCUMENT.receive(upload("b.pdf", hostiles.pdf()), budget)


@pytest.mark.parametrize(("nom", "size"), [("photo.jpg", (4000, 3000)), ("ecran.png", (1920, 1080))])
def test_three_photos_of_a_telephone_or_three_screens_go_together(nom, size):
    budget, out = Budget(), BytesIO()
    Image.new("RGB", size).save(out, "PNG" if nom.endswith("png") else "JPEG")
    for _ in range(3):
        DOCUMENTS_ET_IMAGES.receive(upload(nom, out.getvalue()), budget)


def test_who_waits_too_long_or_comes_when_many_wait_is_told(monkeypatch):
    go_on = threading.Event()
    before = turns._reader.submit(go_on.wait, 30)
    try:
        with monkeypatch.context() as patient:
            patient.setattr(turns, "PATIENCE", 0.01)
            assert refused(DOCUMENT, "a.jpg", SMALL["jpg"]).messages == [refus.OCCUPE]
        with monkeypatch.context() as full:
            full.setattr(turns, "_places", threading.BoundedSemaphore(1))
            turns._places.acquire()
            assert refused(DOCUMENT, "a.jpg", SMALL["jpg"]).messages == [refus.OCCUPE]
        DOCUMENT.receive(upload("a.pdf", hostiles.pdf()))  # which nothing opens
    finally:
        go_on.set()
    assert before.result(30)
    assert DOCUMENT.receive(upload("1.jpg", SMALL["jpg"])).name == "1.jpg"
