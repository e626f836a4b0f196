"""Office documents: refused if they hold what runs, freed of their author, otherwise left as they are."""

import struct
import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from socle.medias import office, refus
from socle.medias.budget import Budget, Exhausted
from tests.medias import hostiles
from tests.medias.hostiles import AUTEUR, CORE, archive, docx, odt

STRICT = b"http://purl.oclc.org/ooxml/officeDocument/relationships/extendedProperties"


def cleaned(data, **limits) -> bytes:
    return office.without_authors(data, Budget(**limits))


def parts(data) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def refused(data) -> str:
    with pytest.raises(ValidationError) as error:
        cleaned(data)
    return error.value.code


@given(
    content=st.dictionaries(st.from_regex(r"[a-zé]{1,8}/[a-z]{1,8}\.xml", fullmatch=True), st.binary(max_size=300)),
    stored=st.booleans(),
)
def test_a_document_without_an_author_is_the_same_parts_in_the_same_order(content, stored):
    content = {name: b"<a>" + part for name, part in content.items()}
    kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    kept = cleaned(archive({"[Content_Types].xml": b"<Types/>"} | content, kind))
    assert list(parts(kept).items()) == [("[Content_Types].xml", b"<Types/>"), *content.items()]
    assert cleaned(kept) == kept, "twice is once"


@pytest.mark.parametrize(
    "named",
    [
        {"docProps/core.xml": CORE},
        {"DOCPROPS/CORE.XML": CORE},
        {"package/services/metadata/core-properties/0a.psmdcp": CORE},
        {"qui.xml": CORE, "_rels/.rels": hostiles.RELATIONS % b"qui.xml"},
        {"a/qui.xml": CORE, "_rels/.rels": hostiles.RELATIONS % b"/a/../a/qui.xml"},
        {"a/qui 1.xml": CORE, "_rels/.rels": hostiles.RELATIONS % b"A/Qui%201.xml"},
        {"app.xml": CORE, "_rels/.rels": b'<R><Relationship Type="%s" Target="app.xml"/></R>' % STRICT},
    ],
    ids=lambda named: min(named),
)
def test_the_author_leaves_wherever_the_document_says_that_they_stand(named):
    kept = cleaned(docx(named))
    assert AUTEUR not in b"".join(parts(kept).values())
    assert parts(kept).keys() == parts(docx(named)).keys()


def test_the_author_of_a_libreoffice_document_leaves():
    kept = cleaned(odt({"meta.xml": CORE, "Object 1/meta.xml": CORE}))
    assert AUTEUR not in b"".join(parts(kept).values())
    assert kept.startswith(b"PK\3\4")
    assert kept[30:].startswith(b"mimetypeapplication/vnd.oasis.opendocument.text"), (
        "told by its first bytes, as before"
    )


COMPTE = b"S::jeanne.quemener@exemple.bzh::0a"


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        (
            "xl/workbook.xml",
            b'<workbook><fileSharing readOnlyRecommended="1" userName="%s"/><x15ac:absPath url="C:\\%s" a="b"/>'
            b'<definedName name="a">Feuil1!$A$1</definedName></workbook>',
            b'<workbook><fileSharing readOnlyRecommended="1" userName=""/><x15ac:absPath url="" a="b"/>'
            b'<definedName name="a">Feuil1!$A$1</definedName></workbook>',
        ),
        (
            "xl/persons/person.xml",
            b'<personList><person displayName="Jeanne" id="{1}" userId="%s" providerId="AD"/></personList>',
            b'<personList><person displayName="Jeanne" id="{1}" userId="" providerId="AD"/></personList>',
        ),
        (
            "ppt/authors.xml",
            b"<p188:authorLst><p188:author id='{1}' name='Jeanne' userId='%s'/></p188:authorLst>",
            b"<p188:authorLst><p188:author id='{1}' name='Jeanne' userId=\"\"/></p188:authorLst>",
        ),
        (
            "ppt/commentAuthors.xml",
            b'<p:cmAuthor id="1" name="Jeanne"><p15:presenceInfo userId="%s"/></p:cmAuthor>',
            b'<p:cmAuthor id="1" name="Jeanne"><p15:presenceInfo userId=""/></p:cmAuthor>',
        ),
        ("word/people.xml", b'<w15:people><w15:person w15:author="%s"/></w15:people>', office._PEOPLE.encode()),
    ],
)
def test_the_account_and_the_folder_of_its_author_leave_and_the_rest_of_their_part_stays(name, content, kept):
    document = docx({name: content.replace(b"%s", COMPTE), "xl/worksheets/sheet1.xml": b"<a/>"})
    cleaned_once = cleaned(document)
    assert parts(cleaned_once)[name] == kept
    assert cleaned(cleaned_once) == cleaned_once
    assert parts(cleaned_once).keys() == parts(document).keys()
    inside = parts(cleaned(docx({"word/embeddings/a.xlsx": document})))["word/embeddings/a.xlsx"]
    assert COMPTE not in b"".join(parts(inside).values())


def test_a_part_that_may_name_somebody_is_not_held_whatever_its_size():
    with pytest.raises(Exhausted):
        cleaned(docx({"xl/workbook.xml": b"<a>" + bytes(office.NAMING)}))


def test_what_stands_before_behind_and_between_the_parts_leaves():
    data = hostiles.PAGE + docx() + b"cache"
    kept = cleaned(data)
    assert hostiles.PAGE not in kept
    assert b"cache" not in kept


def renamed(data, old, new):
    assert len(old) == len(new)
    return data.replace(old, new)


