"""Files that strangers leave: read to the end before anything of them is kept.

A picture is drawn again: what comes out holds its pixels and nothing else, neither where it was taken nor what hides
behind them. A document is looked into, since nothing here can draw it again: no macro, no script, no object of another
software, nothing that unpacks into more than it may.
"""

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import PurePosixPath

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from PIL import Image, ImageOps

from socle.francais.mots import entier, ou, pluriel
from socle.medias.fichiers import MO, Accepted, extension, poids

PIXELS = 25_000_000
COTE = 2000  # pixels of the longest side of what is kept
PASSES = 40  # of a progressive picture, each of which is drawn whole; software writes ten
QUALITE = 85
PIECES, DEPLIE = 2000, 60 * MO  # entries of a document, and what they unpack into
NOM = 150

IMAGES = ("jpg", "jpeg", "png", "webp")
DOCUMENTS = ("pdf", "odt", "ods", "odp", "docx", "xlsx", "pptx")
KINDS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}

PDF = "enregistrez le document au format PDF, puis joignez ce PDF."
PHOTO = "enregistrez l’image au format JPG ou PNG, puis joignez-la."
CONSEILS = {
    **dict.fromkeys(("doc", "xls", "ppt", "docm", "xlsm", "pptm", "rtf", "pages", "html", "htm"), PDF),
    **dict.fromkeys(("svg", "gif", "heic", "heif", "tif", "tiff", "bmp", "avif", "psd"), PHOTO),
    **dict.fromkeys(("zip", "rar", "7z", "tar", "gz"), "sortez les fichiers de l’archive, puis joignez-les un par un."),
    **dict.fromkeys(("txt", "csv"), "collez ce texte dans le formulaire, ou enregistrez-le au format PDF."),
}
VIDE = "Ce fichier est vide : ouvrez-le pour vérifier, enregistrez-le de nouveau, puis joignez-le."
ABIMEE = f"Cette image est abîmée ou incomplète : {PHOTO}"
ABIME = f"Ce document est abîmé, incomplet ou protégé par un mot de passe : {PDF}"
IMMENSE = f"Cette image a plus de {entier(PIXELS // 10**6)} millions de points : réduisez-la, puis joignez-la."
GONFLE = f"Ce document est bien plus grand une fois ouvert qu’il n’en a l’air : {PDF}"
MACROS = f"Ce document contient des macros ou des objets d’un autre logiciel : {PDF}"
SCRIPTS = "Ce PDF contient des commandes ou d’autres fichiers : imprimez-le dans un nouveau PDF, puis joignez celui-ci."
DOUBLE = f"Ce fichier en cache un autre : {PDF}"


@dataclass(frozen=True)
class FichierRecu:
    """A file that may be kept. `nom`: what its author called it, fit to be read."""

    nom: str
    contenu: ContentFile = field(repr=False)


@dataclass(frozen=True)
class Depot:
    """What strangers may leave: extensions, bytes of one file, how many files."""

    extensions: tuple[str, ...]
    size: int = 8 * MO
    nombre: int = 3

    @property
    def accept(self) -> str:
        """For the dialog of a browser."""
        return ",".join(f".{name}" for name in self.extensions)

    def aide(self, *, total: int) -> str:
        """« 3 fichiers au plus, 8 Mo chacun et 10 Mo en tout : pdf, jpg ou png. »"""
        names = [name for name in self.extensions if name != "jpeg"]
        limits = f"{poids(self.size)} chacun et {poids(total)} en tout"
        return f"{pluriel(self.nombre, 'fichier', 'fichiers')} au plus, {limits} : {ou(names)}."

    def receive(self, upload) -> FichierRecu:
        """What may be kept of an upload; ValidationError says what to do instead."""
        name = extension(upload.name)
        if name not in self.extensions:
            advice = CONSEILS.get(name, PDF) if DOCUMENTS[0] in self.extensions else PHOTO
            raise ValidationError(f"Ce format n’est pas accepté : {advice}", code="extension")
        if not upload.size:
            raise ValidationError(VIDE, code="vide")
        Accepted(self.extensions, self.size)(upload)
        data = upload.read()
        if name in KINDS:
            data = drawn_again(data, KINDS[name])
        elif name == "pdf":
            inspect_pdf(data)
        else:
            inspect_archive(data)
        nom = readable(upload.name)
        return FichierRecu(nom, ContentFile(data, name=nom))


IMAGES_SEULES, DOCUMENTS_ET_IMAGES = Depot(IMAGES), Depot((*DOCUMENTS, *IMAGES))


def readable(nom: str) -> str:
    """A file's name as a page may print it: its last step, one line, without signs that turn what follows round."""
    nom = unicodedata.normalize("NFC", nom).replace("\\", "/").rpartition("/")[2]
    nom = " ".join("".join(sign if sign.isprintable() else " " for sign in nom).split())
    path = PurePosixPath(nom)
    stem = path.stem.strip(". ")[: NOM - 10] or "fichier"
    return f"{stem}{path.suffix.lower()}"


# Pictures


def drawn_again(data: bytes, kind: str) -> bytes:
    """The same picture, upright, at most COTE wide and high, with nothing beside its pixels."""
    if data.count(b"\xff\xda") > PASSES and kind == "JPEG":
        raise ValidationError(ABIMEE, code="image")
    try:
        with Image.open(BytesIO(data), formats=[kind]) as image:  # its head alone
            if image.width * image.height > PIXELS:
                raise ValidationError(IMMENSE, code="pixels")
            image.draft("RGB", (COTE, COTE))
            ImageOps.exif_transpose(image, in_place=True)
            return _written(image, kind)
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(IMMENSE, code="pixels") from None
    except Exception as error:  # a damaged picture breaks its reader in any way
        raise ValidationError(ABIMEE, code="image") from error


