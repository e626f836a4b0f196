"""What the takeover keeps of a record whose type has left the site."""

import pytest

from projets.models import Projet
from reprise.models import AncienIdentifiant, Origine
from socle.vie_privee.anciennete import from_the_old_site
from socle.vie_privee.models import TexteIntegral
from tests.factories import ProjetFactory
from tests.fiches.test_departs import let_go

pytestmark = pytest.mark.django_db


def test_an_address_of_the_old_site_says_that_it_is_gone_of_what_was_public(client):
    for nom, statut in (("UnPortail", "publiee"), ("UnBrouillon", "brouillon"), ("UnRetrait", "retiree")):
        entree = ProjetFactory(statut=statut).entree
        AncienIdentifiant.objects.create(identifiant=nom, entree=entree, certain=True)
    let_go(Projet)
    answers = {nom: client.get(f"/?{nom}").status_code for nom in ("UnPortail", "UnBrouillon", "UnRetrait")}
    assert answers == {"UnPortail": 410, "UnBrouillon": 404, "UnRetrait": 404}


def test_a_text_of_a_type_that_left_is_named_and_known_to_come_from_the_old_site():
    taken, typed = ProjetFactory(), ProjetFactory()
    Origine.objects.create(entree=taken.entree, type="projet", cle="un")
    let_go(Projet)
    old, new = (
        TexteIntegral.objects.create(modele="partis.Parti", cle=str(fiche.pk), champ="x") for fiche in (taken, typed)
    )
    assert str(old) == f"ligne d’une partie retirée du site, n° {taken.pk}"
    assert from_the_old_site(old)
    assert not from_the_old_site(new)
