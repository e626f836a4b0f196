"""Addresses that a page prints: finding one goes through all routes of the site, so each is found once."""

from collections import Counter

import django.urls
import pytest

from fiches import registre
from tests.factories import ProjetFactory, ThemeFactory, factory_of
from tests.factories.glossaire import TermeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(monkeypatch):
    """How often templates had each address found."""
    counts, find = Counter(), django.urls.reverse

    def counted(name, urlconf=None, args=None, kwargs=None, current_app=None):
        counts[f"{name} {args or ''} {kwargs or ''}"] += 1
        return find(name, urlconf, args, kwargs, current_app)

    monkeypatch.setattr(django.urls, "reverse", counted)
    return counts


@pytest.mark.long
def test_a_page_finds_no_address_twice(client, found):
    ProjetFactory.create_batch(2, themes=[ThemeFactory(), ThemeFactory()], departement_id="22")
    pages = ["/", "/recherche/", "/recherche/?q=projet", "/exploration/", "/plan-du-site/"]
    for declaration in registre.types():
        pages += [declaration.lien, factory_of(declaration.model)().get_absolute_url()]
    pages.append(TermeFactory(definition="").get_absolute_url())
    for page in pages:
        found.clear()
        assert client.get(page, follow=True).status_code == 200, page
        assert {address: times for address, times in found.items() if times > 1} == {}, page
