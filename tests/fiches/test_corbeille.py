"""Deleting goes to a bin: nowhere to be seen for thirty days, taken back in one click, then erased with all of it."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fiches.attached import Contact, FichierJoint
from fiches.ressources.models import Ressource
from fiches.suivi import corbeille, doublons, fusion, imports, lots
from fiches.tableur.importation import import_fiches
from participants.evenements.models import Evenement
from participants.inscriptions.models import Inscription
from projets.models import Projet
from socle.annuaire.models import Entree, Statut
from socle.comptes.roles import ANIMATION, REDACTION
from socle.recherche.models import Indexe
from socle.vie_privee.models import TexteIntegral
from socle.vie_privee.personnes import find
from socle.vie_privee.public_text import Decision
from tests.conftest import TYPES, PageLue, csv_rows, some_types
from tests.factories import ProjetFactory, ThemeFactory, factory_of, member
from tests.factories.participants import EvenementFactory, InscriptionFactory
from tests.projets.formulaire import posted
from tests.sampling import size

pytestmark = pytest.mark.django_db


def page_of(name, fiche):
    """A page of the desk: of a record, or of a type."""
    args = [] if isinstance(fiche, type) else [fiche.pk]
    return reverse(f"admin:{fiche._meta.app_label}_{fiche._meta.model_name}_{name}", args=args)


def throw_away(client, fiche):
    return client.post(page_of("delete", fiche), {"post": "yes"}, follow=True)


@some_types
def test_a_deleted_record_is_nowhere_and_comes_back_in_one_click(client, anne, declaration):
    fiche, other = (factory_of(declaration.model)(titre=f"Fiche tournesol {n}") for n in (1, 2))
    address, liste = fiche.get_absolute_url(), page_of("changelist", declaration.model)
    fiche.datee, fiche.publiee_le = False, None  # as of the old site
    fiche.save(touch=False)
    dates = [fiche.modifiee_le, fiche.datee, fiche.publiee_le]
    assert "Mettre à la corbeille" in client.get(page_of("delete", fiche)).content.decode()
    said = throw_away(client, fiche)
    assert "est à la corbeille pour 30 jours" in " ".join(map(str, said.context["messages"]))
    assert client.get(address).status_code == client.get(f"/p/{fiche.pk}").status_code == 410
    assert Client().get(address)["Cache-Control"] == "no-cache"  # a browser would show it again once the page is back
    shown = [row["identifiant"] for row in csv_rows(client.get(reverse(f"{declaration.espace}:csv")))]
    assert shown == [str(other.pk)]
    assert not Indexe.objects.filter(pk=fiche.pk).exists()
    assert [row.pk for row in client.get(liste).context["cl"].result_list] == [other.pk]
    assert [row.entree.pk for row in client.get("/admin/recherche/?q=tournesol").context["resultats"]] == [other.pk]
    assert not doublons.pairs(declaration.model)
    exported = client.get(reverse("admin:exporter", args=[fiche._meta.app_label, fiche._meta.model_name, "csv"]))
    assert b"tournesol 1" not in b"".join(exported)
    assert [row.pk for row in client.get(f"{liste}?statut__exact=corbeille").context["cl"].result_list] == [fiche.pk]
    form = PageLue(client.get(page_of("change", fiche)))
    assert "de nouveau « publiée »" in form.one(class_="demande").text
    assert not form.all("input", name="_save")
    page = PageLue(client.get("/admin/corbeille/"))
    (back,) = [form["action"] for form in page.all("form") if form["action"] == page_of("sortir", fiche)]
    client.post(back)
    assert client.get(address).status_code == 200
    assert Indexe.objects.filter(pk=fiche.pk).exists()
    fiche.refresh_from_db()
    assert [fiche.modifiee_le, fiche.datee, fiche.publiee_le] == dates
    assert (fiche.entree.modifiee_le, fiche.entree.datee) == (fiche.modifiee_le, False)


@pytest.mark.parametrize("state", [Statut.BROUILLON, Statut.A_RELIRE, Statut.RETIREE])
def test_a_record_gets_back_the_state_it_had_and_what_was_never_public_stays_unknown(client, anne, state):
    projet = ProjetFactory(statut=state)
    throw_away(client, projet)
    assert client.get(projet.get_absolute_url()).status_code == 404
    data = {"action": "take_back", "_selected_action": [projet.pk]}
    client.post(f"{page_of('changelist', Projet)}?statut__exact=corbeille", data)
    projet.refresh_from_db()
    assert projet.statut == state


@pytest.mark.long
def test_only_who_may_delete_sees_the_bin(client):
    projet = ProjetFactory()
    corbeille.throw_away(projet)
    client.force_login(member(REDACTION))
    assert client.get("/admin/corbeille/").status_code == 403
    assert "/admin/corbeille/" not in client.get("/admin/").content.decode()
    listed = client.get(f"{page_of('changelist', Projet)}?statut__exact=corbeille")
    assert not listed.context["cl"].result_list
    assert client.get(page_of("change", projet)).status_code == 302
    assert client.get(f"/apercu/{projet.pk}/").status_code == 404
    assert client.post(page_of("sortir", projet)).status_code == 403
    assert client.post(page_of("effacer", projet)).status_code == 403
    client.force_login(member(ANIMATION))
    assert client.get(f"/apercu/{projet.pk}/").status_code == 200
    assert "/admin/corbeille/" in client.get("/admin/").content.decode()
    assert page_of("sortir", projet) in client.get("/admin/corbeille/").content.decode()


@pytest.mark.long
@pytest.mark.parametrize("size", [1, size(20, one_in=4)])
def test_the_bin_costs_the_same_whatever_it_holds(client, anne, size, django_assert_num_queries):
    for projet in ProjetFactory.create_batch(size):
        corbeille.throw_away(projet)
    with django_assert_num_queries(4):  # session, user, count, rows
        assert len(client.get("/admin/corbeille/").context["fiches"]) == size


def test_a_list_goes_to_the_bin_but_events_that_people_come_to(client, anne):
    free, held = EvenementFactory.create_batch(2)
    InscriptionFactory(evenement=held)
    data = {"action": "throw_away", "_selected_action": [free.pk, held.pk]}
    address = page_of("changelist", type(held))
    assert "1 fiche reste" in PageLue(client.post(address, data)).text
    client.post(address, data | {"appliquer": "oui"})
    assert dict(Entree.objects.values_list("pk", "statut")) == {free.pk: "corbeille", held.pk: "publiee"}
    assert "Rien n’a été supprimé" in throw_away(client, held).content.decode()
    assert corbeille.throw_away(held) is None
    assert lots.change_statut(type(held).objects.all(), Statut.CORBEILLE).kept == 1
    assert Inscription.objects.exists()


def test_an_undone_import_leaves_an_event_that_people_come_to(anne):
    InscriptionFactory(evenement=None)  # which keeps no event
    reason, rows = imports.reason(7, "CSV"), [(2, {"titre": "Rencontre"}), (3, {"titre": "Atelier"})]
    import_fiches(TYPES["evenement"], rows, user=anne, raison=reason)
    held, free = Evenement.objects.order_by("pk")
    InscriptionFactory(evenement=held)
    bilan = imports.undo(Evenement, 7, user=anne)
    assert (bilan.jetees, bilan.gardees) == (1, [held])
    assert [*Entree.objects.filter(statut=Statut.CORBEILLE).values_list("pk", flat=True)] == [free.pk]


def test_the_bin_takes_a_record_as_it_stands_and_nothing_that_is_gone():
    seen = ProjetFactory()
    saved = Projet.objects.get(pk=seen.pk).change({"objectifs": "Écrits entre-temps"})
    assert corbeille.take_back(saved) is None
    binned = corbeille.throw_away(seen)
    assert (binned.objectifs, binned.statut) == ("Écrits entre-temps", Statut.CORBEILLE)
    corbeille.erase(binned.entree)
    assert corbeille.take_back(seen) is corbeille.throw_away(seen) is None
    assert not Entree.objects.exists()


def test_what_was_typed_on_a_record_that_went_to_the_bin_is_shown(client, anne):
    projet = ProjetFactory()
    typed = posted(client, projet, titre="Un titre en cours")
    corbeille.throw_away(projet)
    response = client.post(page_of("change", projet), typed)
    assert response.status_code == 410
    assert "Un titre en cours" in response.content.decode()
    assert "Elle est à la corbeille" in response.content.decode()


def test_a_record_of_the_bin_is_no_part_of_anything_else(client, anne):
    first, second = ProjetFactory(titre="Portail", montant_eur=1000), ProjetFactory(titre="Portail")
    Projet.objects.filter(pk=second.pk).update(remplace=first)
    theme = ThemeFactory()
    second.refresh_from_db()
    second.themes.set([theme])
    corbeille.throw_away(second)
    assert Projet.objects.published().figures()["montants"] == 1  # the first sheet counts again
    with pytest.raises(fusion.FusionImpossible):
        fusion.merge(first, second, {})
    assert client.get(page_of("fusionner", Projet), {"gardee": first.pk, "perdue": second.pk}).status_code == 404
    term = {"app_label": "projets", "model_name": "projet", "field_name": "remplace", "term": "portail"}
    found = client.get("/admin/autocomplete/", term).json()["results"]
    assert [row["id"] for row in found] == [str(first.pk)]
    assert "aucune" in PageLue(client.get("/admin/fiches/theme/")).text
    rows = [(2, {"identifiant": str(second.pk), "titre": "Autre"}), (3, {"identifiant": "", "titre": "Portail"})]
    report = import_fiches(TYPES["projet"], rows, raison="Essai")
    assert "est à la corbeille" in report.refus[0][1]


def test_a_file_stays_on_the_disk_as_long_as_a_record_holds_it(django_capture_on_commit_callbacks):
    first, second = (Ressource(titre=f"Guide {rank}", statut=Statut.PUBLIEE) for rank in (1, 2))
    first.save()
    first.fichier.save("guide.pdf", ContentFile(b"%PDF-1.4"))
    second.fichier = first.fichier.name  # as a merge gives it
    second.save()
    left = []
    for ressource in (first, second):
        corbeille.throw_away(ressource)
        with django_capture_on_commit_callbacks(execute=True):
            corbeille.erase(ressource.entree)
        left.append(default_storage.exists(first.fichier.name))
    assert left == [True, False]


@pytest.mark.parametrize("by_hand", [False, True])
def test_what_is_erased_leaves_nothing_and_no_day_before(client, anne, by_hand, django_capture_on_commit_callbacks):
    ressource = Ressource(titre="Guide de Maëlle Riou", source="Le guide", statut=Statut.PUBLIEE)
    ressource.change({}, decisions=[Decision("titre", "Maëlle Riou")])
    Contact.objects.create(entree=ressource.entree, nom="Maëlle Riou", courriel="maelle.riou@exemple.bzh")
    ressource.fichier.save("guide.pdf", ContentFile(b"%PDF-1.4"))
    joint = FichierJoint(entree=ressource.entree)
    joint.fichier.save("joint.pdf", ContentFile(b"%PDF-1.4"))
    files = [ressource.fichier.name, joint.fichier.name]
    assert all(map(default_storage.exists, files))
    corbeille.throw_away(ressource)
    pk, model = ressource.pk, Ressource.history.model
    assert TexteIntegral.objects.exists()
    assert [str(row) for _, rows in find("maelle.riou@exemple.bzh").lignes for row in rows] == ["Maëlle Riou"]
    with django_capture_on_commit_callbacks(execute=True):
        if by_hand:
            assert "On ne revient pas en arrière" in client.get(page_of("effacer", ressource)).content.decode()
            assert Ressource.objects.exists()
            client.post(page_of("effacer", ressource))
        else:
            with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=29)):
                call_command("purger", verbosity=0)
            assert Ressource.objects.exists()
            with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=31)):
                call_command("purger", verbosity=0)
    assert not Entree.objects.filter(pk=pk).exists()
    assert not model.objects.filter(entree_id=pk).exists()
    assert not [row for one in (Contact, FichierJoint, TexteIntegral) for row in one.objects.all()]
    assert not any(map(default_storage.exists, files))
