"""What files the site accepts, from visitors and from the team: this module alone decides.

The content tells the kind of a file. A picture is drawn again, smaller. An office document is searched, refused if it
holds anything that runs, and freed of its author's name. A sound or a PDF is kept unopened: a PDF is only served to be
saved (`fichiers.py`), after somebody of the team looked at it (docs/decisions/files.md).
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import models

from socle.francais.wording import ou, pluriel
from socle.medias import office, pictures, refus, turns
from socle.medias.budget import MO, Budget, Exhausted
from socle.medias.fichiers import FORMATS, extension, poids

NOM = 150
HEAD, TAIL = 1024, 256 * 1024  # bytes at the ends of a file that tell its kind
BLOCK = 500  # names per query

IMAGES = ("jpg", "jpeg", "png", "webp")
BUREAUTIQUE = ("odt", "ods", "odp", "docx", "xlsx", "pptx")
SONS = ("mp3", "ogg", "wav", "m4a")
ANCIENS = ("doc", "xls", "ppt")
KINDS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}


@dataclass(frozen=True)
class Depot:
    """What a form accepts: extensions, bytes per file, number of files."""

    extensions: tuple[str, ...]
    size: int
    nombre: int = 1

    @property
    def accept(self) -> str:
        """For the file dialog of browsers."""
        return ",".join(f".{name}" for name in self.extensions)

    @property
    def formats(self) -> str:
        """« pdf, png ou jpg »"""
        return ou([name for name in self.extensions if name != "jpeg"])

    @property
    def aide(self) -> str:
        """« Fichier pdf, png ou jpg, 20 Mo au plus. », and `suites`."""
        return f"Fichier {self.formats}, {poids(self.size)} au plus. {self.suites}".strip()

    @property
    def suites(self) -> str:
        """What becomes of the files of each kind."""
        said = [
            (IMAGES, "une image est réduite, et perd le lieu et l’appareil de la photo"),
            (BUREAUTIQUE, "un document perd le nom de son auteur, mais garde ceux de ses commentaires et révisions"),
            (
                ("pdf",),
                "un PDF est gardé tel quel et peut nommer son auteur : imprimez-le dans un nouveau PDF pour l’ôter",
            ),
        ]
        text = " ; ".join(words for kinds, words in said if {*kinds} & {*self.extensions})
        return f"{text[:1].upper()}{text[1:]}." if text else ""

    def aide_de_plusieurs(self, *, total: int) -> str:
        """« 3 fichiers au plus, 8 Mo chacun et 10 Mo en tout : pdf, jpg ou png. », and `suites`."""
        limits = f"{poids(self.size)} chacun et {poids(total)} en tout"
        return f"{pluriel(self.nombre, 'fichier', 'fichiers')} au plus, {limits} : {self.formats}. {self.suites}"

    def check(self, upload: File) -> str:
        """The extension of a file if its first and last bytes fit; else ValidationError."""
        name = extension(upload.name)
        if name not in self.extensions:
            raise ValidationError(f"Ce format n’est pas accepté : {self._advice(name)}", code="extension")
        if not upload.size:
            raise ValidationError(refus.VIDE, code="vide")
        if upload.size > self.size:
            raise ValidationError(
                f"Ce fichier pèse {poids(upload.size)} : la limite est de {poids(self.size)}.", code="taille"
            )
        if not FORMATS[name].holds(*_ends(upload)):
            raise ValidationError(
                f"Le contenu de ce fichier n’est pas celui d’un fichier {name}. Renommer un fichier ne le convertit "
                "pas : enregistrez-le dans ce format depuis le logiciel qui l’a créé.",
                code="contenu",
            )
        return name

    def _advice(self, name: str) -> str:
        if "pdf" in self.extensions:
            return refus.CONSEILS.get(name, refus.PDF)
        return refus.PHOTO if self.extensions == IMAGES else refus.SON

    def receive(self, upload: File, budget: Budget | None = None) -> File:
        """The file to keep. ValidationError says what to do instead.

        `budget`: for commands. Without it, the file takes its turn, on the budget of its request (`uploads.py`).
        """
        name = self.check(upload)
        if name in READ and budget:
            upload = _read(upload, name, budget)
        elif name in READ:
            try:
                upload = turns.in_turn(_read, upload, name, getattr(upload, "budget", None) or Budget())
            except turns.Busy:
                raise ValidationError(refus.OCCUPE, code="occupe") from None
        upload.name = readable(upload.name)
        return upload


# What visitors propose; what the team adds to a record, publishes as a recording, keeps beside a project.
IMAGES_SEULES = Depot(IMAGES, 8 * MO, 3)
DOCUMENTS_ET_IMAGES = Depot(("pdf", *BUREAUTIQUE, *IMAGES), 8 * MO, 3)
DOCUMENT = Depot(("pdf", *BUREAUTIQUE, *IMAGES), 20 * MO)
AUDIO = Depot(SONS, 200 * MO)
ANNEXE = Depot((*DOCUMENT.extensions, *ANCIENS, "csv", "txt"), 20 * MO)


# Reading

READ = (*IMAGES, *BUREAUTIQUE, *ANCIENS)


def _read(upload: File, name: str, budget: Budget) -> File:
    others, data = not budget.untouched, upload.read()
    try:
        if name in KINDS:
            data = pictures.drawn_again(data, KINDS[name], budget)
        elif name in BUREAUTIQUE:
            data = office.without_authors(data, budget)
        elif office.has_macros(data):
            raise ValidationError(refus.MACROS, code="macros")
    except Exhausted:
        alone = refus.IMMENSE if name in KINDS else refus.GONFLE
        raise ValidationError(refus.ENSEMBLE if others else alone, code="budget") from None
    return ContentFile(data, name=upload.name)


def _ends(upload: File) -> tuple[bytes, bytes]:
    """The first and last bytes of a file, which is rewound."""
    upload.seek(0)
    head = upload.read(HEAD)
    upload.seek(max(upload.size - TAIL, 0))
    tail = upload.read(TAIL)
    upload.seek(0)
    return head, tail


def readable(nom: str) -> str:
    """A file's name as a page may print it: last step, one line, without characters that reverse what follows."""
    nom = unicodedata.normalize("NFC", nom).replace("\\", "/").rpartition("/")[2]
    nom = " ".join("".join(sign if sign.isprintable() else " " for sign in nom).split())
    path = PurePosixPath(nom)
    stem = path.stem.strip(". ")[: NOM - 10] or "fichier"
    return f"{stem}{path.suffix.lower()}"


# The disk


def orphans(folder: str, before: datetime) -> list[str]:
    """Files of a folder written before a moment and in no row: requests that were cut left them."""
    try:
        names = {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
    except FileNotFoundError:
        return []
    names -= named(names)
    return sorted(name for name in names if default_storage.get_modified_time(name) < before)


def named(names: set[str]) -> set[str]:
    """The files of `names` that some row of the database has."""
    found, left = set(), sorted(names)
    for model in apps.get_models():
        for one in model._meta.concrete_fields:
            for start in range(0, len(left), BLOCK) if isinstance(one, models.FileField) else ():
                rows = model._base_manager.filter(**{f"{one.name}__in": left[start : start + BLOCK]})
                found.update(rows.values_list(one.name, flat=True))
    return found
