"""Themes proposed from the words of a record, and the list of themes that a new site starts with."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.utils.text import slugify

from fiches.lists import Theme
from socle.francais.texte import fold
from socle.recherche.analyse import tokens

MAX_THEMES = 3
# Once in the title says more than any number of times in the text.
TITLE_WEIGHT = 100
# One mention in a long text may be in passing; two are not.
ENOUGH_IN_TEXT = 2
SAUF = "sauf "  # before a key word: « garderie » is one of families, not that of « halte-garderie »


def propose_themes(titre: str, texte: str, themes: Iterable[Theme]) -> list[Theme]:
    """The themes, three at most, whose key words the record holds, best first.

    A theme is proposed if a key word stands in the title, or two in the text; one in the text is enough for a record
    that would otherwise have no theme. Words are compared by their forms (socle/recherche/analyse.py): « participants »
    are not « participation ». Expressions are words that follow one another; where those of two themes stand in one
    place, the longer one counts: « accueil de loisirs » is not « accueil ». One behind « sauf » counts for no theme.
    Two themes as good as each other come in the order of their names.
    """
    themes, owners = list(themes), defaultdict(list)
    for number, theme in enumerate(themes):
        for expression, spared in key_lines(theme.mots_cles):
            owned = owners[key_words(expression)]
            owned += [] if spared or number in owned else [number]
    owners.pop((), None)
    in_title, in_text = count(words(titre), owners), count(words(texte), owners)
    points = {number: in_title[number] * TITLE_WEIGHT + in_text[number] for number in in_title | in_text}
    sure = [number for number in points if points[number] >= ENOUGH_IN_TEXT]
    best_first = sorted(sure or points, key=lambda number: (-points[number], fold(themes[number].nom)))
    return [themes[number] for number in best_first[:MAX_THEMES]]


def words(text: str) -> list[str]:
    """The words of `text`, without stop words, accents, plurals and feminines."""
    return [token.forme for token in tokens(text)]


def key_lines(mots_cles: str) -> list[tuple[str, bool]]:
    """(expression, whether it stands behind « sauf ») of each key word of a theme, each line once."""
    lines = dict.fromkeys(line.strip() for line in mots_cles.splitlines())
    return [(line[len(SAUF) :], True) if line.lower().startswith(SAUF) else (line, False) for line in lines]


@lru_cache(maxsize=2048)
def key_words(line: str) -> tuple[str, ...]:
    """The words of a key expression."""
    return tuple(words(line))


def count(text: list[str], owners: dict[tuple[str, ...], list[int]]) -> Counter[int]:
    """How often an expression of each owner stands in `text`; the longest wins, and a word counts once."""
    lengths = sorted({len(expression) for expression in owners}, reverse=True)
    firsts = {expression[0] for expression in owners}
    found, start = Counter(), 0
    while start < len(text):
        known = text[start] in firsts
        length = next((n for n in lengths if tuple(text[start : start + n]) in owners), 0) if known else 0
        found.update(owners[tuple(text[start : start + length])] if length else ())
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
        names.add(fold(nom))
    created = 0
    for entry in entries:
        slug = slugify(entry["nom"])
        if slug in slugs or fold(entry["nom"]) in names:
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
