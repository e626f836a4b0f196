"""Persons told from the rest of what people write in the cell of a name: organisations, functions, numbers, sentences.

A word that names things does not undo a name: it parts a person from what stands beside it (« Directrice Jeanne
Quémener »), and behind a first name it is a surname (« Anne Maire »). A cell of other words alone is a person unless it
says otherwise; beside words that name an organisation, a person has a first name that we know, or a title (« Mme »).
"""

import re
from functools import lru_cache
from typing import NamedTuple

from socle.francais.texte import ACCENTS, COURRIEL_MASQUE, INVISIBLES, fold, mask_courriels
from socle.vie_privee.words import (
    CALLED,
    CIVILITES,
    COMMON,
    FUNCTIONS,
    NAMED,
    PARTICLES,
    PRENOMS,
    SAINTS,
    SURE,
    SURNAMES,
    TIES,
    TITLES,
)

WORDS = range(2, 8)  # of a name
LE_DU = ["le", "du"]  # a surname made of particles alone
NUMERO = re.compile(r"[0-9](?:[ .\-/()\u00a0\u202f]{0,2}+[0-9]){8,}+")  # nine digits or more, as telephones are written

_INVISIBLE = dict.fromkeys(map(ord, INVISIBLES))
_INNER = ACCENTS + INVISIBLES
_DIGIT = re.compile(r"\d")
# A word, with what is written into it and one that is cut at the end of a line.
WORD = re.compile(rf"[^\W_]+(?:[{_INNER}]+[^\W_]*|-[ \t]{{0,4}}\r?\n[ \t]{{0,4}}[^\W\d_]+)*")

# Words that part persons from each other, and a person from what they do and for whom.
_PERSONS = re.compile(r"[;/|&+\n]|\bet\b", re.IGNORECASE)
_AFFILIATION = re.compile(r"[,:(){}\[\]]|\s[-–—]+\s|\s(?:chez|pour|de la part)\s")


def words_of(text: str) -> list[str]:
    """The words of `text`, folded: « Jean-Marc LE GOFF » → ["jean", "marc", "le", "goff"]."""
    return [fold_word(word) for word in WORD.findall(text)]


@lru_cache(maxsize=20_000)
def fold_word(word: str) -> str:
    return "".join(filter(str.isalnum, fold(word.translate(_INVISIBLE))))


def is_name(text: str) -> bool:
    """Whether `text` can be masked as a name: two words that name somebody, particles and initials apart, no digit."""
    words = words_of(text)
    telling = sum(map(_tells, words)) + (LE_DU in (words[:2], words[-2:]))
    return telling >= 2 and len(words) in WORDS and not _DIGIT.search(text)


def is_common(text: str) -> bool:
    """Whether a word of `text`, typed as a first name, is one that names organisations, functions or things."""
    return any(word in COMMON and word not in SURNAMES for word in words_of(text))


def is_word(word: str) -> bool:
    """Whether `word`, folded, stands in many texts: a particle, a letter or a common word."""
    return word in COMMON or not _tells(word)


def starts_with_first_name(name: str) -> bool:
    """Whether the first word of a name is a first name that we know."""
    return fold_word(WORD.findall(name)[0]) in PRENOMS


def _tells(word: str) -> bool:
    return word not in PARTICLES and len(word) > 1


def person_names(text: str, *, capitals: bool = False) -> list[str]:
    """The persons that a cell of free writing names: « Jakez Faou - Agence Grrr » → ["Jakez Faou"].

    A person is parted from what follows by a comma, a dash between spaces, a bracket, a colon; from another one by
    « et », « / », « & », « ; » or a line. Behind the first piece that reads as a person, only first names that we know
    tell another. « Mme Quémener » comes as « Madame Quémener ». `capitals`: the words of a person must start with one,
    for a cell that people fill with sentences, unless we know the first name.
    """
    found: list[str] = []
    for cell in _PERSONS.split(NUMERO.sub(" , ", mask_courriels(text).replace(COURRIEL_MASQUE, " , "))):
        pieces = [piece for piece in _AFFILIATION.split(f" {cell} ") if piece.strip()]
        persons: list[str] = []
        for piece in pieces:
            persons += _persons(_Piece(piece, capitals, alone=not persons))
        if not persons and len(pieces) == 2:  # « Quémener, Jeanne »
            persons = _turned(*pieces)
        found += persons
    # A compound alone is a first name, or a place: « TREZEMIC Yann-Ber ».
    return [name for name in dict.fromkeys(found) if name.replace(" ", "-") not in text]


