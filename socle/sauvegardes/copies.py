"""Makes copies, and finds those that are too old. A kind missing from `KINDS` would never be purged."""

import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from socle.sauvegardes import archive, bases, restauration
from socle.sauvegardes.archive import CopieImpossible, Manifeste

SUFFIX = ".tar.gz"
STAMP = "%Y-%m-%d-%H%M%S"
_STAMP = re.compile(r"\d{4}-\d\d-\d\d-\d{6}|\d{8}-\d{6}")  # the second form: upgrades before 1 December 2026
# First part of the name of an archive: what it was made before.
NUIT, MISE_A_JOUR, REPRISE = "sauvegarde", "avant-mise-a-jour", "avant-reprise"
UNFINISHED = ".labacces-copie-inachevee-"  # folder of a copy in progress; nothing else has such a name
DAMAGED = "abimee-"
DAY = 24 * 3600


def stamp() -> str:
    """The present moment, for the end of a name: « 2026-11-02-093000 ». Waits for a moment that no name has."""
    taken = {_made(name) for kind in KINDS for name in kind.there()}
    while (moment := f"{timezone.localtime():{STAMP}}") in taken:
        time.sleep(0.1)
    return moment


def folder() -> Path:
    """The folder of copies; only its owner may enter it."""
    path = Path(settings.SAUVEGARDES)
    with archive.told(path):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def back_up(
    fichier: Path | None = None,
    *,
    prefixe: str = NUIT,
    fichiers: bool = True,
    tell: Callable[[str], object] = sys.stderr.write,
) -> Path:
    """Copies database and uploaded files (`fichiers`) into one archive, and reads it back. Returns its path.

    Without `fichier`, it goes into the folder of copies, where it is purged in time. CopieImpossible leaves no file;
    BaseAbimee leaves what can be read, and says where.
    """
    target = fichier or folder() / f"{prefixe}-{stamp()}{SUFFIX}"
    if target.exists():
        raise CopieImpossible(f"{target} existe déjà : donnez un autre nom, ou déplacez ce fichier d’abord.")
    if connection.in_atomic_block:
        raise CopieImpossible("Une copie ne se fait pas au milieu d’une transaction.")
    # Files stored elsewhere are copied there.
    base, media = bases.here(), Path(settings.MEDIA_ROOT) if fichiers and not settings.MEDIAS_AILLEURS else None
    with archive.told(target):
        _forget_unfinished()
        _check_room(target.parent, 2 * base.size() + _weight(media))
        # Only the owner may enter a folder made by tempfile.
        with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=target.parent) as work:
            dump, packed = Path(work, "base"), Path(work, "copie")
            manifeste = Manifeste(connection.vendor, timezone.localtime().isoformat(), bool(media), _migrations())
            damage = None
            try:
                if loose := base.dump(dump):
                    tell(f"{loose} La copie est faite quand même.\n")
            except bases.BaseAbimee as error:
                damage, target = error, target.with_name(f"{DAMAGED}{target.name}")
            archive.pack(packed, manifeste, dump, media)
            dump.unlink()
            archive.unpack(packed)
            packed.rename(target)
    if damage:
        raise bases.BaseAbimee(
            f"{damage} Ce qui s’en lit est gardé dans {target}, que « manage.py restaurer » refusera : gardez vos "
            "copies d’avant, hors d’atteinte de la purge."
        ) from damage
    return target


def latest() -> datetime | None:
    """When the last complete copy was made."""
    made = max((_made(path.name) for path in Path(settings.SAUVEGARDES).glob(f"{NUIT}-*{SUFFIX}")), default="9999")
    return None if made == "9999" else timezone.make_aware(datetime.strptime(made, STAMP))


def copy_before(prefixe: str, garder: int) -> Path:
    """Copies the database before a step that may have to be undone. The last `garder` of that name stay."""
    target = back_up(prefixe=prefixe, fichiers=False)
    for old in sorted(folder().glob(f"{prefixe}-*{SUFFIX}"))[:-garder]:
        old.unlink(missing_ok=True)
    return target


