"""Words of the glossary in a public text become links to their definition, on their first occurrence in a page.

Words are compared by their stems (fiches/recherche/analyse.py): « les non-recourants » leads where « non-recours »
does only if a variant says so, « droits sociaux » wherever « droit social » stands. The longest form wins; a form
written in capitals (a sigle) is found in capitals only, since « CAF » has the stem of « café ». A form of which stop
words leave one stem (« aller vers ») is compared word by word. Nothing leads to a word that is still to be defined, nor
to the page one is on.

The forms are kept in memory, by process, and read again when the glossary changes: one small query a page tells.
"""

import re
from collections.abc import Callable
from itertools import islice
from typing import NamedTuple

from django.db.models import Count, Max
from django.utils.html import escape

from fiches.confidentiel import public
from fiches.glossaire.models import Terme
from fiches.recherche.analyse import stems, tokens
from fiches.texte import fold

_BREAK = re.compile(r"[.;:!?…\n()«»]|,\s")  # two words with one of these between them are no expression
_WORDS = re.compile(r"[^\W_]+")
_SIGLE = re.compile(r"[A-ZÀ-Ý][A-ZÀ-Ý0-9.]+")


class Forme(NamedTuple):
    """One way to write a word of the glossary, and where its definition is."""

    stems: tuple[str, ...]
    exact: tuple[str, ...]  # the folded words it must be, if its stems say too little
    sigle: bool
    adresse: str


def forms(terme: Terme) -> list[Forme]:
    """The forms of a word: its title without what stands in brackets, and its variants."""
    found = []
    for text in (terme.titre.partition("(")[0], *terme.variantes_affichees):
        key, words = tuple(stems(text)), tuple(_WORDS.findall(fold(text)))
        if key:
            exact = words if len(key) == 1 and len(words) > 1 else ()
            found.append(Forme(key, exact, bool(_SIGLE.fullmatch(text.strip())), terme.get_absolute_url()))
    return found


class Lexique:
    """All forms of the defined words, by their first stem, the longest first."""

    def __init__(self, termes):
        self.by_stem: dict[str, list[Forme]] = {}
        for terme in termes:
            for form in forms(terme):
                self.by_stem.setdefault(form.stems[0], []).append(form)
        for candidates in self.by_stem.values():
            candidates.sort(key=lambda form: -len(form.stems))

    def find(self, text: str, seen: set[str]) -> list[tuple[int, int, str]]:
        """(start, end, address) of the words of `text` that lead somewhere not in `seen`, which grows, in order."""
        words, found, position = list(tokens(text)), [], 0
        while position < len(words):
            for form in self.by_stem.get(words[position].stem, ()):
                end = form.adresse not in seen and self._end(form, text, words, position)
                if end:
                    found.append((words[position].start, end, form.adresse))
                    seen.add(form.adresse)
                    position += len(form.stems) - 1
                    break
            position += 1
        return found

    @staticmethod
    def _end(form: Forme, text: str, words, position: int) -> int:
        """Where `form` ends in `text` if it stands at that word; 0 if it does not."""
        run = words[position : position + len(form.stems)]
        if tuple(word.stem for word in run) != form.stems:
            return 0
        start, end = run[0].start, run[-1].end
        if form.exact:
            written = list(islice(_WORDS.finditer(text, start), len(form.exact)))
            if tuple(fold(word.group()) for word in written) != form.exact:
                return 0
            end = written[-1].end()
        if _BREAK.search(text[start:end]) and not form.sigle:
            return 0
        return 0 if form.sigle and not _SIGLE.fullmatch(text[start:end]) else end


_known: tuple[object, Lexique] = (None, Lexique(()))


def lexique() -> Lexique:
    """The forms of the glossary as it is now. One query; another reads it again if it has changed."""
    global _known
    defined = Terme.objects.published().exclude(definition="")
    row = defined.aggregate(nombre=Count("pk"), dernier=Max("modifiee_le"), versions=Max("version"))
    version = tuple(row.values())
    if _known[0] != version:
        rows = defined.only("titre", "slug", "statut", "variantes")
        _known = (version, Lexique(public(rows)))
    return _known[1]


def linker(path: str) -> Callable[[str], str]:
    """What makes HTML of the plain words of one page, whose address is `path`: escaped, first occurrences as links."""
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
