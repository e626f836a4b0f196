"""Finds persons in texts: words to ask an editor about, and all that names one person.

`find` sees e-mail addresses, telephone numbers in any spelling, « M. / Mme X », given names, postal addresses; it only
points them out. `mask` masks words that somebody decided to mask. `Motif` finds one person to erase.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from django.utils.text import slugify

from socle.francais.texte import INVISIBLES, courriels_in, fold

EFFACE = "[effacé]"
# A name ends at « _ » too, as in files; before « @ » it is part of an address.
_START, _END = r"(?<![^\W_])", r"(?![^\W_]|@)"
_BETWEEN = r"[\s\-_.,'’]{1,3}"


class Genre(StrEnum):
    COURRIEL = "une adresse électronique"
    TELEPHONE = "un numéro de téléphone"
    CONTACT = "une personne de cette fiche"
    AUTEUR = "la personne qui propose"
    PERSONNE = "une personne nommée"
    ADRESSE = "une adresse postale"


MASQUE_DE = {
    Genre.COURRIEL: "[adresse masquée]",
    Genre.TELEPHONE: "[numéro masqué]",
    Genre.CONTACT: "[nom masqué]",
    Genre.AUTEUR: "[nom masqué]",
    Genre.PERSONNE: "[nom masqué]",
    Genre.ADRESSE: "[adresse postale masquée]",
}
MASQUES = tuple(dict.fromkeys(MASQUE_DE.values()))
JOIGNABLES = (Genre.COURRIEL, Genre.TELEPHONE)  # somebody can be reached by them
NOMMEES = (Genre.CONTACT, Genre.AUTEUR, Genre.PERSONNE)

_HIDDEN = dict.fromkeys(map(ord, INVISIBLES))


@dataclass(frozen=True)
class Repere:
    """Words about somebody. `start`, `end`: what a mask replaces; `mots`: the words to show, on one line,
    with « Mme ».
    """

    genre: Genre
    start: int
    end: int
    mots: str

    @property
    def cle(self) -> str:
        """One key for all spellings: a number's digits, a name's letters."""
        return key_of(self.genre, self.mots)


def key_of(genre: Genre, mots: str) -> str:
    if genre == Genre.TELEPHONE:
        return re.sub(r"\A(?:0033|33|0)0?", "", _digits(mots))
    if genre == Genre.COURRIEL:
        return "".join(mots.lower().split())
    return "".join(filter(str.isalnum, fold(mots)))


def find(text: str, *, contacts: Iterable[str] = (), auteur: str = "") -> list[Repere]:
    """Mentions in order, without overlap.

    `contacts`: names of the record's persons. `auteur`: whoever proposes the text.
    """
    whole, text, found = text, text.translate(_HIDDEN), []
    places = (
        [place for place, char in enumerate(whole) if ord(char) not in _HIDDEN] if text != whole else range(len(text))
    )
    taken = bytearray(len(text))
    for genre, spans in (
        (Genre.COURRIEL, _courriels(text)),
        (Genre.TELEPHONE, _telephones(text)),
        (Genre.ADRESSE, _addresses(text)),
        (Genre.CONTACT, _named(text, contacts)),
        (Genre.AUTEUR, _named(text, [auteur])),
        (Genre.PERSONNE, _persons(text)),
    ):
        for start, end, told in spans:
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                start, end, told = places[start], places[end - 1] + 1, places[told]
                found.append(Repere(genre, start, end, " ".join(whole[told:end].split())))
    return sorted(found, key=lambda one: one.start)


def any_in(words: Iterable[str], text: str) -> bool:
    """Whether `text` holds one of `words`, found elsewhere: numbers in any spelling, names folded."""
    plain, numbers = fold(text), None
    for mots in words:
        named = fold(_SANS_CIVILITE.sub("", mots))
        if named in plain and re.search(rf"(?<!\w){re.escape(named)}(?!\w)", plain):
            return True
        if len(_digits(mots)) >= 8:
            if numbers is None:
                numbers = {one.cle for one in find(text) if one.genre == Genre.TELEPHONE}
            if key_of(Genre.TELEPHONE, mots) in numbers:
                return True
    return False


def same_words(text: str) -> str:
    """One key for all spellings: letters and digits, folded."""
    return "".join(filter(str.isalnum, fold(text)))


def is_name(mots: str) -> bool:
    """Whether words may be a name: they hold no address and no number."""
    return not ("@" in mots or any(map(str.isdigit, mots)))


class Masquage(NamedTuple):
    """A masked text, and the words behind the masks."""

    texte: str
    retires: list[str]


def mask(text: str, words: Iterable[str]) -> Masquage:
    """Mask words as written and in any spelling that `find` knows."""
    words = [one for one in (" ".join(mots.split()) for mots in words) if one]
    if not words or not text:
        return Masquage(text, [])
    keys = {genre: {key_of(genre, one) for one in words} - {""} for genre in Genre}
    found = [
        (one.start, one.end, MASQUE_DE[one.genre], one.mots)
        for one in find(text, contacts=filter(is_name, words))
        if one.genre == Genre.CONTACT or one.cle in keys[one.genre]
    ]
    for mots in words:
        for match in re.finditer(_as_written(mots), text):
            civilite = _SANS_CIVILITE.match(match[0])
            start = match.start() + (civilite.end() if civilite else 0)
            found.append((start, match.end(), _mask_of(mots), " ".join(match[0].split())))
    pieces, taken, done = [], [], 0
    for start, end, stands, mots in sorted(found, key=lambda one: (one[0], -one[1])):
        if start >= done:
            pieces += [text[done:start], stands]
            taken.append(mots)
            done = end
    return Masquage("".join([*pieces, text[done:]]), list(dict.fromkeys(taken)))


def _as_written(mots: str) -> str:
    """A pattern of the words, with any spaces between them."""
    start, end = (r"(?<!\w)" if mots[0].isalnum() else ""), (r"(?!\w)" if mots[-1].isalnum() else "")
    if mots[0].isdecimal():  # « tel06;39;98;01;23 »
        start = r"(?<!\d)"
    return start + r"\s+".join(map(re.escape, mots.split())) + end


def _mask_of(mots: str) -> str:
    seen = find(mots)
    return MASQUE_DE[seen[0].genre if seen else Genre.COURRIEL if "@" in mots else Genre.PERSONNE]


Spans = Iterator[tuple[int, int, int]]  # (start, end, where the words to show start)

# E-mail addresses

# Mistyped, cut or disguised, an address is still somebody's: « yann;guillou@ », « a@exemple,bzh ».
_SIGN = re.compile(
    r"(?P<sure>[@＠]+|[(\[{]\s?(?:at|arr?obase|chez)\s?[)\]}])|(?P<court>[(\[{][aà][)\]}])"
    r"|\s(?:arr?obase|at|chez)\s(?=[\w-]{1,60}\s(?:point|dot)\s)",
    re.IGNORECASE,
)
_POINT = r"(?:\s?[.,;]\s?|\s?[(\[{]\s?(?:point|dot)\s?[)\]}]\s?|\s(?:point|dot)\s)"
# The point of a disguised address.
_MOT = r"(?:\.|[ \t]\.[ \t]|\s?[(\[{]\s?(?:point|dot)\s?[)\]}]\s?|\s(?:point|dot)\s)"
_LOCAL = re.compile(rf"[\w+'’-]{{1,60}}(?:{_MOT}[\w+'’-]{{1,60}}){{0,4}}[ \t]?\Z", re.IGNORECASE)
_TIGHT = re.compile(r"[\w.;+'’-]{1,60}\Z")


def _domain(point: str) -> re.Pattern:
    ends = "bzh|fr|com|org|net|eu|info|be|ch|de|es|io|it|uk"
    return re.compile(
        rf"\s{{0,2}}[\w-]{{1,60}}(?:{point}[\w-]{{1,60}}){{0,4}}?{point}(?:{ends})\b",
        re.IGNORECASE,
    )


_DOMAIN, _DOMAIN_ECRIT = _domain(_POINT), _domain(_MOT)


def _courriels(text: str) -> Spans:
    spans = [*courriels_in(text)]
    for sign in _SIGN.finditer(text):
        before = text[max(0, sign.start() - 150) : sign.start()]
        at = sign["sure"] and sign["sure"][0] in "@＠"
        # « (a) » and « @ » between blanks are common in sentences, whose points are followed by blanks.
        loose = sign["court"] or (at and before[-1:] in (" ", "\t"))
        tail = (_DOMAIN_ECRIT if loose else _DOMAIN).match(text, sign.end())
        # A point between blanks ends a sentence, but not before a written-out « @ ».
        head = (_TIGHT if at and not loose else _LOCAL).search(before)
        cut = at and not loose and not text[sign.end() : sign.end() + 1].strip(" \t\r\n.,;:!?)»")
        if head and head[0].strip("+'’-.; ") and (tail or cut):
            start = sign.start() - len(before) + head.start()
            spans.append((start, tail.end() if tail else sign.end()))
    for start, end in _joined(spans):
        while not text[start].isalnum():
            start += 1
        yield start, end, start


def _joined(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in order, overlapping ones joined."""
    first, last = 0, -1
    for start, end in sorted(spans):
        if start >= last > 0:
            yield first, last
        first, last = (first, max(last, end)) if start < last else (start, end)
    if last > 0:
        yield first, last


