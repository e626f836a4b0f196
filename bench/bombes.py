"""Hostile files, which `bench/fichiers.py` passes through the doors of the site.

`BOMBS` are workbooks to import, `STRANGE` workbooks whose table is read, `JOINED` files to join, with their extensions.
"""

import io
import struct
import zipfile
import zlib
from itertools import count

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
    """`parts` by a short name (feuille, textes) or by any path."""
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


def inline(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def shared(text: str, number: int) -> str:
    return f'<sst xmlns="{MAIN}">{f"<si><t>{text}</t></si>" * number}</sst>'


def wide_rows(number: int, cell: str) -> str:
    return f"<row>{cell * 30}</row>" * number


NUMBERS = count(1_000_000)


def names(number: int) -> str:
    return " ".join(f'a{next(NUMBERS)}="xy"' for _ in range(number))


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
    # Each has 1.4 million tags, wherever the parser reads them.
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
    "2 400 000 names of attributes": lambda: package(
        feuille=sheet("".join(f"<row>{''.join(f'<c {names(8)}/>' for _ in range(30))}</row>" for _ in range(10_000)))
    ),
    "290 000 cells beside the headings": lambda: package(feuille=sheet(wide_rows(9_650, "<c><v>1</v></c>"))),
    "99 000 texts in 290 000 cells": lambda: package(
        feuille=sheet(wide_rows(9_650, '<c t="s"><v>7</v></c>')), textes=shared("ab", 99_000)
    ),
    "39 MB of wide texts": lambda: package(textes=shared("x" * 32_000 + "😀", 1_200)),
    "39 MB of texts made wide by a number": lambda: package(textes=shared("x" * 32_000 + "&#128512;", 1_200)),
    "a row of 39 MB of wide texts": lambda: package(feuille=sheet(f"<row>{inline('x' * 32_000 + '😀') * 1_200}</row>")),
    "macros": lambda: package(**{"xl/vbaProject.bin": b"x"}),
    "600 000 lines of CSV": lambda: b"identifiant,titre\n" + b"1,a\n" * 600_000,
    "600 000 headings of CSV": lambda: ("identifiant," + ",".join(f"c{n}" for n in range(600_000)) + "\n1\n").encode(),
    "an open quote": lambda: b'identifiant,titre\n1,"' + b"a\n" * 4_000_000,
    "11 MB of CSV": lambda: b"identifiant,titre\n" + b"1,abcdefgh\n" * 1_000_000,
}


def lying(data: bytes, true=False) -> bytes:
    """The same file; all its parts say that they hold 1 000 bytes. `true`: their checksums are those of these bytes."""
    out, at = bytearray(data), 0
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        out[at + 24 : at + 28] = (1000).to_bytes(4, "little")
        if true:
            with zipfile.ZipFile(io.BytesIO(data)).open(names.pop(0)) as part:
                out[at + 16 : at + 20] = zlib.crc32(part.read(1000)).to_bytes(4, "little")
        at += 4
    return bytes(out)


def behind(content: str) -> str:
    """A sheet of one row, then `content`."""
    row = '<row r="2"><c r="A2"><v>1</v></c></row>'
    return sheet(row).replace("</worksheet>", f"{content}</worksheet>")


SHARED = "<row><c><f t='shared' si='0'/></c></row>"
STRANGE = {
    "90 000 merged cells": lambda: package(
        feuille=behind("<mergeCells>" + '<mergeCell ref="A1:XFD9"/>' * 90_000 + "</mergeCells>")
    ),
    "90 000 rules": lambda: package(
        feuille=behind("<dataValidations>" + '<dataValidation sqref="A1"/>' * 90_000 + "</dataValidations>")
    ),
    "rules of 12 million ranges": lambda: package(
        feuille=behind("<dataValidations>" + f'<dataValidation sqref="{"A1 " * 20_000}"/>' * 600 + "</dataValidations>")
    ),
    "a formula of 60 kB that 9 000 cells share": lambda: package(
        feuille=sheet(f"<row><c r='A2'><f t='shared' si='0'>{'A1+' * 20_000}A1</f></c></row>{SHARED * 9_000}")
    ),
    "formats that patterns read slowly": lambda: styled(
        "<numFmts>"
        + "".join(f'<numFmt numFmtId="{n}" formatCode="{"[" * 60_000}"/>' for n in range(170, 700))
        + "</numFmts><cellXfs>"
        + "".join(f'<xf numFmtId="{n}"/>' for n in range(170, 700))
        + "</cellXfs>"
    ),
    "19 000 names of styles": lambda: styled(
        "<cellStyles>" + "".join(f'<cellStyle name="a{n}" xfId="0"/>' for n in range(19_000)) + "</cellStyles>"
    ),
}


