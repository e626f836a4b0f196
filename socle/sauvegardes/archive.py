"""The file of a copy: a compressed tar of `manifeste.json`, `base`, and `fichiers/…` if uploaded files are in it.

The manifest comes first, so that a copy which is of no use here is refused at once. The compression ends with a
checksum of all of it: a file that was cut or changed is never taken for a copy.
"""

import errno
import gzip
import io
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

FORMAT = 1
MANIFESTE, BASE, FICHIERS = "manifeste.json", "base", "fichiers/"
LIMIT = 5_000_000  # bytes of a manifest


class CopieImpossible(Exception):
    """A copy that cannot be made, read or put back. The message, in French, says why and what to do."""


def is_old(migrations: Iterable[str]) -> bool:
    """Whether « app.name » of migrations are those of before 27 November 2026, when they were made anew."""
    return any(name.endswith(".0001_initiale") for name in migrations)


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
    with told(fichier), _opened(fichier) as (_, tar):
        return _manifest(tar)


def unpack(fichier: Path, base: Path | None = None, fichiers: Path | None = None) -> None:
    """Read a copy to its last byte, and write what it holds into `base` and the folder `fichiers` (None: nowhere).

    CopieImpossible if it is not whole, or holds anything but what `pack` writes.
    """
    found = False
    with told(fichier), _opened(fichier) as (packed, tar):
        _manifest(tar)
        for member in iter(tar.next, None):
            if not member.isreg():
                raise tarfile.ReadError(f"unexpected: {member.name!r}")
            if member.name == BASE and not found:
                found, target = True, base
            elif found and _is_upload(member.name):
                target = fichiers and fichiers / member.name.removeprefix(FICHIERS)
            else:
                raise tarfile.ReadError(f"unexpected: {member.name!r}")
            _write(tar.extractfile(member), target)
        while packed.read(1 << 20):  # to the checksum
            pass
        if not found:
            raise tarfile.ReadError("no base")


@contextmanager
def _opened(fichier: Path):
    with gzip.open(fichier) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
        yield packed, tar


def _manifest(tar: tarfile.TarFile) -> Manifeste:
    member = tar.next()
    if member is None or member.name != MANIFESTE or not member.isreg() or member.size > LIMIT:
        raise tarfile.ReadError("no manifest")
    try:
        said = json.loads(tar.extractfile(member).read())
        if said["format"] > FORMAT:
            raise CopieImpossible(
                "Cette copie vient d’une version plus récente du site : mettez celui-ci à jour, puis recommencez."
            )
        return Manifeste(**said)
    except (ValueError, TypeError, KeyError) as error:
        raise tarfile.ReadError("no manifest") from error


def _is_upload(name: str) -> bool:
    """Whether a name leads to somewhere below the folder of uploaded files."""
    if not name.startswith(FICHIERS) or "\0" in name:
        return False
    steps = name.removeprefix(FICHIERS).split("/")
    return not {"", ".", ".."} & {*steps} and not steps[0].startswith(".")


def _write(source, target: Path | None) -> None:
    if target is None:
        while source.read(1 << 20):
            pass
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())
