"""Themes proposed from a record's words (`indexation.propose` calls it), and the first themes of a new site."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.utils.text import slugify

from fiches.choice_lists import Theme
from socle.francais.texte import fold
from socle.recherche.analyse import tokens

MAX_THEMES = 3
# Once in the title counts more than any number of times in the text.
TITLE_WEIGHT = 100
# One mention in a long text may mean little; two do not.
ENOUGH_IN_TEXT = 2
SAUF = "sauf "  # before a key word that does not count: « garderie » but not « halte-garderie »


def propose_themes(titre: str, texte: str, themes: Iterable[Theme]) -> list[Theme]:
    """Themes whose key words the record holds: three at most, best first, then by name.

    - A theme needs one key word in the title or two in the text. If none has that, one in the text is enough.
    - Words are compared by form (socle/recherche/analyse.py): « participants » is not « participation ».
    - Of overlapping expressions the longest counts: « accueil de loisirs » is not « accueil ».
    - An expression after « sauf » counts for no theme.
    """
    themes, owners = list(themes), defaultdict(list)
    for number, theme in enumerate(themes):
        for expression, spared in key_lines(theme.mots_cles):
            owned = owners[key_words(expression)]
            owned += [] if spared or number in owned else [number]
    owners.pop((), None)
    in_title, in_text = count(split_words(titre), owners), count(split_words(texte), owners)
    points = {number: in_title[number] * TITLE_WEIGHT + in_text[number] for number in in_title | in_text}
    sure = [number for number in points if points[number] >= ENOUGH_IN_TEXT]
    best_first = sorted(sure or points, key=lambda number: (-points[number], fold(themes[number].nom)))
    return [themes[number] for number in best_first[:MAX_THEMES]]


def split_words(text: str) -> list[str]:
    """The words of a text without stop words, accents, plurals and feminines."""
    return [token.forme for token in tokens(text)]


def key_lines(mots_cles: str) -> list[tuple[str, bool]]:
    """(expression, whether after « sauf ») of each line, without repeats."""
    lines = dict.fromkeys(line.strip() for line in mots_cles.splitlines())
    return [(line[len(SAUF) :], True) if line.lower().startswith(SAUF) else (line, False) for line in lines]


@lru_cache(maxsize=2048)
def key_words(line: str) -> tuple[str, ...]:
    return tuple(split_words(line))


def count(text: list[str], owners: dict[tuple[str, ...], list[int]]) -> Counter[int]:
    """{theme: number of its expressions}. The longest wins; each word counts once."""
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
    """Create the themes of a JSON file if the site has none; return (themes in the file, themes created).

    The file is a list of {"nom", "mots_cles": [...]}. Later, themes belong to the editors: deleted ones do not come
    back. `missing`: create those of this file that do not exist, by address or name. OSError or ValueError for another
    file.
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
