"""The seventy France Relance projects of the old site: what each title and authority must be recognised as.

In `projets.csv`: titles, authorities and départements as published on labacces.fr, and what a reader checked of them.
"""

import csv
from pathlib import Path
from typing import NamedTuple

import pytest

from socle.territoires.chargement import read_tables, save_table
from socle.territoires.models import Commune, Departement, Intercommunalite, Region
from socle.territoires.place_names import DOSSIER, split_title, tidy_authority
from socle.territoires.reconnaissance import Reconnaisseur
from tests.sampling import sample


class Projet(NamedTuple):
    """Official codes of its place if it has one; `themes`: addresses of those that the title alone proposes."""

    titre: str
    collectivite: str
    departement: str
    commune: str
    intercommunalite: str
    tidied: str
    shown: str
    themes: str


with Path(__file__).with_name("projets.csv").open(encoding="utf-8", newline="") as file:
    PROJETS = [Projet(**row) for row in csv.DictReader(file)]


@pytest.fixture
def reconnaisseur(_bretagne, db):
    """Over every place of Bretagne, so that a name can be mistaken for its neighbours."""
    return Reconnaisseur()


@pytest.fixture(scope="module")
def _bretagne(kept):
    departements = {"22", "29", "35", "44", "56"}
    wanted = {
        Region: lambda region: True,
        Departement: lambda departement: departement.code in departements,
        Intercommunalite: lambda intercommunalite: True,
        Commune: lambda commune: commune.departement_id in departements,
    }
    for model, items in read_tables(DOSSIER):
        save_table(model, filter(wanted[model], items))


@pytest.mark.long
def test_the_seventy_authorities_are_recognised_or_left_alone(reconnaisseur, django_assert_max_num_queries):
    assert len(PROJETS) == 70
    with django_assert_max_num_queries(4 * len(PROJETS)):
        for projet in PROJETS:
            code = reconnaisseur.parse_departement(projet.departement)
            commune = reconnaisseur.find_commune(projet.collectivite, code)
            epci = reconnaisseur.find_intercommunalite(projet.collectivite, code)
            found = (code, commune.code if commune else "", epci.code if epci else "")
            assert found == (projet.departement[:2], projet.commune, projet.intercommunalite), projet.collectivite
            assert tidy_authority(projet.collectivite, commune, epci) == projet.tidied


def test_an_authority_read_twice_costs_no_query(reconnaisseur, django_assert_num_queries):
    def recognise_all():
        for projet in sample(PROJETS, one_in=4):
            reconnaisseur.find_commune(projet.collectivite, projet.departement[:2])
            reconnaisseur.find_intercommunalite(projet.collectivite, projet.departement[:2])

    recognise_all()
    with django_assert_num_queries(0):
        recognise_all()


def test_the_seventy_titles_are_shown_without_their_authority():
    shown = {projet.titre: split_title(projet.titre, projet.collectivite) for projet in PROJETS}
    assert shown == {projet.titre: projet.shown for projet in PROJETS}
