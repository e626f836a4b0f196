"""The list of erasures: it lets a restored backup erase again, and names nobody.

It is kept twice: the database's list says what this database has done; the file beside it (settings.EFFACEMENTS) is
never restored. A line is a keyed digest, a moment and a kind: none for all about an address, else a person's own action
(`gestes.py`). The key comes from SECRET_KEY, which no backup holds.

The file gets a line before the commit: a kill in between loses nothing. If the transaction fails, the line stays:
somebody asked for it, and a restored backup will do it.
"""

import logging
import os
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from socle.vie_privee.conservation import swept, texts
from socle.vie_privee.models import Effacement

_COURRIEL = re.compile(r"[^\s<>(),;:\"'\[\]@]{1,64}@[^\s<>(),;:\"'\[\]@]{1,255}")
_LIGNE = re.compile(r"([0-9a-f]{64}) (\S+)(?: ([a-z-]+))?")
_SAME = timedelta(seconds=1)  # a database moved as JSON keeps fewer digits of a moment

logger = logging.getLogger(__name__)


def digest(adresse: str) -> str:
    return keyed("", adresse.strip().casefold())


def keyed(genre: str, text: str) -> str:
    # Lists of erasures that are kept in files were written under this name: it must never change.
    salt = f"socle.vie_privee.effacements{f'.{genre}' if genre else ''}"
    return salted_hmac(salt, text, algorithm="sha256").hexdigest()


def inscribe(empreintes: Iterable[str], genre: str = "") -> None:
    """Add digests to the list, in the transaction of the erasure."""
    now = timezone.now()
    lines = [Effacement(empreinte=one, efface_le=now, genre=genre) for one in dict.fromkeys(empreintes)]
    settle(lines)
    _write(lines)


def settle(lines: Iterable[Effacement]) -> None:
    """Note that this database has done these erasures."""
    Effacement.objects.bulk_create(
        lines, update_conflicts=True, update_fields=["efface_le"], unique_fields=["empreinte"]
    )


def complete_file() -> None:
    """Add lines that only the database has: the file was lost, or could not be written."""
    written = on_file()
    _write([line for line in Effacement.objects.all() if _is_newer(line, written.get(line.empreinte))])


def _write(lines: Collection[Effacement]) -> None:
    if not lines:
        return
    path = Path(settings.EFFACEMENTS)
    told = (f"{line.empreinte} {line.efface_le.isoformat()} {line.genre}".rstrip() for line in lines)
    text = "".join(f"{line}\n" for line in told)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - 1, 0))
            cut_short = file.read(1) not in (b"", b"\n")
            file.write(b"\n" * cut_short + text.encode("ascii"))
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        # The erasure goes on: `manage.py purger` writes the line later.
        logger.exception("La liste des effacements n’a pas pu être écrite dans %s.", path)


def on_file() -> dict[str, Effacement]:
    """{digest: its last line}; {} without a file. A line cut short is skipped."""
    path = Path(settings.EFFACEMENTS)
    found: dict[str, Effacement] = {}
    lines = path.read_text(encoding="ascii", errors="replace").splitlines() if path.exists() else ()
    for match in filter(None, (_LIGNE.fullmatch(line.strip()) for line in lines)):
        with suppress(ValueError):
            line = Effacement(empreinte=match[1], efface_le=datetime.fromisoformat(match[2]), genre=match[3] or "")
            found[match[1]] = max(line, found.get(match[1], line), key=lambda one: one.efface_le)
    return found


def missed() -> list[Effacement]:
    """Lines that this database, restored from an older backup, has not done."""
    known = {line.empreinte: line for line in Effacement.objects.all()}
    return [line for line in on_file().values() if _is_newer(line, known.get(line.empreinte))]


def _is_newer(line: Effacement, other: Effacement | None) -> bool:
    return other is None or line.efface_le > other.efface_le + _SAME


def addresses(wanted: Collection[str]) -> Iterator[str]:
    """Addresses anywhere in the database whose digest is wanted, each once."""
    seen = set()
    for model in swept():
        names = [field.attname for field in texts(model)]
        for values in model._base_manager.order_by().values_list(*names).iterator(chunk_size=500):
            for found in _COURRIEL.findall(" ".join(str(value) for value in values if value)):
                folded = found.strip(".").casefold()
                if folded not in seen:
                    seen.add(folded)
                    if digest(folded) in wanted:
                        yield folded
