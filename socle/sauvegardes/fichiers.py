"""Uploaded files take the place of others when the database does, or not at all, even if the exchange is killed.

What the folder holds is renamed, and not the folder: it may be a disk of its own. Marks in the folder of what is put
aside tell how far it went; the next process of the site undoes it before anything else (`verrou.share`).
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from socle.sauvegardes import bases

OUT, IN = ".sortie", ".entree"  # what stands is leaving; it has left, and what comes is entering


@contextmanager
def in_place(source: Path, aside: Path) -> Iterator[None]:
    """Put the uploaded files aside, and those of `source` in; all of it back if the block, which swaps bases, fails."""
    media = Path(settings.MEDIA_ROOT)
    aside.mkdir(mode=0o700)
    (aside / OUT).write_text(source.name)
    try:
        _move(media, aside)
        (aside / OUT).rename(aside / IN)
        _move(source, media)
        yield
    except BaseException:
        _back(aside)
        raise
    (aside / IN).unlink()
    with suppress(OSError):  # it is not empty
        aside.rmdir()


def interrupted() -> list[Path]:
    """Folders of exchanges that were killed, or of the one that is being made."""
    found = Path(settings.MEDIA_ROOT).glob(f".{bases.ASIDE}-*")
    return [aside for aside in found if (aside / OUT).exists() or (aside / IN).exists()]


def undo(aside: Path) -> None:
    """Put back the files of a killed exchange, unless the bases were swapped; it may be killed and done again."""
    if bases.here().swapped(aside.name.removeprefix(f".{bases.ASIDE}-")):
        (aside / IN).unlink()
    else:
        _back(aside)


def _back(aside: Path) -> None:
    media = Path(settings.MEDIA_ROOT)
    if (aside / IN).exists():
        _move(media, media / (aside / IN).read_text())
        (aside / IN).rename(aside / OUT)
    _move(aside, media)
    (aside / OUT).unlink()
    aside.rmdir()


def _move(source: Path, target: Path) -> None:
    target.mkdir(mode=0o700, exist_ok=True)
    for path in [path for path in source.iterdir() if not path.name.startswith(".")]:
        path.rename(target / path.name)