def _written(image: Image.Image, kind: str) -> bytes:
    mode = "RGBA" if kind != "JPEG" and image.has_transparency_data else "RGB"
    if image.mode != mode:
        image = image.convert(mode)
    image.thumbnail((COTE, COTE))
    image.info = {}  # comments, profiles and whatever else a writer would copy
    out = BytesIO()
    image.save(out, kind, **({} if kind == "PNG" else {"quality": QUALITE}))
    return out.getvalue()


# Documents


def _name(word: str) -> str:
    """A name of PDF as a pattern: each of its signs may be written as « #4a »."""
    return "".join(f"(?:{sign}|#{ord(sign):02x}|#{ord(sign):02X})" for sign in word)


# What a reader would run, open or unpack.
_RUN = ("JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "XFA", "SubmitForm", "ImportData")
_ACTIVE = re.compile(rf"/(?:{'|'.join(map(_name, _RUN))})(?![A-Za-z0-9])".encode())
_PACK = re.compile(f"/{_name('ObjStm')}(?![A-Za-z0-9])".encode())
_PACKED = re.compile(_PACK.pattern + rb".{0,300}?\bstream\r?\n", re.DOTALL)
_MACROS = re.compile(r"vbaproject|vbadata|macrosheets/|activex/|^(?:basic|scripts)/|\.(?:exe|dll|js|vbs|hta|lnk)$")
# A template that is fetched from elsewhere; one of its author's own disk is no harm.
_FAR = re.compile(rb"Target\s{0,9}=\s{0,9}[\"'](?:https?:|ftp:|(?:file:/{0,3})?\\\\)", re.IGNORECASE)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def inspect_pdf(data: bytes) -> None:
    """ValidationError for a PDF that is cut, closed, holds what runs, or is another file as well."""
    if not data.startswith(b"%PDF-") or zipfile.is_zipfile(BytesIO(data)):
        raise ValidationError(DOUBLE, code="double")
    if b"%%EOF" not in data[-2048:] or b"/Encrypt" in data:
        raise ValidationError(ABIME, code="document")
    if any(map(_ACTIVE.search, (data, *_unpacked_objects(data)))):
        raise ValidationError(SCRIPTS, code="actif")


def _unpacked_objects(data: bytes) -> Iterator[bytes]:
    """What a PDF packs of its objects: what they do may stand there. What cannot be read to its end is refused."""
    count, found = len(_PACK.findall(data)), list(_PACKED.finditer(data))
    if count > PIECES:
        raise ValidationError(GONFLE, code="gonfle")
    if count != len(found):
        raise ValidationError(ABIME, code="document")
    left = DEPLIE
    for match in found:
        end, packed = data.find(b"endstream", match.end()), zlib.decompressobj()
        try:
            part = packed.decompress(data[match.end() : end if end > 0 else None], left)
        except zlib.error:
            raise ValidationError(ABIME, code="document") from None
        left -= len(part)
        if left <= 0:
            raise ValidationError(GONFLE, code="gonfle")
        if not packed.eof:
            raise ValidationError(ABIME, code="document")
        yield part


def inspect_archive(data: bytes) -> None:
    """ValidationError for a document of parts that is damaged or closed, unpacks into too much, or holds what runs."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > PIECES or sum(part.file_size for part in parts) > DEPLIE:
                raise ValidationError(GONFLE, code="gonfle")
            if any(part.flag_bits & 1 for part in parts):
                raise ValidationError(ABIME, code="document")
            if any(_MACROS.search(part.filename.lower()) for part in parts):
                raise ValidationError(MACROS, code="macros")
            for part in parts:
                _inspect_part(archive, part)
    except ValidationError:
        raise
    except Exception as error:  # a damaged one breaks its reader in any way
        raise ValidationError(ABIME, code="document") from error


def _inspect_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with archive.open(part) as stream:  # no longer than it says, or BadZipFile
        content = b"".join(iter(lambda: stream.read(MO), b""))
    name = part.filename.lower()
    if content.startswith((_OLE, b"MZ")) or (content.startswith(b"PK\3\4") and b"vbaProject" in content):
        raise ValidationError(MACROS, code="macros")
    if name == "[content_types].xml" and b"macroEnabled" in content:
        raise ValidationError(MACROS, code="macros")
    if name.endswith(".rels") and (
        b"\0" in content  # written so that these words are not read: no software does
        or b"&#" in content
        or (b"attachedTemplate" in content and _FAR.search(content))
    ):
        raise ValidationError(MACROS, code="macros")


# The disk


def orphans(folder: str, before: datetime) -> list[str]:
    """The files of a folder that were written before, and that no row names: a request that was cut left them."""
    try:
        names = {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
    except FileNotFoundError:
        return []
    for model in apps.get_models():
        for one in model._meta.concrete_fields:
            if names and isinstance(one, models.FileField):
                rows = model._base_manager.filter(**{f"{one.name}__startswith": f"{folder}/"})
                names.difference_update(rows.values_list(one.name, flat=True))
    return sorted(name for name in names if default_storage.get_modified_time(name) < before)
