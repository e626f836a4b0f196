"""« rapport V2 »: which record replaces which."""

import pytest

from projets.models import Projet
from reprise import versions
from reprise.versions import alike, split_version
from socle.annuaire.models import Statut
from tests.factories import ProjetFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("titre", "parts"),
    [
        ("DINAN - Site (rapport V2)", ("DINAN - Site", 2)),
        ("DINAN - Site - Rapport v.3", ("DINAN - Site", 3)),
        ("DINAN - Site [RAPPORT V2]", ("DINAN - Site", 2)),
        ("DINAN - Site", ("DINAN - Site", 1)),
        ("Un rapport V2 sur les portails", ("Un rapport V2 sur les portails", 1)),
        ("Site V2", ("Site V2", 1)),
        ("Site (rapport V1)", ("Site (rapport V1)", 1)),
        ("rapport V2", ("rapport V2", 1)),
        ("", ("", 1)),
    ],
)
def test_a_version_is_told_from_the_end_of_a_title(titre, parts):
    assert split_version(titre) == parts


def link_version(projet):
    return versions.link_version(projet, alike())


def test_a_version_replaces_the_one_before_it(places):
    first = ProjetFactory(titre="DINAN - Site", departement_id="22")
    second = ProjetFactory(titre="Dinan - SITE (rapport V2)", departement_id="22")
    third = ProjetFactory(titre="DINAN - Site (rapport V3)", departement_id="22")
    assert link_version(third)
    assert link_version(second)
    assert not link_version(first)
    assert dict(Projet.objects.values_list("pk", "remplace")) == {
        first.pk: None,
        second.pk: first.pk,
        third.pk: second.pk,
    }
    assert set(Projet.objects.replaced()) == {first, second}


def test_nothing_is_tied_in_doubt(places):
    ProjetFactory(titre="DINAN - Site", departement_id="22")
    ProjetFactory(titre="DINAN - Site", departement_id="22")
    assert not link_version(ProjetFactory(titre="DINAN - Site (rapport V2)", departement_id="22"))
    assert not link_version(ProjetFactory(titre="Autre (rapport V2)", departement_id="22"))
    ProjetFactory(titre="Portail", departement_id="29")
    assert not link_version(ProjetFactory(titre="Portail (rapport V2)", departement_id="22"))


def test_an_editor_s_choice_stays(places):
    ProjetFactory(titre="Site", departement_id="22")
    chosen = ProjetFactory(titre="Autre", departement_id="22")
    second = ProjetFactory(titre="Site (rapport V2)", departement_id="22", remplace=chosen)
    assert not link_version(second)
    assert second.remplace == chosen


def test_money_counts_once_whatever_became_of_the_versions_between(client, places):
    sheet = None
    for statut in (Statut.PUBLIEE, Statut.BROUILLON, Statut.RETIREE, Statut.A_RELIRE, Statut.PUBLIEE):
        sheet = ProjetFactory(titre=f"Site, {statut}", statut=statut, remplace=sheet, montant_eur=1000)
    first, last = Projet.objects.published().order_by("pk")
    assert Projet.objects.published().figures() | {"mediane": 1000} == {
        "fiches": 2,
        "montants": 1,
        "remplacees": 1,
        "total": 1000,
        "mediane": 1000,
    }
    assert first.is_remplacee
    assert first.remplacee_par() == last
    assert last.get_absolute_url() in client.get(first.get_absolute_url()).content.decode()
    assert not last.is_remplacee
    last.statut = Statut.BROUILLON
    last.save()
    assert not Projet.objects.get(pk=first.pk).is_remplacee
    assert first.remplacee_par() is None
