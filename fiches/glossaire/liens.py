"""Links words in public texts to the glossary, at their first occurrence on a page. Pages call `linker`.

- Words are compared one by one, folded and singular: « droits sociaux » matches « droit social ». Search stems would be
  too loose: « droite » would match « droit ».
- A form with small words inside (« accès aux droits ») matches others (« accès à ces droits »). A form without them
  allows none.
- The longest form wins. A form in capitals matches capitals only: « caf » is a coffee.
- No link leads to a word without a definition, nor to the page itself.

Each process keeps the forms until the glossary changes.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from django.utils.html import escape

from fiches.glossaire.models import Terme
from socle.francais.texte import fold
from socle.journal.cache import cached
from socle.recherche.analyse import STOP_WORDS

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}[^\W\d_]?|[^\W_]+")  # « R.S.A. », or letters and digits
_BREAK = re.compile(r"[.;:!?…\n()«»,]")  # two words with one of these between them are no expression
_SIGLE = re.compile(r"[A-ZÀ-Ý][A-ZÀ-Ý0-9.]+")
GAP = ""  # in a form: one or more small words
GAP_WORDS = 3


class MotDuTexte(NamedTuple):
    """A word of a text, folded and singular; its place; whether it is a small word (le, de, aux)."""

    nom: str
    start: int
    end: int
    petit: bool


class Forme(NamedTuple):
    """A spelling of a term, and the address of its definition. `noms`: its words, GAP for small ones."""

    noms: tuple[str, ...]
    sigle: bool
    adresse: str


def split_words(text: str) -> list[MotDuTexte]:
    found = []
    for match in _WORD.finditer(text):
        word = fold(match.group()).replace(".", "")
        found.append(
            MotDuTexte(_singular(word), match.start(), match.end(), word in STOP_WORDS and "." not in match.group())
        )
    return found


def _singular(word: str) -> str:
    if word.endswith("aux") and len(word) > 4:
        return f"{word[:-3]}al"
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def forms(terme: Terme) -> list[Forme]:
    """A term's title without parentheses, and its variants."""
    found = []
    for text in (terme.titre.partition("(")[0], *terme.variantes_affichees):
        words = split_words(text)
        if all(word.petit for word in words):
            continue
        noms: list[str] = []
        for position, word in enumerate(words):
            inside = position > 0 and any(not other.petit for other in words[position:])
            if not word.petit or not inside:
                noms.append(word.nom)
            elif noms[-1] != GAP:
                noms.append(GAP)
        found.append(Forme(tuple(noms), bool(_SIGLE.fullmatch(text.strip())), terme.get_absolute_url()))
    return found


class Lexique:
    """The forms of all defined terms, by first word, longest first."""

    def __init__(self, termes):
        self.by_word: dict[str, list[Forme]] = {}
        for terme in termes:
            for form in forms(terme):
                self.by_word.setdefault(form.noms[0], []).append(form)
        for candidates in self.by_word.values():
            candidates.sort(key=lambda form: -len(form.noms))

    def find(self, text: str, seen: set[str]) -> list[tuple[int, int, str]]:
        """(start, end, address) of words to link, in order. Skips addresses in `seen`, and adds the new ones."""
        words, found, position = split_words(text), [], 0
        while position < len(words):
            after = position + 1
            for form in self.by_word.get(words[position].nom, ()):
                last = form.adresse not in seen and self._last(form, text, words, position)
                if last:
                    found.append((words[position].start, words[last - 1].end, form.adresse))
                    seen.add(form.adresse)
                    after = last
                    break
            position = after
        return found

    @staticmethod
    def _last(form: Forme, text: str, words: list[MotDuTexte], first: int) -> int:
        """Index of the word after `form` if the text has it from word `first` on; else 0."""
        position = first
        for nom in form.noms:
            if nom == GAP:
                small = 0
                while position < len(words) and words[position].petit and small < GAP_WORDS:
                    position, small = position + 1, small + 1
                if not small:
                    return 0
            elif position < len(words) and words[position].nom == nom:
                position += 1
            else:
                return 0
        run = text[words[first].start : words[position - 1].end]
        if form.sigle:
            return position if _SIGLE.fullmatch(run) else 0
        between = "".join(
            text[one.end : other.start]
            for one, other in zip(words[first:position], words[first + 1 : position], strict=False)
        )
        return 0 if _BREAK.search(between) else position


def lexique() -> Lexique:
    """The present forms, kept until the glossary changes. One query, one more after a change."""
    return cached("lexique", lambda: Lexique(_defined()), "terme")


def _defined():
    return Terme.objects.published().exclude(definition="").only("titre", "slug", "statut", "variantes")


def linker(path: str) -> Callable[[str], str]:
    """(text) → escaped HTML with links, for the page at `path`."""
    known, seen = lexique(), {path}

    def words(text: str) -> str:
        out, last = [], 0
        for start, end, adresse in known.find(text, seen):
            out.append(
                f'{escape(text[last:start])}<a class="mot" href="{escape(adresse)}">{escape(text[start:end])}</a>'
            )
            last = end
        out.append(escape(text[last:]))
        return "".join(out)

    return words