# Telephone numbers

_BLANKS = r"[ \t\u00a0\u202f\u2009]"
_SEP = "[ \t\u00a0\u202f\u2009.·_*/()\u2010-\u2015-]"
_ASIDE = r"[ \u00a0]?\([^()\d\n]{1,40}\)[ \u00a0]?"  # « 02 99 12 (nouveau) 34 60 »
_RUN = re.compile(rf"[(+]{{0,2}}[0-9]+(?:(?:{_SEP}{{1,3}}|{_BLANKS}{{4,8}}|,|[ \t]?\r?\n[ \t]?|{_ASIDE})[0-9]+)*")
# These characters also part hours and lists; a number has the same one throughout: « 06 ; 39 ; 98 ; 01 ; 23 ».
_PAIRS = re.compile(
    rf"(?<!\d)(?:\(?(?:\+|00)33{_BLANKS}?[:;|,]?{_BLANKS}?(?:\(0\))?|0)[1-79]"
    rf"{_BLANKS}{{0,2}}(?P<sep>[:;|,]){_BLANKS}{{0,2}}\d\d(?:{_BLANKS}{{0,2}}(?P=sep){_BLANKS}{{0,2}}\d\d){{3}}(?!\d)"
)
_GROUP = re.compile(r"[0-9]+")
_DATE = re.compile(r"(?<!\d)(?:\d{1,2}([./-])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([./-])\d{1,2}\2\d{1,2})(?!\d)")
_LETTER_O = re.compile(r"(?<![^\W_])[Oo](?=\d)")
# A number with this unit after it, or this name before it, is no telephone's.
_UNIT = re.compile(r"[ \u00a0\u202f]*(?:€|%|°|k€|M€|(?:euros?|habitants?|eur|ko|mo|km|ha|m²|m2)\b)", re.IGNORECASE)
_NAMED = re.compile(
    r"(?<![^\W_])(?:siren|siret|rna|isbn|issn|iban|tva|insee|d[ée]cret|arr[êe]t[ée]|d[ée]lib[ée]ration|version|loi)"
    rf"(?:{_BLANKS}*(?:[:°.]|n°|no|num[ée]ro)){{0,2}}{_BLANKS}*\Z",
    re.IGNORECASE,
)
_NATIONAL = re.compile(r"0[1-79][0-9]{8}")  # not 08 nor short numbers: services, not persons
_FRENCH = re.compile(r"(?:00)?330?[1-79][0-9]{8}")
_FOREIGN = re.compile(r"00[1-9][0-9]{7,12}")


