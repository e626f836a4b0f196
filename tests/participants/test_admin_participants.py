"""The desk for registrations and for the exploration."""

import pytest
from django.apps import apps
from django.contrib.admin import helpers
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from fiches.choice_lists import Choix
from participants.evenements.models import Evenement
from participants.explorations.models import Exploration
from participants.inscriptions.courriels import personal_token
from participants.inscriptions.models import Inscription
from participants.models import Sollicitation
from socle.comptes.roles import ANIMATION, REDACTION
from socle.courrier.refus import TropTard
from tests.conftest import PageLue
from tests.factories import member
from tests.factories.participants import EvenementFactory, ExplorationFactory, InscriptionFactory
from tests.projets.formulaire import values

pytestmark = pytest.mark.django_db
LISTE = "/admin/inscriptions/inscription/"


def found(response):
    return [str(row) for row in response.context["cl"].result_list]


def attach(client, rows, **data):
    data |= {"action": "attach", helpers.ACTION_CHECKBOX_NAME: [row.pk for row in rows]}
    return client.post(LISTE, data, follow=True)


def test_a_registrant_is_found_without_accents_by_name_organisation_or_address(desk):
    row = InscriptionFactory(
        prenom="Gaëlle", nom="RIOU-ŒUVRÉ", organisation="Mairie d’Exemple", courriel="g@exemple.bzh"
    )
    InscriptionFactory(prenom="Malo")
    for words in ("gaelle", "riou-oeuvre", "GAËLLE", "mairie d'exemple", "g@exemple"):
        assert found(desk.get(LISTE, {"q": words})) == [str(row)], words


def test_the_list_narrows_by_event_and_by_state(desk):
    evenement = EvenementFactory()
    here = InscriptionFactory(evenement=evenement)
    lost = InscriptionFactory(statut="annulee")
    assert found(desk.get(LISTE, {"evenement__entree__exact": evenement.pk})) == [str(here)]
    assert found(desk.get(LISTE, {"evenement__isnull": "True"})) == [str(lost)]
    assert found(desk.get(LISTE, {"statut__exact": "annulee"})) == [str(lost)]


def test_chosen_registrations_are_attached_to_an_event_after_a_question(desk):
    evenement = EvenementFactory(titre="Balise MedNum")
    rows = InscriptionFactory.create_batch(3)
    page = attach(desk, rows[:2]).content.decode()
    assert "2 inscriptions choisies" in page
    assert "Balise MedNum" in page
    assert not Inscription.objects.exclude(evenement=None).exists()
    response = attach(desk, rows[:2], appliquer="oui", evenement=evenement.pk)
    assert "2 inscriptions rattachées à « Balise MedNum »" in response.content.decode()
    assert set(Inscription.objects.filter(evenement=evenement)) == set(rows[:2])
    again = attach(desk, rows, appliquer="oui", evenement=evenement.pk).content.decode()
    assert "1 inscription rattachée à" in again
    assert "2 inscriptions laissées, déjà rattachées" in again
    assert LogEntry.objects.count() == 3


def test_those_who_may_only_read_attach_nothing(desk):
    from django.contrib.auth.models import Permission

    desk.user.groups.clear()
    desk.user.user_permissions.add(Permission.objects.get(codename="view_inscription"))
    desk.force_login(desk.user)  # new rights end the session
    rows, evenement = [InscriptionFactory()], EvenementFactory()
    attach(desk, rows, appliquer="oui", evenement=evenement.pk)
    assert not evenement.inscriptions.exists()


def test_erasing_persons_erases_what_was_noted_of_them(desk):
    rows = InscriptionFactory.create_batch(2)
    address = reverse("admin:inscriptions_inscription_delete", args=[rows[0].pk])
    page = desk.get(address).content.decode()
    assert f"Inscription n° {rows[0].pk}" in page
    assert rows[0].nom not in page
    assert desk.post(address, {"post": "yes"}).status_code == 302
    data = {"action": "delete_selected", helpers.ACTION_CHECKBOX_NAME: rows[1].pk, "post": "yes"}
    desk.post(LISTE, data)
    assert not Inscription.objects.exists()


def test_an_event_with_registrants_is_not_deleted_and_the_page_says_what_to_do(desk):
    row = InscriptionFactory(evenement=EvenementFactory(draft=True))
    address = reverse("admin:evenements_evenement_delete", args=[row.evenement_id])
    for page in (desk.get(address), desk.post(address, {"post": "yes"})):
        words = page.content.decode()
        assert "rattachez-les à un autre événement" in words
        assert f'href="{LISTE}?evenement__entree__exact={row.evenement_id}">1 inscription</a>' in words
        assert row.nom not in words
    assert Inscription.objects.get() == row
    row.delete()
    assert desk.post(address, {"post": "yes"}).status_code == 302
    assert not Evenement.objects.in_use().exists()


