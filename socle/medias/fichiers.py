"""Uploaded files: formats, and who gets a file at /media/.

A file is public if a published record holds it in a field that a room declares (`fichiers_publics`); any other file
under MEDIA_ROOT needs an editor who may see the record that holds it, and from whom no room withholds it (`retient`).

Byte ranges are ours, thirty lines: seeking in a recording needs them, and no library was found to lend. WhiteNoise
serves files it knows at start, answers 416 to a range of one byte and knows no If-Range; django-ranged-response has not
moved since 2017; django-sendfile2 leaves ranges to a front server that a small site does not have; httprange is right
but a month old. What Django has (conditional answers, storages, headers) is used.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import models
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

from socle.francais.wording import nombre, pluriel
from socle.medias.budget import MO
from socle.rooms import rooms

KO = 1000
BLOCK = 64 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # first bytes of documents from before 2007
NAME_LENGTH = 500

# Formats: what may be uploaded and how it is served


@dataclass(frozen=True)
class Format:
    """A kind of file. `holds`: whether first and last bytes fit it. `inline`: harmless in a browser."""

    mime: str
    holds: Callable[[bytes, bytes], bool]
    inline: bool = False


def _mp3(head: bytes, tail: bytes) -> bool:
    frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2  # a frame of layer III
    return frame or head.startswith(b"ID3")


def _opendocument(kind: str) -> Format:
    mime = f"application/vnd.oasis.opendocument.{kind}"
    return Format(mime, lambda head, tail: head.startswith(b"PK\3\4") and b"mimetype" + mime.encode() in head[:200])


def _office(kind: str, part: bytes) -> Format:
    mime = f"application/vnd.openxmlformats-officedocument.{kind}"
    return Format(mime, lambda head, tail: head.startswith(b"PK\3\4") and part in tail)


def _old_office(kind: str) -> Format:
    return Format(f"application/{kind}", lambda head, tail: head.startswith(OLE))


def _text(kind: str) -> Format:
    return Format(f"text/{kind}", lambda head, tail: b"\0" not in head or head[:2] in (b"\xff\xfe", b"\xfe\xff"))


_JPEG = Format("image/jpeg", lambda head, tail: head.startswith(b"\xff\xd8\xff"), inline=True)

# Other kinds are served to be saved, as bytes: SVG and HTML may run scripts.
FORMATS = {
    "mp3": Format("audio/mpeg", _mp3, inline=True),
    "ogg": Format("audio/ogg", lambda head, tail: head.startswith(b"OggS"), inline=True),
    "wav": Format("audio/wav", lambda head, tail: head[:4] == b"RIFF" and head[8:12] == b"WAVE", inline=True),
    "m4a": Format("audio/mp4", lambda head, tail: head[4:8] == b"ftyp", inline=True),
    "png": Format("image/png", lambda head, tail: head.startswith(b"\x89PNG\r\n\x1a\n"), inline=True),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "webp": Format("image/webp", lambda head, tail: head[:4] == b"RIFF" and head[8:12] == b"WEBP", inline=True),
    "pdf": Format("application/pdf", lambda head, tail: b"%PDF-" in head),
    "odt": _opendocument("text"),
    "ods": _opendocument("spreadsheet"),
    "odp": _opendocument("presentation"),
    "docx": _office("wordprocessingml.document", b"word/document.xml"),
    "xlsx": _office("spreadsheetml.sheet", b"xl/workbook.xml"),
    "pptx": _office("presentationml.presentation", b"ppt/presentation.xml"),
    "doc": _old_office("msword"),
    "xls": _old_office("vnd.ms-excel"),
    "ppt": _old_office("vnd.ms-powerpoint"),
    "csv": _text("csv"),
    "txt": _text("plain"),
}
OTHER = Format("application/octet-stream", lambda head, tail: False)


def extension(nom: str) -> str:
    """« a/Épisode 1.MP3 » → "mp3"; "" if there is none."""
    return PurePosixPath(nom).suffix.lower().removeprefix(".")


def mime(nom: str) -> str:
    """The type under which a file is served, by its name."""
    return FORMATS.get(extension(nom), OTHER).mime


def poids(octets: int) -> str:
    """« 420 Ko », « 1,2 Mo », « 21 Mo »: multiples of 1000, as shops and telephones count."""
    if octets < KO:
        return pluriel(octets, "octet", "octets")
    value, unit = (octets / MO, "Mo") if octets >= 999.5 * KO else (octets / KO, "Ko")
    digits = 1 if unit == "Mo" and value < 9.95 else 0
    return nombre(f"{value:.{digits}f}", unit)


def describe(fichier) -> str:
    """« PDF, 420 Ko » for a record's file; "" without one, or if it is gone from the disk."""
    if not fichier:
        return ""
    try:
        size = fichier.size
    except (OSError, SuspiciousFileOperation):
        return ""
    return ", ".join(filter(None, (extension(fichier.name).upper(), poids(size))))