def _telephones(text: str) -> Spans:
    """Telephone numbers, in whole groups of digits: ten digits from a 0, or more after a country code."""
    plain = _LETTER_O.sub("0", _DATE.sub(lambda date: "d" * len(date[0]), _ascii_digits(text)))
    for pairs in _PAIRS.finditer(plain):
        if not _is_list(list(map(int, _GROUP.findall(pairs[0])))):
            start = past_lone_bracket(plain, *pairs.span())
            yield start, pairs.end(), start
    for run in _RUN.finditer(plain):
        groups = list(_GROUP.finditer(plain, *run.span()))
        first = 0
        while first < len(groups):
            last = _number(plain, groups, first)
            if last is None:
                first += 1
                continue
            start = groups[first].start()
            while start > run.start() and plain[start - 1] in "(+":
                start -= 1
            end = groups[last].end()
            start = past_lone_bracket(plain, start, end)
            yield start, end, start
            first = last + 1


def past_lone_bracket(text: str, start: int, end: int) -> int:
    """Where a number starts, without a bracket that closes after it: « (06 39 98 01 23) », not « (0)6 39 … »."""
    while text[start] == "(" and text.count("(", start, end) > text.count(")", start, end):
        start += 1
    return start


def _number(text: str, groups: list[re.Match], first: int) -> int | None:
    """Index of the last group of a number that starts at `first`; None without one."""
    start, digits = groups[first].start(), ""
    plus = text[max(0, start - 2) : start].rstrip("(").endswith("+")
    if start and text[start - 1] in "Ww" and first == 0:
        return None
    if not (plus or groups[first][0][0] in "0367"):
        return None
    named = bool(_NAMED.search(text, max(0, start - 30), start))
    for last in range(first, min(len(groups), first + 10)):
        digits += groups[last][0]
        if len(digits) > 15:
            return None
        sizes = [len(group[0]) for group in groups[first : last + 1]]
        if (
            _NATIONAL.fullmatch(digits)
            or (_FRENCH.fullmatch(digits) and (len(sizes) > 2 or plus or digits.startswith("00") or len(sizes) == 1))
            or (plus and len(digits) >= 9 and (last + 1 == len(groups) or len(digits) == 15))
            or (sizes[0] > 3 and _FOREIGN.fullmatch(digits) and last + 1 == len(groups))
            or (sizes == [1, 2, 2, 2, 2] and digits[0] in "67")
        ):
            end = groups[last].end()
            year = not plus and sizes[:3] == [2, 2, 4] and groups[first + 2][0][:2] in ("19", "20")
            in_pairs = sizes == [2] * 5  # only telephones are written in five pairs
            return None if year or (not in_pairs and (named or _UNIT.match(text, end))) else last
    return None


