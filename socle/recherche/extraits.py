"""Text of a result, with the searched words in <mark>: a whole title, or an extract."""

import re
from collections import Counter

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from socle.francais.typographie import guillemets
from socle.recherche.analyse import Token, tokens
from socle.recherche.parsing import Query

ELLIPSIS = "…"
_LINK = re.compile(r"[-‐‑'’]|\s+(?:[^\W\d_]+(?:\s+|['’]))*")


def highlight(text: str, query: Query) -> SafeString:
    """All of `text`, escaped and marked. For titles."""
    return _marked(text, _found(text, query), 0, len(text))


def snippet(text: str, query: Query, length: int = 220) -> SafeString:
    """About `length` characters of `text`, cut between words, where most wanted words stand, marked.

    « … » shows that text was left out. White space becomes one space, straight quotes become « ». Without a wanted
    word, the beginning of the text.
    """
    text = guillemets(text.strip())  # before the cut, which may part two quotes
    found = _found(text, query)
    start, end = _window(text, found, length)
    html = _marked(text, found, start, end).strip()
    before = f"{ELLIPSIS} " if text[:start].strip() else ""
    after = f" {ELLIPSIS}" if text[end:].strip() else ""
    return mark_safe(f"{before}{html}{after}")  # noqa: S308 - escaped piece by piece in _marked


def _found(text: str, query: Query) -> list[Token]:
    wanted = query.stems
    return [token for token in tokens(text) if token.stem in wanted] if wanted else []


def _window(text: str, found: list[Token], length: int) -> tuple[int, int]:
    """Bounds, between words, of about `length` characters around the best group of words."""
    first, last = _densest(found, length)
    if first is None or len(text) <= length:
        start = 0
    else:
        # One third of the space left goes before the words, two thirds after: people read forward.
        spare = max(0, length - (last.end - first.start))
        start = max(0, min(first.start - spare // 3, len(text) - length))
    end = min(len(text), start + length)
    if start > 0 and (space := re.compile(r"\s").search(text, start - 1, first.start)):
        start = space.end()
    if end < len(text) and (space := re.compile(r"\s(?=\S*$)").search(text, last.end if last else start, end + 1)):
        end = space.start()
    return start, end


def _densest(found: list[Token], length: int) -> tuple[Token | None, Token | None]:
    """First and last word of the earliest group within `length` characters with most different words, then most
    words.
    """
    best, bounds = (0, 0), (None, None)
    inside = Counter()
    first = 0
    for last, token in enumerate(found):
        inside[token.stem] += 1
        while first < last and token.end - found[first].start > length:
            inside[found[first].stem] -= 1
            first += 1
        score = (sum(count > 0 for count in inside.values()), last - first + 1)
        if score > best:
            best, bounds = score, (found[first], token)
    return bounds


def _marked(text: str, found: list[Token], start: int, end: int) -> SafeString:
    pieces = []
    position = start
    for first, last in _runs(text, [token for token in found if token.start >= start and token.end <= end]):
        pieces += [_plain(text[position:first]), "<mark>", _plain(text[first:last]), "</mark>"]
        position = last
    pieces.append(_plain(text[position:end]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped


def _runs(text: str, found: list[Token]) -> list[tuple[int, int]]:
    """Bounds of what gets one <mark>: words with only blanks, an apostrophe, a hyphen or stop words between them.

    « portail famille », « accès aux droits », « état-civil » get one each.
    """
    runs: list[tuple[int, int]] = []
    for token in found:
        between = text[runs[-1][1] : token.start] if runs else ""
        if runs and _LINK.fullmatch(between) and not tokens(between):
            runs[-1] = (runs[-1][0], token.end)
        else:
            runs.append((token.start, token.end))
    return runs


def _plain(text: str) -> str:
    return escape(re.sub(r"\s+", " ", text))
