"""Finds spam in free text: the name or the address of a product, put by a robot into unrelated records.

There is no list of brands: behaviour tells. A human word removed by mistake is worse than spam left in. Signals, in
order:

1. *Place.* The piece is short and alone on a line of free text, or glued to the end of a sentence.
2. *Form*, with a strength. The piece looks like a product, not like French: a capital inside a word without accents
   (3), with a trade acronym such as CRM (4), or a bare address of a home page (3). Else one capitalised word with
   groups of letters that the French of these texts never uses (1), if there is enough French. Acronyms, ordinary words,
   short answers and words with accents are never taken.
3. *Spread.* The piece is in records of several types: 2 records for strength 4, 3 for strength 3, 4 under 3 labels for
   strength 1. In one type only: twice as many, under 3 labels, and never for strength 1.
4. *No honest use.* The piece is no label, choice, person, place or organisation of a record, and people do not use it
   inside sentences. One such use in four prints is forgiven (an editor may have complained of it).

All prints of a name known as spam are removed: alone, in a list, glued, or as any address of the site. A glued piece is
cut off; its sentence stays.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from socle.formulaires.indesirable import ADDRESS, BULLET, SENTENCE_END, leads, product_strength
from socle.francais.texte import fold

_ANSWERS = frozenset(
    {"aucun", "aucune", "autre", "bien", "bonjour", "bravo", "cordialement", "divers", "idem", "inconnu", "jamais"}
    | {"merci", "neant", "parfait", "rien", "sans", "super", "toujours", "variable", "volontiers"}
)
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_GLUED_ADDRESS = re.compile(r"^.*\S\s+(?P<piece>(?:https?://|www\.)\S+?)[.\s]*$", re.IGNORECASE)
_RECORDS_NEEDED = {4: 2, 3: 3, 1: 4}  # by strength
_FRENCH_WORDS_NEEDED = 3000
_LONGEST_PIECE = 40


@dataclass(frozen=True)
class Passage:
    """A line of a record. `fiche` tells records apart; `libre`: of a free text, not a choice, name, place, e-mail…

    A line without a `type` is no evidence.
    """

    texte: str
    type: str
    fiche: object
    champ: str
    libre: bool = True


@dataclass
class _Spread:
    """Where a name stands, as (type, record, label), in free text and in other fields; in how many sentences."""

    strength: int = 0
    free: set[tuple] = field(default_factory=set)
    honest: set[tuple] = field(default_factory=set)
    prose: int = 0


class Indesirables:
    """Names known as spam. Lines without such a name stay as they are."""

    def __init__(self, names: Iterable[str] = ()):
        self.names = frozenset(names)
        if not self.names:
            return
        spelt = "|".join(_spelling(name) for name in sorted(self.names, key=len, reverse=True))
        address = rf"(?:https?://)?(?:[a-z0-9-]+\.)*(?:{spelt})(?:\.[a-z0-9-]+)+(?:[/?#]\S*)?"
        piece = rf"(?i:{address}|{spelt})"
        self._any = re.compile(spelt, re.IGNORECASE)
        self._alone = re.compile(rf"^{piece}(?:[\s.,;!?]+{piece})*[\s.,;!?]*$")
        self._glued = re.compile(
            rf"(?:(?<![\w@.-])|(?<=[.!?…;:»)])|(?<=[a-zà-ÿ])(?=[A-Z]))(?P<piece>{piece}(?:[\s.,;]+{piece})*)[.\s]*$"
        )

    def __bool__(self) -> bool:
        return bool(self.names)

    def take_out(self, line: str) -> tuple[str, str]:
        """Returns the line without its spam, and the spam ("" if none). A line of spam only becomes ""."""
        if not self.names or not self._any.search(line):
            return line, ""
        if self._alone.match(BULLET.sub("", line.strip())):
            return "", line.strip()
        for match in self._glued.finditer(line):
            before = line[: match.start()]
            if not _in_address(before) and not leads(before):
                return before.rstrip(), match["piece"].strip()
        return line, ""


def taken_from(text: str, piece: str) -> str:
    return text.replace(f"\n{piece}", "").replace(piece, "").strip() if piece in text else text


def find_unwanted(passages: Iterable[Passage], *, labels: Iterable[str] = ()) -> Indesirables:
    """Names that behave as spam in these lines. `labels`: words of the forms, never spam."""
    passages = list(passages)
    labels = {_fold(label) for label in labels}
    spreads: dict[str, _Spread] = defaultdict(_Spread)
    alone: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        bare = BULLET.sub("", passage.texte.strip())
        if bare and len(bare) <= _LONGEST_PIECE and len(bare.split()) <= 3:
            alone[bare].append(passage)
        for match in (SENTENCE_END.match(bare), _GLUED_ADDRESS.match(bare)):
            if not match or len(match["piece"]) > _LONGEST_PIECE:
                continue
            before, strength = bare[: match.start("piece")], product_strength(match["piece"])
            if strength and not _in_address(before) and not leads(before):
                _note(spreads[_name(match["piece"])], strength, passage)
    french = _letter_groups(passages) if alone else None
    for piece, places in alone.items():
        strength = 0 if _fold(piece) in labels else product_strength(piece) or _strangeness(piece, french)
        for passage in places if strength else ():
            _note(spreads[_name(piece)], strength, passage)
    suspects = {name: spread for name, spread in spreads.items() if name not in labels and _is_spread(spread)}
    if not suspects:
        return Indesirables()
    _count_prose(suspects, passages)
    return Indesirables(
        name for name, spread in suspects.items() if len(spread.honest) + spread.prose <= len(spread.free) / 4
    )


def _note(spread: _Spread, strength: int, passage: Passage) -> None:
    spread.strength = max(spread.strength, strength)
    if passage.type:
        place = (passage.type, passage.fiche, passage.champ)
        (spread.free if passage.libre else spread.honest).add(place)


def _is_spread(spread: _Spread) -> bool:
    records = {(type_, fiche) for type_, fiche, _ in spread.free}
    fields = {(type_, champ) for type_, _, champ in spread.free}
    needed = _RECORDS_NEEDED[spread.strength]
    if len({type_ for type_, _ in records}) < 2:
        return len(records) >= 2 * needed and len(fields) >= 3 and spread.strength > 1
    return len(records) >= needed and (len(fields) >= 3 or spread.strength > 1)


def _strangeness(piece: str, french: Counter) -> int:
    """1 for one capitalised word with letter groups unknown in French, if there is enough French; else 0."""
    if len(piece) < 5 or not (piece.isascii() and piece.isalnum() and piece.istitle()) or piece.lower() in _ANSWERS:
        return 0
    strange = sum(group not in french for group in _groups(piece))
    return 1 if strange >= 2 and french["words"] >= _FRENCH_WORDS_NEEDED else 0


def _name(piece: str) -> str:
    """What the spellings of a product share: « FloraSoft » and « https://florasoft.io » give "florasoft"."""
    address = ADDRESS.match(piece)
    if address:
        return address["host"].split(".")[-1].lower()
    return "".join(piece.split()).lower()