def _is_list(numbers: list[int]) -> bool:
    """Whether numbers go up like days or ranks: « 01, 02, 03, 04, 05 »."""
    return sorted({*numbers}) == numbers and numbers[-1] <= 31


def _ascii_digits(text: str) -> str:
    """« ０６ » → « 06 », same length."""
    return text if text.isascii() else "".join(str(unicodedata.decimal(char, char)) for char in text)


def _digits(text: str) -> str:
    return "".join(_GROUP.findall(_LETTER_O.sub("0", _ascii_digits(text))))


# Persons

_ORGANISATIONS = (
    "(?:Accueil|Adjoint|Agence|Aides?|Association|Bretagne|Caisse|Centre|Collectif|Comité|Commun|Conseil|Côtes|Cyber|Département|Emploi|"
    "Espace|Ets?|Finistère|France|Général|Haut|Hôtel|Ille|La|Le|Les|L|Loire|Lorient|Maison|Mission|Morbihan|Numérique|Pays|Pix|Pôle|"
    "Point|Qui|Quimper|Région|Relais|Rennes|Réseau|Saint|Secours|Service|Social|Technique|Territoire|Vannes|Ville)"
)
_CIVILITE = r"(?:(?i:mmes?|mlles?|mr|messieurs|mesdames|monsieur|madame|mademoiselle|dr|docteure?)\b\.?|MM?\.|Me\b|M\b)"
_FONCTION = (
    r"(?:adjoint|administrat|agent|animat|assistant|charg[ée]|chef|conseill|coordinat|coordonnat|d[ée]l[ée]gu[ée]|"
    r"direct|[ée]lu|gestionnaire|maire|m[ée]diat|pr[ée]sident|pr[ée]f[eè]te?|r[ée]f[ée]rent|responsable|secr[ée]taire|"
    r"s[ée]nat|d[ée]put|ministre|travailleu|technicien|vice)[\w-]{0,40}+"
)
# `++`: each word is read in one way; with two, each word would double the time.
_OF = r"(?:\s++(?:(?:(?:du|des?|à|aux?|la|le)\s++){1,2}+(?:[dl][’'])?|[dl][’']\s*+)[\w’'-]++){0,6}?"
_ROLE = rf"(?:(?i:le|la|l[’'])\s*(?i:{_FONCTION}){_OF},?\s+)"
_PARTICULE = r"(?:(?i:de|du|des|le|la|van|von|ben|el|al|ar|an)\s++|(?i:[dl][’'])\s*+)"
_CAPITAL = rf"(?!{_CIVILITE}\s)(?:[A-ZÀ-ÖØ-Ý](?:-[A-Z])?\.(?!\w)|[A-ZÀ-ÖØ-Ý][\w’'-]*)"
_NOM = rf"{_PARTICULE}{{0,3}}{_CAPITAL}(?:[ \u00a0]+{_PARTICULE}{{0,3}}{_CAPITAL}){{0,3}}"
_BLANK = r"(?:[ \t\u00a0\u202f]++\n?+|\n)[ \t]*+"
_PERSONNE = re.compile(
    rf"(?<![^\W_]){_CIVILITE}(?:{_BLANK}(?:et|ou|&){_BLANK}{_CIVILITE})?(?:{_BLANK}|(?<=\.)(?=[A-ZÀ-Ý][a-zà-ÿ]))"
    rf"(?:{_ROLE})?(?P<nom>{_NOM})"
)
_SUITE = re.compile(rf"\s*(?:,|et|&)\s+(?!{_CIVILITE}\s){_NOM}")
# « la coordinatrice Soazig Pennec »: two words with capitals, the first no organisation's.
_EN_FONCTION = re.compile(
    rf"(?<![^\W_])(?i:{_FONCTION})(?:\s*[,:])?\s+(?P<nom>(?!{_ORGANISATIONS})[A-ZÀ-Ý][a-zà-ÿ’'-]+"
    rf"[ \u00a0]+{_PARTICULE}{{0,3}}[A-ZÀ-Ý][\w’'-]+)"
)
_MINUSCULE = re.compile(rf"(?<![^\W_])(?:mme|mlle|mr|m\.)\s+(?P<nom>{_PARTICULE}{{0,2}}[^\W\d_][\w’'-]+)")
# A street or school named after somebody names no person.
_VOIE = (
    r"(?:rue|avenue|av\.?|bd|boulevard|place|pl\.|all[ée]es?|chemin|impasse|quai|route|rte|square|cours|esplanade|mail|"
    r"passage|sentier|venelle|voie|r[ée]sidence|lieu[- ]dit|hameau|rond-point)"
)
_LIEU = re.compile(
    rf"(?:{_VOIE}|[ée]cole|coll[èe]ge|lyc[ée]e|h[ôo]pital|salle|espace|maison|centre|stade|gymnase|fondation|prix|parc)"
    r"\s+(?:de\s+|du\s+|de\s+la\s+|d[’'])?\Z",
    re.IGNORECASE,
)
_PLURIEL = re.compile(r"(?:mmes|mm\.|messieurs|mesdames|mlles)", re.IGNORECASE)
_TITRE_SEUL = re.compile(rf"(?:le|la|l)?(?:{_FONCTION}|commissaire)|tout-le-monde|le|la|l|de|du", re.IGNORECASE)