def _migrations() -> list[str]:
    """« app.name » of migrations in both database and code; others are left of apps that are gone."""
    loader = MigrationLoader(connection)
    return sorted(f"{app}.{name}" for app, name in set(loader.applied_migrations) & set(loader.disk_migrations))


def _weight(media: Path | None) -> int:
    return sum(path.stat().st_size for path in archive.uploads(media)) if media else 0


def _check_room(where: Path, needed: int) -> None:
    """Raises CopieImpossible if the disk would get full, which would stop the site.

    No archive is larger than its contents.
    """
    free = shutil.disk_usage(where).free
    if free < needed:
        raise CopieImpossible(
            f"Il faut {_mo(needed)} Mo libres sur le disque de {where} pour cette copie, et il y en a {_mo(free)} : "
            "libérez de la place, ou donnez un fichier sur un autre disque."
        )


def _mo(octets: int) -> int:
    return -(-octets // 1_000_000)


def _forget_unfinished() -> None:
    """Deletes what killed copies left. A copy in progress is younger than a day."""
    for left in Path(settings.SAUVEGARDES).glob(f"{UNFINISHED}*"):
        if left.stat().st_mtime < time.time() - DAY:
            shutil.rmtree(left, ignore_errors=True)


# Kinds of copies to keep and to purge


@dataclass(frozen=True)
class GenreDeCopie:
    """A kind of copy. `there`: names of the copies of this kind; `erase`: erases one."""

    there: Callable[[], Iterable[str]]
    erase: Callable[[str], None]
    #: no date in the name: the time of the last write counts
    dated_by_file: bool = False


def _remove(path: str) -> None:
    if Path(path).is_dir():
        shutil.rmtree(path)
    else:
        Path(path).unlink(missing_ok=True)


def _in(setting: str, pattern: str) -> Callable[[], Iterator[str]]:
    return lambda: map(str, Path(getattr(settings, setting)).glob(pattern))


KINDS = [
    # Archives: made each night, before an upgrade or a takeover, of a damaged database.
    GenreDeCopie(_in("SAUVEGARDES", f"*{SUFFIX}"), _remove),
    # Moved aside by a restore: files and databases; also databases that this code cannot read.
    GenreDeCopie(_in("MEDIA_ROOT", f".{bases.ASIDE}-*"), _remove),
    GenreDeCopie(lambda: bases.here().asides(), lambda name: bases.here().drop(name)),
    GenreDeCopie(lambda: bases.here().old(), lambda name: bases.here().drop_old(name)),
    # Left by a killed copy or restore: files, databases.
    GenreDeCopie(_in("SAUVEGARDES", f"{UNFINISHED}*"), _remove, dated_by_file=True),
    GenreDeCopie(_in("MEDIA_ROOT", restauration.WORK), _remove, dated_by_file=True),
    GenreDeCopie(lambda: bases.here().unfinished(), lambda _: bases.here().discard(), dated_by_file=True),
]


def echues(moment: datetime) -> list[tuple[GenreDeCopie, str]]:
    """The copies made before a moment, with their kind."""
    limit = f"{timezone.localtime(moment):{STAMP}}"
    return [(kind, name) for kind in KINDS for name in kind.there() if _made(name, kind.dated_by_file) < limit]


def _made(name: str, by_file: bool = False) -> str:
    """The moment in a name; "9999" without one: the file is somebody's own, and stays."""
    if by_file:
        if not Path(name).exists():  # a database without its folder: it is past its time
            return ""
        return f"{timezone.localtime(datetime.fromtimestamp(Path(name).stat().st_mtime, UTC)):{STAMP}}"
    found = _STAMP.findall(Path(name).name)
    if not found:
        return "9999"
    digits = found[-1].replace("-", "")
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}-{digits[8:]}"


def effacer(one: tuple[GenreDeCopie, str]) -> None:
    kind, name = one
    kind.erase(name)
