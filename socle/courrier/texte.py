"""Texts of mails: one line, the text version of a page, tokens masked. Imports no model."""

import re
import secrets
import unicodedata
from html import unescape

from socle.francais.wording import INSECABLE

JETON = re.compile(r"lien-[A-Za-z0-9_-]{43}")  # a shape of its own: logs and sent mails can recognise a token
MASQUE = "lien-…"


def draw() -> str:
    """A new token of 256 random bits."""
    return f"lien-{secrets.token_urlsafe(32)}"


def mask(text: str) -> str:
    return JETON.sub(MASQUE, text)


def tidy(text: str) -> str:
    """`text` for mails and both databases: no NUL, control characters or half surrogates; lines end with \\n."""
    kinds = ((sign, unicodedata.category(sign)) for sign in text)
    return "".join(
        "\n" if kind in ("Zl", "Zp") else sign for sign, kind in kinds if sign in "\n\t" or kind not in ("Cc", "Cs")
    )


def une_ligne(text: str, length: int) -> str:
    """The text on one line: a line break in a header would start another one."""
    return tidy(" ".join(str(text).split()))[:length].strip()


def as_text(page: str) -> str:
    """The text version of an HTML mail. A link's address stands under its block; `class="ecran"` is left out.

    What a person typed is escaped in the page: it stays words here, whatever it looks like.
    """
    found, last, inside = [], "", set()
    _, *pieces = re.split(r"<(/?)(body|p|li|blockquote|hr)\b([^>]*)>", page)
    for end, tag, attributes, inner in zip(*[iter(pieces)] * 4, strict=True):
        (inside.discard if end else inside.add)(tag)
        block = "-- " if tag == "hr" else "" if "ecran" in attributes else _block(inner)
        if not block:
            continue
        kind = "hr" if tag == "hr" else "quoted" if "blockquote" in inside else "item" if "li" in inside else "text"
        if "li" in inside:
            block = "- " + block.replace("\n", "\n  ")
        if kind == "quoted":
            block = "> " + block.replace("\n", "\n> ")
        between = "\n\n"
        if last == kind == "quoted":
            between = "\n>\n"
        elif last == "hr" or (last == kind == "item" and "\n" not in found[-1]):
            between = "\n"
        found += [between, block]
        last = kind
    return "".join(found).strip("\n") + "\n"


def _block(inner: str) -> str:
    text, links = _words(inner), re.findall(r'<a\s[^<>]*?href="([^"]*)"[^<>]*>(.*?)</a>', inner, re.DOTALL)
    links = [(words, unescape(address)) for address, said in links if (words := _words(said)) != unescape(address)]
    if [words for words, _ in links] == [text]:
        text += f"{INSECABLE}:"
    for words, address in links:
        text += f"\n{words[:1].upper()}{words[1:]}{INSECABLE}:\n{address}" if len(links) > 1 else f"\n{address}"
    return text


def _words(inner: str) -> str:
    text = re.sub(r"[ \t\n]+", " ", re.sub(r"<(?!br>)[^<>]*>", "", inner))
    return unescape(re.sub(r" ?<br> ?", "\n", text)).strip(" \n")