def _spelling(name: str) -> str:
    """Matches a name with or without spaces between its words."""
    return r"[ -]?".join(re.escape(char) for char in name)


def _count_prose(suspects: dict[str, _Spread], passages: list[Passage]) -> None:
    """Counts lines in which people use a suspect: with other words after it, or words that lead to it."""
    spelt = "|".join(_spelling(name) for name in sorted(suspects, key=len, reverse=True))
    found = re.compile(rf"(?<![\w@./-])({spelt})(?![\w@/-])", re.IGNORECASE)
    for text in {passage.texte for passage in passages}:
        for match in found.finditer(text):
            before, after = BULLET.sub("", text[: match.start()].strip()), text[match.end() :]
            name = "".join(match[0].replace("-", "").split()).lower()
            honest = _WORD.search(found.sub("", re.sub(r"^\.[a-z]+\S*", "", after))) or leads(before)
            if name in suspects and honest:
                suspects[name].prose += 1
                break


def _in_address(before: str) -> bool:
    """Whether what follows is the end of an address or of an e-mail."""
    word = before.split(" ")[-1]
    return "://" in word or "www." in word or "@" in word


def _fold(text: str) -> str:
    return " ".join(text.lower().split())


def _letter_groups(passages: list[Passage]) -> Counter:
    """Groups of three letters in the words of sentences; "words" counts the words read."""
    seen: Counter = Counter()
    distinct: set[str] = set()
    for text in {passage.texte for passage in passages}:
        words = _WORD.findall(text)
        if len(words) >= 6:
            seen["words"] += len(words)
            distinct.update(word for word in words if word.islower())
    for word in distinct:
        seen.update(set(_groups(word)))
    return seen


def _groups(word: str) -> list[str]:
    padded = f"^{fold(word)}$"
    return [padded[index : index + 3] for index in range(len(padded) - 2)]
