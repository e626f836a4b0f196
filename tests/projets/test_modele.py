"""What every save of a project keeps true: directory, history, index, derived columns, constraints."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from projets.models import Projet
from socle.annuaire.models import AncienneAdresse, Entree, Statut
from socle.recherche.models import Indexe
from socle.territoires.models import Commune
from socle.territoires.reconnaissance import Reconnaisseur
from tests.factories import ProjetFactory, ThemeFactory

pytestmark = pytest.mark.django_db


def test_the_directory_says_what_the_sheet_says(places):
    projet = ProjetFactory(titre="DINAN - Portail", collectivite="DINAN", commune_id="22050", themes=[])
    for titre, statut in (("DINAN - Cantine", Statut.BROUILLON), ("Autre", Statut.RETIREE), ("Fin", Statut.PUBLIEE)):
        projet.titre, projet.statut = titre, statut
        projet.save()
        entree = Entree.objects.get(pk=projet.pk)
        assert (entree.titre, entree.lieu, entree.slug) == (projet.titre_public, "Dinan", projet.slug)
        assert (entree.statut, entree.type, entree.modifiee_le) == (statut, "projet", projet.modifiee_le)
        assert entree.fiche == projet
        assert Indexe.objects.filter(pk=projet.pk).exists() == (statut == Statut.PUBLIEE)


def test_each_save_is_one_version_in_the_history(places):
    projet = ProjetFactory(themes=[ThemeFactory(nom="Cantine")])
    for number in (2, 3):
        projet.description = f"Version {number}"
        projet.save()
        assert projet.version == number == projet.history.count()
    assert [row.version for row in projet.history.all()] == [3, 2, 1]
    assert [row.theme.nom for row in projet.history.first().themes.all()] == ["Cantine"]


def test_no_save_is_of_some_columns(places):
    """What follows from the others would not be saved."""
    projet = ProjetFactory(titre="DINAN - Portail", collectivite="DINAN")
    Projet.objects.update_or_create(pk=projet.pk, defaults={"titre": "DINAN - Cantine"})
    row = Projet.objects.get(pk=projet.pk)
    assert (row.titre, row.titre_public) == ("DINAN - Cantine", "Cantine")


def test_what_follows_from_a_column_is_saved_with_it(places):
    projet = ProjetFactory(titre="DINAN - Portail", collectivite="DINAN")
    projet.titre, projet.slug, projet.commune = "DINAN - Cantine", "cantine", Commune.objects.get(pk="22050")
    projet.save()
    row = Projet.objects.get(pk=projet.pk)
    assert (row.titre_public, row.slug, row.intercommunalite_id) == ("Cantine", "cantine", "200068989")
    assert AncienneAdresse.objects.get().entree_id == projet.pk


def test_a_save_that_fails_leaves_nothing(places):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProjetFactory(montant_eur=Decimal("-1"))
    assert not Projet.objects.exists()
    assert not Entree.objects.exists()
    assert not Indexe.objects.exists()
    assert not Projet.history.exists()


def test_named_rules_hold_in_forms_and_in_the_database(places):
    projet = ProjetFactory(themes=[])
    projet.montant_eur = Decimal("-1")
    with pytest.raises(ValidationError):
        projet.full_clean()
    with pytest.raises(IntegrityError, match="projet_montant_positif"), transaction.atomic():
        Projet.objects.filter(pk=projet.pk).update(montant_eur=-1)
    with pytest.raises(IntegrityError, match="projet_ne_se_remplace_pas"), transaction.atomic():
        Projet.objects.filter(pk=projet.pk).update(remplace=projet.pk)


def test_the_first_publication_is_dated_once(places):
    projet = ProjetFactory(draft=True, themes=[])
    assert projet.publiee_le is None
    projet.statut = Statut.PUBLIEE
    projet.save()
    first = projet.publiee_le
    assert first
    projet.statut = Statut.RETIREE
    projet.save()
    projet.statut = Statut.PUBLIEE
    projet.save()
    assert projet.publiee_le == first


def test_themes_follow_the_text_until_an_editor_chooses(places):
    ThemeFactory(nom="Cantine", mots_cles="cantine")
    archives = ThemeFactory(nom="Archives", mots_cles="archives")
    projet = ProjetFactory(titre="La cantine")
    assert [theme.nom for theme in projet.themes.all()] == ["Cantine"]
    projet.titre = "Les archives"
    projet.save()
    assert list(projet.themes.all()) == [archives]
    projet.themes_automatiques = False
    projet.titre = "La cantine"
    projet.save()
    assert list(projet.themes.all()) == [archives]


def test_places_follow_from_the_authority_and_chosen_ones_stay(places):
    reconnaisseur = Reconnaisseur()
    projet = Projet(titre="Portail", collectivite="Mairie de Dinan", departement_id="22")
    projet.locate(reconnaisseur)
    projet.save()
    assert (projet.commune_id, projet.intercommunalite_id) == ("22050", "200068989")
    assert (projet.collectivite_publique, projet.collectivite_tri) == ("Mairie de Dinan", "dinan")
    chosen = Projet(titre="Portail", collectivite="Mairie de Dinan", commune=Commune.objects.get(pk="22339"))
    chosen.locate(reconnaisseur)
    assert chosen.commune_id == "22339"


def test_what_an_editor_chose_to_show_is_shown(places):
    projet = ProjetFactory(
        titre="DINAN - Portail", collectivite="DINAN", titre_court="Le portail", collectivite_courte="Ville de Dinan"
    )
    assert (projet.titre_public, projet.collectivite_publique) == ("Le portail", "Ville de Dinan")
    projet.titre_court = projet.collectivite_courte = ""
    projet.save()
    assert (projet.titre_public, projet.collectivite_publique) == ("Portail", "Dinan")


def test_deleting_a_sheet_leaves_no_trace_but_its_history(places):
    projet = ProjetFactory(themes=[ThemeFactory()])
    later = ProjetFactory(remplace=projet, themes=[])
    pk = projet.pk
    projet.delete()
    assert not Entree.objects.filter(pk=pk).exists()
    assert not Indexe.objects.filter(pk=pk).exists()
    later.refresh_from_db()
    assert later.remplace is None
    assert Projet.history.filter(entree_id=pk).exists()
