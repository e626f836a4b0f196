"""Synonyms as the search uses them: expressions that are looked for beside the typed one.

They apply when a query is read, not when a record is indexed: an editor's change works at once, on every record, in
every worker. A process keeps them analysed until one changes.
"""

import json
from pathlib import Path

from socle.journal.cache import cached
from socle.journal.following import COMMUN
from socle.recherche.analyse import stems
from socle.recherche.models import Synonymes

LONGEST = 8  # words of an expression

Expression = tuple[str, ...]  # its stems
Others = dict[Expression, tuple[Expression, ...]]  # {expression: other expressions looked for}


def known() -> Others:
    """One query when a synonym has changed."""
    return cached("synonymes", lambda: _others(Synonymes.objects.order_by("pk")), COMMUN)


def _others(rows) -> Others:
    others: dict[Expression, dict] = {}
    for row in rows:
        group = list(dict.fromkeys(filter(None, (tuple(stems(line))[:LONGEST] for line in row.lignes))))
        for expression in group[:1] if row.sens_unique else group:
            others.setdefault(expression, {}).update(dict.fromkeys(other for other in group if other != expression))
    return {expression: tuple(found) for expression, found in others.items()}


def load_synonyms(path: Path) -> tuple[int, int]:
    """Create the groups of a JSON file if there is none yet: (groups in the file, groups created).

    The file is [{"mots": [expression, …], "sens_unique": bool}]. Later the groups are the editors': one that they
    deleted does not come back.
    """
    entries = json.loads(path.read_text(encoding="utf-8"))
    if Synonymes.objects.exists():
        return len(entries), 0
    for entry in entries:
        Synonymes.objects.create(mots="\n".join(entry["mots"]), sens_unique=entry.get("sens_unique", False))
    return len(entries), len(entries)
