"""The search index: one row per public record, with its text as stems; and the words that records hold.

Callers index a record when it is published and remove it when it is not any more, in the transaction that saves it: the
index holds public text only.

Stems find a record. Marks rank it (query.py); a mark is a letter and a form or a stem:

    reperes  t, s  a form, a stem of the title    l  a form of place and themes    q  all stems of the title, as one
    marques  m     a form anywhere                f  a form that comes often in the text
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, islice

from django.db import connection
from django.db.models.signals import post_delete
from django.dispatch import receiver

from socle.recherche.analyse import STEM_LENGTH, Token, compounds, stems, tokens
from socle.recherche.models import Indexe, Mot

BLOCK = 500

# A PostgreSQL tsvector takes 1 MB and 16 383 positions: 15 000 stems of at most 60 characters always fit. They are
# about 27 000 words of French, ten times the longest sheet. Words after them are not searched, on either database.
HEAD_STEMS = 1_000
BODY_STEMS = 14_000
MARKS = 12_000

OFTEN = 3  # a form that comes as often says what the text is about
TITLE_LENGTH = 30  # words; a longer title ranks like one of this length
WORD_LENGTHS = range(3, 31)  # letters of a word that completion and corrections propose

# Stands between title, place, themes and body, so that no phrase is found across them. As a stop word, it is in no
# query.
SEPARATOR = "auxquelles"


@dataclass(frozen=True)
class Document:
    """What a record hands to the index. Title, place and themes weigh more than `texte`."""

    titre: str
    lieu: str = ""
    themes: list[str] = field(default_factory=list)
    texte: str = ""


def index(pk: int, document: Document) -> None:
    """Index the record `pk` (id of its Entree), in place of what was indexed before."""
    index_many([(pk, document)])


def index_many(pairs: Iterable[tuple[int, Document]]) -> int:
    """Index many (pk, document), from an iterable of any length. Returns the number of pairs.

    The last document of a pk is kept. Each block of BLOCK is written by itself: for all or nothing, open a transaction.
    An id without Entree raises IntegrityError, at the latest at commit.
    """
    pairs = iter(pairs)
    count = 0
    while block := list(islice(pairs, BLOCK)):
        count += len(block)
        words: dict[str, str] = {}
        rows = [row(pk, document, words) for pk, document in dict(block).items()]
        before = Indexe.objects.filter(pk__in=[row.pk for row in rows]).values_list("marques", flat=True)
        held = set(chain.from_iterable(map(_forms, before)))
        Indexe.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["entree"],
            update_fields=["tete", "corps", "reperes", "marques", "longueur"],
        )
        _learn(words, held)
        _forget(held.difference(*(_forms(row.marques) for row in rows)))
    return count


def remove(pk: int) -> None:
    Indexe.objects.filter(pk=pk).delete()


def row(pk: int, document: Document, words: dict[str, str]) -> Indexe:
    """The unsaved index row of a record. Adds its words to `words`: {form: as written}."""
    head, joined, landmarks, marks = [], [], {}, {}
    for rank, text in enumerate((document.titre, document.lieu, *document.themes)):
        found = _read(text, words)
        head += [*(token.stem for token in found), SEPARATOR]
        joined += compounds(text)
        for token in found if rank else ():
            landmarks[f"l{token.forme}"] = None
        marks |= {f"m{token.forme}": None for token in found}
    for line in document.titre.splitlines():
        title = tokens(line)
        landmarks |= {f"t{token.forme}": None for token in title} | {f"s{token.stem}": None for token in title}
        landmarks[whole_title([token.stem for token in title])] = None
    body = _read(document.texte, words, BODY_STEMS)
    counts = Counter(token.forme for token in body)
    marks |= {f"m{forme}": None for forme in counts} | {f"f{forme}": None for forme in counts if counts[forme] >= OFTEN}
    tail = compounds(document.texte) if len(body) < BODY_STEMS else []
    return Indexe(
        entree_id=pk,
        tete=" ".join([*[*head[:-1], SEPARATOR, *joined][: HEAD_STEMS - 1], SEPARATOR]),
        corps=" ".join([*(token.stem for token in body), *([SEPARATOR, *tail] if tail else ())][:BODY_STEMS]),
        reperes=" ".join(mark[:STEM_LENGTH] for mark in islice(landmarks, HEAD_STEMS)),
        marques=" ".join(mark[:STEM_LENGTH] for mark in islice(marks, MARKS)),
        longueur=min(len(stems(document.titre.partition("\n")[0])), TITLE_LENGTH),
    )


def whole_title(found: list[str]) -> str:
    """The mark of a title made of the stems `found` alone."""
    return f"q{''.join(found)}"[:STEM_LENGTH]


def _read(text: str, words: dict[str, str], length: int | None = None) -> list[Token]:
    """The first tokens of `text`. Adds those worth proposing to `words`, in their shortest spelling."""
    found = tokens(text, length)
    for token in found:
        written = text[token.start : token.end]
        if written.isalpha() and len(written) in WORD_LENGTHS:
            known = words.get(token.forme)
            if known is None or len(written) < len(known):
                words[token.forme] = written.lower()
    return found


# Words that records hold


def _forms(marques: str) -> Iterable[str]:
    return (mark[1:] for mark in marques.split() if mark[0] == "m")


def _learn(words: dict[str, str], held: set[str]) -> None:
    """Add the words that are missing. `held`: forms that the same records had before, hence there."""
    fresh = sorted(words.keys() - held)
    for block in _blocks(fresh):
        known = set(Mot.objects.filter(pk__in=block).values_list("pk", flat=True))
        missing = [Mot(forme=forme, ecrit=words[forme]) for forme in block if forme not in known]
        if missing:
            Mot.objects.bulk_create(missing, ignore_conflicts=True)


def _forget(forms: Iterable[str]) -> None:
    """Delete those of the words that no record has any more."""
    for block in _blocks(sorted(forms)):
        lost_words().filter(pk__in=block).delete()


def lost_words():
    """Words that no record has: none, unless somebody wrote the tables by hand."""
    return Mot.objects.extra(where=[f"NOT {IN_USE[connection.vendor]}"])  # noqa: S610 - constant


def forget_lost_words() -> int:
    """Deletes the words of `lost_words()`; returns how many."""
    return lost_words().delete()[0]


# SQL: whether some record has the word of a row of recherche_mot. A form holds [a-z0-9] only.
IN_USE = {
    "sqlite": """EXISTS (
        SELECT 1 FROM recherche_fts WHERE recherche_fts MATCH 'marques : "m' || recherche_mot.forme || '"'
    )""",
    "postgresql": """EXISTS (
        SELECT 1 FROM recherche_indexe WHERE vecteur_marques @@ ('m' || recherche_mot.forme)::tsquery
    )""",
}


def _blocks(items: list[str]) -> Iterable[list[str]]:
    return (items[start : start + BLOCK] for start in range(0, len(items), BLOCK))


@receiver(post_delete, sender=Indexe, dispatch_uid="mots-partis")
def _gone(instance, **kwargs):
    _forget(_forms(instance.marques))
