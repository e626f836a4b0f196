import shutil
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from tests.sauvegardes.site import POSTGRES, SETUP, Site, on_server

FILL = (
    SETUP
    + """
from django.core.management import call_command
from socle.territoires.models import Departement, Region
Departement.objects.create(code="22", nom="Côtes-d’Armor", region=Region.objects.create(code="53", nom="Bretagne"))
for titre in ("Un portail", "Un guichet"):
    projet = Projet(titre=titre, description="Voir avec Zélie Kerzonfleur.", statut=Statut.PUBLIEE)
    projet.save()
Contact.objects.create(entree=projet.entree, nom="Zélie Kerzonfleur", courriel="zelie@exemple.bzh")
"""
)


@pytest.fixture(scope="session")
def _model(tmp_path_factory, django_db_setup, django_db_blocker):
    """What each site starts from, and a copy of it: making them takes seconds."""
    site = Site(tmp_path_factory.mktemp("modele"), f"modele-{uuid4().hex[:12]}")
    if POSTGRES:
        on_server("CREATE DATABASE {}", site.name)
        site.run("migrate", "--verbosity=0")
    else:  # the tests' database has its tables
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(site.base)])
    (site.media / "annexes").mkdir(parents=True)
    (site.media / "annexes" / "plan.pdf").write_bytes(b"%PDF un plan")
    site.run("-c", f"{FILL}call_command('sauvegarder', {str(site.dossier / 'copie.tar.gz')!r})")
    yield site
    if POSTGRES:
        on_server("DROP DATABASE {} WITH (FORCE)", site.name)


@pytest.fixture
def site(_model, tmp_path):
    """Two projects, a contact of one, named in both, and a file."""
    site = Site(tmp_path, f"site-{uuid4().hex[:12]}")
    if POSTGRES:
        on_server("CREATE DATABASE {} TEMPLATE {}", site.name, _model.name)
    else:
        shutil.copy(_model.base, site.base)
    shutil.copytree(_model.media, site.media)
    yield site
    if POSTGRES:
        names = [name for (name,) in site.sql("SELECT datname FROM pg_database") if name.startswith(site.name)]
        for name in names:
            on_server("DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def copie(_model, site):
    return Path(shutil.copy(_model.dossier / "copie.tar.gz", site.dossier))
