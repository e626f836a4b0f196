"""Databases of before 27 November 2026, when the migrations were made anew: this code cannot read them.

They are known by the name that first migrations had, and moved aside, where they are purged with the old copies.
"""

from pathlib import Path

from django.db import connection

from socle.sauvegardes import copies, restauration
from socle.sauvegardes.archive import is_old
from socle.sauvegardes.bases import ANCIENNE


def applied() -> list[str]:
    """« app.name » of the migrations that the database has."""
    with connection.cursor() as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return []
        cursor.execute("SELECT app, name FROM django_migrations")
        return [f"{app}.{name}" for app, name in cursor.fetchall()]


def put_aside() -> str:
    """Where an old database went, "" if this is none. CopieImpossible while somebody uses it."""
    if not is_old(applied()):
        return ""
    connection.close()  # or else it would be the one who uses it
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
