"""The list of erasures: what makes a restored backup forget again, without naming anybody.

It is kept twice: in the database, which tells what the database has forgotten already, and in a file beside it
(settings.EFFACEMENTS), which no restored database takes back. A line of it is a keyed digest and a moment; the key
comes from SECRET_KEY, which no backup of the database holds.
"""

import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from vie_privee.models import Effacement
from vie_privee.registre import swept, texts

_COURRIEL = re.compile(r"[^\s<>(),;:\"'\[\]@]{1,64}@[^\s<>(),;:\"'\[\]@]{1,255}")


def digest(adresse: str) -> str:
    return salted_hmac("vie_privee.effacements", adresse.strip().casefold(), algorithm="sha256").hexdigest()


def remember(adresse: str) -> None:
    """Put an address on the list, in the transaction of its erasure; in the file once that is committed."""
    row, _ = Effacement.objects.get_or_create(empreinte=digest(adresse))
    transaction.on_commit(partial(_append, row.empreinte))


def _append(empreinte: str) -> None:
    path = Path(settings.EFFACEMENTS)
    if empreinte in on_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(f"{empreinte} {timezone.now().isoformat(timespec='seconds')}\n")
        file.flush()
        os.fsync(file.fileno())


def on_file() -> set[str]:
    """Digests that the file holds; none if there is no file yet."""
    path = Path(settings.EFFACEMENTS)
    if not path.exists():
        return set()
    return {line.split()[0] for line in path.read_text(encoding="ascii").splitlines() if line.strip()}


def missed() -> set[str]:
    """Digests of the file that this database does not know of: it was restored from before those erasures."""
    return on_file() - set(Effacement.objects.values_list("empreinte", flat=True))


def addresses(wanted: set[str]) -> Iterator[str]:
    """Addresses that stand anywhere in the database and whose digest is wanted, each once."""
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
