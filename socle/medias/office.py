"""Office documents of others (Word, Excel, PowerPoint, LibreOffice): searched for macros, freed of their author's name.

Such a document is a ZIP. Each part is read to its end, in blocks that are dropped: a part that is larger than it says
is damaged. The names of the parts, and what parts say of each other, tell what runs. The document is written again
without the names of its author, its company and its last editor; all other parts are copied packed.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from struct import pack, unpack_from
from urllib.parse import unquote

from django.core.exceptions import ValidationError

from socle.medias import bounded_xml, refus
from socle.medias.budget import MO, Budget, Exhausted
from socle.medias.fichiers import OLE

BLOCK = 32 * 1024
DIRECTORY = 500_000  # bytes of the list of parts, which is read at once as one object per part
INSIDE = 20 * MO  # unpacked bytes of a document inside a document
DEEP = 3  # levels of documents inside documents
KEPT = 12  # budget, in tags, of an element that is looked at: a document has about a thousand
PACKED = b"PK\3\4"
LONG = 2_000  # characters of a path
NAMING = 5 * MO  # bytes of a part with accounts among other things: it is held and written again
STRANGE = (OLE, b"MZ", PACKED)  # first bytes of documents from before 2007, programs, archives

# By name: Microsoft macros, old macro sheets, controls, LibreOffice macros, programs.
_MACROS = re.compile(
    r"vbaproject|vbadata|macrosheets/|activex/|(?:^|/)(?:basic|scripts)/|\.(?:exe|dll|js|vbs|hta|lnk)$"
)
# By declared kind.
_KINDS = re.compile(r"macro|vbaproject|activex", re.IGNORECASE)
_FETCHED = ("attachedtemplate", "oleobject", "subdocument", "frame")  # refused if they stand outside the document
# Where these may stand: a path, « C:/… » with cells of a table there, « file:///Users/… ». Schemes and other computers
# have too many spellings.
_PATH = r"(?!//)[^:?*<>|]*"
_OWN_DISK = re.compile(
    rf"(?:file:/{{0,3}})?[a-z]:/[^:?*<>|]*(?::[\w$]+)?|(?:file://(?:localhost)?(?=/))?{_PATH}", re.IGNORECASE
)

# Parts that name an author's account or folder among other things: Excel's last folder, who reserved the workbook, who
# wrote comments of workbooks and slides.
_NAMING = re.compile(r"xl/workbook\.xml|xl/persons/[^/]+\.xml|ppt/(?:comment)?authors\.xml")
_NAMES = re.compile(
    rb"""(<(?:\w+:)?(?:absPath|fileSharing|person|author|presenceInfo)\b[^<]*?\s"""
    rb"""(?:url|userName|userId)\s*=\s*)(?:"[^"<]+"|'[^'<]+')"""
)
_PROPERTIES = re.compile(r"/(core|extended|custom)-?properties$")
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPC = "http://schemas.openxmlformats.org/package/2006/metadata"
_OFFICE, _STRICT = "http://schemas.openxmlformats.org/officeDocument/2006", "http://purl.oclc.org/ooxml/officeDocument"
_CORE = f'{_XML}<cp:coreProperties xmlns:cp="{_OPC}/core-properties"/>'
_META = (
    f'{_XML}<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'office:version="1.2"><office:meta/></office:document-meta>'
)
_PEOPLE = f'{_XML}<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"/>'


def _empty(kind: str, base: str = _OFFICE) -> str:
    """Properties without content; `kind`: « extended » or « custom »."""
    return f'{_XML}<Properties xmlns="{base}/{kind}{"P" if base == _STRICT else "-p"}roperties"/>'


class _Listed(BytesIO):
    """A file that refuses to read more at once than a list of parts may hold, while `listing`."""

    listing = True

    def read(self, size=-1):
        left = self.getbuffer().nbytes - self.tell()
        if self.listing and (left if size is None or size < 0 else min(size, left)) > DIRECTORY:
            raise Exhausted("parts")
        return super().read(size)


