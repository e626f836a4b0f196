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
# Five journals of who read persons became one: a row of each, as they stood at the end.
JOURNAUX = {
    "alertes": ("0001_alerte", "ConsultationDAlertes", "alertes.Alerte"),
    "contacter": ("0004_signalements_et_avis", "ConsultationDeMessages", "contacter.Message"),
    "contributions": ("0004_fichiers_proposes", "ConsultationDeContributions", "contributions.Contribution"),
    "explorations": ("0002_nom_du_journal", "ConsultationDExplorations", "explorations.Exploration"),
    "inscriptions": ("0002_nom_du_journal", "ConsultationDInscriptions", "inscriptions.Inscription"),
}
LECTURES = f"""
import django
django.setup()
from datetime import datetime, UTC
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from socle.memoire import triggers
journaux = {JOURNAUX!r}
triggers.before_migrating("default", plan=[1])
at = [(app, last) for app, (last, *_) in journaux.items()]
state = MigrationExecutor(connection).migrate(at).apps
qui = state.get_model("comptes", "Utilisateur").objects.create(username="awena")
evenement = state.get_model("evenements", "Evenement").objects.get()
for jour, (app, (_, nom, _)) in enumerate(journaux.items(), 1):
    values = dict(le=datetime(2026, 11, jour, tzinfo=UTC), qui=qui, quoi="csv", nombre=jour)
    journal = state.get_model(app, nom).objects
    journal.create(**values, **(dict(evenement=evenement) if app == "inscriptions" else dict()))
journal.create(le=datetime(2026, 11, 6, tzinfo=UTC), quoi="emargement", nombre=6)
"""
pytestmark = pytest.mark.django_db


@pytest.fixture
def ancienne(tmp_path):
    """Make a site of a database that was kept."""
    site = Site(tmp_path, f"ancienne-{uuid4().hex[:12]}")

    def made(kept) -> Site:
        if POSTGRES:
            on_server("CREATE DATABASE {}", site.name)
            dump = gzip.decompress(kept.read_bytes())
            subprocess.run(["psql", "--quiet", "-v", "ON_ERROR_STOP=1", site.url], input=dump, check=True)
        else:
            site.base.write_bytes(gzip.decompress(kept.read_bytes()))
        return site

    yield made
    if POSTGRES:
        on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", site.name)


@pytest.mark.long
@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name)
def test_a_database_of_an_earlier_day_is_migrated_forward_and_read_whole(kept, ancienne):
    site = ancienne(kept)
    assert "mise de côté" not in site.run("-c", READ)
    assert site.titles == ["Un portail"]


@pytest.mark.long
def test_what_the_journals_of_each_room_held_is_in_the_one_of_all(ancienne):
    site = ancienne(KEPT[0])
    site.run("-c", LECTURES)
    site.run("-c", READ)
    rows = site.sql(
        "SELECT genre, quoi, nombre, sujet, username, substr(cast(le AS text), 1, 10) FROM vie_privee_consultation "
        "LEFT JOIN comptes_utilisateur u ON u.id = qui_id ORDER BY le"
    )
    moved = [
        (genre, "csv", jour, "Rencontre" if app == "inscriptions" else "", "awena", f"2026-11-0{jour}")
        for jour, (app, (_, _, genre)) in enumerate(JOURNAUX.items(), 1)
    ]
    assert rows == [*moved, ("inscriptions.Inscription", "emargement", 6, "", None, "2026-11-06")]


def test_some_database_was_kept():
    assert KEPT
