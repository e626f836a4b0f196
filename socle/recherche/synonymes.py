"""The synonyms as the search uses them: what else is looked for when somebody types an expression.

They serve when a query is read, not when a record is indexed: an editor's change then works at once, on every record,
in every worker, without indexing anything again. A process keeps them analysed, with the version they were read at; the
query that weighs the terms of each search tells the version too, so that knowing costs no query more.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from socle.recherche.analyse import stems
from socle.recherche.models import Synonymes

LONGEST = 8  # words of an expression

# What changes whenever a row does. Columns of a SELECT.
VERSION = """
    (SELECT count(*) FROM recherche_synonymes), (SELECT max(id) FROM recherche_synonymes),
    (SELECT max(modifiee_le) FROM recherche_synonymes)
"""
VERSION_COLUMNS = 3


@dataclass(frozen=True)
class Synonymie:
    """{expression: the others that are looked for too}, as stems, and the version of the rows it was made of."""

    version: tuple = ()
    others: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] | None = None

    def of(self, expression: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        return (self.others or {}).get(expression, ())


_known = Synonymie()


def known() -> Synonymie:
    """The synonyms as this process last read them. No query."""
    return _known


def read() -> Synonymie:
    """The synonyms as they are now. Two queries: their version first, so that what changes meanwhile is read again."""
    global _known
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {VERSION}")
        version = cursor.fetchone()
    _known = Synonymie(tuple(version), _others(Synonymes.objects.order_by("pk")))
    return _known


def _others(rows) -> dict:
    others: dict[tuple[str, ...], dict] = {}
    for row in rows:
        group = list(dict.fromkeys(filter(None, (tuple(stems(line))[:LONGEST] for line in row.lignes))))
        for expression in group[:1] if row.sens_unique else group:
            others.setdefault(expression, {}).update(dict.fromkeys(other for other in group if other != expression))
    return {expression: tuple(found) for expression, found in others.items()}


def load_synonyms(path: Path) -> tuple[int, int]:
    """Create the groups of a JSON file where there is none yet: (groups in the file, groups created).

    The file is [{"mots": [expression, …], "sens_unique": bool}]. As soon as there are groups they are the editors', and
    one that they deleted does not come back.
    """
    entries = json.loads(path.read_text(encoding="utf-8"))
    if Synonymes.objects.exists():
        return len(entries), 0
    for entry in entries:
        Synonymes.objects.create(mots="\n".join(entry["mots"]), sens_unique=entry.get("sens_unique", False))
    return len(entries), len(entries)
