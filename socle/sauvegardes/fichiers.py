"""Exchanges the uploaded files together with the database, or not at all, even if killed.

The contents of the folder are renamed, not the folder: it may be a disk. Marks in the folder of moved files tell how
far the exchange went; the next process of the site undoes it (`verrou.share`).
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from socle.sauvegardes import bases

OUT, IN = ".sortie", ".entree"  # files are leaving; files have left, and others are coming in


@contextmanager
def in_place(source: Path, aside: Path) -> Iterator[None]:
    """Moves the uploaded files aside and those of `source` in; all back if the block, which swaps databases, fails."""
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
    """Folders of killed exchanges, or of one in progress."""
    found = Path(settings.MEDIA_ROOT).glob(f".{bases.ASIDE}-*")
    return [aside for aside in found if (aside / OUT).exists() or (aside / IN).exists()]


def undo(aside: Path) -> None:
    """Moves the files of a killed exchange back, unless the databases were swapped. It may be repeated."""
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
