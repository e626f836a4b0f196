"""Two records made one: what is picked, what follows, where addresses lead, what the old site says next, undoing."""

import pytest
from django.contrib.admin import helpers
from django.urls import reverse

from fiches.attached import Contact
from fiches.suivi.fusion import DEUX, GARDEE, PERDUE, FusionImpossible, differing, merge, undo
from fiches.suivi.models import Fusion
from participants.inscriptions.models import Inscription
from projets.models import Annexe, Projet
from socle.annuaire.models import Entree, Statut
from socle.comptes.roles import REDACTION
from tests.comptes.test_droits import address, member
from tests.conftest import TYPES, PageLue, some_types
from tests.factories import ProjetFactory, ThemeFactory, UtilisateurFactory, factory_of
from tests.factories.participants import EvenementFactory, InscriptionFactory
from tests.fiches.tableur import full

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(places):
    """Two sheets on one project, with all that may hang on a sheet."""
    kept = ProjetFactory(titre="DINAN - Portail", description="Un portail", themes=[ThemeFactory(nom="Accueil")])
    lost = ProjetFactory(
        titre="DINAN - Portail des familles",
        description="Un portail pour les familles",
        montant_eur=15000,
        themes=[ThemeFactory(nom="Famille")],
    )
    lost.slug = "portail-des-familles"
    lost.save()
    Contact.objects.create(entree=lost.entree, nom="Loeiza", courriel="loeiza@exemple.bzh")
    Contact.objects.create(entree=lost.entree, nom="Awena")
    Contact.objects.create(entree=kept.entree, nom="Awena")
    Annexe.objects.create(projet=lost, titre="Convention")
    kept.refresh_from_db()
    return kept, Projet.objects.get(pk=lost.pk)


def test_what_is_picked_goes_to_the_kept_record_in_one_version(pair):
    kept, lost = pair
    choix = {champ.nom: champ.choix for champ in differing(kept, lost)}
    assert choix["montant_eur"] == PERDUE  # the kept one had none
    assert (choix["titre"], choix["themes"]) == (GARDEE, DEUX)
    versions, text = kept.history.count(), lost.description
    anne = UtilisateurFactory()
    merge(kept, lost, choix | {"description": DEUX}, user=anne)
    kept, lost = Projet.objects.get(pk=kept.pk), Projet.objects.get(pk=lost.pk)
    assert kept.description == "Un portail\n\nUn portail pour les familles"
    assert (kept.titre, kept.montant_eur) == ("DINAN - Portail", 15000)
    assert sorted(theme.nom for theme in kept.themes.all()) == ["Accueil", "Famille"]
    assert kept.history.count() == versions + 1
    assert kept.history.first().history_user == anne
    assert kept.history.first().history_change_reason == f"Fusion avec la fiche {lost.pk}"
    # Nothing of the other is lost: its text stays, withdrawn, with its history.
    assert (lost.statut, lost.description) == (Statut.RETIREE, text)
    assert lost.history.first().history_change_reason == f"Fusionnée dans la fiche {kept.pk}"
    assert [fiche.pk for fiche in Projet.objects.published().search("familles")] == [kept.pk]


def test_every_address_of_the_lost_record_leads_to_the_kept_one(client, pair):
    kept, lost = pair
    old = [f"/projets/{slug}/" for slug in ("portail-des-familles", "dinan-portail-des-familles")]
    merge(kept, lost, {})
    for target in (*old, f"/p/{lost.pk}"):
        response = client.get(target)
        assert response.status_code == 301, target
        assert client.get(response["Location"], follow=True).request["PATH_INFO"] == kept.get_absolute_url()


def test_all_that_hung_on_the_lost_record_follows(pair):
    kept, lost = pair
    later = ProjetFactory(titre="Rapport V2", remplace=lost)
    merge(kept, lost, {})
    assert sorted(kept.entree.contacts.values_list("nom", flat=True)) == ["Awena", "Loeiza"]
    assert kept.annexes.count() == 1
    later.refresh_from_db()
    assert later.remplace_id == kept.pk
    assert "fusionnée" in later.history.first().history_change_reason


