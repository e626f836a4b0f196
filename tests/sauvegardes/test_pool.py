"""A restore must be alone: it does not meet its own pooled connections."""

import importlib.util

import pytest

from tests.sauvegardes.site import POSTGRES


@pytest.mark.long
@pytest.mark.skipif(not (POSTGRES and importlib.util.find_spec("psycopg_pool")), reason="PostgreSQL with its pool")
@pytest.mark.django_db
def test_a_site_with_a_pool_runs_its_tasks_and_is_restored(site, copie):
    pool = {"DATABASE_POOL": "4"}
    site.sql("UPDATE projets_projet SET titre = 'Changé' WHERE titre = 'Un portail'")
    assert "courriels" not in site.run("taches", "--seulement", "changements", env=pool)
    assert "changements" in site.run("taches", "--liste", env=pool)
    site.run("restaurer", copie, "--oui", env=pool)
    assert site.titles == ["Un guichet", "Un portail"]