@dataclass(frozen=True)
class Archive:
    """A ZIP whose list of parts was checked. `read` checks the sizes that the list says."""

    data: bytes
    parts: list[zipfile.ZipInfo]

    def packed(self, part: zipfile.ZipInfo) -> bytes:
        """The bytes of a part as they are in the file."""
        at = part.header_offset
        start = at + 30 + sum(unpack_from("<2H", self.data, at + 26))
        packed = self.data[start : start + part.compress_size]
        if self.data[at : at + 4] != PACKED or len(packed) < part.compress_size:
            raise zipfile.BadZipFile
        return packed

    def read(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        """A part, in blocks. BadZipFile as soon as it differs from the list."""
        pieces = _inflated if part.compress_type == zipfile.ZIP_DEFLATED else _blocks
        size = crc = 0
        for piece in pieces(self.packed(part)):
            size, crc = size + len(piece), zlib.crc32(piece, crc)
            if size > part.file_size:
                raise zipfile.BadZipFile
            yield piece
        if (size, crc) != (part.file_size, part.CRC):
            raise zipfile.BadZipFile


def _blocks(data: bytes) -> Iterator[bytes]:
    return (data[start : start + BLOCK] for start in range(0, len(data), BLOCK))


def _inflated(packed: bytes) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    for block in _blocks(packed):
        while block and not unpacker.eof:
            if piece := unpacker.decompress(block, BLOCK):
                yield piece
            block = unpacker.unconsumed_tail
    if not unpacker.eof:
        raise zipfile.BadZipFile


def opened(data: bytes, budget: Budget) -> Archive:
    """The archive of a document. Raises ValidationError, Exhausted."""
    file = _Listed(data)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise ValidationError(refus.ABIME, code="document") from error
    budget.spend(parts=len(parts), unpacked=sum(part.file_size for part in parts))
    names = {part.filename.casefold() for part in parts}
    kinds = {part.compress_type for part in parts} - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    closed = any(part.flag_bits & 1 or "\0" in part.orig_filename for part in parts)
    overlap = sum(part.compress_size for part in parts) > len(data)
    if not parts or len(names) < len(parts) or kinds or closed or overlap:
        raise ValidationError(refus.ABIME, code="document")
    return Archive(data, parts)


def same_parts(one: bytes, other: bytes) -> bool:
    """Whether two readable documents hold the same parts."""
    found = [
        {part.filename: (part.file_size, part.CRC) for part in opened(data, Budget.for_command()).parts}
        for data in (one, other)
    ]
    return found[0] == found[1]


def has_macros(data: bytes) -> bool:
    """Whether a document from before 2007 has macros: its list of parts then has the name of their store."""
    return data.startswith(OLE) and "_vba_project".encode("utf-16-le") in data.lower()


def without_authors(data: bytes, budget: Budget, *, deep: int = 0) -> bytes:
    """The document without its author's name. ValidationError if it holds anything that runs; Exhausted."""
    try:
        archive = opened(data, budget)
        document = _Document(archive, budget, deep)
        document.inspect()
        return written(archive, document.replaced)
    except (ValidationError, Exhausted):
        raise
    except Exception as error:  # a damaged document breaks its reader in any way
        raise ValidationError(refus.ABIME, code="document") from error


def refuse_macros(archive: Archive, budget: Budget) -> None:
    """ValidationError if the parts of a document, or their declared kinds, show macros."""
    for part in archive.parts:
        name = part.filename.lower()
        if _MACROS.search(name.replace("\\", "/")):  # some software writes such paths, and LibreOffice reads them
            raise ValidationError(refus.MACROS, code="macros")
        if name == "[content_types].xml":
            _look_through(archive, part, budget, _refuse_kinds)


def _refuse_kinds(name: str, said: dict[str, str]) -> None:
    if _KINDS.search(said.get("ContentType", "")):
        raise ValidationError(refus.MACROS, code="macros")


def _look_through(
    archive: Archive, part: zipfile.ZipInfo, budget: Budget, look: Callable[[str, dict[str, str]], None]
) -> None:
    """Call `look(name, {attribute: value})` for each element of a part. None is kept: they may be many."""

    def opened(name, said):
        budget.spend(tags=KEPT)
        look(name, dict(zip(said[::2], said[1::2], strict=True)))

    bounded_xml.read(archive.read(part), budget, opened)


def _refuse_encrypted(name: str, said: dict[str, str]) -> None:
    if name == "encryption-data":
        raise ValidationError(refus.ABIME, code="document")


def _is_on_own_disk(target: str) -> bool:
    """Whether the target of a relation is in the document, or on its author's disk."""
    return len(target) <= LONG and bool(_OWN_DISK.fullmatch(unquote(target).replace("\\", "/").strip()))


class _Document:
    """A document that is searched. `replaced`: {name of a part: its new content}."""

    def __init__(self, archive: Archive, budget: Budget, deep: int):
        self.archive, self.budget, self.deep = archive, budget, deep
        self.names = {part.filename.lower() for part in archive.parts}
        self.replaced: dict[str, bytes] = {}

    def inspect(self) -> None:
        refuse_macros(self.archive, self.budget)
        properties = self._named()
        for part in self.archive.parts:
            name = part.filename.lower()
            if name.endswith(".rels"):
                _look_through(self.archive, part, self.budget, partial(self._look_at_relation, name, properties))
            elif name == "meta-inf/manifest.xml":
                _look_through(self.archive, part, self.budget, _refuse_encrypted)
            else:
                self._look_at(part)
                if _NAMING.fullmatch(name):
                    self._empty_names(part)
        for part in self.archive.parts:
            if empty := properties.get(part.filename.lower()):
                self.replaced[part.filename] = empty.encode()

    def _named(self) -> dict[str, str]:
        """{part about the author: its new content}, by the names that software gives them."""
        names = {
            "docprops/core.xml": _CORE,
            "docprops/app.xml": _empty("extended"),
            "docprops/custom.xml": _empty("custom"),
            "word/people.xml": _PEOPLE,
        }
        names |= {name: _CORE for name in self.names if name.endswith(".psmdcp")}
        return names | {name: _META for name in self.names if posixpath.basename(name) == "meta.xml"}

    def _look_at_relation(self, name: str, properties: dict[str, str], tag: str, said: dict[str, str]) -> None:
        """Add to `properties` the part that a relation in the part `name` points to, if it is about the author.

        ValidationError for content that the document fetches from elsewhere.
        """
        type, target = said.get("Type", "").lower(), said.get("Target", "")
        if type.rpartition("/")[2] in _FETCHED and not _is_on_own_disk(target):
            raise ValidationError(refus.OBJETS, code="objets")
        if match := _PROPERTIES.search(type):
            kind, base = match[1], _STRICT if type.startswith(_STRICT.lower()) else _OFFICE
            folder = posixpath.dirname(posixpath.dirname(name))
            path = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/").lower()
            if path in self.names:
                properties[path] = _CORE if kind == "core" else _empty(kind, base)

    def _look_at(self, part: zipfile.ZipInfo) -> None:
        """Read a part to its end. Content of other software is refused; a document inside is searched too."""
        kept, size, told = [], 0, False
        for piece in self.archive.read(part):
            if told and not kept:
                continue  # no strange content
            kept.append(piece)
            size += len(piece)
            if not told and size >= len(OLE):
                told = True
                if not b"".join(kept).startswith(STRANGE):
                    kept.clear()
            if kept and size > INSIDE:
                raise Exhausted("unpacked")
        content = b"".join(kept)
        kept.clear()  # frees memory: a document inside is read while this one is held
        if content.startswith(PACKED):
            if self.deep == DEEP:
                raise Exhausted("unpacked")
            self.replaced[part.filename] = without_authors(content, self.budget, deep=self.deep + 1)
        elif content.startswith(STRANGE):
            macros = has_macros(content)
            raise ValidationError(refus.MACROS if macros else refus.OBJETS, code="macros" if macros else "objets")

    def _empty_names(self, part: zipfile.ZipInfo) -> None:
        """Remove accounts and folders from a part that says other things too."""
        if part.file_size > NAMING:
            raise Exhausted("unpacked")
        content = b"".join(self.archive.read(part))
        without = _NAMES.sub(rb'\1""', content)
        if without != content:
            self.replaced[part.filename] = without


# Written again


def written(archive: Archive, replaced: dict[str, bytes]) -> bytes:
    """The archive with these parts replaced. The library cannot copy the others packed."""
    out, directory = BytesIO(), BytesIO()
    for part in archive.parts:
        name = part.filename.encode()
        if part.filename in replaced:
            content = replaced[part.filename]
            method, crc, size, packed = zipfile.ZIP_STORED, zlib.crc32(content), len(content), content
        else:
            method, crc, size = part.compress_type, part.CRC, part.file_size
            packed = archive.packed(part)
        year, month, day, *clock = part.date_time
        hour, minute, second = clock
        common = pack(
            "<5H3I2H",
            20,
            0 if part.filename.isascii() else 0x800,  # in UTF-8
            method,
            hour << 11 | minute << 5 | second // 2,
            year - 1980 << 9 | month << 5 | day,
            crc,
            len(packed),
            size,
            len(name),
            0,
        )
        directory.write(b"PK\1\2" + pack("<H", 20) + common + pack("<3H2I", 0, 0, 0, 0, out.tell()) + name)
        out.write(PACKED + common + name + packed)
    at = out.tell()
    out.write(directory.getvalue())
    out.write(b"PK\5\6" + pack("<4H2IH", 0, 0, len(archive.parts), len(archive.parts), directory.tell(), at, 0))
    return out.getvalue()
