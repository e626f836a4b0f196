"""The file of a copy: a compressed tar of `manifeste.json`, `base`, and `fichiers/…` if uploaded files are in it.

The manifest comes first, so that a copy which is of no use here is refused at once. The compression ends with a
checksum of all of it: a file that was cut or changed is never taken for a copy.

A copy that comes from elsewhere may be made to harm, and Python's `tarfile` reads what a header announces, however
large and however deeply nested. What `pack` writes is little of what a tar may hold: that alone is read, within bounds.
"""

import errno
import gzip
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

FORMAT = 1
MANIFESTE, BASE, FICHIERS = "manifeste.json", "base", "fichiers/"
MANIFESTE_MAX, ENTETE_MAX = 500_000, 20_000  # bytes of a manifest, and of what is said of a file before it
NIVEAUX, NOM_MAX = 100, 255  # folders in one another, bytes of the name of one
BLOC = tarfile.BLOCKSIZE
PIECE = 1 << 20  # bytes read at a time


class CopieImpossible(Exception):
    """A copy that cannot be made, read or put back. The message, in French, says why and what to do."""


@dataclass(frozen=True)
class Manifeste:
    """What a copy says of itself. `moteur`: Django's name of the database; `faite_le`: ISO, with its time zone.

    `migrations`: « app.name » of those that the database had and that the code which made the copy knew.
    """

    moteur: str
    faite_le: str
    fichiers: bool
    migrations: list[str]
    format: int = FORMAT


NO_ROOM = "Il n’y a plus de place sur le disque pour {} : libérez-en, puis recommencez."
REASONS = {
    errno.ENOSPC: NO_ROOM,
    errno.EDQUOT: NO_ROOM,
    errno.ENOENT: "{} n’existe pas : vérifiez le chemin.",
    errno.EISDIR: "{} est un dossier : donnez un fichier.",
    errno.EACCES: "{} n’est pas accessible à ce compte : vérifiez ses droits.",
    errno.ENAMETOOLONG: "{:.200}… est un chemin trop long pour ce disque.",
}


@contextmanager
def told(fichier: Path) -> Iterator[None]:
    """Say in French what goes wrong with a file, or with the disk."""
    try:
        yield
    except (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile) as error:
        raise CopieImpossible(
            f"{fichier} n’est pas une copie entière faite par « manage.py sauvegarder » : le fichier est coupé, abîmé "
            "ou d’une autre sorte."
        ) from error
    except OSError as error:
        where = error.filename or fichier
        known = REASONS.get(error.errno)
        raise CopieImpossible(known.format(where) if known else f"{where} : {error.strerror or error}.") from error


def pack(target: Path, manifeste: Manifeste, base: Path, fichiers: Path | None) -> None:
    """Write a copy, which its owner alone may read from the first byte; nothing is left of one that fails."""
    with told(target):
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as raw:
            # The first level: what is uploaded is compressed already, and a base is three times smaller.
            with (
                gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=1) as packed,
                tarfile.open(fileobj=packed, mode="w|") as tar,
            ):
                said = json.dumps(asdict(manifeste)).encode()
                _add(tar, MANIFESTE, io.BytesIO(said), len(said))
                with base.open("rb") as file:
                    _add(tar, BASE, file, base.stat().st_size)
                for path in uploads(fichiers) if fichiers else ():
                    try:
                        file = path.open("rb")
                    except FileNotFoundError:  # erased since: rows were copied first, and name it no more or in vain
                        continue
                    with file:
                        name = FICHIERS + path.relative_to(fichiers).as_posix()
                        if not _is_upload(name):
                            raise CopieImpossible(f"{path} est dans plus de {NIVEAUX} dossiers : déplacez ce fichier.")
                        _add(tar, name, file, os.fstat(file.fileno()).st_size)
            raw.flush()
            os.fsync(raw.fileno())


def _add(tar: tarfile.TarFile, name: str, file, size: int) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    tar.addfile(info, file)


def uploads(folder: Path) -> Iterator[Path]:
    """The uploaded files; what begins with a dot in that folder is a restore's, the system's or the server's."""
    for root, folders, files in os.walk(folder):
        if Path(root) == folder:
            folders[:], files = ([name for name in names if not name.startswith(".")] for names in (folders, files))
        yield from (path for name in sorted(files) if (path := Path(root, name)).is_file() and not path.is_symlink())


def read_manifest(fichier: Path) -> Manifeste:
    """What a copy says of itself; CopieImpossible if it is none."""
    with told(fichier), gzip.open(fichier) as packed:
        return _manifest(packed, next(_members(packed), None))


