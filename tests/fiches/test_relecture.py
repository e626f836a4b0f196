"""Somebody who sent a sheet « à relire » learns what became of it."""

import pytest

from fiches.suivi.fusion import merge, undo
from fiches.suivi.models import Fusion
from projets.models import Projet
from socle.annuaire.models import Statut
from socle.courrier.models import Courriel
from tests.factories import ProjetFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def anne():
    return UtilisateurFactory(first_name="Anne", last_name="Kerdoncuff", email="anne@exemple.bzh")


@pytest.fixture
def malo():
    return UtilisateurFactory(first_name="Malo", last_name="Prigent", email="malo@exemple.bzh")


@pytest.fixture
def sent(anne):
    """A sheet that Anne sent, then corrected."""
    fiche = ProjetFactory(draft=True, titre="Cantine de Brélès")
    fiche.change({"statut": Statut.A_RELIRE}, user=anne)
    return fiche.change({"description": "Un texte."}, user=anne)


@pytest.mark.parametrize(
    ("statut", "objet", "says"),
    [
        (Statut.PUBLIEE, "Votre fiche est publiée : Cantine de Brélès", "Lire la fiche"),
        (Statut.BROUILLON, "Votre fiche est revenue en brouillon : Cantine de Brélès", "renvoyez-la à relire"),
        (Statut.RETIREE, "Votre fiche n’a pas été retenue : Cantine de Brélès", "Ce qui a changé"),
    ],
)
def test_whoever_sent_a_sheet_is_told_what_became_of_it(sent, malo, statut, objet, says):
    sent.change({"statut": statut}, user=malo)
    sent.change({"titre": "Cantine de Brélès, suite"}, user=malo)
    mail = Courriel.objects.get()
    assert (mail.destinataire, mail.objet) == ("anne@exemple.bzh", objet)
    assert says in mail.html
    assert "par Malo Prigent" in mail.texte
    assert f"/admin/projets/projet/{sent.pk}/history/" in mail.texte
    assert (sent.get_absolute_url() in mail.texte) == (statut == Statut.PUBLIEE)


def test_nobody_is_told_of_a_correction_nor_of_what_they_did_themselves(sent, anne, malo):
    sent.change({"titre": "Autre"}, user=malo)
    sent.change({"statut": Statut.PUBLIEE}, user=anne)
    assert not Courriel.objects.exists()


@pytest.mark.parametrize("account", [{"is_active": False}, {"email": ""}, {"email": "pas une adresse"}])
def test_a_closed_account_and_one_without_address_hinder_nothing(sent, anne, malo, account):
    type(anne).objects.filter(pk=anne.pk).update(**account)
    sent.change({"statut": Statut.PUBLIEE}, user=malo)
    sent.refresh_from_db()
    assert sent.statut == Statut.PUBLIEE
    assert not Courriel.objects.exists()


def test_a_hundred_sheets_of_one_file_are_no_hundred_mails(anne, malo):
    fiche = ProjetFactory(draft=True)
    fiche.change({"statut": Statut.A_RELIRE}, user=anne, reason="Import d’un fichier")
    fiche.change({"statut": Statut.PUBLIEE}, user=malo)
    assert not Courriel.objects.exists()


# A sheet that is made one with another


@pytest.fixture
def kept():
    return ProjetFactory(titre="Cantine de Brélès et Lanildut")


def merged(kept, lost, user) -> Fusion:
    merge(Projet.objects.get(pk=kept.pk), Projet.objects.get(pk=lost.pk), {}, user=user)
    return Fusion.objects.latest("pk")


def test_whoever_wrote_a_sheet_that_was_merged_is_told_in_which(sent, kept, malo):
    merged(kept, sent, malo)
    mail = Courriel.objects.get()
    assert mail.destinataire == "anne@exemple.bzh"
    assert mail.objet == "Votre fiche est reprise dans une autre : Cantine de Brélès"
    assert "est reprise dans la fiche « Cantine de Brélès et Lanildut »" in mail.texte.replace("\u00a0", " ")
    assert "par Malo Prigent" in mail.texte
    assert kept.get_absolute_url() in mail.texte
    assert f"/admin/projets/projet/{sent.pk}/history/" in mail.texte


def test_they_are_told_again_if_it_is_undone_and_then_of_what_becomes_of_it(sent, kept, malo):
    undo(merged(kept, sent, malo), user=malo)
    _, second = Courriel.objects.order_by("pk")
    assert (second.destinataire, second.objet) == (
        "anne@exemple.bzh",
        "Votre fiche est de nouveau à part : Cantine de Brélès",
    )
    assert "de nouveau « à relire »" in second.texte.replace("\u00a0", " ")
    fiche = Projet.objects.get(pk=sent.pk)
    assert fiche.statut == Statut.A_RELIRE
    fiche.change({"statut": Statut.PUBLIEE}, user=malo)
    assert Courriel.objects.latest("pk").objet == "Votre fiche est publiée : Cantine de Brélès"
    assert Courriel.objects.count() == 3


def test_of_a_merge_nobody_is_told_what_they_did_themselves_nor_of_a_sheet_that_a_file_brought(sent, kept, anne, malo):
    undo(merged(kept, sent, anne), user=anne)
    imported = ProjetFactory(draft=True)
    imported.change({"statut": Statut.A_RELIRE}, user=anne, reason="Import d’un fichier")
    undo(merged(kept, imported, malo), user=malo)
    assert not Courriel.objects.exists()
