"""Texts of mails: one line, the text version of a page, without the tokens that open something. Imports no model."""

import re
import secrets
import unicodedata
from html.parser import HTMLParser

from socle.francais.mots import INSECABLE

JETON = re.compile(r"lien-[A-Za-z0-9_-]{43}")  # a shape of its own, so that logs and sent mails recognise one
MASQUE = "lien-…"


def draw() -> str:
    """A new token: 256 random bits."""
    return f"lien-{secrets.token_urlsafe(32)}"


def mask(text: str) -> str:
    """`text` without the tokens that are in it."""
    return JETON.sub(MASQUE, text)


def tidy(text: str) -> str:
    """`text` as a mail and both databases can hold it, without NUL, other control signs and halves of signs."""
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))


def une_ligne(text: str, length: int) -> str:
    """One line, whatever it was: in a header, a line break would start another one."""
    return tidy(" ".join(str(text).split()))[:length].strip()


def as_text(html: str) -> str:
    """The text version of a mail in HTML. Where a link leads stands under its block; `class="ecran"` is left out."""
    page = _PageEnTexte()
    page.feed(html)
    page.close()
    return page.found + "\n"


class _PageEnTexte(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = self.last = ""  # what is read, and its last block
        self.open: list[str] = []  # blocks
        self.is_left_out = True
        self.text, self.links = "", []

    def handle_starttag(self, tag, attrs):
        if tag in ("body", "p", "li", "blockquote"):
            self._end()
            self.open.append(tag)
            self.is_left_out = ("class", "ecran") in attrs
        elif tag == "hr":
            self._put("-- ")
        elif tag == "br":
            self.text += "\n"
        elif tag == "a":
            self.links.append([len(self.text), dict(attrs)["href"]])

    def handle_endtag(self, tag):
        if tag == "a":
            self.links[-1][0] = _lines(self.text[self.links[-1][0] :])
        elif tag in self.open:
            self._end()
            self.open.remove(tag)
            self.is_left_out = False

    def handle_data(self, data):
        self.text += re.sub(r"\s*\n\s*", " ", data)

    def _end(self):
        text, links = _lines(self.text), [link for link in self.links if link[0] != link[1]]
        self.text, self.links = "", []
        if not text or self.is_left_out:
            return
        if [words for words, _ in links] == [text]:
            text += f"{INSECABLE}:"
        for words, address in links:
            text += f"\n{words[:1].upper()}{words[1:]}{INSECABLE}:\n{address}" if len(links) > 1 else f"\n{address}"
        if "li" in self.open:
            text = "- " + text.replace("\n", "\n  ")
        if "blockquote" in self.open:
            text = "> " + text.replace("\n", "\n> ")
        self._put(text)

    def _put(self, block: str):
        between = "\n\n"
        if self.last.startswith("> ") and block.startswith("> "):
            between = "\n>\n"
        elif self.last == "-- " or (self.last.startswith("- ") and block.startswith("- ") and "\n" not in self.last):
            between = "\n"
        self.found += between * bool(self.found) + block
        self.last = block


def _lines(text: str) -> str:
    return "\n".join(" ".join(filter(None, line.split(" "))) for line in text.strip(" \n").split("\n"))
