"""A site in a folder, with its own database; its commands run in processes of their own, as an operator's do."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
URL = os.environ.get("DATABASE_URL", "")
POSTGRES = URL.startswith("postgres")
SETUP = "import django\ndjango.setup()\nfrom fiches.attached import Contact\n"
SETUP += "from socle.annuaire.models import Statut\nfrom projets.models import Projet\n"


def on_server(statement: str, *names: str) -> None:
    """Runs a statement that makes or drops whole databases."""
    import psycopg
    from psycopg.sql import SQL, Identifier

    with psycopg.connect(f"{URL.rpartition('/')[0]}/postgres", autocommit=True) as connection:
        connection.execute(SQL(statement).format(*map(Identifier, names)))


class Site:
    def __init__(self, dossier: Path, name: str):
        self.dossier, self.name = dossier, name
        self.media, self.copies, self.base = dossier / "media", dossier / "copies", dossier / "db.sqlite3"

    @property
    def url(self):
        return f"{URL.rpartition('/')[0]}/{self.name}" if POSTGRES else f"sqlite:///{self.base}"

    @property
    def environment(self):
        return {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "labacces.settings",
            "SECRET_KEY": "cle-d-un-test-sans-valeur-ailleurs",
            "HTTPS": "non",
            "DATABASE_URL": self.url,
            "MEDIA_ROOT": str(self.media),
            "SAUVEGARDES": str(self.copies),
            "EFFACEMENTS": str(self.dossier / "effacements.txt"),
        }

    def attempt(self, *words, answer: str = "", env: dict | None = None):
        command = [sys.executable, *map(str, words if words[0] == "-c" else ("manage.py", *words))]
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment | (env or {}),
            input=answer,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def run(self, *words, **options) -> str:
        done = self.attempt(*words, **options)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def refused(self, *words, **options) -> str:
        """The command must fail with a reason and no traceback."""
        done = self.attempt(*words, **options)
        assert done.returncode == 1, done.stdout
        assert "Traceback" not in done.stdout
        return done.stdout

    def start(self, *words, stdout=subprocess.PIPE, stdin=None, env: dict | None = None) -> subprocess.Popen:
        pipes = {"stdin": stdin, "stdout": stdout, "stderr": subprocess.STDOUT, "text": True}
        return subprocess.Popen([sys.executable, *words], cwd=ROOT, env=self.environment | (env or {}), **pipes)

    def copy(self, *options) -> Path:
        return Path(self.run("sauvegarder", *options).rpartition(" : ")[2].strip())

    def sql(self, statement: str) -> list[tuple]:
        if POSTGRES:
            import psycopg

            with psycopg.connect(self.url, autocommit=True) as connection:
                cursor = connection.execute(statement)
                return cursor.fetchall() if cursor.description else []
        import sqlite3

        with closing(sqlite3.connect(self.base, isolation_level=None)) as connection:
            return connection.execute(statement).fetchall()

    @property
    def titles(self) -> list[str]:
        return sorted(titre for (titre,) in self.sql("SELECT titre FROM projets_projet"))

    @property
    def left(self) -> list[str]:
        """Remains of unfinished work."""
        found = [
            path.name for path in self.dossier.rglob("*") if ".restauration" in path.name or "-inachevee-" in path.name
        ]
        if POSTGRES:
            name = f"{self.name}-restauration"
            found += [one for (one,) in self.sql("SELECT datname FROM pg_database") if one == name]
        return found
