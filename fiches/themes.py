"""Themes proposed from the words of a record, and the list of themes that a new site starts with."""

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.utils.text import slugify

from fiches.lists import Theme
from socle.francais.texte import fold
from socle.recherche.analyse import stems

MAX_THEMES = 3
# Once in the title says more than any number of times in the text.
TITLE_WEIGHT = 100
# One mention in a long text may be in passing; two are not.
ENOUGH_IN_TEXT = 2


def propose_themes(titre: str, texte: str, themes: Iterable[Theme]) -> list[Theme]:
    """The themes, three at most, whose key words the record holds, best first.

    A theme is proposed if a key word stands in the title, or two in the text; one in the text is enough for a record
    that would otherwise have no theme. Words are compared as the search compares them (socle/recherche/analyse.py),
    expressions as words that follow one another. Two themes as good as each other come in the order of their names.
    """
    title, text = stems(titre), stems(texte)
    found = []
    for theme in themes:
        expressions = key_expressions(theme.mots_cles)
        in_title, in_text = count(title, expressions), count(text, expressions)
        if in_title or in_text:
            found.append((theme, in_title, in_text))
    sure = [hit for hit in found if hit[1] or hit[2] >= ENOUGH_IN_TEXT]
    best_first = sorted(sure or found, key=lambda hit: (-(hit[1] * TITLE_WEIGHT + hit[2]), fold(hit[0].nom)))
    return [theme for theme, _, _ in best_first[:MAX_THEMES]]


@lru_cache(maxsize=256)
def key_expressions(mots_cles: str) -> frozenset[tuple[str, ...]]:
    """The key words of a theme, one expression a line, analysed."""
    return frozenset(filter(None, (tuple(stems(line)) for line in mots_cles.splitlines())))


def count(words: list[str], expressions: frozenset[tuple[str, ...]]) -> int:
    """How often one of `expressions` stands in `words`; the longest wins, and a word counts once."""
    lengths = sorted({len(expression) for expression in expressions}, reverse=True)
    firsts = {expression[0] for expression in expressions}
    found, start = 0, 0
    while start < len(words):
        known = words[start] in firsts
        length = next((n for n in lengths if tuple(words[start : start + n]) in expressions), 0) if known else 0
        found += bool(length)
        start += length or 1
    return found


def load_themes(path: Path, *, missing: bool = False) -> tuple[int, int]:
    """Create the themes of a JSON file where there is none yet: (themes in the file, themes created).

    The file is a list of {"nom", "mots_cles": [...]}. As soon as there are themes they are the editors', and one that
    they deleted does not come back. `missing`: someone asked for this very file: create those of its themes that do
    not exist, by address or name; the others are left as they are. OSError or ValueError if the file is none or is not
    such a list.
    """
    entries = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(entries, list) or not all(map(is_theme, entries)):
        raise ValueError("liste de thèmes attendue : nom, mots_cles")
    if not missing and Theme.objects.exists():
        return len(entries), 0
    slugs, names = set(), set()
    for slug, nom in Theme.objects.values_list("slug", "nom"):
        slugs.add(slug)
        names.add(nom)
    created = 0
    for entry in entries:
        slug = slugify(entry["nom"])
        if slug in slugs or entry["nom"] in names:
            continue
        Theme.objects.create(nom=entry["nom"], slug=slug, mots_cles="\n".join(entry["mots_cles"]))
        slugs.add(slug)
        created += 1
    return len(entries), created


def is_theme(entry) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("nom"), str)
        and bool(slugify(entry["nom"]))
        and isinstance(entry.get("mots_cles"), list)
        and all(isinstance(word, str) for word in entry["mots_cles"])
    )