def _persons(text: str) -> Spans:
    for match in [*_PERSONNE.finditer(text), *_MINUSCULE.finditer(text), *_EN_FONCTION.finditer(text)]:
        if _LIEU.search(text, max(0, match.start() - 30), match.start()):
            continue
        if all(map(_TITRE_SEUL.fullmatch, fold(match["nom"]).replace("'", " ").split())):
            continue
        end = match.end("nom")
        while _PLURIEL.match(match[0]) and (more := _SUITE.match(text, end)):
            end = more.end()
        yield match.start("nom"), end, match.start()


def _named(text: str, noms: Iterable[str]) -> Spans:
    """Where these persons are named: first name and surname in any order, initial and surname, surname after « Mme » or
    a job.
    """
    for nom in noms:
        if pattern := _pattern_of(nom):
            for match in pattern.finditer(text):
                behind = match["derriere"] is not None
                yield (match.start("derriere") if behind else match.start()), match.end(), match.start()


@cache
def _pattern_of(nom: str) -> re.Pattern | None:
    """A pattern for a name; None if the words are no name."""
    words = [word for word in re.findall(r"[^\W\d_]+", nom) if not _is_civilite(word)]
    if not words or "@" in nom:
        return None
    glue, plain = r"[\s\-_.,'’]{0,3}", [_any_accents(word) for word in words]
    wholes: set[str] = set()
    surnames = {glue.join(plain)}
    if len(words) > 1:
        for cut in range(1, len(words)):
            one, other = glue.join(plain[:cut]), glue.join(plain[cut:])
            wholes |= {f"{one}{glue}{other}", f"{other}{glue}{one}"}
        capitals = [word.isupper() and len(word) > 1 for word in words]
        given = words[-1] if capitals[0] and not all(capitals) else words[0]
        rest = plain[:-1] if given is words[-1] else plain[1:]
        surnames = {glue.join(rest), rest[-1], glue.join(plain)}
        wholes.add(rf"{_any_accents(given[0])}\.[\s-]?{glue.join(rest)}")
    whole = "|".join(sorted(wholes, key=len, reverse=True)) or "(?!)"
    surname = "|".join(sorted(surnames, key=len, reverse=True))
    civilite = r"(?:mmes?|mlles?|mr|mm?|messieurs|mesdames|monsieur|madame|mademoiselle|dr|docteure?|maître)"
    before = rf"(?:{civilite}\b\.?|{_FONCTION}(?:\s*,|\s*:)?)\s+"
    return re.compile(rf"{_START}(?:(?:{whole})|{before}(?P<derriere>{surname})){_END}", re.IGNORECASE)


