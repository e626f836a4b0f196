"""Databases from before 27 November 2026, when all migrations were written again: this code cannot read them.

The name of their first migrations tells. They are moved aside, and purged with old copies.
"""

from pathlib import Path

from django.db import connection

from socle.sauvegardes import copies, restauration
from socle.sauvegardes.archive import is_old
from socle.sauvegardes.bases import ANCIENNE


def applied() -> list[str]:
    """The migrations in the database, as « app.name »."""
    with connection.cursor() as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return []
        cursor.execute("SELECT app, name FROM django_migrations")
        return [f"{app}.{name}" for app, name in cursor.fetchall()]


def put_aside() -> str:
    """Returns where an old database was moved, "" if it is not old. CopieImpossible while it is used."""
    if not is_old(applied()):
        return ""
    connection.close()  # or this connection would count as a user of the database
    restauration.have_alone()
    moment = copies.stamp()
    if connection.vendor == "sqlite":
        base = Path(connection.settings_dict["NAME"])
        aside = base.with_name(f"{base.name}.{ANCIENNE}-{moment}")
        for suffix in ("-wal", "-shm", ""):
            if (path := Path(f"{base}{suffix}")).exists():
                path.rename(f"{aside}{suffix}")
        return str(aside)
    schema = f"{ANCIENNE}-{moment}"
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER SCHEMA public RENAME TO "{schema}"')
        cursor.execute("CREATE SCHEMA public")
    return f"schéma « {schema} » de la base {connection.settings_dict['NAME']}"
