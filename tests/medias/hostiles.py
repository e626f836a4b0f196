"""Files that nobody should keep, and good ones, made here: no file of the disk is hostile."""

import io
import struct
import zipfile
import zlib
from functools import cache

from PIL import Image, ImageCms

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PAGE = b"<!doctype html><script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
LIEU = b"SECRET-48.117266-1.677793"


@cache
def picture(kind="JPEG", size=(640, 480), **more) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, kind, **more)
    return out.getvalue()


def photo(orientation=6) -> bytes:
    """A photograph that says where it was taken, and that it lies on its side."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "Téléphone de Maëlle"
    exif.get_ifd(0x8825)[29] = LIEU.decode()
    return picture(exif=exif.tobytes(), comment=LIEU)


def profile() -> bytes:
    """Colours whose red is what all others call green."""
    known = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return known.replace(b"rXYZ", b"?XYZ").replace(b"gXYZ", b"rXYZ").replace(b"?XYZ", b"gXYZ")


def moving(kind: str) -> bytes:
    out, views = io.BytesIO(), [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue", "green")]
    views[0].save(out, kind, save_all=True, append_images=views[1:])
    return out.getvalue()


def png(width, height, rows=b"") -> bytes:
    """A PNG that says it is that large."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(rows or bytes(3 * 1000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def pdf(more=b"", end=b"%%EOF\n") -> bytes:
    body = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + more + b">>\nendobj\n"
    body += b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
    return body + b"trailer\n<< /Root 1 0 R >>\nstartxref\n0\n" + end


def packed_pdf(hidden=b"/S /JavaScript /JS (app.alert(1))", streams=1) -> bytes:
    """A PDF whose objects are packed, in that many streams."""
    packed = zlib.compress(b"1 0 << " + hidden + b" >>")
    head = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>" % len(packed)
    stream = b"3 0 obj\n" + head + b"\nstream\n" + packed + b"\nendstream\nendobj\n"
    return pdf().replace(b"trailer", stream * streams + b"trailer")


def archive(parts: dict[str, bytes], kind=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


TYPES = b'<Types><Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document%s"/></Types>'

TEMPLATE = b'<Relationship Type="http://schemas.example/attachedTemplate" Target="%s" TargetMode="External"/>'


def docx(more: dict[str, bytes] | None = None, types=TYPES % b".main+xml") -> bytes:
    parts = {"[Content_Types].xml": types, "word/document.xml": b"<w:document>Bonjour</w:document>"}
    return archive(parts | (more or {}))


def odt(more: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        for name, content in ({"content.xml": b"<office:document/>"} | (more or {})).items():
            made.writestr(name, content)
    return out.getvalue()


def xlsx() -> bytes:
    return archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})


AUTEUR = b"Ma\xc3\xablle Kerdoncuff"
CORE = b'<cp:coreProperties xmlns:cp="x" xmlns:dc="y"><dc:creator>%s</dc:creator></cp:coreProperties>' % AUTEUR
RELATIONS = (
    b'<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/'
    b'core-properties" Target="%s"/></Relationships>'
)


def signed_docx() -> bytes:
    """A document that says who wrote it in each place where it can, a workbook inside it too."""
    named = {"docProps/core.xml": CORE, "docProps/app.xml": CORE, "docProps/custom.xml": CORE}
    inside = archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>", **named})
    return docx({**named, "word/embeddings/tableau.xlsx": inside, "word/styles.xml": b"<styles/>" * 500})


def signed_odt() -> bytes:
    return odt({"meta.xml": CORE})


def bare() -> bytes:
    """A picture as the site leaves it."""
    return picture("PNG", size=(200, 150))


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def all_parts(data: bytes) -> list[bytes]:
    """The parts of a document, and of the documents inside it."""
    found = []
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        for name in opened.namelist():
            content = opened.read(name)
            found += [content, *(all_parts(content) if content.startswith(b"PK\3\4") else ())]
    return found


def bomb() -> bytes:
    return docx({"word/media/image1.bin": bytes(80_000_000)})


def lying() -> bytes:
    """A document whose parts say that they are small."""
    data = bytearray(docx({"word/media/a.bin": bytes(30_000_000)}))
    size = struct.pack("<I", 30_000_000)
    return bytes(data.replace(size, struct.pack("<I", 100)))


