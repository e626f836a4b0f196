"""Synonyms: what they find, who owns them, and that a change works at once everywhere."""

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from socle.annuaire.models import Entree, Statut
from socle.recherche.index import Document, index
from socle.recherche.models import Synonymes
from socle.recherche.parsing import Mode
from socle.recherche.query import search, understand
from socle.recherche.synonymes import load_synonyms

pytestmark = pytest.mark.django_db
FIXTURE = settings.BASE_DIR / "fixtures" / "synonymes.json"


def sheet(titre, texte=""):
    slug = f"fiche-{Entree.objects.count()}"
    entree = Entree.objects.create(type="projet", slug=slug, titre=titre, statut=Statut.PUBLIEE)
    index(entree.pk, Document(titre, texte=texte))
    return entree


def group(*mots, sens_unique=False):
    return Synonymes.objects.create(mots="\n".join(mots), sens_unique=sens_unique)


def found(text, mode=None):
    return list(search(Entree.objects.all(), text, mode))


def test_a_group_finds_all_its_expressions_whichever_is_typed():
    group("RSA", "revenu de solidarité active")
    short, long = sheet("Le R.S.A."), sheet("Le revenu de solidarité active")
    apart = sheet("Solidarité", "une vie active, un revenu")
    assert found("rsa") == [short, long]
    assert found("Revenu de Solidarite active") == [long, short, apart]
    assert set(found("revenus solidarité actives rsa", Mode.ALL)) == {long, short}
    assert found('"revenu de solidarité active"') == [long]
    assert found("-rsa") == [apart, long]


def test_what_was_typed_comes_before_its_synonyms():
    group("démat", "dématérialisation")
    other, typed = sheet("La dématérialisation"), sheet("La démat")
    assert found("démat") == [typed, other]
    assert found("dématérialisation") == [other, typed]


def test_the_longest_expression_is_read_first():
    group("action sociale", "entraide")
    group("CCAS", "centre communal d’action sociale")
    ccas, entraide = sheet("CCAS"), sheet("Entraide")
    assert found("centre communal d'action sociale", Mode.ALL) == [ccas]
    assert found("action sociale", Mode.ALL) == [entraide]


def test_a_one_way_group_widens_its_first_expression_alone():
    group("illectronisme", "inclusion numérique", sens_unique=True)
    narrow, wide = sheet("Illectronisme"), sheet("Inclusion numérique")
    assert found("illectronisme") == [narrow, wide]
    assert found("inclusion numérique") == [wide]


def test_a_change_works_at_once():
    wanted = sheet("Allocations familiales")
    assert found("caf") == []
    row = group("CAF", "allocations familiales")
    assert found("caf") == [wanted]
    row.mots = "CAF\nautre chose"
    row.save()
    assert found("caf") == []
    row.delete()
    assert understand("caf").termes[0].choix == ((("caf",),),)


def test_an_unchanged_list_is_not_read_again(django_assert_num_queries):
    group("CAF", "allocations familiales")
    understand("caf")
    with django_assert_num_queries(2):  # versions, what the index knows of the words
        understand("caf rsa ccas")


@pytest.mark.parametrize("mots", ["", "RSA", "RSA\nrsa\nR.S.A.", "RSA\nle la", "RSA\n…"])
def test_a_group_needs_two_different_expressions(mots):
    with pytest.raises(ValidationError) as error:
        Synonymes(mots=mots).full_clean()
    assert "mots" in error.value.message_dict


def test_the_list_that_a_site_starts_with_is_sound_and_is_the_editors_from_then_on():
    total, created = load_synonyms(FIXTURE)
    assert total == created == Synonymes.objects.count() >= 60
    for row in Synonymes.objects.all():
        row.full_clean()
    Synonymes.objects.filter(mots__startswith="RSA").update(mots="RSA\nrevenu minimum")
    Synonymes.objects.filter(mots__startswith="CCAS").delete()
    assert load_synonyms(FIXTURE) == (total, 0)
    assert Synonymes.objects.filter(mots="RSA\nrevenu minimum").count() == 1
    assert not Synonymes.objects.filter(mots__startswith="CCAS").exists()


def test_editors_change_them_at_the_desk(admin_client):
    wanted = sheet("Allocations familiales")
    page = admin_client.post("/admin/recherche/synonymes/add/", {"mots": "CAF"})
    assert "au moins deux mots différents" in page.content.decode()
    admin_client.post("/admin/recherche/synonymes/add/", {"mots": " CAF \n\n allocations familiales\nCAF"})
    assert Synonymes.objects.get().mots == "CAF\nallocations familiales"
    assert found("caf") == [wanted]
    assert "CAF = allocations familiales" in admin_client.get("/admin/recherche/synonymes/").content.decode()