ENCRYPTED = b'<m:manifest xmlns:m="m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (docx({"word/image.bin": hostiles.OLE}), "objets"),
        (docx({"word/media/a.png": b"MZ" + bytes(100)}), "objets"),
        (odt({"META-INF/manifest.xml": ENCRYPTED}), "document"),
        (docx({"_rels/.rels": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), "document"),
        (docx({"_rels/.rels": b"<a"}), "document"),
        (hostiles.lying(), "document"),
        (docx()[:-30], "document"),
        (b"PK\3\4" + bytes(100), "document"),
        (archive({}), "document"),
        (archive({"[Content_Types].xml": b"<Types/>"}, zipfile.ZIP_LZMA), "document"),
        (archive({"[Content_Types].xml": b"<Types/>"}, zipfile.ZIP_BZIP2), "document"),
        (renamed(docx({"a/x.xml": b"1", "a/y.xml": b"2"}), b"a/y.xml", b"a/X.xml"), "document"),
        (renamed(docx({"a/xyz.xml": b"1"}), b"a/xyz.xml", b"a/x\0z.xml"), "document"),
    ],
    ids=range(13),
)
def test_what_cannot_be_trusted_is_refused(data, code):
    assert refused(data) == code


@pytest.mark.parametrize(
    "target",
    [
        "https://exemple.bzh/x.dotm",
        "mhtml:file:///C:/x.html!x-usc:http://exemple.bzh/x.html",
        "file:///C:/x.html!x-usc:http://exemple.bzh/x.html",
        " ms-word:ofe|u|https://exemple.bzh/x.dotm",
        "script:x",
        "\\\\serveur\\x.dotm",
        "\\/serveur/x.dotm",
        " //serveur/x.dotm",
        "%5C%5Cserveur%5Cx.dotm",
        "\\??\\UNC\\serveur\\x.dotm",
        "file://serveur/x.dotm",
        "file:////serveur/x.dotm",
        "file:///\\\\serveur\\x.dotm",
        "file://c:80/x.dotm",
        "file:\\\\serveur\\x.dotm",
        "x" * (office.LONG + 1),
    ],
)
def test_what_stands_on_another_computer_is_not_fetched(target):
    for kind in (b"attachedTemplate", b"oleObject", b"subDocument", b"frame"):
        relation = hostiles.TEMPLATE.replace(b"attachedTemplate", kind) % target.encode()
        assert refused(docx({"word/_rels/s.rels": relation})) == "objets", kind


@pytest.mark.parametrize(
    "target",
    [
        "file:///C:\\Users\\Maelle\\lettre.dotx",
        "C:\\Mod%C3%A8les\\lettre.dotx",
        "file:///C:\\Suivi.xlsx!Feuil1!L1C1:L5C3",
        "file:///Users/maelle/lettre.dotx",
        "file://localhost/Users/maelle/lettre.dotx",
        "..\\modeles\\lettre.dotx",
        "embeddings/oleObject1.bin",
        "/word/embeddings/oleObject1.bin",
        "NULL",
    ],
)
def test_what_stands_on_its_author_s_own_disk_is_no_harm(target):
    cleaned(docx({"word/_rels/s.rels": hostiles.TEMPLATE % target.encode()}))


def test_a_first_piece_of_a_few_bytes_hides_nothing():
    """A part whose packed bytes begin with hundreds of empty blocks comes out in crumbs."""
    inside = hostiles.OLE
    crumbs = b"".join(b"\0" + struct.pack("<HH", 1, 0xFFFE) + bytes([byte]) for byte in inside[:4])
    crumbs += (
        b"\0\0\0\xff\xff" * 20_000 + b"\1" + struct.pack("<HH", len(inside) - 4, len(inside) - 4 ^ 0xFFFF) + inside[4:]
    )
    data = docx({"word/a.bin": inside})
    with zipfile.ZipFile(BytesIO(data)) as opened:
        part = opened.getinfo("word/a.bin")
    packed = office.Archive(data, [part]).packed(part)
    forged = data.replace(packed, crumbs)
    for at in (part.header_offset + 18, forged.rindex(b"PK\1\2") + 20):
        forged = forged[:at] + struct.pack("<I", len(crumbs)) + forged[at + 4 :]
    start = forged.index(b"PK\1\2")
    forged = forged[:-6] + struct.pack("<I", start) + forged[-2:]
    assert zipfile.ZipFile(BytesIO(forged)).read("word/a.bin") == inside
    assert refused(forged) == "objets"


@pytest.mark.parametrize(
    "limits",
    [{"parts": 1}, {"unpacked": 40}, {"tags": 5}, {"attributes": 1}],
    ids=lambda limits: min(limits),
)
def test_a_document_is_read_within_its_budget(limits):
    with pytest.raises(Exhausted):
        cleaned(docx({"_rels/.rels": b'<R><a b="c"/><a b="c"/></R>'}), **limits)


def test_documents_inside_documents_have_an_end():
    data = docx()
    for _ in range(office.DEEP):
        data = docx({"word/embeddings/a.docx": data})
    cleaned(data)
    with pytest.raises(Exhausted):
        cleaned(docx({"word/embeddings/a.docx": data}))


def test_an_old_document_shows_its_macros_by_the_name_of_their_store():
    assert not office.has_macros(hostiles.OLE)
    assert office.has_macros(hostiles.OLE + "_VBA_PROJECT".encode("utf-16-le"))
    assert office.has_macros(hostiles.OLE + "_vba_Project".encode("utf-16-le"))
    assert refus.MACROS.startswith("Ce document contient des macros")
    assert "au format PDF ou sans macros (DOCX" in refus.MACROS
    assert "sans macros (DOCX" in refus.CONSEILS["docm"]
