"""The search index: one row per public record, holding its text already analysed.

The index holds what the public may read and nothing else: callers index a record when it is published and remove it
when it no longer is. Writing belongs to the transaction that saves the record.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from fiches.recherche.analyse import stems
from fiches.recherche.models import Indexe

BLOCK = 500

# A PostgreSQL tsvector takes 1 MB and 16 383 positions. 15 000 stems of at most 60 characters always fit; they are
# about 27 000 words of French, ten times the longest sheet. What comes after them is not searched, on either database.
HEAD_STEMS = 1_000
BODY_STEMS = 14_000

# Stands between title, place, themes and body so that no phrase is found across them. A stop word, hence in no query.
SEPARATOR = "auxquelles"


@dataclass(frozen=True)
class Document:
    """What a record hands to the index. Title, place and themes weigh more than `texte`."""

    titre: str
    lieu: str = ""
    themes: list[str] = field(default_factory=list)
    texte: str = ""


def index(pk: int, document: Document) -> None:
    """Make the record `pk` (id of its Entree) findable by `document`, in place of what it was found by before."""
    index_many([(pk, document)])


def index_many(pairs: Iterable[tuple[int, Document]]) -> int:
    """Index many (pk, document), in blocks, from an iterable of any length; the number of pairs read.

    Twice changes nothing. If a pk comes twice, its last document holds. Not atomic as a whole: a caller that needs it
    opens a transaction. An id without Entree is refused by the database (IntegrityError, at the latest at commit).
    """
    pairs = iter(pairs)
    count = 0
    while block := list(islice(pairs, BLOCK)):
        count += len(block)
        Indexe.objects.bulk_create(
            [_row(pk, document) for pk, document in dict(block).items()],
            update_conflicts=True,
            unique_fields=["entree"],
            update_fields=["tete", "corps"],
        )
    return count


def remove(pk: int) -> None:
    """Make the record `pk` unfindable; nothing happens if it is not in the index."""
    Indexe.objects.filter(pk=pk).delete()


def _row(pk: int, document: Document) -> Indexe:
    head = []
    for text in (document.titre, document.lieu, *document.themes):
        head += [*stems(text), SEPARATOR]
    return Indexe(
        entree_id=pk,
        tete=" ".join([*head[:-1][: HEAD_STEMS - 1], SEPARATOR]),
        corps=" ".join(stems(document.texte)[:BODY_STEMS]),
    )
