"""Completion: records and words that begin like what is typed. Each query reads a few rows of an index."""

from django.db import connection, models

from socle.francais.texte import fold
from socle.recherche.analyse import tokens
from socle.recherche.models import Mot
from socle.recherche.query import OnIndex

CANDIDATES = 30  # words read for a beginning; those in most records are kept
COUNTED = 200  # records counted for a word, at most
SHORTEST = 3  # letters that a beginning must have


def beginnings(word: str) -> list[str]:
    """The beginnings to look for: `word` as typed, and its singular."""
    typed = "".join(char for char in fold(word) if char.isascii() and char.isalnum())
    return sorted({typed, *(token.forme for token in tokens(word))} - {""})


def begun(queryset, formes: list[str], word: str):
    """Rows of `queryset` that have `formes`, and a word begun by `word`, in title, place or themes; newest first."""
    return queryset.filter(_Begins(tuple(formes), tuple(beginnings(word)))).order_by("-pk")


class _Begins(OnIndex):
    def __init__(self, formes, starts):
        super().__init__(models.BooleanField())
        self.formes, self.starts = formes, starts

    @property
    def identity(self):
        return (type(self), self.pk, self.formes, self.starts)

    def as_sqlite(self, compiler, connection):
        pk, params = compiler.compile(self.pk)
        wanted = [[f'"{letter}{start}" *' for start in self.starts for letter in "tl"]]
        wanted += [[f'"{letter}{forme}"' for letter in "tl"] for forme in self.formes]
        marks = " AND ".join(f"({' OR '.join(ways)})" for ways in wanted)
        sql = f"{pk} IN (SELECT rowid FROM recherche_fts WHERE recherche_fts MATCH %s)"  # noqa: S608 - pk is a column
        return sql, [*params, f"reperes : ({marks})"]

    def as_postgresql(self, compiler, connection):
        pk, params = compiler.compile(self.pk)
        wanted = [[f"'{letter}{start}':*" for start in self.starts for letter in "tl"]]
        wanted += [[f"'{letter}{forme}'" for letter in "tl"] for forme in self.formes]
        marks = " & ".join(f"({' | '.join(ways)})" for ways in wanted)
        sql = f"{pk} IN (SELECT entree_id FROM recherche_indexe WHERE vecteur_reperes @@ %s::tsquery)"  # noqa: S608
        return sql, [*params, marks]


def words_from(formes: list[str], word: str, limit: int) -> list[str]:
    """Words that begin like `word` and stand in a record together with `formes`, the most frequent first.

    Two queries; none if `word` has fewer than SHORTEST letters.
    """
    starts = [start for start in beginnings(word) if len(start) >= SHORTEST]
    if not starts:
        return []
    begin = models.Q()
    for start in starts:
        # Forms hold [a-z0-9] only. SQLite sorts by character code, where « { » follows z.
        sqlite = connection.vendor == "sqlite"
        begin |= models.Q(pk__gte=start, pk__lt=f"{start}{{") if sqlite else models.Q(pk__startswith=start)
    candidates = list(Mot.objects.filter(begin).order_by("pk")[:CANDIDATES])
    counts = holding([[mot.forme, *formes] for mot in candidates])
    found = sorted(zip(counts, candidates, strict=True), key=lambda pair: (-pair[0], pair[1].forme))
    return [mot.ecrit for count, mot in found if count][:limit]


def holding(sets: list[list[str]]) -> list[int]:
    """How many records have all forms of each set, at most COUNTED. One query; none without a set."""
    if not sets:
        return []
    if connection.vendor == "sqlite":
        rows = "SELECT 1 FROM recherche_fts WHERE recherche_fts MATCH %s"
        asked = ["marques : (" + " AND ".join(f'"m{forme}"' for forme in formes) + ")" for formes in sets]
    else:
        rows = "SELECT 1 FROM recherche_indexe WHERE vecteur_marques @@ %s::tsquery"
        asked = [" & ".join(f"'m{forme}'" for forme in formes) for formes in sets]
    count = f"(SELECT count(*) FROM ({rows} LIMIT {COUNTED}) AS m)"  # noqa: S608 - constants
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([count] * len(sets))}", asked)
        return list(cursor.fetchone())
