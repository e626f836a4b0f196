"""The change log tells of each change that the public sees, once, whoever makes it; of drafts it tells nothing."""

import pytest
from django.core.management import call_command

from fiches import indexation
from fiches.attached import Contact, FichierJoint
from fiches.choice_lists import Theme
from fiches.suivi import corbeille, fraicheur, fusion, lots
from labacces.pages.models import Renseignements
from projets.models import Projet
from socle.annuaire.models import Entree, Statut
from socle.journal.models import Ligne
from socle.journal.writing import lot
from socle.recherche.models import Synonymes
from socle.territoires.models import Departement
from tests.factories import ProjetFactory, ThemeFactory
from tests.factories.ressources import RessourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def log():
    """What the change log was told since: (type, record, nature), in its order."""
    last = [Ligne.objects.latest("numero").numero]

    def told():
        rows = Ligne.objects.filter(numero__gt=last[0]).order_by("numero")
        found = list(rows.values_list("type", "entree", "nature"))
        last[0] += len(found)
        return found

    told.start = lambda: last.__setitem__(0, Ligne.objects.latest("numero").numero)
    return told


def test_a_save_tells_of_what_the_public_sees_and_sees_no_more(log):
    draft = ProjetFactory(statut=Statut.BROUILLON)
    draft.change({"suivi": "Relu."})
    assert log() == []
    draft.change({"statut": Statut.PUBLIEE})
    draft.change({"suivi": "Relu encore."})
    draft.change({"statut": Statut.RETIREE})
    draft.change({"suivi": "Plus rien."})
    told = [("projet", draft.pk, nature) for nature in ("publiee", "modifiee", "retiree")]
    assert log() == told
    assert [pk for _, pk, _ in told] == [draft.pk] * 3


def test_a_public_record_that_is_erased_or_put_into_the_bin_is_told(log):
    one, two, three = ProjetFactory(), ProjetFactory(), ProjetFactory(statut=Statut.BROUILLON)
    log.start()
    corbeille.throw_away(one)
    assert log() == [("projet", one.pk, "retiree")]
    corbeille.erase(Entree.objects.get(pk=one.pk))
    three.delete()
    assert log() == []
    Entree.objects.filter(pk=two.pk).delete()
    assert ("projet", two.pk, "retiree") == log()[-1]


def test_what_pointed_to_a_record_that_is_erased_is_told(log):
    first, second = ProjetFactory(), ProjetFactory(statut=Statut.CORBEILLE)
    second.change({"remplace": first}, touch=False)
    third = ProjetFactory(remplace=second)
    log.start()
    corbeille.erase(Entree.objects.get(pk=second.pk))  # the third replaces nothing any more, and the first counts again
    assert sorted(log()) == [("projet", one.pk, "modifiee") for one in (first, third)]
    with lot():
        Entree.objects.filter(pk__in=[first.pk, third.pk]).delete()
    assert sorted(log()) == [("projet", one.pk, "retiree") for one in (first, third)]


def test_a_batch_is_told_once_at_its_end(log):
    projets = ProjetFactory.create_batch(3)
    log.start()
    with indexation.together():
        for projet in projets:
            projet.change({"suivi": "Un."})
            projet.change({"suivi": "Deux."})
        assert log() == []
    assert log() == [("projet", projet.pk, "modifiee") for projet in projets]
    lots.change_statut(Projet.objects.all(), Statut.RETIREE)
    assert log() == [("projet", projet.pk, "retiree") for projet in projets]
    assert len({row.le for row in Ligne.objects.filter(nature="retiree", type="projet")}) == 1


def test_a_sheet_that_replaces_others_changes_what_they_count(log):
    first, second = ProjetFactory(), ProjetFactory()
    third = ProjetFactory(remplace=second)
    log.start()
    second.change({"remplace": first})
    assert sorted(log()) == sorted(("projet", one.pk, "modifiee") for one in (first, second, third))
    third.change({"remplace": None})
    assert sorted(log()) == sorted(("projet", one.pk, "modifiee") for one in (first, second, third))


def test_a_merged_record_says_into_which(log):
    kept, lost = RessourceFactory(), RessourceFactory()
    log.start()
    fusion.merge(kept, lost, {})
    row = Ligne.objects.get(nature="retiree", type="ressource")
    assert (row.entree, row.vers) == (lost.pk, kept.pk)
    assert ("ressource", kept.pk, "modifiee") in log()


def test_names_are_told_by_their_kind_and_keys_that_are_no_more_as_well(log, places):
    theme = ThemeFactory(nom="Cantine")
    ProjetFactory(themes=[theme])
    log.start()
    theme = Theme.objects.get(pk=theme.pk)
    theme.nom = "Cantines"
    theme.save()
    assert log() == [("theme", None, "modifiee")]
    theme.slug = "repas"
    theme.save()
    Theme.objects.filter(pk=theme.pk).delete()
    Departement.objects.get(pk="22").save()
    assert log() == [("theme", None, "retiree")] * 2 + [("departement", None, "retiree")]
    Synonymes.objects.create(mots="cantine\nrestaurant")
    Renseignements.given().save()
    assert log() == [("synonymes", None, "modifiee"), ("licence", None, "modifiee")]


def test_themes_set_by_themselves_are_told(log):
    theme, projet, draft = ThemeFactory(), ProjetFactory(themes=[]), ProjetFactory(themes=[], statut=Statut.BROUILLON)
    log.start()
    projet.themes.add(theme)
    draft.themes.add(theme)
    assert log() == [("projet", projet.pk, "modifiee")]
    projet.themes.clear()
    assert log() == [("projet", projet.pk, "modifiee")]


def test_what_hangs_on_a_record_is_told_as_a_change_of_its_page(log):
    projet, draft = ProjetFactory(), ProjetFactory(statut=Statut.BROUILLON)
    log.start()
    for fiche in (projet, draft):
        contact = Contact.objects.create(entree=fiche.entree, nom="Malo Kerbrat", accord=True)
        joint = FichierJoint.objects.create(entree=fiche.entree, titre="Bilan")
        contact.delete()
        joint.delete()
        fraicheur.verify(fiche)
    assert log() == [("projet", projet.pk, "modifiee")] * 5


@pytest.mark.long
def test_places_that_are_loaded_are_told_once_if_they_changed(log, tmp_path):
    call_command("charger_referentiels", verbosity=0)
    assert ("lieu", None, "retiree") in log()
    call_command("charger_referentiels", verbosity=0)
    assert log() == []