_SANS_CIVILITE = re.compile(rf"\A{_CIVILITE}\s+(?:{_ROLE})?")


def _is_civilite(word: str) -> bool:
    return fold(word) in ("m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle", "dr", "docteur", "docteure")


# Postal addresses: a number, a street and a postcode together

_VILLE = rf"(?:{_CAPITAL}|(?i:le|la|les|sur|en|de|du|des)\b|(?i:d[’'])\w+)"
_NUMERO = re.compile(
    rf"(?<!\w)\d{{1,4}}(?:-\d{{1,4}})?[ ]?(?:(?i:bis|ter|quater)\b|[a-dA-D]\b)?[ ]?,?\s{{1,3}}(?i:{_VOIE})\b"
)
_POSTAL = re.compile(rf"(?<!\d)(?:F-)?\d{{5}}(?!\d)(?:[ \u00a0]+{_VILLE}(?:[ \u00a0-]+{_VILLE}){{0,8}})?")
LONG, LINES = 160, 2  # characters and line ends at most from a street to its postcode


def _addresses(text: str) -> Spans:
    for street in _NUMERO.finditer(text):
        code = _POSTAL.search(text, street.end(), street.end() + LONG)
        if code and text.count("\n", street.end(), code.start()) <= LINES:
            whole = _POSTAL.match(text, code.start())
            yield street.start(), whole.end() if whole else code.end(), street.start()