# Files that visitors join


def pdf(*objects: bytes) -> bytes:
    return b"%PDF-1.7\n" + b"\n".join(objects) + b"\ntrailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"


def streams(number: int, size: int) -> bytes:
    """A PDF of many compressed streams."""
    packed = zlib.compress(b"/A " * (size // 3), 9)
    head = b"1 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
    return pdf(*[head + packed + b"\nendstream\nendobj"] * number)


def png(width: int, height: int, before=(), after=(), depth=8, colour=2, row=b"\0") -> bytes:
    """A PNG of black pixels, with chunks (name, content) before and after them."""

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
    """Noise, repeated: costly to read."""
    from PIL import Image

    noise, out = Image.effect_noise((500, 500), 60).convert(mode), io.BytesIO()
    image = Image.new(mode, (width, height))
    for x in range(0, width, 500):
        for y in range(0, height, 500):
            image.paste(noise, (x, y))
    if mode == "RGBA":
        image.putalpha(image.getchannel("R"))
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
    """`parts` by their paths."""
    content = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"} | parts
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return out.getvalue()


def relations(*tags: str) -> bytes:
    return docx(**{"word/_rels/a.rels": f"<R>{''.join(tags)}</R>"})


def one_scan(width: int, height: int) -> bytes:
    """A picture of several scans: only the first is there, yet a reader holds the whole picture."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (width, height), "blue").save(out, "JPEG", progressive=True, subsampling=0)
    data = out.getvalue()
    return data[: data.index(b"\xff\xc4", data.index(b"\xff\xda"))] + b"\xff\xd9"


def hidden_scans(number: int, side: int) -> bytes:
    """Scans behind a marker without a length, so that a reader steps over them."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (side, side), "blue").save(out, "JPEG", progressive=True)
    data = out.getvalue()
    last = data[data.rindex(b"\xff\xda") : -2]
    hidden = min(number, 65_000 // len(last))
    start = b"\xff\x01" + struct.pack(">H", hidden * len(last))
    return data[:-2] + (start + last * hidden) * (number // hidden) + b"\xff\xd9"


def moving(width: int, height: int) -> bytes:
    from PIL import Image

    out, frames = io.BytesIO(), [Image.new("RGBA", (width, height), (n, 9, 9, 99)) for n in range(3)]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], lossless=True, quality=0, method=0)
    return out.getvalue()


def unlike(kind: str, **parts: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}", zipfile.ZIP_STORED)
        for name, text in ({"content.xml": "<a/>"} | parts).items():
            archive.writestr(name, text)
    return out.getvalue()


def stored_in_stored(deep: int, size: int) -> bytes:
    """All documents are held while the innermost is read; compressed, they take almost nothing."""
    data = bytes(size)
    for _ in range(deep):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("a", data)
        data = out.getvalue()
    return docx(**{"word/embeddings/a.docx": data})


def empty_blocks(size: int) -> bytes:
    """An empty part, compressed into `size` bytes: every thirty bytes tell how to unpack what follows."""
    bits = ""

    def put(value, number):
        nonlocal bits
        bits += f"{value:0{number}b}"[::-1]

    for value, number in ((0, 1), (2, 2), (29, 5), (29, 5), (8, 4)):
        put(value, number)
    lengths = {16: 1, 4: 3, 5: 3, 8: 3, 9: 3}  # lengths of the codes that tell lengths, in the order of the format
    for symbol in (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4):
        put(lengths.get(symbol, 0), 3)
    codes = {16: "0", 4: "100", 5: "101", 8: "110", 9: "111"}
    for length, number in ((8, 226), (9, 60), (4, 2), (5, 28)):
        bits += codes[length]
        number -= 1
        while number >= 3:
            again = min(number, 6)
            bits += codes[16]
            put(again - 3, 2)
            number -= again
        bits += codes[length] * number
    bits += f"{226 * 2 + 30:09b}"  # the end of the block
    pattern = bytes(int(bits[n : n + 8][::-1], 2) for bits in [bits * 8] for n in range(0, len(bits), 8))
    packed = pattern * (size // len(pattern)) + b"\3\0"
    data = bytearray(docx(**{"word/a": b""}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        at = archive.getinfo("word/a").header_offset
    entry, end = data.rindex(b"PK\1\2"), data.rindex(b"PK\5\6")
    for place in (at + 8, entry + 10):
        data[place : place + 2] = struct.pack("<H", zipfile.ZIP_DEFLATED)
    for place in (at + 18, entry + 20):
        data[place : place + 4] = struct.pack("<I", len(packed))
    start = data.index(b"PK\1\2")
    body, listing, tail = data[:start], data[start:end], data[end:]
    body = body[: at + 30 + len("word/a")] + packed
    tail[16:20] = struct.pack("<I", len(body))
    return bytes(body + listing + tail)


def nested(deep: int, size: int) -> bytes:
    """The innermost document holds zeros."""
    data = docx(zeros=bytes(size))
    for _ in range(deep):
        data = docx(**{"word/embeddings/a.docx": data, "word/embeddings/b.docx": data})
    return data


def overlapping() -> bytes:
    """All parts are the same bytes."""
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
    "several scans.jpg": lambda: picture("JPEG", 3_530, 3_530, progressive=True, subsampling=0, quality=50),
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
    "58 000 relations of 50 words.docx": lambda: relations(
        *["<r" + "".join(f' a{n}="xy"' for n in range(50)) + "/>"] * 58_000
    ),
    "2 400 000 names among relations.docx": lambda: relations(*(f"<r {names(50)}/>" for _ in range(48_000))),
    "57 MB of wide words.docx": lambda: relations(*[f'<r Target="{"x" * 60_000}😀"/>'] * 950),
    "950 parts of the author, of wide names.docx": lambda: relations(
        *(f'<r Type="a/core-properties" Target="{n}{"x" * 60_000}😀"/>' for n in range(950))
    ),
    "stored documents in documents.docx": lambda: stored_in_stored(2, 19_000_000),
    "empty blocks of 8 MB.docx": lambda: empty_blocks(7_900_000),
    "zeros of 59 MB.odt": lambda: unlike("text", **{"Pictures/a.bin": bytes(59_000_000)}),
    "zeros of 600 MB.ods": lambda: unlike("spreadsheet", **{"content.xml": bytes(600_000_000)}),
    "1 000 000 keys.odt": lambda: unlike("text", **{"META-INF/manifest.xml": f"<m>{'<k/>' * 1_000_000}</m>"}),
    "400 000 styles.xlsx": lambda: styled(f"<fonts>{'<font/>' * 400_000}</fonts>"),
    "1 900 pages.pptx": lambda: docx(
        **{"ppt/presentation.xml": "<a/>"} | {f"ppt/{n}.rels": RELATION for n in range(1_900)}
    ),
    "a panorama of 30 000.jpg": lambda: picture("JPEG", 30_000, 1_660, quality=8),
    "15 million pixels, hardly reduced.jpg": lambda: picture("JPEG", 3_999, 3_999, quality=30),
    "one scan of several.jpg": lambda: one_scan(8_600, 5_800),
    "30 000 hidden scans.jpg": lambda: hidden_scans(30_000, 3_500),
    "four colours.jpg": lambda: picture("JPEG", 8_600, 5_800, "CMYK", quality=5),
    "moving.webp": lambda: moving(2_900, 2_850),
    "8 million clear pixels.webp": lambda: picture("WEBP", 2_900, 2_850, "RGBA", quality=30, method=0),
    "3.5 million clear pixels.webp": lambda: picture("WEBP", 1_885, 1_885, "RGBA", quality=30, method=0),
    "a clear palette.png": lambda: png(3_160, 3_160, before=[(b"PLTE", bytes(768)), (b"tRNS", bytes(256))], colour=3),
    "16 bits a colour.png": lambda: png(3_160, 3_160, depth=16, colour=6),
    "9 million entities.svg": lambda: f'{DTD}<svg xmlns="http://www.w3.org/2000/svg"><text>&a9;</text></svg>'.encode(),
}
