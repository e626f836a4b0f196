"""Editors settle what a takeover left: discarded texts, records and files that are gone."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError

from fiches.attached import Contact
from fiches.models import Fiche
from fiches.suivi import lots
from projets.models import Annexe, Projet
from reprise.following import follow
from reprise.models import Anomalie, Origine
from socle.annuaire.models import Statut
from tests.factories import DepartementFactory, ProjetFactory, ThemeFactory
from tests.fiches.test_admin_listes import said
from tests.projets.formulaire import change_url, posted

pytestmark = pytest.mark.django_db

HUGE = "9" * 30


# Addresses that no record can have


@pytest.mark.parametrize("end", ["change/", "history/", "delete/", "history/comparer/", "annexe/1/"])
def test_a_number_that_no_sheet_can_have_is_not_found(client, anne, end):
    assert client.get(f"/admin/projets/projet/{HUGE}/{end}").status_code == 404
    if not end.startswith(("annexe", "history/c")):
        assert client.post(f"/admin/projets/projet/{HUGE}/{end}", {"titre": "x"}).status_code == 404


# Files


def test_the_file_of_a_deleted_annexe_leaves_the_disk_once_that_is_certain(django_capture_on_commit_callbacks):
    projet = ProjetFactory()
    for _ in range(2):
        Annexe.objects.create(projet=projet, fichier=SimpleUploadedFile("budget.pdf", b"%PDF"))
    Annexe.objects.create(projet=projet, nom_origine="perdu.pdf")
    names = [annexe.fichier.name for annexe in projet.annexes.all() if annexe.fichier]
    assert len(names) == 2
    with django_capture_on_commit_callbacks() as callbacks:
        projet.delete()
    assert all(map(default_storage.exists, names))
    for callback in callbacks:
        callback()
    assert not any(map(default_storage.exists, names))


# A record deleted meanwhile


def test_what_was_typed_on_a_sheet_that_was_deleted_is_shown_and_not_saved(client, anne):
    theme = ThemeFactory(nom="Accueil")
    projet = ProjetFactory(titre="Portail")
    typed = posted(client, projet, description="Mon long <texte>", departement=DepartementFactory(code="22").pk)
    typed |= {"themes": [theme.pk], "contacts-TOTAL_FORMS": "1", "contacts-0-role": "auteur"}
    typed |= {"contacts-0-nom": "Ewen Le Bras"}
    projet.delete()
    response = client.post(change_url(projet), typed)
    assert response.status_code == 410
    page = response.content.decode()
    for words in ("supprimée", "Mon long &lt;texte&gt;", "Accueil", "Ewen Le Bras", "auteur·e", "Côtes-d’Armor"):
        assert words in page, words
    assert "Description synthétique du projet" in page
    said = page.partition('id="content-main"')[2]
    for words in ("Publier avec son titre seul", "A accepté", "Ne veut pas"):  # unticked boxes
        assert words not in said, words
    assert 'href="/admin/projets/projet/"' in page
    assert "csrfmiddlewaretoken" not in page.partition('id="content-main"')[2]
    assert not Projet.objects.exists()
    assert not Contact.objects.exists()


# Discarded texts


def discarded(projet, champ="Objectifs", texte="Achetez ici"):
    return Anomalie.objects.create(
        entree=projet.entree, type="contenu_indesirable", champ=champ, texte=texte, empreinte=texte
    )


def test_a_discarded_text_is_put_back_and_the_next_takeover_agrees(client, anne):
    projet = ProjetFactory(objectifs="Simplifier")
    Origine.objects.create(entree=projet.entree, type="projet", cle="x", valeurs={"objectifs": "Simplifier"})
    row = discarded(projet)
    page = client.get(change_url(projet)).content.decode()
    assert f'formaction="/admin/reprise/anomalie/{row.pk}/remettre/"' in page
    client.post(f"/admin/reprise/anomalie/{row.pk}/remettre/", {"retour": "fiche"})
    projet.refresh_from_db()
    row.refresh_from_db()
    assert (projet.objectifs, projet.version, row.reglee_par) == ("Simplifier\nAchetez ici", 2, anne)
    suite = follow(projet, {"objectifs": "Simplifier"}, {"objectifs": "Simplifier"})
    assert (suite.prendre, suite.changees) == ({}, {})


def test_a_discarded_text_is_set_aside_for_good(client, anne):
    projet = ProjetFactory(objectifs="Simplifier")
    row = discarded(projet)
    client.post(f"/admin/reprise/anomalie/{row.pk}/ecarter/")
    projet.refresh_from_db()
    row.refresh_from_db()
    assert (projet.objectifs, projet.version, row.reglee_par) == ("Simplifier", 1, anne)


@pytest.mark.parametrize(
    ("type", "champ", "key"),
    [
        ("contenu_indesirable", "Autre chose", "remettre"),
        ("doublon_probable", "", "ecarter"),
        ("type_inconnu", "", "distinguer"),
        ("lien_vide", "Objectifs", "remettre"),
    ],
)
def test_what_an_anomaly_does_not_ask_is_not_done(client, anne, type, champ, key):
    row = Anomalie.objects.create(entree=ProjetFactory().entree, type=type, champ=champ, texte="x", empreinte="x")
    for pk in (row.pk, HUGE):
        assert client.post(f"/admin/reprise/anomalie/{pk}/{key}/").status_code == 404


# Batches


def test_a_batch_is_committed_block_by_block_and_says_how_far_it_went(client, anne, monkeypatch):
    monkeypatch.setattr(lots, "BLOCK", 2)
    drafts = [ProjetFactory(draft=True) for _ in range(5)]
    save = Fiche.save

    def broken(fiche, *args, **kwargs):
        if fiche.pk == drafts[3].pk:
            raise DatabaseError
        return save(fiche, *args, **kwargs)

    monkeypatch.setattr(Fiche, "save", broken)
    data = {"action": "publish", "appliquer": "oui", "_selected_action": [draft.pk for draft in drafts]}
    message = said(client.post("/admin/projets/projet/", data, follow=True))
    assert message == [
        "2 fiches publiées. L’action s’est arrêtée avant la fin : les autres fiches n’ont pas changé. Recommencez-la."
    ]
    assert Projet.objects.filter(statut=Statut.PUBLIEE).count() == 2
