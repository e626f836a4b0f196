"""Keeps the tables that migrations make on SQLite for the next run: making them took a process five seconds."""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import django
from django.apps import apps
from django.conf import settings
from django.core.management.commands import migrate
from django.db import connection

Command = migrate.Command


def _kept() -> Path:
    """Its name depends on all that makes them: migrations, Django, SQLite."""
    made_of = hashlib.sha256(f"{django.VERSION} {sqlite3.sqlite_version}".encode())
    for config in apps.get_app_configs():
        for path in sorted(Path(config.path).glob("migrations/*.py")):
            made_of.update(path.read_bytes())
    return settings.BASE_DIR / ".pytest_cache" / "tables" / f"{made_of.hexdigest()}.sqlite3"


def _keep(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    others = [old for old in path.parent.glob("*.sqlite3") if old != path]
    mine = path.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(mine)) as copy:
        connection.connection.backup(copy)
    mine.replace(path)
    for old in others:
        old.unlink(missing_ok=True)


def keep() -> None:
    """Makes the next `migrate`, that of the test database, start from them; what follows it runs each time."""
    handle, then, path = Command.handle, migrate.emit_post_migrate_signal, _kept()

    def handle_once(self, *args, **options):
        Command.handle = handle
        if path.exists():
            connection.ensure_connection()
            with closing(sqlite3.connect(path)) as copy:
                copy.backup(connection.connection)
        with patch.object(migrate, "emit_post_migrate_signal", keep_then):
            return handle(self, *args, **options)

    def keep_then(*args, **kwargs):
        if not path.exists():
            _keep(path)
        then(*args, **kwargs)

    Command.handle = handle_once
