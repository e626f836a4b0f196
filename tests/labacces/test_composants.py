"""The gallery of components is a page, on a site with records or without, and of no site that is served."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import NoReverseMatch, reverse

from fiches import registre
from labacces.composants import composants
from tests.factories import ProjetFactory, ThemeFactory, factory_of


@pytest.mark.django_db
def test_the_gallery_is_a_page_on_any_site(rf, places):
    request = rf.get("/composants/")
    request.user = AnonymousUser()
    assert composants(request).status_code == 200
    ProjetFactory.create_batch(12, departement_id="56", montant_eur=1000, themes=[ThemeFactory(nom="Cantine")])
    for declaration in registre.types():
        factory_of(declaration.model).create_batch(2)
    assert composants(request).status_code == 200


def test_it_is_not_served_by_production():
    with pytest.raises(NoReverseMatch):
        reverse("composants")