# The persons of a cell

_PERSONS = re.compile(r"[;/|&+\n]|\bet\b", re.IGNORECASE)  # separates persons
_AFFILIATION = re.compile(r"[,:(){}\[\]]|\s[-–—]+\s|\s(?:chez|pour|de la part)\s", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_][\w’'.-]*")
_THING = re.compile(  # whole words, then beginnings: « lab » is a thing; « Labbé » and « Hubert » are names
    rf"{_ORGANISATIONS}|assos?|bureaux?|cabinets?|ca[fn]|ccas|cdas|cias|clubs?|conseils?|cpam|foyers?|groupes?|hubs?|"
    r"labs?|laboratoires?|ligues?|mairies?|mjc|offices?|udaf|unions?|"
    r"(?:affaires|agglo|ateliers?|associati|biblioth|citoyen|coll[èe]ge|communaut|commune|compagnie|coop[ée]rati|"
    r"d[ée]partement|direction|[ée]cole|enfance|[ée]quipe|entreprise|[ée]tablissement|familles?|f[ée]d[ée]ration|"
    r"fondation|formateur|formatrice|habitant|h[ôo]pital|institut|intercommun|jeunesse|labacc|lyc[ée]e|m[ée]diath|"
    r"m[ée]tropole|organi[sm]|plateforme|pr[ée]fecture|projets?|scolaire|secteur|soci[ée]t[ée]|structure|syndicat|tiers|"
    r"universit|usag)[\w’'-]*",
    re.IGNORECASE,
)
_OF_FRANCE = re.compile(r"relance|services?|travail|victimes|connect|bénévolat|terre|active|numérique", re.IGNORECASE)
_SIGLE = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ][BCDFGJKMNPQSTVWXZ][A-Z]*")  # « CNCE »: no name begins with such letters


def full_names(cell: str) -> list[str]:
    """The persons in a cell: « Directrice Jakez Faou - Agence Grrr » → ["Jakez Faou"].

    A name has capitals and no word for a thing. « Quémener, Jeanne » is one person. After « Mme », a surname is enough.
    """
    parts, done, found = [], 0, []
    for one in find(cell):
        if one.genre in JOIGNABLES:
            parts += [cell[done : one.start], " , "]
            done = one.end
    for persons in _PERSONS.split("".join([*parts, cell[done:]])):
        pieces = [piece for piece in _AFFILIATION.split(f" {persons} ") if piece.strip()]
        names = list(filter(None, map(_name_in, pieces)))
        if not names and len(pieces) == 2:
            names = list(filter(None, [_name_in(f"{pieces[1].strip()} {pieces[0].strip()}")]))
        found += names[:1]  # after a name come the job and the employer
    return list(dict.fromkeys(found))


def _name_in(piece: str) -> str:
    """The first person in a piece of a cell, without their job; "" for a thing or nobody."""
    words = [] if re.search(r"\d", piece) else _WORD.findall(piece)
    roles = [bool(re.fullmatch(_FONCTION, word, re.IGNORECASE)) for word in words]
    if roles in ([False, True], [True, False]):  # « Anne Maire », « MAIRE Anne »
        named = roles[1] or (words[0].isupper() and not words[1].isupper())
        return " ".join(words) if named and all(word[0].isupper() for word in words) else ""
    run: list[str] = []
    called = before = ""
    turned = words[0] if words[1:] and all(map(str.isupper, words[1:])) else None  # « fañch KERDONCUFF »
    for word, role in zip([*words, ""], [*roles, True], strict=True):
        capital, civil = word[:1].isupper() or word is turned, _is_civilite(word.rstrip("."))
        if capital and _tells(word) and _is_thing(word, bool(run), words):
            return ""
        begins = not before or (capital and _tells(before))
        if word and not (role or civil) and (capital or not _tells(word)) and (run or begins):
            run.append(word)
        else:
            while run and not _tells(run[-1]):
                run.pop()
            if (sum(map(_tells, run)) > 1 and len(run) <= 5) or (called and run):
                return " ".join([called, *run] if sum(map(_tells, run)) == 1 else run)
            run, called = [], word if civil else ""
        before = "" if civil else word
    return ""


