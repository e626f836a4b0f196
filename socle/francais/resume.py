"""The first sentence of a text that says something, for cards: no heading, and cut only where it has a meaning."""

import re
from collections.abc import Iterator

from socle.francais.texte import fold

# A full stop that ends no sentence: « M. Le Goff », « art. 3 », « J. Prigent ».
_SHORTENED = re.compile(
    r"(?:^|[\s(«'’-])(?:[^\W\d_]|mm|mme|mlle|dr|pr|st|ste|art|av|bd|cf|ex|env|min|max|tel|pp)$", re.IGNORECASE
)
_END = re.compile(r"(?<![.!?…])[.!?…]++[\s\u00a0\u202f]*[»\")]*(?=\s+[^\W_a-zà-öø-ÿ]|\s+[«\"(•–-]|\s*$)")
_ITEM = re.compile(r"^(?:[-–—•*·‣▪o]|\d{1,2}[.)°/])\s+")

# Folded lines that say nothing: empty answers, and headings of funders and forms.
_VOID = frozenset(("non", "oui", "neant", "aucun", "aucune", "rien", "idem", "sans objet", "non concerne", "x", "n/a"))
_HEADING = re.compile(
    r"(?:(?:1|i)\s*[-./)]\s*)?"
    r"(?:(?:presentation|description|descriptif|resume|synthese|contexte|objectifs?|objet|enjeux|introduction|rappel"
    r"|preambule|le projet|projet)"
    r"(?: (?:synthetique|generale?|detaillee?|globale?|succincte?|et|du|de la|de l'|des|le|les|projet|contexte"
    r"|objectifs?|enjeux|demarche|action|operation))*"
    r"|(?:financement d'un )?projet de transformation ayant un impact concret dans la relation a l'usager"
    r"(?: autour de [0-9]+ axes)?)"
)
_LONG = 200  # characters; a longer line is no heading
_LABEL = 60  # characters; a shorter line with a colon at its end only announces the next ones

# Words that announce other words: no line and no cut ends with them.
_TOOLS = (
    r"(?:à|au|aux|avec|ce|ces|cette|d|dans|de|des|du|en|entre|et|l|la|le|les|leur|leurs|lui|ou|où|par|pour|qu|que|qui|sa"
    r"|se|ses|son|sous|sur|un|une|vers)"
)
_OPEN = re.compile(rf"(?:^|[\s'’]){_TOOLS}['’]?$", re.IGNORECASE)
# Where to cut: at a clause, or else at a phrase, or else where an aim or a circumstance begins.
_CLAUSE = re.compile(r"(?=[,;:] |\s[–—-]\s|\s[(«])")
_AIM = re.compile(r"(?=\s(?:afin|dans|dont|en \w+ant|grâce|lors|permettant|pour|qui|selon)\s)")
_PHRASE = re.compile(r"(?=\s(?:ainsi|avec|depuis|et|mais|ou|par|parce|puis|sans|sur|tout)\s)")
LATE, SOON = 2 / 3, 1 / 2  # share of the length that the beginning must have
# A clause that points below, at what no list shows: « …, pour répondre aux objectifs fixés ci-dessous ».
_BELOW = re.compile(r",[^,]*\bci-(?:dessous|après)\W*$", re.IGNORECASE)
# A sentence that begins with a circumstance says its point only after its first comma.
_CIRCUMSTANCE = re.compile(
    r"(?:à|a|après|au|aux|avant|avec|dans|depuis|en|face|grâce|lors|lorsque|mené\w*|par|pour|quand|si|suite|\w+ant)\b[^,]*",
    re.IGNORECASE,
)


def first_sentence(text: str, length: int) -> str:
    """The first sentence of `text` that says something, on one line; if longer than `length`, cut at a clause, with
    « … ».

    Headings, « non » and lines that announce a link or a list say nothing; "" if all lines do. A line ends a sentence
    unless the next one continues it, as an item does after « ; ». Left out: the mark of a list before it, a final colon
    or « ; », a last clause that points below.
    """
    line = next(filter(_has_substance, _lines(text)), "")
    for end in _END.finditer(line):
        if end.group()[0] != "." or not _SHORTENED.search(line, max(0, end.start() - 5), end.start()):
            line = line[: end.end()]
            break
    line = _BELOW.sub("", line).rstrip(" :;\u00a0\u202f")
    return line if len(line) <= length else f"{_cut(line, length - 1)}…"


def _lines(text: str) -> Iterator[str]:
    """The lines, each with the lines that continue its sentence."""
    line = ""
    for one in text.splitlines():
        item = _ITEM.sub("", one := " ".join(one.split()))
        if item == one:
            goes_on = line[-1:].isalpha() and (one[:1].islower() or _OPEN.search(line[-12:]))
        else:
            goes_on = line.endswith(";")
        if line and goes_on:
            line = f"{line} {item}"
        else:
            yield line
            line = item
    yield line


def _has_substance(line: str) -> bool:
    if not any(map(str.isalnum, line)) or re.match(r"https?://\S+$", line):
        return False
    if line.endswith(":") and len(line) < _LABEL:
        return False
    if len(line) > _LONG:
        return True
    bare = fold(line).strip(" .,:;!/-–—")
    return bare not in _VOID and not _HEADING.fullmatch(bare)


def _cut(line: str, length: int) -> str:
    """The beginning of a line, cut where it still has a meaning."""
    opening = _CIRCUMSTANCE.match(line)
    first = opening.end() if opening else 0

    def last(mark: re.Pattern, part: float) -> int:
        ends = [match.start() for match in mark.finditer(line, first + 1, length + 2)]
        return max((end for end in ends if length * part <= end <= length), default=0)

    tries = ((_CLAUSE, LATE), (_AIM, LATE), (_PHRASE, LATE), (_CLAUSE, SOON), (_AIM, SOON))
    end = next(filter(None, (last(*one) for one in tries)), 0)
    cut = line[:end] if end else line[: length + 1].rpartition(" ")[0] or line[:length]
    for mark, closing in (("(", ")"), ("«", "»")):
        if cut.rfind(mark) > max(cut.rfind(closing), length / 3):
            cut = cut[: cut.rfind(mark)]
    while (bare := _OPEN.sub("", cut.rstrip(" ,;:/–-\u00a0\u202f"))) not in ("", cut):  # « … de la »
        cut = bare
    return cut