def _turned(before: str, after: str) -> list[str]:
    """The person whose surname and first name stand on either side of a comma: « ADIL, Vannes » may be anything."""
    given = words_of(after)
    is_person = given and all(word in PRENOMS for word in given) and sum(map(_tells, words_of(before))) == 1
    return [" ".join(WORD.findall(f"{after} {before}"))] if is_person else []


class _Piece:
    """The words of a piece of a cell, each with its folded form; `alone`: no person stands before it in the cell."""

    def __init__(self, text: str, capitals: bool, alone: bool):
        places = list(WORD.finditer(text))
        self.words = [(place[0], fold_word(place[0])) for place in places]
        self.elided = {
            n for n, place in enumerate(places) if text[place.end() : place.end() + 1] in ("'", "’")
        }  # « M’ »
        self.small = text == text.lower()
        self.capitals = capitals
        # Whether nothing but names stands in it, so that words that nothing tells are a person's.
        self.alone = alone and not _DIGIT.search(text)


Words = list[tuple[str, str]]  # as written, folded


class _Run(NamedTuple):
    """Words of a piece between common words: those that stand just before and behind, and the civilité before."""

    words: Words
    before: list[str]
    behind: list[str]
    civilite: str


def _persons(piece: _Piece) -> list[str]:
    runs = _runs(piece)
    mixed = any(run.before or run.behind for run in runs)
    found = []
    for run in runs:
        words = _bare(run)
        if run.civilite or (piece.alone and not mixed):
            found += _whole(words, piece, run.civilite)
        elif piece.alone and _is_called(run):
            found.append(_text(words))
        if not run.civilite or not found:
            found += _among(words, run, piece)
    return list(dict.fromkeys(found))


def _runs(piece: _Piece) -> list[_Run]:
    runs: list[_Run] = []
    run = _Run([], [], [], "")
    for place, (word, plain) in enumerate(piece.words):
        title = plain in CIVILITES and (place == 0 or (plain in TITLES and len(plain) > 2))
        title = title and place not in piece.elided
        if not title and not _is_common(plain, run.words, place, piece):
            run.words.append((word, plain))
            continue
        if not any(_tells(plain) for _, plain in run.words):
            run.words.clear()  # « chargée de mission »
        else:
            runs.append(run)
            run = _Run([], run.behind, [], "")  # what stands behind one stands before the next
        if title:
            run = _Run([], [], [], plain)
        else:
            run.before.append(plain)
            run = run._replace(civilite="")
    return [*runs, run] if run.words else runs


def _is_common(plain: str, run: Words, place: int, piece: _Piece) -> bool:
    """Whether a word parts a person from the rest; not one that is their surname, seen from the words around it."""
    if plain in NAMED and not run:
        return True
    if plain not in COMMON:
        return _DIGIT.search(plain) is not None
    word, following = piece.words[place][0], range(place + 1, len(piece.words))
    if plain in SURNAMES and not any(_tells(other) for _, other in run) and following:
        return not all(piece.words[other][1] in PRENOMS for other in following)  # « Le Breton Anne »
    names = [other for _, other in run if other not in PARTICLES]
    if not names or not (word[0].isupper() or piece.small):
        return True
    if all(other in PRENOMS for other in names):
        return run[0][1] in SAINTS or (piece.small and bool(following))
    return not (plain in SURNAMES and len(names) == 1 and run[0][0][0].isupper())


def _bare(run: _Run) -> Words:
    """A run without the particles that tie it to the words before it (« Ville de Brest »), nor those at its end."""
    words = list(run.words)
    if run.before and words[0][1] in TIES:
        del words[0]
        while words and words[0][1] in ("la", "l", "les"):
            del words[0]
    while words and words[-1][1] in PARTICLES and [plain for _, plain in words[-2:]] != LE_DU:
        del words[-1]
    return words


