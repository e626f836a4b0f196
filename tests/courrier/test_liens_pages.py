"""Every page that the link of a mail opens: whoever only reads it, a scanner of mails for one, changes nothing."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fiches.attached import Contact
from participants.alertes import courriels as alertes
from participants.contacter import courriels as contacter
from participants.contributions import courriels as contributions
from participants.contributions.models import FicheEnCours
from participants.explorations import courriels as explorations
from participants.inscriptions import courriels as inscriptions
from socle.comptes import invitations
from socle.courrier.liens import issue
from socle.courrier.views import PageALien
from tests.addresses import every_address
from tests.conftest import text_of_every_table
from tests.factories import ProjetFactory, UtilisateurFactory
from tests.factories.alertes import AlerteFactory
from tests.factories.contributions import ContributionFactory
from tests.factories.participants import EvenementFactory, ExplorationFactory, InscriptionFactory
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db


def registration(statut):
    return lambda: InscriptionFactory(evenement=EvenementFactory(capacite=1), statut=statut)


# What a link of each usage opens, in the state in which its button does something.
SUJETS = {
    alertes.CONFIRMER: lambda: AlerteFactory(etat="a-confirmer"),
    alertes.PERSONNEL: AlerteFactory,
    contacter.STOP: lambda: Contact.objects.create(
        entree=ProjetFactory().entree, nom="Awena", courriel="a@exemple.bzh"
    ),
    contributions.CONFIRMER: lambda: ContributionFactory(etat="a-confirmer"),
    contributions.REPRENDRE: lambda: FicheEnCours.objects.create(type="projet"),
    contributions.SUIVRE: lambda: ContributionFactory(etat="question"),
    explorations.CONFIRMER: lambda: ExplorationFactory(statut="a-confirmer", courriel="a@exemple.bzh"),
    explorations.PERSONNEL: ExplorationFactory,
    inscriptions.CONFIRMER: registration("a-confirmer"),
    inscriptions.PROPOSITION: registration("proposee"),
    inscriptions.PERSONNEL: registration("inscrite"),
    invitations.INVITATION: UtilisateurFactory,
    invitations.OUBLI: UtilisateurFactory,
}


# (name, view, what else its address names) of all that `socle.courrier.liens.adresse` can name.
PAGES = [
    (name, one.callback.view_class, {*one.pattern.converters} - {"jeton"})
    for _, name, one in every_address()
    if "jeton" in one.pattern.converters
]
# As the pages' own buttons would say it.
ASKED = {"action": "effacer", "reponse": "laisser", "fait": "recue", "List-Unsubscribe": "One-Click"}


def test_no_link_is_read_by_a_page_of_another_kind():
    assert all(issubclass(view, PageALien) for _, view, _ in PAGES)
    assert {view.usage for _, view, _ in PAGES} == {*SUJETS}, "say in SUJETS what a new link opens"


@mostly_long("usage", SUJETS, one_in=2)
def test_reading_changes_nothing(client, usage):
    jeton = issue(usage, SUJETS[usage](), duree=timedelta(days=1))
    before = text_of_every_table()
    for name, _, others in (page for page in PAGES if page[1].usage == usage):
        address = reverse(name, kwargs={"jeton": jeton} | dict.fromkeys(others, 0))
        for method in (client.get, client.head, client.options):
            for data in ({}, ASKED):
                with CaptureQueriesContext(connection) as queries:
                    assert method(address, data).status_code in ((200, 204, 404) if others else (200, 204)), address
                assert [one["sql"] for one in queries if not re.match(r"[\s(]*(SELECT|DECLARE)\b", one["sql"])] == []
    assert text_of_every_table() == before
