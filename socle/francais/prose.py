"""Free text, typed as plain text, as HTML: paragraphs, lists and links. Every page that shows such a text calls
`prose`.

All text is escaped: HTML that somebody typed is shown, never run.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import urlsplit

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from socle.francais.typographie import typographie
from socle.rooms import rooms

_BULLET = re.compile(r"\s*(?P<marks>(?:[-–•*·]\s*(?=[-–•]\s))*)(?:[-–•·*]\s+|[-–•](?=[^\W\d_]))(?P<item>\S.*)")
_NUMBER = re.compile(r"\s*(?P<number>[0-9]{1,3})(?:\s?[.)]|/)\s+(?P<item>\S.*)")
_URL = re.compile(r"https?://[^\s<>\"«»]+", re.IGNORECASE)
_LINKABLE = re.compile(r"(?:https?://[^\s/]|mailto:\S)\S*", re.IGNORECASE)
_END = re.compile(r"[.!?:;…»)]\s*$")
_WRAP = 120  # a shorter line that stops within a sentence was wrapped by hand


def linkable(address: str) -> str:
    """`address` if a page may link to it: http, https, mailto. Any other might run something: ""."""
    address = address.strip()
    try:
        urlsplit(address)
    except ValueError:  # http://[
        return ""
    return address if _LINKABLE.fullmatch(address) else ""


def site_of(address: str) -> str:
    """The host of an address: « cartographie.societenumerique.gouv.fr »; "" if it is not `linkable`."""
    return (urlsplit(linkable(address)).hostname or "").removeprefix("www.")


def link(text: str, words: Callable[[str], str] = escape) -> str:
    """`text` in French typography as HTML, bare http(s) addresses as links. `words`: HTML of other text."""
    text = typographie(text)
    out, start = [], 0
    for at, url in addresses(text):
        out.append(words(text[start:at]))
        out.append(f'<a href="{escape(url)}" rel="nofollow noopener">{escape(url)}</a>')
        start = at + len(url)
    out.append(words(text[start:]))
    return "".join(out)


def addresses(text: str) -> Iterator[tuple[int, str]]:
    """(start, address) of each bare http(s) address, without the characters that end a sentence."""
    for match in _URL.finditer(text):
        url = match.group().rstrip(".,;:!?…'’\"")
        spare = url.count(")") - url.count("(")
        while spare > 0 and url.endswith(")"):
            url, spare = url[:-1].rstrip(".,;:!?…'’\""), spare - 1
        if len(url) > 8:
            yield match.start(), url


def blocks(text: str) -> list[tuple]:
    """`text` as [("p", [line, …]) | ("ul", [(depth, item), …]) | ("ol", first number, [item, …])]."""
    found: list[tuple] = []
    after_blank = True
    for line in text.splitlines():
        if not line.strip():
            after_blank = True
            continue
        previous = found[-1] if found else None
        if bullet := _BULLET.fullmatch(line):
            depth = 1 if bullet["marks"] else 0
            item = (depth, bullet["item"].strip())
            if previous and previous[0] == "ul":
                previous[1].append(item)
            else:
                found.append(("ul", [item]))
        elif number := _NUMBER.fullmatch(line):
            rank = int(number["number"])
            if previous and previous[0] == "ol" and rank == previous[1] + len(previous[2]):
                previous[2].append(number["item"].strip())
            else:
                found.append(("ol", rank, [number["item"].strip()]))
        elif (
            previous
            and previous[0] == "p"
            and not after_blank
            and len(previous[1][-1]) < _WRAP
            and not _END.search(previous[1][-1])
            and line.strip()[0].islower()
        ):
            previous[1].append(line.strip())
        else:
            found.append(("p", [line.strip()]))
        after_blank = False
    return found


def run_on(text: str) -> str:
    """`text` without the marks of its lists, for quoting its lines in one paragraph."""
    bullets = ((line, _BULLET.fullmatch(line)) for line in text.splitlines())
    return "\n".join(bullet["item"] if bullet else line for line, bullet in bullets)


def _list(items: list[tuple[int, str]], line: Callable[[str], str]) -> str:
    """A list with at most one nested level; an item without a parent stands at the top."""
    out, opened = [], False
    for position, (depth, item) in enumerate(items):
        nested = depth == 1 and position > 0
        if nested and not opened:
            out[-1] = out[-1].removesuffix("</li>") + "<ul>"
        elif opened and not nested:
            out.append("</ul></li>")
        opened = nested
        out.append(f"<li>{line(item)}</li>")
    if opened:
        out.append("</ul></li>")
    return f"<ul>{''.join(out)}</ul>"


def prose(text: str, words: Callable[[str], str] = escape) -> SafeString:
    """HTML of a free text: `<p>`, `<ul>` (one nested level), `<ol>`, links, French typography.

    `words` makes HTML of plain words, never of an address.
    """
    return prose_of_lines(text, partial(link, words=words))


def prose_of_lines(text: str, line: Callable[[str], str]) -> SafeString:
    """`prose`, where `line` makes HTML of a line of a paragraph or an item of a list."""
    html = []
    for block in blocks(text):
        if block[0] == "p":
            html.append(f"<p>{'<br>'.join(map(line, block[1]))}</p>")
        elif block[0] == "ul":
            html.append(_list(block[1], line))
        else:
            start = f' start="{block[1]}"' if block[1] != 1 else ""
            html.append(f"<ol{start}>{''.join(f'<li>{line(item)}</li>' for item in block[2])}</ol>")
    return mark_safe("\n".join(html))  # noqa: S308  (every piece went through escape)


def linker(path: str) -> Callable[[str], str]:
    """What makes HTML of the plain words of the page at `path`; it remembers what it linked, so one for each page."""
    return next((room.lie(path) for room in rooms() if room.lie), escape)
