"""Tools on French text: folding, characters for XML, cutting, years, masks on e-mail addresses. Used everywhere."""

import re
import unicodedata
from collections.abc import Iterator

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})
INVISIBLES = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # soft hyphens and other characters that hide in a word
ACCENTS = "\u0300-\u036f"  # combining ones, as a range of a pattern


def fold(text: str) -> str:
    """`text` in lower case, without accents, ligatures and curly apostrophes: « Cœur  d’Armor » → "coeur d'armor".

    Labels that a reader takes for the same fold to the same text. Text also sorts by it: database fields store it.
    """
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    text = text.casefold().translate(_LIGATURES)
    text = unicodedata.normalize("NFKD", text).casefold()  # styled capitals become plain, then small
    text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(text.translate(_LIGATURES).split())


# Characters that XML cannot hold, even escaped.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def for_xml(text: str) -> str:
    """`text` with a mark instead of each character that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def shortened(text: str, length: int) -> str:
    """All of `text` up to `length` characters, else cut between words, with « … »."""
    if len(text) <= length:
        return text
    head = text[:length]
    return (head.rpartition(" ")[0] or head[:-1]).rstrip(" .,;:(–-\u00a0\u202f") + "…"


# Years

_URL = re.compile(r"https?://\S+", re.IGNORECASE)
# « 2021/2022 » has two years; a number with more digits, a decimal or a unit is not a year.
_YEAR = re.compile(r"(?<![\d.,])(?:19[7-9]|20\d)\d(?!\d|[.,]\d|[ \u00a0\u202f]?(?:€|%|k€|euros?\b|m²|km\b|hab))")
_DAY = re.compile(r"(?<!\d)\d{1,2}[/.]\d{1,2}[/.](?:20)?(\d\d)(?!\d)")  # « 15/11/24 », « 15.11.2024 »


def latest_year(text: str, present: int) -> int | None:
    """The latest year in `text` that is not after `present`, or None. Addresses are not read."""
    text = _URL.sub(" ", text)
    years = [int(year) for year in _YEAR.findall(text)] + [2000 + int(year) for year in _DAY.findall(text)]
    return max((year for year in years if year <= present), default=None)


# E-mail addresses

COURRIEL_MASQUE = "[adresse masquée]"

# What stands for @: itself, or what people write so that robots miss it. The pattern begins with a set of characters,
# which makes it quick on a text without any.
_SIGN = re.compile(
    r"[@＠﹫%&(\[{<aA](?:(?<=[@＠﹫])|(?<=%)(?:25)*40|(?<=&)(?:#64|commat);"
    r"|(?<=[(\[{<])[ \u00a0]?(?:[aA][tT]|[aA][rR][oO][bB][aA][sS][eE]|@)[ \u00a0]?[)\]}>]"
    r"|(?<=[ \u00a0][aA])(?:[tT]|[rR][oO][bB][aA][sS][eE])(?=[ \u00a0]))"
)
# The part before the sign, read backwards, and the part after it. Both stop at the next sign: a text is read once.
_BEFORE = re.compile(rf"([ \t\u00a0]{{0,2}}+)([\w.+%&'’*!#$^~{ACCENTS}{INVISIBLES}-]*+)")
_LABEL = rf"[\w{ACCENTS}{INVISIBLES}-]++"
_DOT = r"(?:[.．。]|%(?:25)*2[eE]| ?[(\[{](?:dot|point)[)\]}] ?| (?:dot|DOT|point|POINT) )"
_BEHIND = re.compile(rf"([ \t\u00a0]{{0,2}}+)({_LABEL}(?:{_DOT}{_LABEL})*+)")
_DOTS = re.compile(_DOT)
_PERSONAL = re.compile(r"[^\W\d_][._+][^\W\d_]")  # « jean.dupont ». A word with a playful @ has no such dot: « Dem@t »
_PROVIDERS = frozenset("gmail orange wanadoo free laposte hotmail outlook yahoo sfr icloud live proton".split())  # noqa: SIM905
_TOKEN = re.compile(r"[^\s<>\"«»]*+")
_LINK = re.compile(r"https?://", re.IGNORECASE)
_HIDDEN = dict.fromkeys(map(ord, INVISIBLES))


def mask_courriels(text: str) -> str:
    """`text` without e-mail addresses: nothing public may print one, however it was written.

    « jean.dupont (at) exemple.bzh » is one. A link that holds « %40 » goes whole, as the rest of it would lead nowhere.
    """
    pieces, done = [], 0
    for start, end in courriels_in(text):
        pieces += [text[done:start], COURRIEL_MASQUE]
        done = end
    return "".join([*pieces, text[done:]]) if pieces else text


def courriels_in(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each e-mail address of `text`, in order."""
    floor = 0  # end of the last sign or address
    for sign in _SIGN.finditer(text):
        if sign.start() <= floor or not (tail := _BEHIND.match(text, sign.end())):
            floor = max(floor, sign.end())
            continue
        before = text[floor : sign.start()][::-1]
        head, floor = _BEFORE.match(before), sign.end()
        if not _is_courriel(head, sign.group(), tail):
            continue
        local, end = sign.start() - head.end(), tail.end()
        token = _TOKEN.match(before, head.end()).group()[::-1]
        if link := _LINK.search(token):
            start = local - len(token) + link.start()
            end = _TOKEN.match(text, end).end()
            while text[end - 1] in ".,;:!?…'’)":
                end -= 1
        else:
            start = next(place for place in range(local, end) if text[place].isalnum())  # after a quotation mark
        yield start, end
        floor = end


def _is_courriel(head: re.Match, sign: str, tail: re.Match) -> bool:
    """Whether the text around a sign makes an address. `head` is read backwards."""
    written = sign[0] in "([{<aA" or head[1] or tail[1]  # as words of a sentence
    if not any(map(str.isalnum, head[2])):
        return False
    labels = _DOTS.split(tail[2].translate(_HIDDEN))
    if len(labels) > 1:  # « carte@1.2.0 » is a version
        return (
            all(labels) and not labels[-1].isdigit() and (not written or (labels[-1].isalpha() and len(labels[-1]) > 1))
        )
    if written or len(labels[0]) < 2:
        return False
    return labels[0].lower() in _PROVIDERS or bool(_PERSONAL.search(head[2].translate(_HIDDEN)))
