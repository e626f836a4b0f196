"""An SQLite site whose disk is full when it starts: pages are read, what would write is told, nothing is lost."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as site
from django.db import connection

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite keeps its log"),
]

# A file that may not grow is to SQLite what a disk is that has no room.
ASK = """
import os, resource, sqlite3, sys
from pathlib import Path
import django
django.setup()
from django.db import connection
from django.test import Client

def said(client, address, data=None):
    response = client.post(address, data) if data else client.get(address)
    body = response.getvalue().decode()
    return response.status_code, body

def full(limit=0):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

client = Client(raise_request_exception=False)
base = Path(connection.settings_dict["NAME"])
"""
START = """
from projets.models import Projet
Projet(titre="Un portail", statut="publiee").save()
connection.close()
assert not list(base.parent.glob("*-shm")) + list(base.parent.glob("*-wal"))
"""


@pytest.fixture(scope="module")
def start(tmp_path_factory, django_db_setup, django_db_blocker):
    folder = tmp_path_factory.mktemp("plein")
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(folder / "site.sqlite3")])
    run(folder, START)
    return folder / "site.sqlite3"


@pytest.fixture
def play(start, tmp_path):
    """Play a script on a copy of a site that was stopped; what it printed, and what it logged."""
    (tmp_path / "site.sqlite3").write_bytes(start.read_bytes())
    return lambda script: run(tmp_path, script)


def run(folder, script):
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "x" * 50,
        "HTTPS": "non",
        "SITE_URL": "http://testserver",
        "ALLOWED_HOSTS": "testserver",
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "MEDIA_ROOT": str(folder / "media"),
    }
    code = [sys.executable, "-c", ASK + script]
    done = subprocess.run(code, cwd=site.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines(), done.stderr


@pytest.mark.long
def test_pages_are_read_and_what_would_be_kept_is_told(play):
    printed, logged = play("""
full()
for address in ("/", "/projets/", "/projets.csv", "/recherche/?q=portail", "/api/v1/projets"):
    status, body = said(client, address)
    print(status, address, "portail" in body)
status, body = said(client, "/admin/login/", {"username": "anne", "password": "une phrase longue ici"})
print(status, "n’a pas été enregistré" in body)
""")
    assert all(line.startswith("200 ") for line in printed[:-1])
    assert [line for line in printed if line.endswith("True")] == printed
    assert printed[-1] == "503 True"
    assert logged.count("Le disque de la base n’a plus de place") == 1
    assert "Libérez de la place dans" in logged


@pytest.mark.long
def test_it_writes_again_as_soon_as_there_is_room_without_being_started_anew(play):
    printed, _ = play("""
hard = resource.getrlimit(resource.RLIMIT_FSIZE)
full()
print(said(client, "/projets/")[0], connection.lecture_seule)
resource.setrlimit(resource.RLIMIT_FSIZE, hard)
connection.close_if_unusable_or_obsolete()  # what the end of a request does
from projets.models import Projet
Projet(titre="Une maison", statut="publiee").save()
print(said(client, "/projets/")[1].count("Une maison") > 0, connection.lecture_seule)
connection.close()
print(sqlite3.connect(base).execute("PRAGMA integrity_check").fetchone()[0])
""")
    assert printed == ["200 True", "True False", "ok"]


@pytest.mark.long
def test_what_a_log_still_holds_is_never_passed_over(play):
    """A process was killed before its last changes were put into the file: without them it is not the site."""
    printed, _ = play("""
import shutil
from projets.models import Projet
connection.ensure_connection()
Projet(titre="Une maison", statut="publiee").save()
other = base.with_name("autre.sqlite3")
shutil.copy(base, other)
shutil.copy(f"{base}-wal", f"{other}-wal")
connection.close()
connection.settings_dict["NAME"] = str(other)
full()
print(said(client, "/projets/")[0])
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print("Une maison" in said(client, "/projets/")[1])
""")
    assert printed == ["503", "True"]