def test_a_sheet_of_the_exploration_is_written_read_and_found(desk):
    profil = Choix.objects.create(liste=Choix.Liste.PROFIL, nom="Curieux")
    Choix.objects.create(liste=Choix.Liste.ECHELLE, nom="Quartier")
    page = desk.get("/admin/explorations/exploration/add/").content.decode()
    assert "Curieux" in page
    assert "Quartier" not in page
    data = {"nom": "Loïza Kerdudal", "fonctions": "Médiatrice", "profils": [profil.pk]}
    assert desk.post("/admin/explorations/exploration/add/", data).status_code == 302
    row = Exploration.objects.get()
    ExplorationFactory()
    assert list(row.profils.all()) == [profil]
    assert not row.accord_publication
    assert found(desk.get("/admin/explorations/exploration/", {"q": "loiza"})) == [str(row)]
    assert found(desk.get("/admin/explorations/exploration/", {"profils__id__exact": profil.pk})) == [str(row)]


def test_the_desk_finds_events_to_come_past_and_undated(desk):
    coming, past, undated = EvenementFactory(dans=3), EvenementFactory(dans=-3), EvenementFactory(dans=None)
    liste = "/admin/evenements/evenement/"
    for value, row in (("a-venir", coming), ("passes", past), ("sans", undated)):
        assert found(desk.get(liste, {"quand": value})) == [str(row)]
    assert desk.get(liste, {"q": coming.titre}).status_code == 200


def test_an_address_has_one_registration_an_event_at_the_desk_too(desk):
    there, other = InscriptionFactory.create_batch(2, evenement=EvenementFactory())
    address = reverse("admin:inscriptions_inscription_change", args=[other.pk])
    sent = values(desk.get(address).context["adminform"].form) | {"courriel": there.courriel.upper()}
    assert "est déjà inscrite" in desk.post(address, sent).content.decode()


def test_links_of_a_registrant_whose_address_staff_replace_open_nothing_more(desk):
    row = InscriptionFactory(evenement=EvenementFactory())
    own = reverse("inscriptions:personnelle", args=[personal_token(row)])
    address = reverse("admin:inscriptions_inscription_change", args=[row.pk])
    for changed, status in (({"organisation": "Askoria"}, 200), ({"courriel": "autre@exemple.bzh"}, 404)):
        assert desk.post(address, values(desk.get(address).context["adminform"].form) | changed).status_code == 302
        assert desk.get(own).status_code == status


@pytest.mark.long
def test_the_home_leads_to_registrations_without_an_event_and_an_action_gives_them_theirs(client):
    rows = [InscriptionFactory(evenement=None, nom=nom) for nom in ("Guillou", "Kerzon", "Lebrun")]
    evenement, past = EvenementFactory(), EvenementFactory(dans=-30, draft=True)
    for offered_to_nobody in ({}, {"dans": -3, "annule_le": timezone.now()}):
        EvenementFactory(draft=True, **offered_to_nobody)
    client.force_login(member(REDACTION))
    assert "sans événement" not in client.get("/admin/").content.decode()
    client.force_login(member(ANIMATION))
    (link,) = [link["href"] for link in PageLue(client.get("/admin/")).all("a") if "3 inscriptions sans" in link.text]
    assert found(client.get(link)) == [str(row) for row in rows]
    assert list(attach(client, rows).context["form"].fields["evenement"].queryset) == [evenement, past]
    said = attach(client, rows[:1], evenement=past.pk, appliquer="oui").context["messages"]
    assert "1 inscription rattachée" in " ".join(map(str, said))
    assert found(client.get(link)) == [str(row) for row in rows[1:]]


def test_what_was_erased_meanwhile_is_named_for_what_it_was():
    said = {
        "alertes.alerte": "Cette alerte a été effacée.",
        "contacter.message": "Ce message a été effacé.",
        "contacter.signalement": "Ce signalement a été effacé.",
        "contributions.contribution": "Cette proposition a été effacée.",
        "contributions.ficheencours": "Cette fiche en cours d’écriture a été effacée.",
        "explorations.exploration": "Cette fiche d’exploration a été effacée.",
        "inscriptions.inscription": "Cette inscription a été effacée.",
    }
    kinds = {model._meta.label_lower: model for model in apps.get_models() if issubclass(model, Sollicitation)}
    assert kinds.keys() == said.keys(), "say here what is read of a kind"
    for label, model in kinds.items():
        with pytest.raises(TropTard) as refus:
            model(pk=1).locked()
        assert str(refus.value) == said[label]
