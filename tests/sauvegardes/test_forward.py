"""Databases of earlier days (`outils/keep_database.py`) are migrated forward, and read."""

import gzip
import subprocess
from uuid import uuid4

import pytest

from tests.sauvegardes.site import POSTGRES, ROOT, Site, on_server

KEPT = sorted((ROOT / "tests" / "bases").glob("*.sql.gz" if POSTGRES else "*.sqlite3.gz"))
READ = """
import django
django.setup()
from django.apps import apps
from django.core.management import call_command
call_command("migrate", verbosity=0)
for model in apps.get_models(include_auto_created=True):
    list(model._base_manager.all()[:3])  # every column that models name is there
"""
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name)
def test_a_database_of_an_earlier_day_is_migrated_forward_and_read_whole(kept, tmp_path):
    site = Site(tmp_path, f"ancienne-{uuid4().hex[:12]}")
    if POSTGRES:
        on_server("CREATE DATABASE {}", site.name)
    try:
        if POSTGRES:
            dump = gzip.decompress(kept.read_bytes())
            subprocess.run(["psql", "--quiet", "-v", "ON_ERROR_STOP=1", site.url], input=dump, check=True)
        else:
            site.base.write_bytes(gzip.decompress(kept.read_bytes()))
        assert "mise de côté" not in site.run("-c", READ)
        assert site.titles == ["Un portail"]
    finally:
        if POSTGRES:
            on_server("DROP DATABASE {} WITH (FORCE)", site.name)


def test_some_database_was_kept():
    assert KEPT
