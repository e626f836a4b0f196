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

from socle.francais.texte import fold

_TRADE = {"crm", "erp", "seo", "saas", "vpn", "casino", "forex", "crypto", "bitcoin", "software", "backlinks"}
_ANSWERS = frozenset(
    {"aucun", "aucune", "autre", "bien", "bonjour", "bravo", "cordialement", "divers", "idem", "inconnu", "jamais"}
    | {"merci", "neant", "parfait", "rien", "sans", "super", "toujours", "variable", "volontiers"}
)
# Words after which a name belongs to the sentence: « avec IntraMuros », « l’application IntraMuros ».
_LEADS = frozenset(
    {"à", "au", "aux", "avec", "application", "appli", "chez", "comme", "d", "dans", "de", "des", "du", "en", "et", "l"}
    | {"la", "le", "les", "logiciel", "notre", "nous", "ou", "outil", "par", "plateforme", "pour", "produit", "projet"}
    | {"sans", "site", "société", "solution", "sous", "sur", "un", "une", "vers", "via", "voir"}
)
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_INNER_CAPITAL = re.compile(r"^[A-Z]?[a-z]+[A-Z][A-Za-z]*[0-9]*$|^[A-Z]{2,}[a-z]{3,}[A-Z]?[A-Za-z]*$")
_ADDRESS = re.compile(
    r"^(?:https?://)?(?:www\.)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)*)\.(?P<end>[a-z]{2,12})(?P<path>[/?#]\S*)?$",
    re.IGNORECASE,
)
# Ends of addresses that French public bodies, associations and Bretons use: never a signal by themselves.
_HONEST_ENDS = {"fr", "bzh", "org", "eu", "gouv", "asso", "be", "ch", "ca", "paris", "alsace", "coop"}
_SENTENCE_END = re.compile(r"^.*[.!?…:;»)\]]\s*(?P<piece>[^\W_]+)[.\s]*$")
_GLUED_ADDRESS = re.compile(r"^.*\S\s+(?P<piece>(?:https?://|www\.)\S+?)[.\s]*$", re.IGNORECASE)
_BULLET = re.compile(r"^(?:[-•*→]\s*)+")
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
        if self._alone.match(_BULLET.sub("", line.strip())):
            return "", line.strip()
        for match in self._glued.finditer(line):
            before = line[: match.start()]
            if not _in_address(before) and not _leads(before):
                return before.rstrip(), match["piece"].strip()
        return line, ""


def find_unwanted(passages: Iterable[Passage], *, labels: Iterable[str] = ()) -> Indesirables:
    """Names that behave as spam in these lines. `labels`: words of the forms, never spam."""
    passages = list(passages)
    labels = {_fold(label) for label in labels}
    spreads: dict[str, _Spread] = defaultdict(_Spread)
    alone: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        bare = _BULLET.sub("", passage.texte.strip())
        if bare and len(bare) <= _LONGEST_PIECE and len(bare.split()) <= 3:
            alone[bare].append(passage)
        for match in (_SENTENCE_END.match(bare), _GLUED_ADDRESS.match(bare)):
            if not match or len(match["piece"]) > _LONGEST_PIECE:
                continue
            before, strength = bare[: match.start("piece")], _strength(match["piece"], None)
            if strength and not _in_address(before) and not _leads(before):
                _note(spreads[_name(match["piece"])], strength, passage)
    french = _letter_groups(passages) if alone else None
    for piece, places in alone.items():
        strength = 0 if _fold(piece) in labels else _strength(piece, french)
        for passage in places if strength else ():
            _note(spreads[_name(piece)], strength, passage)
    suspects = {name: spread for name, spread in spreads.items() if name not in labels and _is_spread(spread)}
    if not suspects:
        return Indesirables()
    _count_prose(suspects, passages)
    return Indesirables(
        name for name, spread in suspects.items() if len(spread.honest) + spread.prose <= len(spread.free) / 4
    )


_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)
_MARKUP = re.compile(r"\[/?url|<a\s+href|\[link", re.IGNORECASE)


def doubtful(names: Iterable[str], texts: Iterable[str]) -> str:
    """Why one post of a public form looks like spam, in words for staff; "" if nothing says so.

    `names`: fields that hold names, `texts`: free ones. One link in a text is honest.
    """
    names, texts = list(names), list(texts)
    if any(_LINK.search(name) for name in names):
        return "une adresse de site à la place d’un nom"
    if any(_strength(word, None) == 4 for name in names for word in name.split()):
        return "le nom d’un produit à la place d’un nom"
    if any(_MARKUP.search(text) for text in texts):
        return "un lien écrit pour un autre site"
    if sum(len(_LINK.findall(text)) for text in texts) > 2:
        return "plusieurs adresses de sites"
    for text in texts:
        for line in text.splitlines():
            bare = _BULLET.sub("", line.strip())
            if _strength(bare, None) >= 3:
                return "le nom ou l’adresse d’un produit, seul sur une ligne"
            glued = _SENTENCE_END.match(bare)
            if glued and _strength(glued["piece"], None) == 4 and not _leads(bare[: glued.start("piece")]):
                return "le nom d’un produit, collé à la fin d’une phrase"
    return ""


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


def _strength(piece: str, french: Counter | None) -> int:
    """How much a piece looks like a product: 4, 3, 1, or 0."""
    address = _ADDRESS.match(piece)
    if address:
        home = not (address["path"] or "").strip("/")
        return 3 if home and address["end"].lower() not in _HONEST_ENDS else 0
    words = piece.split()
    if len(words) > 3 or not all(word.isascii() and word.isalnum() for word in words):
        return 0
    parts = {part.lower() for word in words for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", word)}
    if parts & _TRADE and len(parts) > 1 and words[0][0].isupper():
        return 4
    if any(_INNER_CAPITAL.match(word) for word in words):
        return 3
    if french is None or len(words) > 1 or len(piece) < 5 or not piece.istitle() or piece.lower() in _ANSWERS:
        return 0
    strange = sum(group not in french for group in _groups(piece))
    return 1 if strange >= 2 and french["words"] >= _FRENCH_WORDS_NEEDED else 0


def _name(piece: str) -> str:
    """What the spellings of one product share: « FloraSoft », « https://florasoft.io » → "florasoft"."""
    address = _ADDRESS.match(piece)
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
            before, after = _BULLET.sub("", text[: match.start()].strip()), text[match.end() :]
            name = "".join(match[0].replace("-", "").split()).lower()
            honest = _WORD.search(found.sub("", re.sub(r"^\.[a-z]+\S*", "", after))) or _leads(before)
            if name in suspects and honest:
                suspects[name].prose += 1
                break


def _leads(before: str) -> bool:
    """Whether the name that follows these words belongs to their sentence."""
    words = [word for word in re.split(r"[\s'’]+", before.lower()) if word]
    return bool(words) and (words[-1] in _LEADS or words[-1][-1] in ',(«"')


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
