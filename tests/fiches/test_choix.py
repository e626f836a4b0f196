"""The lists of choices that a new site starts with."""

import json

import pytest
from django.conf import settings

from fiches.choice_lists import Choix
from fiches.choice_lookup import load_choices

pytestmark = pytest.mark.django_db

FIXTURE = settings.BASE_DIR / "fixtures" / "choix.json"


@pytest.fixture
def write(tmp_path):
    def path(content):
        file = tmp_path / "choix.json"
        file.write_text(json.dumps(content), encoding="utf-8")
        return file

    return path


def test_lists_come_in_the_order_of_the_form():
    total, created = load_choices(FIXTURE)
    lists = json.loads(FIXTURE.read_text(encoding="utf-8"))
    assert total == created == Choix.objects.count() == sum(map(len, lists.values()))
    for row in Choix.objects.all():
        row.full_clean()
    for liste, names in lists.items():
        assert list(Choix.objects.filter(liste=liste).values_list("nom", flat=True)) == names
    echelles = ["Quartier", "Commune", "Intercommunalité", "Département", "Région", "Nationale"]
    assert lists["echelle"] == echelles
    assert len(lists["reconnaissance"]) == 3


def test_twice_creates_nothing():
    total, _ = load_choices(FIXTURE)
    assert load_choices(FIXTURE) == (total, 0)


def test_a_value_that_exists_is_never_touched(write):
    same_name = Choix.objects.create(liste="echelle", nom="Région", slug="la-region", ordre=42)
    same_address = Choix.objects.create(liste="echelle", nom="Commune ou ville", slug="commune", ordre=7)
    other_letters = Choix.objects.create(liste="type-organisation", nom="Administration d'Etat")
    file = write({"echelle": ["Commune", "Région", "Nationale"], "type-organisation": ["Administration d’État"]})
    assert load_choices(file) == (4, 1)
    assert Choix.objects.get(nom="Nationale").ordre == 3
    for row in (same_name, same_address, other_letters):
        nom, slug, ordre = row.nom, row.slug, row.ordre
        row.refresh_from_db()
        assert (row.nom, row.slug, row.ordre) == (nom, slug, ordre)


def test_the_same_name_stands_in_several_lists(write):
    assert load_choices(write({"echelle": ["Commune"], "type-organisation": ["Commune"]})) == (2, 2)
