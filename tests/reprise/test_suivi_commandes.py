"""For test_commandes."""

import re
from pathlib import Path

import pytest

from tests.reprise.extrait import part
from tests.sauvegardes.conftest import _model, site  # noqa: F401 - fixtures
from tests.sauvegardes.test_commandes import START

pytestmark = pytest.mark.django_db  # to run on both databases


@pytest.fixture
def source(site):  # noqa: F811
    path = site.dossier / "export.txt"
    path.write_bytes(part("AURAY - PEF, Planning Emploi Formation"))
    return path


@pytest.mark.long
def test_a_takeover_copies_the_database_first_and_says_how_to_go_back(site, source):  # noqa: F811
    said = site.run("importer_yeswiki", source)
    assert len(site.titles) == 3
    assert "tout ce qui aura été enregistré d’ici là" in said
    copie = re.search(r"manage\.py restaurer (\S+)", said)[1]
    assert Path(copie).name.startswith("avant-reprise-")
    site.run("restaurer", copie, "--oui")
    assert site.titles == START


@pytest.mark.long
def test_a_simulation_copies_nothing(site, source):  # noqa: F811
    site.run("importer_yeswiki", source, "--simulation")
    assert not site.copies.exists()


@pytest.mark.long
def test_a_takeover_that_cannot_copy_stops_and_names_the_option_that_goes_on(site, source):  # noqa: F811
    site.copies.write_text("un fichier à la place du dossier")
    said = site.refused("importer_yeswiki", source)
    assert "--sans-copie" in said
    assert "Rien n’a été enregistré" in said
    assert site.titles == START
    assert "restaurer" not in site.run("importer_yeswiki", source, "--sans-copie")
    assert len(site.titles) == 3