@pytest.mark.parametrize("way", [1, -1])
def test_two_versions_of_one_sheet_do_not_replace_themselves(pair, way):
    kept, lost = pair[::way]
    first = ProjetFactory(titre="La première")
    Projet.objects.filter(pk=lost.pk).update(remplace=first)
    Projet.objects.filter(pk=kept.pk).update(remplace=lost)
    kept, lost = (Projet.objects.get(pk=fiche.pk) for fiche in (kept, lost))
    merge(kept, lost, {"remplace": GARDEE})
    kept.refresh_from_db()
    assert kept.remplace_id == first.pk
    # By a third, neither can be decided here.
    third = ProjetFactory(titre="La troisième", remplace=kept)
    other = ProjetFactory(titre="La quatrième", remplace=third)
    with pytest.raises(FusionImpossible, match="troisième"):
        merge(Projet.objects.get(pk=kept.pk), other, {})
    with pytest.raises(FusionImpossible, match="troisième"):
        merge(other, Projet.objects.get(pk=kept.pk), {})


def test_registrations_follow_their_event():
    kept, lost = EvenementFactory(titre="Balise"), EvenementFactory(titre="Balise bis")
    row = InscriptionFactory(evenement=lost)
    InscriptionFactory(evenement=kept)
    merge(kept, lost, {})
    assert Inscription.objects.filter(evenement=kept).count() == 2
    undo(Fusion.objects.get())
    row.refresh_from_db()
    assert row.evenement_id == lost.pk
    assert Inscription.objects.filter(evenement=kept).count() == 1


def test_a_merged_word_is_a_form_of_the_kept_one():
    make = factory_of(TYPES["terme"].model)
    kept, lost = (
        make(titre="Non-recours", variantes="nonrecours"),
        make(titre="Non recours", variantes="NONRECOURS\ntaux"),
    )
    merge(kept, lost, {})
    kept.refresh_from_db()
    assert kept.variantes.splitlines() == ["nonrecours", "Non recours", "taux"]


@some_types
def test_any_two_records_of_a_type_are_merged_and_parted(places, declaration):
    kept = full(declaration)
    lost = factory_of(declaration.model)(titre="L’autre")
    lost = declaration.model.objects.get(pk=lost.pk)
    before = {field.attname: getattr(kept, field.attname) for field in kept._meta.concrete_fields}
    merge(kept, lost, {champ.nom: PERDUE for champ in differing(kept, lost)})
    assert declaration.model.objects.get(pk=kept.pk).titre == "L’autre"
    parted, restored = undo(Fusion.objects.get())
    assert restored
    assert (parted.pk, parted.statut) == (lost.pk, Statut.PUBLIEE)
    kept = declaration.model.objects.get(pk=kept.pk)
    after = {name: getattr(kept, name) for name in before}
    # An event of which the date moved and moved back has been changed twice for calendars.
    changing = {"version", "modifiee_le", "slug", "sequence", "sequence_annoncee"}
    assert {name for name in before if before[name] != after[name]} <= changing
    for field in kept._meta.many_to_many:
        assert getattr(kept, field.name).count() == (1 if field.name == "themes" else 2)


def test_undoing_takes_all_of_it_back(client, pair):
    kept, lost = pair
    where = lost.get_absolute_url()
    merge(kept, lost, {"description": PERDUE, "themes": DEUX})
    undo(Fusion.objects.get())
    kept, lost = Projet.objects.get(pk=kept.pk), Projet.objects.get(pk=lost.pk)
    assert kept.description == "Un portail"
    assert lost.get_absolute_url() == where
    assert client.get(where).status_code == 200
    assert (lost.annexes.count(), kept.annexes.count()) == (1, 0)
    assert lost.entree.contacts.count() == 2
    assert not Entree.objects.exclude(fusionnee_dans=None).exists()


@pytest.mark.long
def test_a_merge_into_a_record_that_was_merged_itself_is_undone_after_that_one(client, anne, pair):
    kept, lost = pair
    merge(kept, lost, {})
    last = ProjetFactory()
    merge(last, Projet.objects.get(pk=kept.pk), {})
    for address_of in (f"/p/{kept.pk}", f"/p/{lost.pk}", "/projets/portail-des-familles/"):
        assert client.get(address_of)["Location"] == last.get_absolute_url()
    page = client.post(reverse("admin:projets_projet_defaire", args=[lost.pk]), follow=True).content.decode()
    assert "Défaites d’abord" in page
    for fiche in (kept, lost):
        undo(Fusion.objects.get(perdue=fiche.pk))
    assert Projet.objects.get(pk=lost.pk).entree.contacts.count() == 2
    assert (kept.entree.contacts.count(), last.entree.contacts.count()) == (1, 0)


def test_undoing_leaves_what_was_written_since(pair):
    kept, lost = pair
    merge(kept, lost, {"description": PERDUE})
    kept = Projet.objects.get(pk=kept.pk)
    kept.objectifs = "Depuis"
    kept.save()
    _, restored = undo(Fusion.objects.get())
    kept.refresh_from_db()
    assert not restored
    assert (kept.objectifs, kept.description) == ("Depuis", "Un portail pour les familles")


