"""Copies the first records in the database itself, as making so many one by one takes too long.

A copy has its own key and address, and copies of all that hangs on the record.
"""

import sqlite3
from contextlib import contextmanager

MADE = 50_000  # records that are made one by one


def copy(count: int, made: int = MADE) -> None:
    """Copies the first `made` records, whose keys follow one another, until there are `count`."""
    from django.db import connection
    from django.db.models import Max, Min

    from socle.annuaire.models import Entree, inscrire_fiches
    from socle.journal.writing import lot

    first, last = Entree.objects.aggregate(Min("pk"), Max("pk")).values()
    assert last - first + 1 == made, f"{made} sheets were made, whose keys are {first} to {last}"
    for rank in range(1, -(-count // made)):
        with lot(), connection.cursor() as cursor:
            for statement in _statements(rank, rank * made, min(last, first - 1 + count - rank * made)):
                cursor.execute(statement)
            further = range(first + rank * made, first + min(count, (rank + 1) * made))
            inscrire_fiches(further)  # as saves would
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # given keys take none from their sequence
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('annuaire_entree', 'id'), {first - 1 + count})")


def _statements(rank: int, further: int, last: int):
    """SQL that adds copies number `rank` of the records up to the key `last`, `further` on: one statement a table."""

    from fiches.attached import Contact
    from projets.models import Projet
    from socle.annuaire.models import Entree
    from socle.recherche.models import Indexe

    own = {
        "slug": f"slug || '-{rank}'",
    }
    for model, key in (
        (Entree, "id"),
        (Projet, "entree_id"),
        (Projet.themes.through, "projet_id"),
        (Contact, "entree_id"),
        (Indexe, "entree_id"),
    ):
        fields = [one for one in model._meta.concrete_fields if one.column == key or not one.primary_key]
        said = {one.column: own.get(one.column, one.column) for one in fields}
        records = {one.column for one in fields if one.column == key or one.related_model in (Entree, Projet)}
        said |= {column: f"{column} + {further}" for column in records}
        yield (
            f"INSERT INTO {model._meta.db_table} ({', '.join(said)}) SELECT {', '.join(said.values())} "
            f"FROM {model._meta.db_table} WHERE {key} <= {last}"
        )


def copy_flat(base: sqlite3.Connection, count: int) -> None:
    """Adds the rows of the same copies to the flat table."""
    names = [row[1] for row in base.execute("PRAGMA table_info (projets)")]
    first, made = base.execute("SELECT min(identifiant), count(*) FROM projets").fetchone()
    for rank in range(1, -(-count // made)):
        own = {"identifiant": f"identifiant + {rank * made}", "url": f"rtrim(url, '/') || '-{rank}/'"}
        for key in ("remplace", "remplacee_par"):  # the copy of the record that the original names
            own[key] = f"iif({key} = '', '', cast({key} + {rank * made} AS text))"
        base.execute(
            f"INSERT INTO projets SELECT {', '.join(own.get(name, name) for name in names)} FROM projets "
            f"WHERE identifiant < {first + min(made, count - rank * made)}"
        )


@contextmanager
def in_bulk():
    """Writes within, by this process alone, wait for no disk and fill no index by rows.

    After a crash, throw the database away.
    """
    from django.db import connection

    gins = []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"):
                cursor.execute(f"PRAGMA {pragma}")
        else:
            cursor.execute("SET synchronous_commit = off")
            indexes = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'recherche_indexe'"
            cursor.execute(f"{indexes} AND indexdef LIKE '% gin %'")
            gins = cursor.fetchall()
            for name, _ in gins:
                cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        for _, definition in gins:
            cursor.execute(definition)
    connection.close()