def _is_thing(word: str, behind: bool, words: list[str]) -> bool:
    """Whether a capitalised word names a thing. `behind`: it follows a name's first word.

    « Yann Saint Jalmes », « France Le Goff » are persons; « Saint Malo », « France Services » are not.
    """
    if word.casefold() == "saint":
        return not behind
    if word.casefold() == "france":
        return behind or len(words) == 1 or any(map(_OF_FRANCE.fullmatch, words))
    return bool(_THING.fullmatch(word) or _SIGLE.fullmatch(word))


def _tells(word: str) -> bool:
    """Whether a word is neither a particle nor an initial."""
    return len(word.rstrip(".")) > 1 and not re.fullmatch(_PARTICULE, f"{word} ")


class Motif:
    """A pattern of one person: address, telephones in any spelling, names of two words or more in any order, without
    accents.
    """

    def __init__(self, adresse: str, noms: Iterable[str] = (), numeros: Iterable[str] = ()):
        patterns = [rf"(?<![\w.+-]){_any_accents(adresse)}(?![\w-])", rf"{_START}{re.escape(slugify(adresse))}{_END}"]
        for nom in sorted({" ".join(nom.split()) for nom in noms}, key=len, reverse=True):
            words = [_any_accents(word) for word in re.findall(r"\w+", nom)]
            if len(words) >= 2:
                turned = [words[-1], *words[:-1]], [*words[1:], words[0]]
                orders = {_BETWEEN.join(order) for order in (words, *turned)}
                patterns += [rf"{_START}{order}{_END}" for order in sorted(orders)]
        for digits in sorted({key_of(Genre.TELEPHONE, numero).removeprefix("0") for numero in numeros}):
            if len(digits) >= 8:
                number = r"\W{0,3}".join(digits)
                patterns.append(rf"(?<!\d)[(+]{{0,2}}(?:(?:00)?33\W{{0,3}})?(?:0\W{{0,3}})?{number}(?!\d)")
        self._regex = re.compile("|".join(patterns), re.IGNORECASE)

    def finds(self, text: str) -> bool:
        return self._regex.search(text) is not None

    def extract(self, text: str, around: int = 60) -> str:
        """The first mention with words around it."""
        match = self._regex.search(text)
        start, end = max(match.start() - around, 0), match.end() + around
        return " ".join(f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}".split())

    def erase(self, text: str, by: str = EFFACE) -> str:
        return self._regex.sub(by, text)


def _any_accents(text: str) -> str:
    """A pattern that ignores accents; « oe » also matches « œ »."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    pieces = re.split("(oe)", "".join(letter for letter in plain.lower() if not unicodedata.combining(letter)))
    letters = ["".join(map(_letter, piece)) for piece in pieces]
    return "".join(f"(?:{word}|œ)" if piece == "oe" else word for piece, word in zip(pieces, letters, strict=True))


def _letter(letter: str) -> str:
    return _variants().get(letter, re.escape(letter)) + "[\u0300-\u036f]?"


@cache
def _variants() -> dict[str, str]:
    """{letter: class with its accented forms}."""
    found: dict[str, str] = {letter: letter for letter in "abcdefghijklmnopqrstuvwxyz"}
    for code in range(0xC0, 0x180):
        base = unicodedata.normalize("NFKD", chr(code))[0].lower()
        if base in found and chr(code).isalpha():
            found[base] += chr(code)
    return {letter: f"[{variants}]" for letter, variants in found.items()}