def address(name) -> str:
    """The full address of a record's file, by its name on the disk; "" without one."""
    return settings.SITE_URL + default_storage.url(str(name)) if name else ""


# Who gets what


def _publics() -> Iterator[tuple[type[models.Model], str]]:
    return (public for room in rooms() for public in room.fichiers_publics)


def _is_withheld(user, row: models.Model) -> bool:
    return any(room.retient(user, row) for room in rooms() if room.retient)


def _is_name(nom: str) -> bool:
    """Whether `nom` can name an uploaded file: relative, printable, without `..`, `\\` and NUL."""
    steps = nom.split("/")
    return len(nom) <= NAME_LENGTH and nom.isprintable() and "\\" not in nom and not {"", ".", ".."} & {*steps}


def _is_public(nom: str) -> bool:
    return any(model.objects.published().filter(**{field: nom}).exists() for model, field in _publics())


def find_old(nom: str) -> str:
    """The address of the public file that the old site kept under this name; "" if there is none."""
    for model, field in _publics() if _is_name(nom) else ():
        if any(column.name == "nom_origine" for column in model._meta.concrete_fields):
            held = model.objects.published().filter(nom_origine=nom).exclude(**{field: ""}).order_by("pk").first()
            if held:
                return getattr(held, field).url
    return ""


def _may_see(request, nom: str) -> bool:
    """Whether an editor asks for a file of a record that they may see, of any type and state."""
    if not admin.site.has_permission(request):
        return False
    for model in apps.get_models():
        opts = model._meta
        fields = [field.name for field in opts.concrete_fields if isinstance(field, models.FileField)]
        codes = [f"{opts.app_label}.{get_permission_codename(action, opts)}" for action in ("view", "change")]
        if fields and any(map(request.user.has_perm, codes)):
            for field in fields:
                stored = opts.get_field(field).storage is default_storage
                rows = model._base_manager.filter(**{field: nom}) if stored else ()
                if not all(_is_withheld(request.user, row) for row in rows):
                    return True
    return False


# Serving


@require_safe
def serve(request, nom: str):
    """/media/<nom>: the file or the range that was asked; 404 for whoever may not have it."""
    public = _is_name(nom) and _is_public(nom)
    if not public and not (_is_name(nom) and _may_see(request, nom)):
        raise Http404("Ce fichier n’existe pas.")
    response = _answer(request, nom)
    # A record may be withdrawn at any time: caches must ask again, which costs a 304.
    response["Cache-Control"] = "public, no-cache" if public else "private, no-store"
    return response


def hand_over(request, nom: str, *, sous: str) -> HttpResponse:
    """A file for somebody whom the caller has let in: never cached, saved as `sous`, never opened."""
    response = _answer(request, nom, sous)
    response["Cache-Control"] = "private, no-store"
    return response


