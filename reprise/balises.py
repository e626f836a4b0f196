"""Turns the markup of the old wiki, or HTML, into the plain text of records: lines, `- ` lists, bare addresses.

Understood markup leaves its words. Other markup stays in the text, and is reported so that an editor sees it. No
visible word is dropped.
"""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote

from reprise.file_names import stored_name, undated

_BLOCKS = frozenset(
    """
    p div h1 h2 h3 h4 h5 h6 ul ol li table thead tbody tfoot tr blockquote pre hr section
    article header footer address dl dt dd figure figcaption br caption
    """.split()  # noqa: SIM905
)
_INLINE = frozenset(
    """
    span b strong i em u s strike del ins small big sub sup font center code kbd tt mark
    abbr cite q label td th a colgroup col html body head title
    """.split()  # noqa: SIM905
)
_EMBEDDED = frozenset(("img", "iframe", "video", "audio", "source", "embed", "object"))
_STRUCTURE_HTML = re.compile(r"<(?:p|br|div|ul|ol|li|h[1-6]|table|blockquote)\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_STRAY = re.compile(r"&(?!(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)")
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")

_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>")
_HELD = re.compile("\x00([0-9]+)\x01")
_RAW = re.compile(r'""(.*?)""', re.DOTALL)
# Anybody could write on the old wiki: what is opened and never closed must be read once, not once per opening.
_CODE = re.compile(r"%%(?:\([^)\n]{0,100}\))?(.*?)%%", re.DOTALL)
_ACTION = re.compile(r"\{\{(?:(?!\{\{).)*?\}\}", re.DOTALL)
_ATTACH = re.compile(r"\{\{\s*attach\s")
_PARAMETER = re.compile(r"\b(\w+)\s*=\s*\"([^\"]*)\"")
_DROPPED = re.compile(r"[^A-Za-z0-9_.-]")  # characters that the old site dropped from names of files
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")
_WIKI_LINK = re.compile(r"\[\[\s*+((?:(?!\[\[)[^\s\]])++)(?:[ \t]((?:(?!\[\[)[^\]\n])*+))?+\s*+\]\]")
_HEADING = re.compile(r"(?<!=)(={2,6})(?!=)([^\n]*?[^\n=])\1(?!=)")
_RULE = re.compile(r"^\s*-{4,}\s*$")
_ITEM = re.compile(r"^(?P<indent>[ \t]+)(?:(?P<bullet>[-*])|(?P<number>[0-9]{1,3}|[a-zA-Z])\))[ \t]+(?P<item>\S.*)$")
_ROW = re.compile(r"^\s*\|(.*)\|\s*$")
_BREAK = re.compile(r"(?<!-)---(?!-)")
_EMPHASES = [
    re.compile(rf"{opening}((?:(?!{opening}).)+?){closing}")
    for opening, closing in (
        (r"\*\*(?=\S)", r"(?<=\S)\*\*"),
        (r"(?<![:/\w])//(?=[^\s/])", r"(?<=[^\s/:])//(?![/\w])"),
        (r"(?<!\w)__(?=[^\s_])", r"(?<=[^\s_])__(?!\w)"),
        (r"(?<![#\w])##(?=[^\s#])", r"(?<=[^\s#])##(?![#\w])"),
        (r"(?<![@\w])@@(?=[^\s@])", r"(?<=[^\s@])@@(?![@\w])"),
    )
]


@dataclass
class Joints:
    """The files of the old site named in a text: {name: title}. `page`: page of the record."""

    page: str = ""
    noms: dict[str, str] = field(default_factory=dict)

    def add(self, nom: str, titre: str) -> None:
        if titre.lower().endswith(PICTURES) or not titre.strip():
            titre = undated(nom).removeprefix(f"{self.page}_")
        self.noms.setdefault(nom, " ".join(titre.split()))


def plain(text: str, syntaxe: str = "", *, site: str = "", joints: Joints | None = None) -> tuple[str, list[str]]:
    """Returns (plain text, pieces of markup not understood).

    `syntaxe`: "html", "wiki" or "nohtml", from the form; "" to guess from the text. `site`: address of the old site,
    for links to its pages. `joints` collects the files that the text shows or links to, and leaves only the words of a
    picture; without it, such markup is not understood.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    unknown: list[str] = []
    if syntaxe == "html" or (syntaxe != "nohtml" and _STRUCTURE_HTML.search(text)):
        text = _from_html(text, unknown, site, joints)
    elif syntaxe == "nohtml":
        text = unescape(text)
    else:
        text = _from_wiki(text, unknown, site, joints)
    return lines_of(text), unknown


def lines_of(text: str) -> str:
    """Without blanks at the ends of lines, without empty lines."""
    return "\n".join(filter(None, (line.strip() for line in text.split("\n"))))


def unescape(text: str) -> str:
    """Turns complete entities into characters; not « &copy=2 » in an address."""
    return _ENTITY.sub(lambda match: html.unescape(match.group()), text) if "&" in text else text


_HTML_TAG = re.compile(rf"</?(?:{'|'.join(sorted(_BLOCKS | _INLINE | {'a'}))})\b[^<>]*>", re.IGNORECASE)


def without_tags(text: str) -> str:
    """A line without HTML tags; « 5 < 6 » stays."""
    return _HTML_TAG.sub("", text)


# HTML


class _Html(HTMLParser):
    def __init__(self, unknown: list[str], site: str, joints: Joints | None):
        super().__init__(convert_charrefs=True)
        self.unknown, self.site, self.joints = unknown, site, joints
        self.out: list[str] = []
        self.lists: list[int | None] = []  # of each open list: its next number, None if it has none
        self.links: list[tuple[str, int]] = []  # of each open link: its address, where its words start
        self.cells = 0
        self.hidden = ""  # the open tag whose content is not text
        self.verbatim = 0

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        if tag in ("script", "style"):
            self.hidden = tag
            return
        if tag in _EMBEDDED:
            self._embed(tag, attributes)
        elif tag not in _BLOCKS and tag not in _INLINE:
            self._keep(self.get_starttag_text() or f"<{tag}>")
        if tag in _BLOCKS:
            self.out.append("\n")
        if tag in ("ul", "ol"):
            self.lists.append(_number(attributes.get("start")) if tag == "ol" else None)
        elif tag == "li":
            self.out.append(self._mark())
        elif tag == "tr":
            self.cells = 0
        elif tag in ("td", "th"):
            self.out.append(" | " if self.cells else "")
            self.cells += 1
        elif tag == "pre":
            self.verbatim += 1
        elif tag == "a":
            self.links.append((attributes.get("href", "").strip(), len(self.out)))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in ("br", "hr", "img"):
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag == self.hidden:
            self.hidden = ""
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "pre":
            self.verbatim = max(0, self.verbatim - 1)
        elif tag == "a" and self.links:
            href, start = self.links.pop()
            words = "".join(self.out[start:])
            self.out[start:] = [_link(href, words, self.site)]
            if self.joints and (nom := file_of(href, self.site)):
                self.joints.add(nom, words)
        if tag in _BLOCKS:
            self.out.append("\n")
        elif tag not in _INLINE and tag not in _EMBEDDED and tag not in ("script", "style"):
            self._keep(f"</{tag}>")

    def handle_data(self, data):
        if self.hidden:
            if data.strip():
                self.unknown.append(data.strip())
            return
        self.out.append(data if self.verbatim else _BLANKS.sub(" ", data))

    def handle_comment(self, data):
        if any(map(str.isalnum, data)):
            self.unknown.append(f"<!--{data}-->")

    def handle_decl(self, decl):
        if not decl.lower().startswith("doctype"):
            self._keep(f"<!{decl}>")

    def unknown_decl(self, data):
        self._keep(f"<![{data}]>")

    def handle_pi(self, data):
        self._keep(f"<?{data}>")

    def _mark(self) -> str:
        if not self.lists:
            return "- "
        number = self.lists[-1]
        if number is None or len(self.lists) > 1:
            return "- " * len(self.lists)
        self.lists[-1] = number + 1
        return f"{number}. "

    def _embed(self, tag, attributes):
        """Keeps the words and the address of a picture or a film, and reports the tag."""
        address = _absolute(attributes.get("src") or attributes.get("data") or "", self.site)
        words = attributes.get("alt", "")
        if tag == "img" and self.joints and (nom := file_of(address, self.site)):
            self.joints.add(nom, words)
            self.out.append("" if words.lower().endswith(PICTURES) else f" {words} ")
            return
        self.out.append(" ".join(filter(None, (" ", words, address, " "))))
        self.unknown.append(self.get_starttag_text() or f"<{tag}>")

    def _keep(self, text):
        self.out.append(text)
        self.unknown.append(text)


def _from_html(text: str, unknown: list[str], site: str, joints: Joints | None = None) -> str:
    reader = _Html(unknown, site, joints)
    # A « < » that opens no tag is text: « a < b », « <3 », an open end.
    reader.feed(_STRAY.sub("&amp;", re.sub(r"<(?![A-Za-z/!?])|<(?=[^<>]*$)|<(?=[^<>]*<)", "&lt;", text)))
    reader.close()
    return "".join(reader.out)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else 1


def _absolute(address: str, site: str) -> str:
    if address.startswith(("?", "/?")) and site:
        return f"{site.rstrip('/')}/?{address.partition('?')[2]}"
    if site and address.startswith("files/"):
        return f"{site.rstrip('/')}/{address}"
    return address


def file_of(address: str, site: str) -> str:
    """The name of the old site's file that an address leads to, or from which its picture was made; "" if none."""
    bare = re.sub(r"^https?:", "", address.strip()).partition("?")[0]
    host = re.sub(r"^https?:", "", site.rstrip("/"))
    rest = bare.removeprefix(host) if host and bare.startswith(host) else bare
    match = re.fullmatch(r"\.?/?(?:files|cache)/([^/]+)", rest)
    return stored_name(unquote(match[1])) if match else ""


def _link(address: str, words: str, site: str) -> str:
    """« words (address) »: texts of records know bare addresses only."""
    address = _absolute(address.strip(), site)
    bare = words.strip()
    target = address.removeprefix("mailto:").removeprefix("tel:")
    if not target or target == "#" or target in bare or bare == address:
        return words
    return f"{words.rstrip()} ({target})" if bare else f"{words}{target}"


# The markup of the wiki


def _from_wiki(text: str, unknown: list[str], site: str, joints: Joints | None) -> str:
    held: list[str] = []
    told: list[str] = []

    def whole(piece: str) -> str:
        """A piece with its held parts put back."""
        return _HELD.sub(lambda match: held[int(match[1])], piece)

    def hold(piece: str) -> str:
        """Sets a piece apart, so that no later rule reads it."""
        held.append(whole(piece))
        return f"\x00{len(held) - 1}\x01"

    def raw(match: re.Match) -> str:
        piece = match[1]
        return hold(_from_html(piece, told, site, joints) if _TAG.search(piece) else unescape(piece))

    def action(match: re.Match) -> str:
        if joints and _ATTACH.match(match.group()) and (words := _attached(match.group(), joints)) is not None:
            return hold(words)
        told.append(match.group())
        return hold(match.group())

    text = text.replace("\x00", "").replace("\x01", "")
    text = _CODE.sub(lambda match: hold(match[1]), text)
    text = _RAW.sub(raw, text)
    text = _ACTION.sub(action, text)
    text = _WIKI_LINK.sub(lambda match: hold(_wiki_link(match, site, joints)), text)
    text = _HEADING.sub(lambda match: f"\n{match[2].strip()}\n", text)
    text = "\n".join(_wiki_lines(text.split("\n")))
    for emphasis in _EMPHASES:
        text = emphasis.sub(lambda match: match[1], text)
    text = unescape(text)
    unknown += map(whole, (*told, *_TAG.findall(text)))
    return whole(text)


def _attached(action: str, joints: Joints) -> str | None:
    """What remains of `{{attach file="plan.png" desc="Le plan"}}` in the text; None if it names no file.

    The wiki stores the file under the page's cleaned name and two dates, which the text lacks. Visitors saw a picture,
    but read the words of another file.
    """
    said = dict(_PARAMETER.findall(action))
    page, _, nom = said.get("file", "").strip().rpartition("/")
    if not nom:
        return None
    desc = unescape(said.get("desc", "")).strip()
    page = page.rpartition("/")[2] or joints.page
    joints.add("_".join(filter(None, (page, _DROPPED.sub("", nom.replace(" ", "_"))))), desc or nom)
    return "" if nom.lower().endswith(PICTURES) else desc or nom


def _wiki_link(match: re.Match, site: str, joints: Joints | None) -> str:
    target, words = match[1], unescape((match[2] or "").strip())
    if joints and (nom := file_of(target, site)):
        joints.add(nom, words)
    if re.fullmatch(r"[A-Za-z0-9]+(?:[#/?&][^\s]*)?", target):  # a page of the wiki
        address = f"{site.rstrip('/')}/?{target}" if site else target
        return _link(address, words, site) if words else address
    return _link(unescape(target), words, site)


def _wiki_lines(lines: list[str]):
    indents: list[int] = []
    number = 0
    for line in lines:
        if _RULE.match(line) or line.strip() in ("[|", "|]"):
            continue
        item = _ITEM.match(line)
        if item:
            width = len(item["indent"].replace("\t", "  "))
            while indents and indents[-1] > width:
                indents.pop()
            if not indents or indents[-1] < width:
                indents.append(width)
            if item["number"] and len(indents) == 1:
                number += 1
                line = f"{number}. {item['item']}"
            else:
                line = "- " * len(indents) + item["item"]
        else:
            if line.strip():
                indents, number = [], 0
            row = _ROW.match(line)
            if row:
                line = " | ".join(cell.strip() for cell in row[1].split("|"))
        yield _BREAK.sub("\n", line)
