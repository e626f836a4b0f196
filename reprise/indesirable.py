"""Spam in free text: the name of a product or its address, dropped by a robot into records that speak of other things.

No list of brands: a brand is found by how it behaves, and precision comes first, since a human word wrongly taken out
is worse than a spam left in. Signals, in the order they are asked:

1. *Place.* The piece is short and stands alone on a line of a free text, or is glued to the end of a sentence.
2. *Form.* It looks like a product's name, not like French: a capital inside a word without accents (3), with a trade
   acronym such as CRM (4), or a bare address of a home page (3); failing that one capitalised word made of letter
   groups that the French of these very texts never uses (1), believed only where there is much French to compare with.
   Acronyms, ordinary words, short answers, words with accents are never taken.
3. *Spread.* The same piece in records of several types: 2 records for the strongest form (4), 3 for the next, 4 and
   under 3 labels for a strange word. In one type only: twice that many, under 3 labels; never for a strange word.
4. *No honest use.* It is no label, choice, person, place or organisation of some record, and people do not speak of it
   inside their sentences. One such use for four prints is forgiven (an editor may have complained of it), no more.

Once a name is known as spam, all its prints are taken out: alone, in a list, glued, as an address of any page. A glued
piece is cut off, its sentence stays.
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
_RECORDS_NEEDED = {4: 2, 3: 3, 1: 4}  # by strength of the form
_FRENCH_WORDS_NEEDED = 3000
_LONGEST_PIECE = 40


@dataclass(frozen=True)
class Passage:
    """A line of a record. `fiche` tells records apart; `libre`: of a free text, not a choice, name, place, e-mail…

    Without a `type`, the line is evidence of nothing.
    """

    texte: str
    type: str
    fiche: object
    champ: str
    libre: bool = True


@dataclass
class _Spread:
    """Where a name stands, as (type, record, label): in free text, in fields of names; and in how many sentences."""

    strength: int = 0
    free: set[tuple] = field(default_factory=set)
    honest: set[tuple] = field(default_factory=set)
    prose: int = 0


class Indesirables:
    """Names known as spam. Nothing is taken out of a line that holds none of them."""

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
        """The line without its spam, and the spam ("" if none). A line that held nothing else comes back as ""."""
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
    """A text without a piece of spam that it holds."""
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
    """1 for one capitalised word of letter groups that French does not use, where there is much French; else 0."""
    if len(piece) < 5 or not (piece.isascii() and piece.isalnum() and piece.istitle()) or piece.lower() in _ANSWERS:
        return 0
    strange = sum(group not in french for group in _groups(piece))
    return 1 if strange >= 2 and french["words"] >= _FRENCH_WORDS_NEEDED else 0


def _name(piece: str) -> str:
    """What the spellings of one product share: « FloraSoft », « https://florasoft.io » → "florasoft"."""
    address = ADDRESS.match(piece)
    if address:
        return address["host"].split(".")[-1].lower()
    return "".join(piece.split()).lower()


def _spelling(name: str) -> str:
    """Pattern of a name, its words apart or not."""
    return r"[ -]?".join(re.escape(char) for char in name)


def _count_prose(suspects: dict[str, _Spread], passages: list[Passage]) -> None:
    """Count the lines of people who speak of a suspect: other words after it, or words that lead to it."""
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
    """Groups of three letters in the words of sentences, and under "words" how many words were read."""
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