def long_scans(size=(1500, 1500), passes=300) -> bytes:
    """A progressive picture of many passes: each goes through all of it."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).save(out, "JPEG", progressive=True)
    data = out.getvalue()
    start = data.rindex(b"\xff\xda")
    return data[:-2] + data[start:-2] * passes + data[-2:]


BAD = {
    "signature-d-essai.txt": (EICAR, "collez ce texte"),
    "signature-d-essai.pdf": (EICAR, "n’est pas celui d’un fichier pdf"),
    "page.pdf": (PAGE, "n’est pas celui d’un fichier pdf"),
    "bombe.docx": (bomb(), "bien plus grand"),
    "menteur.docx": (lying(), "abîmé, incomplet"),
    "bombe.png": (png(60_000, 60_000), "points : coupez-la"),
    "ligne.png": (png(1, 200_000_000), "points : coupez-la"),
    "grande.png": (png(6_000, 6_000), "plus de points que le site n’en lit"),
    "passes.jpg": (long_scans(), "plus de points que le site n’en lit"),
    "dessin.svg": (SVG, "au format JPG ou PNG"),
    "dessin.png": (SVG, "n’est pas celui d’un fichier png"),
    "macro.docm": (docx({"word/vbaProject.bin": OLE}), "au format PDF"),
    "classeur.xlsm": (docx(), "au format PDF"),
    "macro.docx": (docx({"word/vbaProject.bin": OLE}), "macros"),
    "macro-renommee.docx": (docx({"word/image.bin": OLE}), "macros"),
    "macro-declaree.docx": (docx(types=TYPES % b".macroEnabled.main+xml"), "macros"),
    "modele-distant.docx": (
        docx(
            {
                "word/_rels/settings.xml.rels": b'<Relationship Type="x/attachedTemplate" Target="https://exemple.bzh/x.dotm"/>'
            }
        ),
        "macros",
    ),
    "modele-distant-masque.docx": (
        docx({"word/_rels/settings.xml.rels": (TEMPLATE % b"https://exemple.bzh/x.dotm").decode().encode("utf-16")}),
        "macros",
    ),
    "modele-distant-chiffre.docx": (
        docx({"word/_rels/settings.xml.rels": TEMPLATE % b"&#104;ttps://exemple.bzh/x.dotm"}),
        "macros",
    ),
    "macro.odt": (odt({"Basic/Standard/Module1.xml": b"<x/>"}), "macros"),
    "ancien.doc": (OLE, "au format PDF"),
    "ancien.docx": (OLE, "n’est pas celui d’un fichier docx"),
    "vide.png": (b"", "est vide"),
    "coupee.jpg": (picture()[:2000], "abîmée ou incomplète"),
    "archive.zip": (archive({"a.txt": b"x"}), "sortez les fichiers de l’archive"),
    "sans-extension": (b"x" * 100, "n’est pas accepté"),
}

# Kept as they are: what the site never opens, whatever it holds.
UNOPENED = {
    "page-et-pdf.pdf": PAGE + pdf(),
    "pdf-et-archive.pdf": pdf(end=b"%%EOF\n" + archive({"a.class": b"x"})),
    "script.pdf": pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >> "),
    "script-replie.pdf": packed_pdf(),
    "coupe.pdf": pdf()[:-6],
}

# Kept with all that they show: what honest software writes.
GOOD = {
    "lettre.docx": docx({"word/_rels/settings.xml.rels": TEMPLATE % b"file:///C:\\Users\\Maelle\\lettre.dotx"}),
    "lettre.odt": odt({"Thumbnails/thumbnail.png": picture("PNG")}),
}

# Kept, but harmless: {name sent: (content, name kept, what must not be left of it)}
HARMLESS = {
    "photo.jpg": (photo(), "photo.jpg", LIEU),
    "gifar.jpg": (picture() + archive({"Applet.class": EICAR}), "gifar.jpg", b"Applet.class"),
    "page.png": (picture("PNG") + PAGE, "page.png", b"<script>"),
    "../../../etc/x.png": (picture("PNG"), "x.png", b"etc/"),
    "..\\..\\x.png": (picture("PNG"), "x.png", b"etc/"),
    "nul\x00.php.jpg": (picture(), "nul.php.jpg", b"php"),
    "a" * 300 + ".png": (picture("PNG"), "a" * 140 + ".png", b"a" * 20),
    "cod\u202egpj.exe.png": (picture("PNG"), "codgpj.exe.png", b"exe"),
}

# Macros, wherever they stand: in a document that is refused by what it holds.
MACROS = {
    "macro.docx": docx({"word/vbaProject.bin": OLE}),
    "macro-majuscules.docx": docx({"word/VBAPROJECT.BIN": OLE}),
    "macro-declaree.docx": docx(types=TYPES % b".macroEnabled.main+xml"),
    "macro-renommee.docx": docx({"word/image.bin": OLE + "_VBA_PROJECT".encode("utf-16-le")}),
    "macro-dedans.docx": docx({"word/embeddings/a.xlsx": archive({"xl/vbaProject.bin": OLE})}),
    "macro-feuille.docx": docx({"xl/macrosheets/sheet1.xml": b"<x/>"}),
    "macro.odt": odt({"Basic/Standard/Module1.xml": b"<x/>"}),
    "macro-python.odt": odt({"Scripts/python/x.py": b"1"}),
    "macro-autre-chemin.odt": odt({"Basic\\Standard\\Module1.xml": b"<x/>"}),
    "macro-dans-un-objet.odt": odt({"Object 1/Basic/Standard/Module1.xml": b"<x/>"}),
    "macro-feuille-autre-chemin.xlsx": archive(
        {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<a/>", "xl\\macrosheets\\a.xml": b"<x/>"}
    ),
}