def test_nothing_is_merged_that_has_changed_or_is_merged_already(pair):
    kept, lost = pair
    stale = Projet.objects.get(pk=lost.pk)
    lost.save()
    with pytest.raises(FusionImpossible, match="changé"):
        merge(kept, stale, {})
    with pytest.raises(FusionImpossible, match="changé"):
        merge(kept, kept, {})
    merge(kept, Projet.objects.get(pk=lost.pk), {})
    kept, lost = Projet.objects.get(pk=kept.pk), Projet.objects.get(pk=lost.pk)
    with pytest.raises(FusionImpossible, match="déjà"):
        merge(kept, lost, {})


# At the desk


def act(client, *fiches):
    data = {"action": "merge_two", helpers.ACTION_CHECKBOX_NAME: [fiche.pk for fiche in fiches]}
    return client.post(address(Projet, "changelist"), data, follow=True)


def test_two_sheets_are_chosen_compared_field_by_field_merged_and_parted(client, anne, pair):
    kept, lost = pair
    page = PageLue(response := act(client, kept, lost))
    where = response.request["PATH_INFO"]
    picked = {
        field["name"]: field["value"] for field in page.all("input", type="radio") if "checked" in field.attributes
    }
    assert picked["champ-montant_eur"] == "perdue"
    assert "Un portail pour les familles" in page.text
    hidden = {field["name"]: field["value"] for field in page.all("input", type="hidden")}
    response = client.post(where, hidden | picked | {"champ-description": "perdue"}, follow=True)
    assert "n’en font plus qu’une" in response.content.decode()
    kept.refresh_from_db()
    assert (kept.description, kept.montant_eur) == ("Un portail pour les familles", 15000)
    form = client.get(address(Projet, "change", lost.pk)).content.decode()
    assert "Cette fiche a été fusionnée dans" in form
    undone = reverse("admin:projets_projet_defaire", args=[lost.pk])
    assert undone in form
    assert client.get(undone).status_code == 405
    assert "de nouveau séparées" in client.post(undone, follow=True).content.decode()
    assert client.post(undone).status_code == 404


def test_a_sheet_saved_meanwhile_is_shown_again_and_nothing_is_merged(client, anne, pair):
    kept, lost = pair
    data = {"gardee": kept.pk, "perdue": lost.pk, "version_gardee": kept.version, "version_perdue": lost.version}
    kept.save()
    page = PageLue(client.post(address(Projet, "fusionner"), data))
    assert "Rien n’a été changé" in page.alert
    assert not Fusion.objects.exists()


@pytest.mark.parametrize(
    "query", ["", "?gardee=1&perdue=1", "?gardee=a&perdue=2", f"?gardee=1&perdue={'9' * 30}", "?gardee=²"]
)
def test_an_address_typed_by_hand_is_a_404(client, anne, query):
    assert client.get(address(Projet, "fusionner") + query).status_code == 404


def test_rédaction_merges_and_parts_nothing(client, pair):
    kept, lost = pair
    client.force_login(member(REDACTION))
    query = f"?gardee={kept.pk}&perdue={lost.pk}"
    assert client.get(address(Projet, "fusionner") + query).status_code == 403
    assert client.post(address(Projet, "fusionner") + query).status_code == 403
    merge(kept, lost, {})
    assert client.post(reverse("admin:projets_projet_defaire", args=[lost.pk])).status_code == 403


@pytest.mark.parametrize("statut", [Statut.A_RELIRE, Statut.PUBLIEE])
def test_a_text_that_a_merge_takes_is_masked_for_the_persons_of_both(statut):
    kept, lost = ProjetFactory(description=""), ProjetFactory(statut=statut, description="Écrit par Jeanne Kerinvente.")
    Contact.objects.create(entree=lost.entree, nom="Jeanne Kerinvente", accord=False)
    assert "Kerinvente" not in merge(kept, lost, {"description": PERDUE}).description


def test_what_was_typed_while_nobody_read_it_is_masked_when_its_merge_is_undone():
    kept, lost = ProjetFactory(), ProjetFactory(description="Écrire à accueil@exemple.bzh.")
    merge(kept, lost, {})
    lost = Projet.objects.get(pk=lost.pk)
    lost.change({"description": "Écrire à accueil@exemple.bzh ou appeler le 06 39 98 01 23."})
    undo(Fusion.objects.get())
    lost.refresh_from_db()
    assert lost.is_publiee
    assert lost.description == "Écrire à accueil@exemple.bzh ou appeler le [numéro masqué]."