def unpack(fichier: Path, base: Path | None = None, fichiers: Path | None = None) -> None:
    """Read a copy to its last byte, and write what it holds into `base` and the folder `fichiers` (None: nowhere).

    CopieImpossible if it is not whole, or holds anything but what `pack` writes.
    """
    found = False
    with told(fichier), gzip.open(fichier) as packed:
        members = _members(packed)
        _manifest(packed, next(members, None))
        for member in members:
            if member.name == BASE and not found:
                found, target = True, base
            elif found and _is_upload(member.name):
                target = fichiers and fichiers / member.name.removeprefix(FICHIERS)
            else:
                raise tarfile.ReadError(f"unexpected: {member.name!r}")
            _write(_parts(packed, member.size), target)
        if not found:
            raise tarfile.ReadError("no base")


class Membre(NamedTuple):
    """A plain file of a copy: its bytes are what is read next."""

    name: str
    size: int


def _members(packed: gzip.GzipFile) -> Iterator[Membre]:
    """The files of a copy, to its checksum. Whoever takes one reads its bytes before they ask for another."""
    before: dict[str, bytes] = {}
    while any(block := packed.read(BLOC)):
        header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        if header.type == tarfile.XHDTYPE and not before and 0 < header.size <= ENTETE_MAX:
            before = _said_before(b"".join(_parts(packed, header.size)))
        elif header.type in (tarfile.REGTYPE, tarfile.AREGTYPE):
            size = int(before.get("size", header.size))
            if size < 0:
                raise tarfile.ReadError("negative size")
            yield Membre(os.fsdecode(before.get("path", os.fsencode(header.name))), size)
            before = {}
        else:
            raise tarfile.ReadError(f"unexpected: {header.name[:NOM_MAX]!r}")
    # A second void block, then as many as fill the last record: a whole record, where the first one ended one.
    end = packed.read(tarfile.RECORDSIZE + 1)
    if before or not block or any(end) or len(end) > tarfile.RECORDSIZE:
        raise tarfile.ReadError("no end")


def _said_before(data: bytes) -> dict[str, bytes]:
    """What stands before a file whose name or size does not fit in its header: « 24 path=fichiers/été.pdf », lines."""
    found = {}
    while data:
        length, _, line = data.partition(b" ")
        if not length.isdigit() or len(length) > 6 or not (end := int(length) - len(length) - 1) > 0:
            raise tarfile.ReadError("no record")
        key, parted, value = line[:end].partition(b"=")
        if len(line) < end or not parted or not value.endswith(b"\n") or key not in (b"path", b"size", b"hdrcharset"):
            raise tarfile.ReadError("no record")
        found[key.decode()] = value[:-1]
        data = line[end:]
    if not found.get("size", b"0").isdigit() or len(found.get("size", b"")) > 20:
        raise tarfile.ReadError("no size")
    return found


def _parts(packed: gzip.GzipFile, size: int) -> Iterator[bytes]:
    """The bytes of a file, in pieces, once it was read to the end of its last block."""
    left = size
    while left:
        part = packed.read(min(left, PIECE))
        if not part:
            raise EOFError
        left -= len(part)
        yield part
    packed.read(-size % BLOC)


def _manifest(packed: gzip.GzipFile, member: Membre | None) -> Manifeste:
    if member is None or member.name != MANIFESTE or member.size > MANIFESTE_MAX:
        raise tarfile.ReadError("no manifest")
    try:
        said = json.loads(b"".join(_parts(packed, member.size)))
        if said["format"] > FORMAT:
            raise CopieImpossible(
                "Cette copie vient d’une version plus récente du site : mettez celui-ci à jour, puis recommencez."
            )
        manifeste = Manifeste(**said)
        texts = [manifeste.moteur, manifeste.faite_le, *manifeste.migrations]
        if not all(isinstance(text, str) and len(text) <= NOM_MAX for text in texts):
            raise ValueError("no text")
        made = datetime.fromisoformat(manifeste.faite_le)
        if made.tzinfo is None or not 2000 <= made.year < 3000:
            raise ValueError("no moment")
        return manifeste
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise tarfile.ReadError("no manifest") from error


def _is_upload(name: str) -> bool:
    """Whether a name leads to somewhere below the folder of uploaded files."""
    if not name.startswith(FICHIERS) or "\0" in name:
        return False
    steps = name.removeprefix(FICHIERS).split("/")
    if len(steps) > NIVEAUX or any(len(os.fsencode(step)) > NOM_MAX for step in steps):
        return False
    return not {"", ".", ".."} & {*steps} and not steps[0].startswith(".")


def _write(parts: Iterable[bytes], target: Path | None) -> None:
    if target is None:
        for _ in parts:
            pass
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise tarfile.ReadError("one name for two files") from error
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())
