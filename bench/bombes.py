"""Hostile files: how long each takes to be refused or made harmless, and how much memory. Each is read in a process of
its own.

    python bench/bombes.py [a word of their names]

Workbooks are read as a list that somebody imports at the desk, other files as what a visitor joins to a proposal.
Exits with 1 if a row is read from a hostile workbook, or if a file takes 1 s of work or more, or grows the process by
150 MB or more. What the growth counts from is a process that has read a harmless file of each kind.
"""

import io
import json
import os
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS, MEGABYTES = 1, 150
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
    'sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "[Content_Types].xml": TYPES,
    "_rels/.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Feuille" sheetId="1" '
    'r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{OFFICE}/worksheet" '
    f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{OFFICE}/sharedStrings" '
    'Target="sharedStrings.xml"/></Relationships>',
    "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"/>',
}
HEADINGS = '<row r="1"><c r="A1" t="inlineStr"><is><t>identifiant</t></is></c><c r="B1" t="inlineStr"><is><t>titre</t>'
HEADINGS += "</is></c></row>"
SHEET = "xl/worksheets/sheet1.xml"


def sheet(rows: str, head: str = "", prefix: str = "") -> str:
    return f'{prefix}<worksheet xmlns="{MAIN}">{head}<sheetData>{HEADINGS}{rows}</sheetData></worksheet>'