def _is_called(run: _Run) -> bool:
    """Whether a run is somebody of whom a function is said, before the name or behind: two words or three, in capitals.

    « Directrice Soazh Kerleroux » is; « Directrice du Kreiz Breizh » and « Directrice Centre Kreiz Breizh » are not.
    """
    telling = [word for word, plain in run.words if _tells(plain)]
    if len(telling) not in (2, 3) or run.words[0][1] in TIES or not all(word[0].isupper() for word in telling):
        return False
    if not run.before:
        return bool(run.behind) and run.behind[0] in FUNCTIONS
    last = run.before[-1]
    if last in ("mission", "general", "generale"):
        return not FUNCTIONS.isdisjoint(run.before)
    return last in FUNCTIONS and not last.endswith("s")


def _text(run: Words) -> str:
    return " ".join(word for word, _ in run)


def _whole(run: Words, piece: _Piece, civilite: str) -> list[str]:
    """The person that a run is if nothing else stands beside it, or a civilité before it."""
    telling = [(word, plain) for word, plain in run if plain not in PARTICLES]
    if civilite in TITLES and len(telling) == 1 and telling[0][0][0].isupper() and len(telling[0][1]) > 1:
        return [f"{TITLES[civilite]} {_text(run)}"]
    name = _text(run)
    known = {telling[0][1], telling[-1][1]} & SURE if telling else ()
    if not is_name(name) or (piece.capitals and not known and not all(word[0].isupper() for word, _ in telling)):
        return []
    return [name]


def _among(words: Words, run: _Run, piece: _Piece) -> list[str]:
    """The person whose first name stands in a run, if it is one that we know: « Brest Jeanne Quémener »."""
    known = SURE if piece.small else PRENOMS
    for place in range(_first_place(words, run), len(words)):
        if words[place][1] in known and not (place and words[place - 1][1] in SAINTS):
            name = _text(words[place:])
            if any(_tells(plain) and plain not in PRENOMS for _, plain in words[place:]):
                return [name] if is_name(name) else []
            break
    # « QUÉMENER Jeanne »: a surname in capitals, a first name that is not.
    last = len(words)
    while last and words[last - 1][1] in known and not words[last - 1][0].isupper():
        last -= 1
    start = last
    while start and words[start - 1][0].isupper():
        start -= 1
    name = _text(words[start:])
    return [name] if start < last < len(words) and is_name(name) else []


def _first_place(words: Words, run: _Run) -> int:
    """Where a first name may be a person's: not where « Ville de Maël-Carhaix » and « Espace Anna Marly » have one."""
    if run.before and run.words[0][1] in TIES:
        return 1
    if NAMED.isdisjoint(run.before) or not words or words[0][1] not in PRENOMS:
        return 0
    place = 2
    while place < len(words) and words[place - 1][1] in PARTICLES:
        place += 1
    return place


def surname(name: str) -> tuple[str, ...]:
    """The surname of a name, folded, as it may follow a civilité; () if « Madame le Maire » would read as a person.

    The words in capitals if others are not, else those that are no first name, else all but the first.
    """
    run = [(word, fold_word(word)) for word in WORD.findall(name)]
    found = [plain for _, plain in (run[1:] if run and run[0][1] in CIVILITES else _surname(run))]
    if found == LE_DU:
        return tuple(found)
    while found and found[-1] in PARTICLES:
        del found[-1]
    of_a_function = len(found) > 1 and found[0] in PARTICLES and found[-1] in CALLED
    return () if of_a_function or not any(map(_tells, found)) else tuple(found)


def _surname(run: Words) -> Words:
    upper = [word.isupper() for word, plain in run if _tells(plain)]
    if any(upper) and not all(upper):
        places = [place for place, (word, plain) in enumerate(run) if word.isupper() and _tells(plain)]
        first = places[0]
        while first and not _tells(run[first - 1][1]):
            first -= 1
        return run[first : places[-1] + 1]
    first = 0
    while first < len(run) and run[first][1] in PRENOMS:
        first += 1
    if 0 < first < len(run):
        return run[first:]
    last = len(run)
    while last and run[last - 1][1] in PRENOMS:
        last -= 1
    return run[:last] if 0 < last < len(run) else run[1:]
