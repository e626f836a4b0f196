"""Where tests of copies start: a site in files."""

import shutil
from uuid import uuid4

import pytest

from tests.sauvegardes.site import POSTGRES, SETUP, Site, on_server

FILL = (
    SETUP
    + """
from socle.territoires.models import Departement, Region
Departement.objects.create(code="22", nom="Côtes-d’Armor", region=Region.objects.create(code="53", nom="Bretagne"))
for titre in ("Un portail", "Un guichet"):
    projet = Projet(titre=titre, description="Voir avec Zélie Kerzonfleur.", statut=Statut.PUBLIEE)
    projet.save()
Contact.objects.create(entree=projet.entree, nom="Zélie Kerzonfleur", courriel="zelie@exemple.bzh")
"""
)


@pytest.fixture(scope="session")
def _model(tmp_path_factory):
    """What each site begins with: making it takes seconds."""
    site = Site(tmp_path_factory.mktemp("modele"), f"modele-{uuid4().hex[:12]}")
    if POSTGRES:
        on_server("CREATE DATABASE {}", site.name)
    site.run("migrate", "--verbosity=0")
    site.run("-c", FILL)
    yield site
    if POSTGRES:
        on_server("DROP DATABASE {} WITH (FORCE)", site.name)


@pytest.fixture
def site(_model, tmp_path):
    """A site with two projects, a contact of one of them whose name stands in both, and a file."""
    site = Site(tmp_path, f"site-{uuid4().hex[:12]}")
    if POSTGRES:
        on_server("CREATE DATABASE {} TEMPLATE {}", site.name, _model.name)
    else:
        shutil.copy(_model.base, site.base)
    (site.media / "annexes").mkdir(parents=True)
    (site.media / "annexes" / "plan.pdf").write_bytes(b"%PDF un plan")
    yield site
    if POSTGRES:
        names = [name for (name,) in site.sql("SELECT datname FROM pg_database") if name.startswith(site.name)]
        for name in names:
            on_server("DROP DATABASE {} WITH (FORCE)", name)