def _answer(request, nom: str, sous: str = "") -> HttpResponse:
    try:
        file = _open(nom)
        modified = default_storage.get_modified_time(nom)
    except (OSError, RuntimeError, SuspiciousFileOperation) as error:
        raise Http404("Ce fichier n’est plus dans le dossier des fichiers.") from error
    response = _respond(request, file, modified, nom, sous)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _open(nom: str) -> BinaryIO:
    """The open file. OSError if there is none, or if a link leads out of MEDIA_ROOT."""
    if isinstance(default_storage, FileSystemStorage):
        path = Path(default_storage.path(nom)).resolve()
        if not path.is_relative_to(Path(default_storage.location).resolve()) or not path.is_file():
            raise FileNotFoundError(nom)
    return default_storage.open(nom)


def _respond(request, file, modified: datetime, nom: str, sous: str) -> HttpResponse:
    size, stamp = file.size, modified.timestamp()
    etag = f'"{int(stamp * 1_000_000):x}-{size:x}"'
    known = get_conditional_response(request, etag, int(stamp))
    if known is not None:
        file.close()
        known["ETag"], known["Last-Modified"] = etag, http_date(stamp)
        return known
    shape = FORMATS.get(extension(nom), OTHER)
    headers = {
        "ETag": etag,
        "Last-Modified": http_date(stamp),
        "Accept-Ranges": "bytes",
        "Content-Disposition": content_disposition_header(
            bool(sous) or not shape.inline, sous or PurePosixPath(nom).name
        ),
    }
    status, start, stop = 200, 0, size
    if request.method == "GET" and _range_holds(request.headers.get("If-Range", ""), etag, int(stamp)):
        try:
            part = parse_range(request.headers.get("Range", ""), size)
        except Unsatisfiable:
            file.close()
            return HttpResponse(status=416, headers={"Accept-Ranges": "bytes", "Content-Range": f"bytes */{size}"})
        if part:
            status, (start, stop) = 206, part
            headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    headers["Content-Length"] = str(stop - start)
    if request.method == "HEAD":
        file.close()
        return HttpResponse(content_type=shape.mime, headers=headers)
    return StreamingHttpResponse(Part(file, start, stop), status=status, content_type=shape.mime, headers=headers)


class Unsatisfiable(Exception):
    """No byte of the file is in the range."""


# Numbers longer than any file's size are malformed: Python's big integers would be slow.
_RANGE = re.compile(r"bytes=([0-9]{0,30})-([0-9]{0,30})", re.IGNORECASE | re.ASCII)


def parse_range(header: str, size: int) -> tuple[int, int] | None:
    """(start, stop) of the one range that is asked, as a slice of `size` bytes. Unsatisfiable if it holds no byte.

    None if the whole file is to be sent: no range, several ranges, a malformed one (RFC 9110, 14.1 and 14.2).
    """
    match = _RANGE.fullmatch(header.strip())
    first, last = match.groups() if match else ("", "")
    if not first and not last:
        return None
    if not first:  # the last n bytes
        if int(last) == 0:
            raise Unsatisfiable
        return (max(size - int(last), 0), size) if size else None  # no Content-Range can say « 0 bytes of 0 »
    start, stop = int(first), int(last) + 1 if last else size
    if last and stop <= start:
        return None
    if start >= size:
        raise Unsatisfiable
    return start, min(stop, size)


def _range_holds(if_range: str, etag: str, modified: int) -> bool:
    """Whether a range may be served: without If-Range, or if it names the file as it is (RFC 9110, 13.1.5)."""
    if not if_range or if_range == etag:
        return True
    return '"' not in if_range and parse_http_date_safe(if_range) == modified


class Part:
    """Bytes `start` to `stop` of an open file, in blocks. The response closes it, and with it the file."""

    def __init__(self, file: BinaryIO, start: int, stop: int):
        file.seek(start)
        self.file, self.left = file, stop - start

    def __iter__(self):
        return self

    def __next__(self) -> bytes:
        block = self.file.read(min(BLOCK, self.left))
        if not block:
            raise StopIteration
        self.left -= len(block)
        return block

    def close(self) -> None:
        self.file.close()
