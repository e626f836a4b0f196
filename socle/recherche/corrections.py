"""« Vouliez-vous dire »: words that no record has, mended by words that some public record has.

Quoted and excluded words are not mended.
"""

from itertools import islice

from django.db.models import Exists
from rapidfuzz import process
from rapidfuzz.distance import OSA

from socle.francais.texte import fold
from socle.journal.cache import cached
from socle.journal.following import FICHES
from socle.recherche.analyse import tokens
from socle.recherche.completion import holding
from socle.recherche.models import Mot
from socle.recherche.parsing import Mode, Query, spans
from socle.recherche.query import matching, widened

MISSPELT = 5  # words of one search that are mended
PROPOSED = 3
NEAR = 12  # words near a misspelt one that are compared
LONGEST = 30  # letters of a word that is compared
SHORTEST = 4  # letters of a word that is mended
PART = 3  # letters of each part, where two words were joined


class Vocabulaire:
    def __init__(self, rows):
        self.written: dict[str, str] = dict(rows)
        self.words = [forme for forme in self.written if len(forme) <= LONGEST]

    def near(self, forme: str) -> list[tuple[int, bool, str]]:
        """Words that `forme` may mean, the likeliest first: (mistakes, whether the first letter differs, form).

        One mistake is allowed, two from six letters on. A mistake is a letter added, left out, replaced or swapped with
        its neighbour.
        """
        allowed = (len(forme) > 3) + (len(forme) > 5)
        if len(forme) < SHORTEST or len(forme) > LONGEST:
            return []
        near = process.extract_iter(forme, self.words, scorer=OSA.distance, score_cutoff=allowed)
        return sorted((errors, other[0] != forme[0], other) for other, errors, _ in near if errors)[:NEAR]

    def parts(self, forme: str) -> list[str]:
        """Two known words written as one: « portailfamille » → ["portail famille"]."""
        cuts = range(PART, len(forme) - PART + 1)
        both = ((forme[:cut], forme[cut:]) for cut in cuts if forme[:cut] in self.written)
        return [f"{self.written[one]} {self.written[other]}" for one, other in both if other in self.written]


def vocabulaire() -> Vocabulaire:
    """The words of the site, kept in the process until a record changes. One query to read it again."""
    return cached("vocabulaire", lambda: Vocabulaire(Mot.objects.values_list("forme", "ecrit")), FICHES)


def proposals(text: str, query: Query, published) -> list[str]:
    """Searches near `text` that find something in `published`, the best first. Four queries at most.

    One misspelt word may give several searches, more of them give one that mends them all. Searches that find records
    with all their words come alone; without any, those that find records with some of them.
    """
    words = vocabulaire()
    unknown = query.unknown
    foreign = [(start, end) for start, end in _words(text) if text[start:end] in unknown]
    bounds = list(islice(foreign, MISSPELT))
    near = _near([text[start:end] for start, end in bounds], words)
    mended = [(start, end, found) for (start, end), found in zip(bounds, near, strict=True) if found]
    if not mended:
        return []
    if len(mended) == 1:
        start, end, near = mended[0]
        candidates = [text[:start] + word + text[end:] for word in near]
    else:
        candidates = [text]
        for start, end, near in reversed(mended):
            candidates = [text[:start] + near[0] + text[end:] for text in candidates]
    return _that_find(candidates, published)


def _words(text: str):
    """Bounds of the words of `text` that are neither quoted nor excluded."""
    for start, end in spans(text):
        for token in tokens(text[start:end]):
            yield start + token.start, start + token.end


def _near(misspelt: list[str], words: Vocabulaire) -> list[list[str]]:
    """What each word may mean, as written; of equally near words, the most frequent first. One query."""
    near = [words.near(tokens(word)[0].forme) for word in misspelt]
    formes = [forme for found in near for _, _, forme in found]
    counts = dict(zip(formes, holding([[forme] for forme in formes]), strict=True))
    result = []
    for word, found in zip(misspelt, near, strict=True):
        # The first letter is seldom wrong.
        best = sorted((item for item in found if counts[item[2]]), key=lambda item: (*item[:2], -counts[item[2]]))
        written = [words.written[forme] for errors, _, forme in best if errors == best[0][0]]
        if not best or best[0][0] > 1:
            written = [*words.parts(fold(word)), *written]
        result.append(written[:PROPOSED])
    return result


def _that_find(candidates: list[str], published) -> list[str]:
    """The searches that find records with all their words, or else with any. One query besides theirs."""
    queries = [widened(candidate) for candidate in candidates]
    rows = published.order_by()
    found = {f"tous_{n}": Exists(matching(rows, query)) for n, query in enumerate(queries)}
    found |= {f"un_{n}": Exists(matching(rows, query, Mode.ANY)) for n, query in enumerate(queries)}
    row = rows.annotate(**found).values(*found).first() or {}
    numbers = range(len(candidates))
    with_all = [candidates[n] for n in numbers if row.get(f"tous_{n}")]
    return with_all or [candidates[n] for n in numbers if row.get(f"un_{n}")]
