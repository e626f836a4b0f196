"""The text of a page: plain as in records (socle/francais/prose.py), with a few marks. Never raw HTML.

- `## Titre` opens a section, `### Titre` a part of one;
- `**gras**` is bold, `[intitulé](/adresse/)` a link, inside the site or to an http(s) address;
- `{siren}` is a fact of the operator (labacces/pages/operateur.py). A sentence with an unknown fact is left out, and so
  is one with `[à compléter : …]`, a note of editors; so is a heading with nothing left below it;
- ` || ` separates choices: the first whose facts are known, or else the last;
- a line `[[nom]]` is replaced by a computed part (labacces/pages/calculs.py).

E-mail addresses become links: the operator wants mail.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from socle.francais.prose import link, prose_of_lines
from socle.francais.typographie import typographie

_HEADING = re.compile(r"(?P<signs>###?)\s+(?P<titre>\S.*)")
_COMPUTED = re.compile(r"\[\[(?P<nom>[a-z-]+)\]\]")
_FACT = re.compile(r"\{(?P<nom>[a-z_]+)\}(?P<point>\.?)")
_SENTENCE = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…]\*\*))[ \u00a0]+(?=[A-ZÀ-Ý«\[{*])")
_TO_FILL = r"\[à compléter\s*:?\s*(?P<quoi>[^\[\]\n]*)\]"
_INLINE = re.compile(
    r"\*\*(?P<gras>[^\s*](?:[^*\n]*[^\s*])?)\*\*"
    r"|\[(?P<intitule>[^\[\]\n]+)\]\((?P<adresse>/(?![/\\])[^\s()<>\"\\]*|https?://[^\s()<>\"]+)\)",
    re.IGNORECASE,
)
_COURRIEL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")


@dataclass(frozen=True)
class Titre:
    id: str
    texte: str


@dataclass(frozen=True)
class Texte:
    """A text as HTML, and its main headings."""

    html: SafeString
    titres: list[Titre]


def a_completer(text: str) -> list[str]:
    """What a text leaves to fill in, in order."""
    return [match["quoi"].strip() for match in re.finditer(_TO_FILL, text, re.IGNORECASE)]


def computed(text: str) -> list[str]:
    """Names of the computed lines, in order."""
    return [match["nom"] for line in text.splitlines() if (match := _COMPUTED.fullmatch(line.strip()))]


def fill(text: str, faits: dict[str, str]) -> str:
    """What the public reads. `faits`: {name: known fact or ""}."""
    return "\n".join(_without_emptied_sections([_filled(line, faits) for line in text.splitlines()]))


def _filled(line: str, faits: dict[str, str]) -> str | None:
    """A line with its facts; None if nothing is left."""
    choices = line.split(" || ")
    chosen = next((one for one in choices if not _lacks(one, faits)), choices[-1])
    if not _lacks(chosen, faits):
        kept = [chosen]
    else:
        kept = [sentence for sentence in _sentences(chosen) if not _lacks(sentence, faits)]
    return _FACT.sub(lambda match: _said(match, faits), " ".join(kept)) if kept else None


def _sentences(text: str) -> list[str]:
    """The sentences of a line; those inside one bold mark count as one."""
    found = []
    for sentence in _SENTENCE.split(text):
        if found and found[-1].count("**") % 2:
            found[-1] += f" {sentence}"
        else:
            found.append(sentence)
    return found


def _lacks(text: str, faits: dict[str, str]) -> bool:
    return bool(a_completer(text)) or any(not faits.get(one["nom"], "?") for one in _FACT.finditer(text))


def _said(match: re.Match, faits: dict[str, str]) -> str:
    """A fact with one full stop. An unknown name stays as written."""
    if match["nom"] not in faits:
        return match.group()
    said = " ".join(faits[match["nom"]].split())
    return said.rstrip(". ") + "." if match["point"] else said


def _without_emptied_sections(lines: list[str | None]) -> list[str]:
    """Lines that are not None, without headings whose content was all left out."""
    kept, below, emptied = [], {2: False, 3: False}, {2: False, 3: False}
    for line in reversed(lines):
        if line is None:
            emptied = dict.fromkeys(emptied, True)
        elif heading := _HEADING.fullmatch(line.strip()):
            level = len(heading["signs"])
            if stays := below[level] or not emptied[level]:
                kept.append(line)
            below = {2: level == 3 and (stays or below[2]), 3: False}
            emptied = {2: level == 3 and emptied[2], 3: False}
        else:
            kept.append(line)
            below = dict.fromkeys(below, True) if line.strip() else below
    return kept[::-1]


def render(
    text: str,
    calculs: dict[str, Callable[[], str]] | None = None,
    words: Callable[[str], str] = escape,
    faits: dict[str, str] | None = None,
) -> Texte:
    """The text as HTML. `calculs`: {name of a computed line: () → HTML}; other names stay.

    `words` makes HTML of plain words, never of a link, heading or address.
    """
    html: list[str] = []
    plain: list[str] = []
    titres: list[Titre] = []
    taken: set[str] = set()

    def flush():
        if any(plain):
            html.append(prose_of_lines("\n".join(plain), partial(_inline, words=words)))
        plain.clear()

    for line in map(typographie, fill(text, faits or {}).splitlines()):
        heading, call = _HEADING.fullmatch(line.strip()), _COMPUTED.fullmatch(line.strip())
        if heading:
            flush()
            titre = Titre(_free(heading["titre"], taken), heading["titre"].strip())
            main = len(heading["signs"]) == 2 or not titres  # a part needs a section
            if main:
                titres.append(titre)
            tag, style = ("h2", ' class="repere"') if main else ("h3", "")
            html.append(f'<{tag}{style} id="{titre.id}">{escape(titre.texte)}</{tag}>')
        elif call and call["nom"] in (calculs or {}):
            flush()
            html.append(calculs[call["nom"]]())
        else:
            plain.append(line)
    flush()
    return Texte(mark_safe("\n".join(html)), titres)  # noqa: S308  (every piece went through escape)


def _free(titre: str, taken: set[str]) -> str:
    """A new anchor. Its « s- » avoids the anchors of the rest of the page."""
    wanted = anchor = f"s-{slugify(titre) or 'section'}"
    number = 1
    while anchor in taken:
        number += 1
        anchor = f"{wanted}-{number}"
    taken.add(anchor)
    return anchor


def _inline(text: str, words: Callable[[str], str]) -> str:
    plain = partial(link, words=partial(_with_mails, words=words))
    out, start = [], 0
    for match in _INLINE.finditer(text):
        out.append(plain(text[start : match.start()]))
        if match["gras"]:
            out.append(f"<strong>{_inline(match['gras'], words)}</strong>")
        else:
            out.append(f'<a href="{escape(match["adresse"])}">{escape(match["intitule"])}</a>')
        start = match.end()
    out.append(plain(text[start:]))
    return "".join(out)


def _with_mails(text: str, words: Callable[[str], str]) -> str:
    """Plain words as HTML, with e-mail addresses as links."""
    out, start = [], 0
    for match in _COURRIEL.finditer(text):
        address = escape(match.group())
        out.append(f'{words(text[start : match.start()])}<a href="mailto:{address}">{address}</a>')
        start = match.end()
    out.append(words(text[start:]))
    return "".join(out)
