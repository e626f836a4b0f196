"""French typography of pages: blanks before marks, « », ’, …, and titles that were typed in capitals.

Applied when a page is printed, never stored: records, index and files keep what people typed.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from html import unescape

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from socle.francais.texte import fold
from socle.francais.wording import FINE, INSECABLE

SHORT = 400  # characters; titles, labels and extracts come back at each request, so they are remembered
_KEPT = "\uf8ff"  # stands for what the rules must not touch, while they run
_MARKUP = "\ue000"  # the same for tags
_PRIVATE = "\ue000-\uf8ff"
_BLANK = f"[ \t\u2009{INSECABLE}{FINE}]"
_IN_WORD = rf"[\w{_PRIVATE}]"  # what was put aside counts as the end of a word: « {{ nombre }} : »
_ENDS = rf"[\w{_PRIVATE})\]»”%€…]"  # after these, a missing blank is added

# Texts without any of these need no change.
_WORTH_READING = re.compile(rf"[:;!?%€«»\"'°]|\.\.\.|\d{_BLANK}\d\d\d")

_ADDRESS = re.compile(
    rf"""
    {_KEPT}
    | \b(?:https?|ftp|mailto|tel):[^\s<>"«»]*            # addresses
    | (?<![\w.-])www\.[^\s<>"«»]+
    | [\w.+%-]{{1,64}}+@[\w-]{{1,63}}(?:\.[\w-]{{1,63}})+  # e-mail addresses
    | (?<![\w.-])[\w-]+(?:\.[\w-]+)*\.[a-z][\w-]+(?:(?::\d+)?[/?\#][^\s<>"«»]*)?  # bare domains, names of files
    | (?<!\S)[/?][\w-]+[=/][^\s<>"«»]*                   # ?q=mot, /projets/
    | `[^`\n]+`                                          # code
    | &\#?\w{{2,10}};
    | (?<!\S)(?:[:;=]['-]?[()DPp|/\\]|:\w+:)(?!\w)       # smileys
    """,
    re.VERBOSE,
)

_INNER_QUOTES = re.compile(r"«[^«»\n]*»")
_QUOTES = re.compile(rf"(?<!{_IN_WORD})\"(?!\s)([^\"\n]*[^\"\s])\"(?!\w)")
_TWO_APOSTROPHES = re.compile(
    rf"(?<!{_IN_WORD})(?<!')''(?![\s'])((?:[^'\n]|'(?!'))+)(?<!\s)''(?![\w'])"
)  # « CA ''Agglopolys'' »

_UNIT = r"(?:[kKM]?€|%)(?![\w%€])"
_RULES = [
    (re.compile(r"\.{3,}(?![/\\])"), "…"),
    (re.compile(rf"(?<=[^\W\d_]|[{_PRIVATE}])'(?=[\w{_PRIVATE}«“(\[])"), "’"),
    (re.compile(rf"(?<!\S)((?:[ldjnmtsc]|qu)'(?={_BLANK}))", re.IGNORECASE), lambda found: f"{found[1][:-1]}’"),
    (re.compile(rf"«{_BLANK}*(?=\S)"), f"«{INSECABLE}"),
    (re.compile(rf"(?<=\S){_BLANK}*»"), f"{INSECABLE}»"),
    (re.compile(rf"\b([Nn]°s?){_BLANK}*(?=[\d{_PRIVATE}])"), rf"\1{INSECABLE}"),
]
# _AMOUNT is an amount. _NUMBER is any other number in groups that cannot be a postcode, a SIREN or a telephone number.
_AMOUNT = re.compile(
    rf"(?<![\d.,])\d{{1,3}}(?:{_BLANK}\d{{3}}){{1,5}}(?!\d)(?=(?:[.,]\d+)?{_BLANK}?(?:[kKM]?€|euros?\b|EUR\b))"
)
_NUMBER = re.compile(
    rf"(?<![\d.,/+])(?<!\d{_BLANK})(?!\d\d{_BLANK}\d{{3}}{_BLANK}[^\W\d_a-zà-ÿ])(?!(?:\d{{3}}{_BLANK}){{2}}\d{{3}}\b)"
    rf"[1-9]\d{{0,2}}(?:{_BLANK}\d{{3}})+(?![\d/])(?!{_BLANK}\d)"
)
_BEFORE_A_MARK = [
    (re.compile(rf"(?<=\S){_BLANK}+(?={_UNIT})|(?<=\d)(?={_UNIT})"), INSECABLE),
    (re.compile(rf"(?<=\S){_BLANK}+(?=:(?!:))|(?<={_ENDS})(?=:(?!\S))"), INSECABLE),
    (
        re.compile(rf"(?<=\S){_BLANK}+(?=[;!?]+(?![a-z\d_=&/]))|(?<={_ENDS})(?=[;!?]+(?:[\s)\]»”…,.:]|\Z))"),
        FINE,
    ),
]


def typographie(text: str) -> str:
    """`text` in French print: « Qu'est-ce que c'est? 20 000 €, 5% "environ"... » gets ’, …, « » and no-break spaces.

    For plain text. Addresses, names of files, times (9:30), codes, smileys and doubtful cases stay as they are. Twice
    is the same as once; letters and digits never change. Private-use characters stand for markup.
    """
    return _typographie_short(text) if len(text) <= SHORT else _typographie(text)


def _typographie(text: str) -> str:
    if not _WORTH_READING.search(text):
        return text
    text, kept = _put_aside(text, _ADDRESS, _KEPT)
    text = guillemets(text)
    for rule, replacement in _RULES:
        text = rule.sub(replacement, text)
    for numbers in (_AMOUNT, _NUMBER):
        text = numbers.sub(lambda found: re.sub(_BLANK, FINE, found[0]), text)
    for rule, blank in _BEFORE_A_MARK:
        text = rule.sub(blank, text)
    return _put_back(text, kept, _KEPT)


_typographie_short = lru_cache(maxsize=8192)(_typographie)


def guillemets(text: str) -> str:
    """`text` with pairs of straight double quotes (or two apostrophes) on one line as « », within « » as “ ”.

    For callers that cut a text afterwards: a quote that lost its pair would stay straight.
    """
    if "''" in text:
        text = _TWO_APOSTROPHES.sub(rf"«{INSECABLE}\1{INSECABLE}»", text)
    if '"' not in text:
        return text
    text = _INNER_QUOTES.sub(lambda found: _QUOTES.sub(r"“\1”", found[0]), text)
    return _QUOTES.sub(rf"«{INSECABLE}\1{INSECABLE}»", text)


# HTML and templates

_ELEMENTS = r"<(?P<element>script|style|pre|code|kbd|samp|textarea)\b.*?</(?P=element)\s*>"
_ENTITIES = r"&(?!(?:lt|gt|amp|quot|\#x27|\#39);)\#?\w+;?"  # except those that `escape` makes
_TAG = re.compile(
    rf"{_MARKUP}|<!--.*?-->|{_ELEMENTS}|</?[a-z!](?:\"[^\"]*\"|'[^']*'|[^>\"'])*>|{_ENTITIES}",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)


def typographie_html(html: str) -> SafeString:
    """Safe HTML with its texts in French typography; tags, attributes, code and scripts are not changed."""
    text, tags = _put_aside(html, _TAG, _MARKUP)
    return mark_safe(_put_back(escape(typographie(unescape(text))), tags, _MARKUP))  # noqa: S308 - escaped again


_DJANGO = (
    r"\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}|\{%\s*verbatim\b.*?%\}.*?\{%\s*endverbatim\b.*?%\}"
    r"|\{%.*?%\}|\{\{.*?\}\}|\{\#.*?\#\}"
)
_TEMPLATE_MARKUP = re.compile(
    rf"{_MARKUP}|{_DJANGO}|<!--.*?-->|{_ELEMENTS}|</?[a-z!](?:{_DJANGO}|\"(?:{_DJANGO}|[^\"])*\"|[^>\"])*>|&\#?\w+;",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)


def typographie_template(source: str) -> str:
    """The source of a Django template with its words in French typography: all that is in no tag."""
    text, markup = _put_aside(source, _TEMPLATE_MARKUP, _MARKUP)
    return _put_back(_typographie(text), markup, _MARKUP)


def _put_aside(text: str, what: re.Pattern, mark: str) -> tuple[str, list[str]]:
    """`text` with `mark` instead of each match of `what`, which must match `mark` too; and the matches, in order."""
    kept = [found[0] for found in what.finditer(text)]
    return (what.sub(mark, text), kept) if kept else (text, kept)


def _put_back(text: str, kept: list[str], mark: str) -> str:
    pieces = iter(kept)
    return re.sub(mark, lambda _: next(pieces), text) if kept else text


# Titles

# Words that stay in capitals. So do words without a vowel, or with a digit.
ACRONYMS = frozenset(
    """
    AAH ADIL ADMR AESH ALSH AMAP AMI ANCT ANLCI APA API ARS ASE CAF CARSAT CASNAV CCAS CIAS CIDFF CNAF CNAM CNFPT CPAM
    CSU DDETS DINUM DREETS EHPAD EPCI EPN ESAT ESS FAQ FSE GED GIP GRU IA LAEP MAIA MDA MDPH MFR MJC MSA OPAC PCS PEF
    PIMMS PMI QPV RAM REAAP RGAA RGPD RPE RSA SAAD SIAE SIAO SIG SIRH SIVOM SIVU SPEF TPE UDAF URL URSSAF USB VAE
    II III IV VI VII VIII IX XI XII XIV XV XVI XIX XX XXI
    """.split()  # noqa: SIM905 - a list to be read
)
_PLACE = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_LIKE_ADDRESS = re.compile(r"://|@|^www\.|\.(?:bzh|fr|org|com|net|eu)\b", re.IGNORECASE)
_ELIDED = re.compile(r"(?<!\S)([dl])\s(?!avec\b)(?=[aàâeéèêëiîïoôuùûyœh][^\W\d_]{3})", re.IGNORECASE)
_FRANCE = re.compile(r"(?<=France )(?:relance|services?|connect|travail|numérique)\b")
_PIECE = re.compile(r"\S+")
_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"(?:\A|(?<=\w)(?=\W*?(?:[.!?] | [-–—] )))\W*+\Z")
_ARTICLE = re.compile(r"\b[dl]['’]\Z", re.IGNORECASE)
_LINKS = frozenset(
    re.findall(
        r"\w+",
        "a à au aux avec chez d dans de des du en entre ès et l la le les lès ou par pour près "
        "s sans sous sur un une vers",
    )
)
_VOWELS = frozenset("AEIOUYÀÂÄÉÈÊËÎÏÔÖÙÛÜŸŒÆ")


@lru_cache(maxsize=4096)
def bas_de_casse(text: str, *, noms: bool = False) -> str:
    """A title typed in capitals as people write it: « PORTAIL FAMILLE ET RSA » → « Portail famille et RSA ».

    Only if most letters are capitals and two words of four letters or more are shouted. Accents that were not typed do
    not come back; the apostrophe of « DE L ARMEE » does. `noms`: the name of a place or a body, where words keep a
    capital, except linking words, since nothing tells common words from names: « SALLE GUY ROPARTZ » → « Salle Guy
    Ropartz ».
    """
    words = _WORD.findall(text)
    letters = sum(map(len, words))
    if sum(map(_is_shouted, words)) < 2 or sum(map(str.isupper, "".join(words))) <= letters / 2:
        return text

    places = _proper_names()
    addresses = [piece.span() for piece in _PIECE.finditer(text) if _LIKE_ADDRESS.search(piece[0])]

    def lower(found):
        word = found[0]
        if any(start <= found.start() < end for start, end in addresses):
            return word.lower()
        if not word.isupper() or word in ACRONYMS or (len(word) > 1 and _is_acronym(word)):
            return word
        small = word.lower()
        within = text[: found.start()].endswith(("'", "’")) and not _ARTICLE.search(text, 0, found.start())
        if (noms and small not in _LINKS and not within) or _SENTENCE.search(text, 0, found.start()):
            return small[:1].upper() + small[1:]
        return small

    def name(found):
        if place := places.get(fold(found[0])):
            return place
        *elision, word = re.split("(['’])", found[0], maxsplit=1)  # « d'Auray »
        if fold(word.partition("-")[0]) in places:  # « Lannion-Trégor »
            word = "-".join(part[:1].upper() + part[1:] for part in word.split("-"))
        return "".join([*elision, places.get(fold(word), word)])

    lowered = _PLACE.sub(name, _ELIDED.sub(r"\1’", _WORD.sub(lower, text)))
    return _FRANCE.sub(lambda found: found[0].capitalize(), lowered)


def _is_shouted(word: str) -> bool:
    return len(word) > 3 and word.isupper() and not _is_acronym(word)


def _is_acronym(word: str) -> bool:
    return word in ACRONYMS or not word.isalpha() or not _VOWELS.intersection(word)


def fr(value) -> str:
    """A value in French typography: plain text stays plain, safe HTML stays safe."""
    return typographie_html(value) if isinstance(value, SafeString) else typographie(str(value))


def nom(value: str) -> str:
    """Like `fr`, for the name of a place or a body: out of capitals."""
    return fr(bas_de_casse(value, noms=True)) if type(value) is str else fr(value)


def titre(value: str) -> str:
    """Like `fr`, for a title: out of capitals."""
    return fr(bas_de_casse(value)) if type(value) is str else fr(value)


_proper_names: Callable[[], dict[str, str]] = dict


def keep_capitals(names: Callable[[], dict[str, str]]) -> None:
    """Set the words that keep their capital in a title: {folded: word}, called for the first title."""
    global _proper_names
    _proper_names = names
