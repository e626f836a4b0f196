"""What copies and restores ask of SQLite and PostgreSQL, with the same methods.

A copy is made while the site serves. A restore fills a second database, checks it, and only then gives it the name of
the first, which is moved aside.
"""

import os
import shutil
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.backends.postgresql.client import DatabaseClient
from psycopg.sql import SQL, Identifier

from socle.sauvegardes.archive import CopieImpossible

ASIDE = "avant"  # in the names of databases that a restore moved aside
# What reading a damaged SQLite base raises: Python cannot say what SQLite cites of it, where its bytes are no text.
ILLISIBLE = (sqlite3.DatabaseError, UnicodeDecodeError)
ANCIENNE = "ancienne"  # of a base of before 27 November 2026, which `migrate` put aside until 2 December


class BaseAbimee(CopieImpossible):
    """The database engine finds the database damaged."""


def here() -> "Sqlite | Postgres":
    return Postgres() if connection.vendor == "postgresql" else Sqlite()


class Sqlite:
    def __init__(self):
        self.base = Path(connection.settings_dict["NAME"])
        self.dossier = self.base.with_name(f".{self.base.name}.restauration")  # where a restore works, on the same disk

    def size(self) -> int:
        """The largest size before compression, in bytes."""
        try:
            with connection.cursor() as cursor:
                pages, free, bytes_each = (
                    cursor.execute(f"PRAGMA {name}").fetchone()[0]
                    for name in ("page_count", "freelist_count", "page_size")
                )
        except (DatabaseError, UnicodeDecodeError) as error:
            raise CopieImpossible(
                f"La base {self.base} est abîmée au point de ne plus se lire. « manage.py restaurer » met une copie à "
                "sa place, et garde ce fichier tel quel."
            ) from error
        return (pages - free) * bytes_each

    def dump(self, target: Path) -> str:
        """Writes the database of one moment, with its last changes; nobody has to wait.

        Returns what `prove` does; BaseAbimee once all readable data are written.
        """
        try:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(target)])
        except (DatabaseError, UnicodeDecodeError) as error:
            code = getattr(error.__cause__, "sqlite_errorcode", 0)
            if isinstance(error, DatabaseError) and code & 0xFF != sqlite3.SQLITE_CORRUPT:
                raise CopieImpossible(f"SQLite ne peut pas copier la base : {error}.") from error
            target.unlink(missing_ok=True)
            with closing(sqlite3.connect(self.base)) as source, closing(sqlite3.connect(target)) as copy:
                source.backup(copy)  # page by page, whatever they contain
            raise BaseAbimee(f"La base est abîmée : {error}.") from error
        return self.prove(target)

    def prove(self, path: Path) -> str:
        """Returns a sentence about rows that point to missing ones, or "". BaseAbimee if the file is damaged."""
        try:
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as base:
                said = base.execute("PRAGMA integrity_check(1)").fetchone()[0]
                loose = Counter((row[0], row[2]) for row in base.execute("PRAGMA foreign_key_check"))
                base.execute("SELECT 1 FROM django_migrations LIMIT 1")
        except ILLISIBLE as error:
            raise BaseAbimee(f"La base de cette copie ne se lit pas : {error}.") from error
        if said != "ok":
            raise BaseAbimee(f"La base de cette copie est abîmée : {said}.")
        found = [f"{number} de {table} vers {parent}" for (table, parent), number in loose.items()]
        return f"Des lignes renvoient à ce qui n’existe plus : {', '.join(found)}." if found else ""

    def others(self) -> str:
        """Who else has the database open, for an error message, or "". Its lock is released at once."""
        if not self.base.exists():
            return ""
        try:
            with closing(sqlite3.connect(f"{self.base.resolve().as_uri()}?mode=rw", uri=True, timeout=0)) as base:
                # In this mode SQLite locks the file itself, of which every open connection has a share.
                base.execute("PRAGMA locking_mode=EXCLUSIVE")
                base.execute("BEGIN EXCLUSIVE")
                base.rollback()
                base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except ILLISIBLE as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                return f"le fichier {self.base} est verrouillé par une connexion ouverte"
            # The base is damaged, which may be the reason for the restore: it is moved aside as it is.
        return ""

    def fill(self, dump: Path, tell: Callable[[str], object]) -> str:
        """A second database from a dump. Returns its name for Django."""
        if loose := self.prove(dump):
            tell(f"{loose}\n")
        return str(dump)

    def aside(self, moment: str) -> str:
        """A second database from the one moved aside, with its log. Returns its name for Django."""
        aside, second = self._aside(moment), self.dossier / "base"
        if not aside.exists():
            raise CopieImpossible(f"{aside} n’existe pas.")
        self.dossier.mkdir(mode=0o700, parents=True)
        try:
            with closing(sqlite3.connect(aside)) as source, closing(sqlite3.connect(second)) as copy:
                source.backup(copy)
        except ILLISIBLE as error:
            raise CopieImpossible(f"{aside} ne se lit pas : {error}.") from error
        self.prove(second)
        return str(second)

    def forget(self, moment: str) -> None:
        """Deletes what was moved aside, now that it is in use again."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._aside(moment)}{suffix}").unlink(missing_ok=True)

    def _aside(self, moment: str) -> Path:
        return self.base.with_name(f"{self.base.name}.{ASIDE}-{moment}")

    def swap(self, name: str, moment: str) -> str:
        """Gives the second database the place of the first. Returns where that is now, "" if there was none.

        The log of last changes moves too: SQLite would play it into the second one.
        """
        self.prove(Path(name))
        aside = self._aside(moment)
        if present := self.base.exists():
            os.link(self.base, aside)
        for suffix in ("-wal", "-shm"):
            if (log := Path(f"{self.base}{suffix}")).exists():
                log.rename(f"{aside}{suffix}")
        Path(name).replace(self.base)
        folder = os.open(self.base.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        return str(aside) if present else ""

    def swapped(self, moment: str) -> bool:
        """Whether a killed restore had exchanged the databases: its second one is gone."""
        return not (self.dossier / "base").exists()

    def discard(self) -> None:
        shutil.rmtree(self.dossier, ignore_errors=True)

    def asides(self) -> list[str]:
        return [str(path) for path in self.base.parent.glob(f"{self.base.name}.{ASIDE}-*")]

    def drop(self, aside: str) -> None:
        Path(aside).unlink(missing_ok=True)

    def old(self) -> list[str]:
        return [str(path) for path in self.base.parent.glob(f"{self.base.name}.{ANCIENNE}-*")]

    drop_old = drop

    def unfinished(self) -> list[str]:
        """The folder that a killed restore left."""
        return [str(self.dossier)] if self.dossier.exists() else []


class Postgres:
    def __init__(self):
        self.settings = dict(connection.settings_dict)
        self.base = self.settings["NAME"]
        self.second = f"{self.base[:50]}-restauration"  # PostgreSQL allows 63 bytes
        self._aside = f"{self.base[:38]}-{ASIDE}-"
        self.dossier = Path(settings.SAUVEGARDES) / ".restauration"

    def size(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return cursor.fetchone()[0]

    def dump(self, target: Path) -> str:
        """Writes the database of one moment (custom format); nobody has to wait. Returns ""."""
        self._run("pg_dump", "--format=custom", f"--file={target}", base=self.base)
        self._run("pg_restore", "--file=/dev/null", str(target))
        return ""

    def others(self) -> str:
        self._leave()
        with self._server() as cursor:
            cursor.execute(
                "SELECT pid, usename, application_name, client_addr::text FROM pg_stat_activity"
                " WHERE datname = %s AND backend_type <> 'autovacuum worker'",  # such a worker leaves by itself
                [self.base],
            )
            found = [f"{pid} ({', '.join(filter(None, who))})" for pid, *who in cursor.fetchall()]
        return f"pg_stat_activity montre des connexions à la base {self.base} : {', '.join(found)}" if found else ""

    def fill(self, dump: Path, tell: Callable[[str], object]) -> str:
        """A second database from a dump, with the sort order of the first. Returns its name for Django."""
        try:
            with self._server() as cursor:
                cursor.execute(self._drop(self.second))
                cursor.execute(
                    "SELECT pg_encoding_to_char(encoding), datcollate, datctype, datlocprovider,"
                    " coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale')"
                    " FROM pg_database d WHERE datname = %s",
                    [self.base],
                )
                cursor.execute(self._create(self.second, *cursor.fetchone()))
        except DatabaseError as error:
            raise CopieImpossible(
                f"PostgreSQL ne laisse pas créer une seconde base : {str(error).strip()}. Donnez-en le droit, le temps "
                f"de la restauration : ALTER ROLE {self.settings['USER'] or 'votre_compte'} CREATEDB;"
            ) from error
        self._run("pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", str(dump), base=self.second)
        return self.second

    def aside(self, moment: str) -> str:
        """The name, for Django, of the database moved aside."""
        if (name := f"{self._aside}{moment}") not in self.asides():
            raise CopieImpossible(f"Il n’y a pas de base {name}.")
        return name

    def forget(self, moment: str) -> None:
        """Does nothing: the database that was moved aside has its former name again."""

    def swap(self, name: str, moment: str) -> str:
        """Gives the second database the name of the first, in one transaction. Returns the new name of the first.

        PostgreSQL refuses while anybody is connected.
        """
        aside, rename = f"{self._aside}{moment}", "ALTER DATABASE {} RENAME TO {}"
        self._leave()
        try:
            with self._server() as cursor:
                cursor.execute("BEGIN")
                cursor.execute(_sql(rename, Identifier(self.base), Identifier(aside)))
                cursor.execute(_sql(rename, Identifier(name), Identifier(self.base)))
                cursor.execute("COMMIT")
        except DatabaseError as error:
            raise CopieImpossible(f"PostgreSQL ne donne pas la place à la copie : {str(error).strip()}.") from error
        return aside

    def swapped(self, moment: str) -> bool:
        """Whether a killed restore had exchanged the databases: the old one has its new name."""
        with self._server() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [f"{self._aside}{moment}"])
            return cursor.fetchone() is not None

    def discard(self) -> None:
        """Deletes what a restore works in. DatabaseError, with nothing deleted, if somebody is connected."""
        self._leave()
        with self._server() as cursor:
            cursor.execute(self._drop(self.second))
        shutil.rmtree(self.dossier, ignore_errors=True)

    def asides(self) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database")
            return [name for (name,) in cursor.fetchall() if name.startswith(self._aside)]

    def drop(self, aside: str) -> None:
        with self._server() as cursor:
            cursor.execute(self._drop(aside))

    def old(self) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)", [f"{ANCIENNE}-"])
            return [name for (name,) in cursor.fetchall()]

    def drop_old(self, schema: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_sql("DROP SCHEMA IF EXISTS {} CASCADE", Identifier(schema)))

    def unfinished(self) -> list[str]:
        """The folder that a killed restore left; `discard` deletes its database too."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.second])
            return [str(self.dossier)] if cursor.fetchone() or self.dossier.exists() else []

    @contextmanager
    def _server(self) -> Iterator[psycopg.Cursor]:
        """A cursor on the database `postgres`: nobody may be connected to one that is renamed or dropped.

        Raises DatabaseError, like Django's cursors.
        """
        where = connection.get_connection_params() | {"dbname": "postgres"}
        # Connects as the site does, with a timeout for a server that does not answer.
        with connection.wrap_database_errors, connection.Database.connect(**where, autocommit=True) as server:
            yield server.cursor()

    @staticmethod
    def _leave() -> None:
        """Closes all connections to the database, also those in a pool."""
        connection.close()
        connection.close_pool()

    @staticmethod
    def _create(name: str, encoding: str, collate: str, ctype: str, provider: str, locale: str | None) -> str:
        query = "CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}"
        own = {"i": " LOCALE_PROVIDER icu ICU_LOCALE {}", "b": " LOCALE_PROVIDER builtin BUILTIN_LOCALE {}"}
        query += own.get(provider, "")
        return _sql(query, Identifier(name), encoding, collate, ctype, *([locale] if provider in own else []))

    @staticmethod
    def _drop(name: str) -> str:
        return _sql("DROP DATABASE IF EXISTS {}", Identifier(name))

    def _run(self, tool: str, *arguments: str, base: str = "") -> None:
        """Runs a tool of PostgreSQL; the password goes through the environment only."""
        where, secrets = DatabaseClient.settings_to_cmd_args_env(self.settings | {"NAME": base}, [])
        command = [tool, *([*where[1:-1], f"--dbname={base}"] if base else ()), *arguments]
        try:
            done = subprocess.run(  # noqa: S603
                command, env=os.environ | (secrets or {}), capture_output=True, text=True, check=False
            )
        except FileNotFoundError as error:
            raise CopieImpossible(
                f"{tool} n’est pas sur cette machine : installez les outils de PostgreSQL (paquet postgresql-client), "
                "dans la version du serveur ou une plus récente."
            ) from error
        if done.returncode:
            raise CopieImpossible(f"{tool} a échoué : {done.stderr.strip()[-1000:]}")


def _sql(query: str, *values) -> str:
    """A statement with its names (`Identifier`) and texts quoted."""
    return SQL(query).format(*values).as_string(None)
