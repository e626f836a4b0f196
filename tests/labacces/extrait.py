"""The extract of the old site, and the official code that its takeover leans on."""

import json
from functools import lru_cache
from pathlib import Path

from django.core.management import call_command

from fiches.referentiels.chargement import read_tables, save_table
from fiches.referentiels.models import Commune
from fiches.themes import load_themes

EXTRAIT = Path(__file__).parents[1] / "exemples" / "extrait-labacces.txt"
THEMES = Path(__file__).parents[2] / "fixtures" / "themes.json"


@lru_cache(maxsize=1)
def _tables():
    """The official code, its communes those of Bretagne and around."""
    near = {"22", "29", "35", "44", "56"}
    return [
        (table.model, [item for item in items if table.model is not Commune or item.departement_id in near])
        for table, items in read_tables()
    ]


def load_france() -> None:
    """Places and themes, as a site that starts has them."""
    for model, items in _tables():
        save_table(model, items)
    load_themes(THEMES)


def take(folder: Path, data, *options) -> dict:
    """Run the command on a file or on bytes, and read its report; both are written in `folder`."""
    source = data
    if isinstance(data, bytes):
        source = folder / "dump.txt"
        source.write_bytes(data)
    rapport = folder / "rapport.json"
    call_command("importer_yeswiki", str(source), *options, rapport=rapport, verbosity=0)
    return json.loads(rapport.read_text(encoding="utf-8"))


def changed(old: str, new: str, count: int = 1) -> bytes:
    """The extract with other words in one place at least."""
    text = EXTRAIT.read_text(encoding="utf-8")
    assert text.count(old) >= count
    return text.replace(old, new).encode()