def package(**parts: str | bytes) -> bytes:
    """A workbook; `parts` by a short name: feuille, textes, or any path."""
    paths = {"feuille": SHEET, "textes": "xl/sharedStrings.xml"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        content = PARTS | {SHEET: sheet("")} | {paths.get(name, name): text for name, text in parts.items()}
        for name, text in content.items():
            archive.writestr(name, text)
    return out.getvalue()


def cells(number: int, row: int) -> str:
    return f'<row r="{row}">' + "<c><v>1</v></c>" * number + "</row>"


def rows(number: int) -> str:
    shape = '<row r="{0}"><c r="A{0}"><v>{0}</v></c><c r="B{0}"><v>{1}</v></c></row>'
    return "".join(shape.format(n, n * 7) for n in range(2, number))


def styled(styles: str) -> bytes:
    """A workbook whose styles are those."""
    types = TYPES.replace(
        "</Types>",
        '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
        'styles+xml"/></Types>',
    )
    link = f'<Relationship Id="rId3" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
    links = PARTS["xl/_rels/workbook.xml.rels"].replace("</Relationships>", link)
    sheet = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    return package(**{"[Content_Types].xml": types, "xl/_rels/workbook.xml.rels": links, "xl/styles.xml": sheet})


def in_workbook(extra: str) -> bytes:
    return package(**{"xl/workbook.xml": PARTS["xl/workbook.xml"].replace("</workbook>", f"{extra}</workbook>")})


BILLION = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
DTD = f'<!DOCTYPE x [<!ENTITY a0 "ha">{BILLION}<!ENTITY xxe SYSTEM "file:///etc/hostname">]>'


def text_cell(text: str) -> str:
    return f'<row r="2"><c r="B2" t="inlineStr"><is><t>{text}</t></is></c></row>'


BOMBS = {
    "600 000 rows": lambda: package(feuille=sheet(rows(600_000))),
    "600 000 rows without numbers": lambda: package(feuille=sheet("<row><c><v>1</v></c></row>" * 600_000)),
    "a cell in XFD1048576": lambda: package(feuille=sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
    "a cell in XFD of each row": lambda: package(
        feuille=sheet("".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(2, 9000)))
    ),
    "blank cells in XFD of each row": lambda: package(
        feuille=sheet("".join(f'<row r="{n}"><c r="XFD{n}" s="0"/></row>' for n in range(2, 9000)))
    ),
    "a row of number 10^15": lambda: package(feuille=sheet('<row r="1000000000000000"><c><v>1</v></c></row>')),
    "2 000 000 cells in a row": lambda: package(feuille=sheet(cells(2_000_000, 2))),
    "400 000 cells in a row": lambda: package(feuille=sheet(cells(400_000, 2))),
    "entities": lambda: package(feuille=sheet(text_cell("&a9;"), prefix=DTD)),
    "an external entity": lambda: package(feuille=sheet(text_cell("&xxe;"), prefix=DTD)),
    "entities among the texts": lambda: package(textes=f'{DTD}<sst xmlns="{MAIN}"><si><t>&a9;</t></si></sst>'),
    "entities in UTF-16": lambda: package(feuille=sheet(text_cell("&a9;"), prefix=DTD).encode("utf-16")),
    "1 000 000 texts": lambda: package(
        textes=f'<sst xmlns="{MAIN}">' + "".join(f"<si><t>{n}</t></si>" for n in range(1_000_000)) + "</sst>"
    ),
    "one text of 10 MB in 5 000 cells": lambda: package(
        feuille=sheet('<row><c/><c t="s"><v>0</v></c></row>' * 5_000),
        textes=f'<sst xmlns="{MAIN}"><si><t>{"a b " * 2_500_000}</t></si></sst>',
    ),
    # Of 1.4 million tags each, wherever the parser reads them.
    "350 000 cells in a row": lambda: package(feuille=sheet(cells(349_000, 2))),
    "1 400 000 empty cells": lambda: package(
        feuille=sheet("".join(f'<row r="{n}">{"<c/>" * 139}</row>' for n in range(2, 10_000)))
    ),
    "1 400 000 empty cells in a row": lambda: package(feuille=sheet(f'<row r="2">{"<c/>" * 1_400_000}</row>')),
    "1 400 000 empty texts": lambda: package(textes=f'<sst xmlns="{MAIN}">{"<si/>" * 1_400_000}</sst>'),
    "350 000 texts": lambda: package(textes=f'<sst xmlns="{MAIN}">{"<si><t>a</t></si>" * 349_000}</sst>'),
    "1 400 000 tags in a cell": lambda: package(
        feuille=sheet(f'<row r="2"><c t="inlineStr"><is>{"<r/>" * 1_400_000}</is></c></row>')
    ),
    "1 400 000 texts in a cell": lambda: package(
        feuille=sheet(f'<row r="2"><c t="inlineStr"><is>{"<t/>" * 1_400_000}</is></c></row>')
    ),
    "1 400 000 tags of no meaning": lambda: package(feuille=sheet("<a/>" * 1_400_000)),
    "1 400 000 styles": lambda: styled(f"<cellXfs>{'<xf/>' * 1_400_000}</cellXfs>"),
    "1 400 000 fonts": lambda: styled(f"<fonts>{'<font/>' * 1_400_000}</fonts>"),
    "700 000 names": lambda: in_workbook(
        "<definedNames>" + '<definedName name="a">1</definedName>' * 700_000 + "</definedNames>"
    ),
    "300 MB of blanks": lambda: package(feuille=sheet(text_cell(" " * 3 * 10**8))),
    "a part that lies about its size": lambda: lying(package(feuille=sheet(text_cell(" " * 3 * 10**8)))),
    "10 000 parts": lambda: package(**{f"xl/media/{n}": "" for n in range(10_000)}),
    "deep tags": lambda: package(feuille=sheet(f"<row r='2'>{'<c>' * 300_000}{'</c>' * 300_000}</row>")),
    "no XML": lambda: package(feuille=b"PK\x03\x04" * 1000),
    "an attribute of 38 MB": lambda: package(feuille=sheet(f'<row r="2" x="{"y" * 38_000_000}"/>')),
    "1 500 000 attributes": lambda: package(
        feuille=sheet('<row r="2"' + "".join(f' a{n}=""' for n in range(1_500_000)) + "/>")
    ),
    "a comment of 38 MB": lambda: package(feuille=sheet(f"<!--{'y' * 38_000_000}-->")),
    "90 000 sheets": lambda: in_workbook("<sheets>" + '<sheet name="a" sheetId="1"/>' * 90_000 + "</sheets>"),
    "a part that lies, with the sum of what it shows": lambda: lying(
        package(**{"[Content_Types].xml": TYPES + " " * 3 * 10**8}), true=True
    ),
    "macros": lambda: package(**{"xl/vbaProject.bin": b"x"}),
    "600 000 lines of CSV": lambda: b"identifiant,titre\n" + b"1,a\n" * 600_000,
    "600 000 headings of CSV": lambda: ("identifiant," + ",".join(f"c{n}" for n in range(600_000)) + "\n1\n").encode(),
    "an open quote": lambda: b'identifiant,titre\n1,"' + b"a\n" * 4_000_000,
    "11 MB of CSV": lambda: b"identifiant,titre\n" + b"1,abcdefgh\n" * 1_000_000,
}


def lying(data: bytes, true=False) -> bytes:
    """The same file, whose parts all say that they hold 1 000 bytes; `true`: whose sums are those of these bytes."""
    out, at = bytearray(data), 0
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        out[at + 24 : at + 28] = (1000).to_bytes(4, "little")
        if true:
            with zipfile.ZipFile(io.BytesIO(data)).open(names.pop(0)) as part:
                out[at + 16 : at + 20] = zlib.crc32(part.read(1000)).to_bytes(4, "little")
        at += 4
    return bytes(out)


# Files that visitors join


def pdf(*objects: bytes) -> bytes:
    return b"%PDF-1.7\n" + b"\n".join(objects) + b"\ntrailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"


def streams(number: int, size: int) -> bytes:
    """A PDF of many packed streams of objects."""
    packed = zlib.compress(b"/A " * (size // 3), 9)
    head = b"1 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
    return pdf(*[head + packed + b"\nendstream\nendobj"] * number)


def png(width: int, height: int, before=(), after=(), depth=8, colour=2, row=b"\0") -> bytes:
    """A PNG of black pixels, with chunks (name, content) before them and behind."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    packer, packed = zlib.compressobj(1), io.BytesIO()
    wide = bytes(width * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour] * depth // 8)
    if width * height <= 60_000_000:
        for _ in range(height):
            packed.write(packer.compress(row + wide))
    packed.write(packer.flush())
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    pieces = [(b"IHDR", head), *before, (b"IDAT", packed.getvalue()), *after, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*piece) for piece in pieces)


def picture(kind: str, width: int, height: int, mode="RGB", **options) -> bytes:
    """One that is dear to read: noise, repeated."""
    from PIL import Image

    noise, out = Image.effect_noise((500, 500), 60).convert(mode), io.BytesIO()
    image = Image.new(mode, (width, height))
    for x in range(0, width, 500):
        for y in range(0, height, 500):
            image.paste(noise, (x, y))
    image.save(out, kind, **options)
    return out.getvalue()


def scans(number: int, side: int) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.linear_gradient("L").resize((side, side)).save(out, "JPEG", progressive=True)
    data = out.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * number + data[-2:]


def docx(**parts: str | bytes) -> bytes:
    """A text document; `parts` by their paths."""
    content = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"} | parts
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return out.getvalue()


def nested(deep: int, size: int) -> bytes:
    """Documents in documents, the innermost of zeros."""
    data = docx(zeros=bytes(size))
    for _ in range(deep):
        data = docx(**{"word/embeddings/a.docx": data, "word/embeddings/b.docx": data})
    return data


def overlapping() -> bytes:
    """A thousand parts that are all the same bytes of the file."""
    data = docx(**{"word/a.bin": bytes(5_000_000)})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        at = archive.getinfo("word/a.bin").header_offset
    start, end = data.index(b"PK\1\2"), data.rindex(b"PK\5\6")
    last = data.rindex(b"PK\1\2")
    entry = bytearray(data[last:end])
    entries = b"".join(entry.replace(b"word/a.bin", b"word/%d.b" % n) for n in range(100, 1000))
    whole = data[start:end] + entries
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 903, 903, len(whole), start, 0)
    assert at >= 0
    return data[:start] + whole + tail


RELATION = '<Relationship Id="r" Type="t" Target="x"/>'
WORDS = "<r" + "".join(f' a{n}=""' for n in range(20)) + "/>"
TEXTS = [(b"zTXt", b"a\0\0" + zlib.compress(bytes(900_000), 9))]
JOINED = {
    "1 990 packed streams.pdf": lambda: streams(1_990, 300),
    "20 000 packed streams.pdf": lambda: streams(20_000, 300),
    "a stream of 60 MB.pdf": lambda: streams(1, 60_000_000),
    "streams without an end.pdf": lambda: pdf(b"1 0 obj << /Type /ObjStm >>\n" + b"stream\n" * 1_000_000),
    "a loop of references.pdf": lambda: pdf(
        *[b"%d 0 obj %d 0 R endobj" % (n, n % 9 + 1) for n in range(1, 10)] * 20_000
    ),
    "a loop of tables.pdf": lambda: pdf(b"xref\n0 1\n" * 300_000, b"trailer << /Prev 9 /XRefStm 9 >>"),
    "names of 7 MB.pdf": lambda: pdf(b"1 0 obj << /" + b"#4a" * 2_300_000 + b" >> endobj"),
    "a line of 200 000 000.png": lambda: png(1, 200_000_000),
    "a line of 14 000 000.png": lambda: png(1, 14_000_000),
    "a line across.png": lambda: png(14_000_000, 1),
    "a line of 30 000.png": lambda: png(400, 30_000),
    "60 000 a side.png": lambda: png(60_000, 60_000),
    "10 million pixels.png": lambda: png(3_160, 3_160, colour=6),
    "noise of 10 million.png": lambda: picture("PNG", 3_160, 3_160, "RGBA", compress_level=1),
    "texts of 60 MB.png": lambda: png(10, 10, before=TEXTS * 70),
    "texts behind.png": lambda: png(10, 10, after=TEXTS * 70),
    "600 000 pieces.png": lambda: png(10, 10, before=[(b"tEXt", b"")] * 600_000),
    "a palette of 10 million.png": lambda: png(3_160, 3_160, before=[(b"PLTE", bytes(768))], colour=3),
    "50 million pixels.jpg": lambda: picture("JPEG", 8_600, 5_800, quality=8),
    "several scans.jpg": lambda: picture("JPEG", 3_770, 3_770, progressive=True, subsampling=0, quality=50),
    "1 000 scans.jpg": lambda: scans(1_000, 400),
    "2 000 000 segments.jpg": lambda: b"\xff\xd8" + b"\xff\xe1\0\2" * 1_900_000 + picture("JPEG", 50, 50)[2:],
    "8 million pixels.webp": lambda: picture("WEBP", 3_400, 2_400, quality=60),
    "8 million exact pixels.webp": lambda: picture("WEBP", 3_400, 2_400, lossless=True, quality=0, method=0),
    "zeros of 59 MB.docx": lambda: docx(**{"word/a.bin": bytes(59_000_000)}),
    "zeros of 600 MB.docx": lambda: docx(**{"word/a.bin": bytes(600_000_000)}),
    "zeros that lie.docx": lambda: lying(docx(**{"word/a.bin": bytes(600_000_000)}), true=True),
    "documents in documents.docx": lambda: nested(3, 5_000_000),
    "deeper documents.docx": lambda: nested(6, 100_000),
    "overlapping parts.docx": overlapping,
    "1 900 parts.docx": lambda: docx(**{f"word/{n}.xml": "<a/>" for n in range(1_900)}),
    "60 000 parts.docx": lambda: docx(**{f"w/{n}": "" for n in range(60_000)} | {"word/document.xml ": ""}),
    "long names.docx": lambda: docx(**{"word/" + "n" * 60_000 + str(n): "" for n in range(60)}),
    "500 000 relations.docx": lambda: docx(**{"word/_rels/a.rels": f"<R>{RELATION * 500_000}</R>"}),
    "92 000 relations.docx": lambda: docx(**{"word/_rels/a.rels": f"<R>{RELATION * 92_000}</R>"}),
    "92 000 relations of many words.docx": lambda: docx(**{"word/_rels/a.rels": f"<R>{WORDS * 92_000}</R>"}),
    "a relation of 38 MB.docx": lambda: docx(**{"word/_rels/a.rels": f'<R><r Target="{"x" * 38_000_000}"/></R>'}),
    "1 800 lists of relations.docx": lambda: docx(
        **{f"word/_rels/{n}.rels": f"<R>{RELATION * 100}</R>" for n in range(1_800)}
    ),
    "relations that never end.docx": lambda: docx(**{"word/_rels/a.rels": "<R>" + "<a>" * 300_000}),
    "entities among relations.docx": lambda: docx(**{"word/_rels/a.rels": f"{DTD}<R>&a9;</R>"}),
}


READ = """
import json, os, resource, sys, time
from pathlib import Path
sys.path[:0] = [sys.argv[1], str(Path(sys.argv[1]) / "bench")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labacces.settings")
import django
django.setup()
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from socle.medias.depot import DOCUMENTS_ET_IMAGES
from socle.tableur.lecture_csv import FichierIllisible
from socle.tableur.lecture import read
import bombes

def memory(what):
    return int(next(line for line in open("/proc/self/status") if line.startswith(what)).split()[1])

list(read(bombes.package(feuille=bombes.sheet(bombes.rows(10))), {"identifiant"}).rows)
for name in ("a.docx", "a.png", "a.jpg", "a.webp"):
    kind = {"a.png": "PNG", "a.jpg": "JPEG", "a.webp": "WEBP"}.get(name)
    content = bombes.picture(kind, 50, 50) if kind else bombes.docx()
    DOCUMENTS_ET_IMAGES.receive(ContentFile(content, name=name))
path = Path(sys.argv[2])
data = path.read_bytes()
read_rows, said = 0, None
limit = memory("VmSize") * 1024 + int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
before, start = memory("VmHWM"), time.process_time()
try:
    if path.suffix:
        DOCUMENTS_ET_IMAGES.receive(ContentFile(data, name=path.name))
    else:
        read_rows = sum(1 for _ in read(data, {"identifiant"}, bounded=True).rows)
except FichierIllisible as error:
    said = str(error)
except ValidationError as error:
    said = " ".join(error.messages)
seconds = time.process_time() - start
print(json.dumps({"said": said, "rows": read_rows, "seconds": seconds, "megabytes": (memory("VmHWM") - before) / 1024}))
"""


def measure(path: Path) -> dict:
    """What the refusal said, how many rows were read, in which time and memory; in a process of its own, which may grow
    to twice what is granted.

    `path`: a file that visitors join has its extension, a workbook has none.
    """
    command = [sys.executable, "-c", READ, str(ROOT), str(path), str(2 * MEGABYTES * 10**6)]
    environment = {"SECRET_KEY": "bombes"} | os.environ
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout)


def main():
    broken, word = 0, " ".join(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        for name, make in {**BOMBS, **JOINED}.items():
            if word not in name:
                continue
            path = Path(folder) / f"bombe{Path(name).suffix if name in JOINED else ''}"
            path.write_bytes(make())
            found = measure(path)
            good = found["rows"] == 0 and found["seconds"] < SECONDS and found["megabytes"] < MEGABYTES
            broken += not good
            size = path.stat().st_size / 1e6
            said = (found["said"] or "kept")[:70]
            print(f"{name:48} {size:5.1f} MB {found['seconds']:6.2f} s {found['megabytes']:6.0f} MB  {said}")
    print(f"{broken} broken")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
