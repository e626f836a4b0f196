"""Hostile spreadsheets: how long each takes to be refused, and how much memory. Each is read in a process of its own.

    python bench/bombes.py

Exits with 1 if a row is read from one, if it takes 2 s of work or more, or grows the process by 300 MB or more. What
the growth counts from is a process that has read a harmless workbook.
"""

import io
import json
import resource
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS, MEGABYTES = 2, 300
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
    "600 000 lines of CSV": lambda: b"identifiant,titre\n" + b"1,a\n" * 600_000,
    "600 000 headings of CSV": lambda: ("identifiant," + ",".join(f"c{n}" for n in range(600_000)) + "\n1\n").encode(),
    "an open quote": lambda: b'identifiant,titre\n1,"' + b"a\n" * 4_000_000,
    "11 MB of CSV": lambda: b"identifiant,titre\n" + b"1,abcdefgh\n" * 1_000_000,
}


def lying(data: bytes) -> bytes:
    """The same file, whose parts all say that they hold 1 000 bytes."""
    out, at = bytearray(data), 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        out[at + 24 : at + 28] = (1000).to_bytes(4, "little")
        at += 4
    return bytes(out)


READ = """
import json, resource, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from socle.tableur.lecture_csv import FichierIllisible
from socle.tableur.lecture import read
sys.path.insert(0, str(Path(sys.argv[1]) / "bench"))
import bombes
list(read(bombes.package(feuille=bombes.sheet(bombes.rows(10))), {"identifiant"}).rows)
data = Path(sys.argv[2]).read_bytes()
read_rows = 0
before, start, said = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time(), None
try:
    read_rows = sum(1 for _ in read(data, {"identifiant"}, bounded=True).rows)
except FichierIllisible as error:
    said = str(error)
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps({"said": said, "rows": read_rows, "seconds": time.process_time() - start, "megabytes": grown / 1024}))
"""


def measure(path: Path) -> dict:
    """What the refusal said, how many rows were read, in which time and memory; in a process of its own."""
    limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30))  # noqa: E731
    command = [sys.executable, "-c", READ, str(ROOT), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, preexec_fn=limit)
    return json.loads(done.stdout)


def main():
    broken, path = 0, Path(tempfile.mkstemp()[1])
    for name, make in BOMBS.items():
        path.write_bytes(make())
        found = measure(path)
        good = found["rows"] == 0 and found["seconds"] < SECONDS and found["megabytes"] < MEGABYTES
        broken += not good
        size = path.stat().st_size / 1e6
        print(f"{name:32} {size:5.1f} MB {found['seconds']:6.2f} s {found['megabytes']:6.0f} MB  {found['said']}")
    path.unlink()
    print(f"{broken} broken")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
