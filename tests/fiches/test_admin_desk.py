"""The editors' desk around the records: no inline code, what themes say."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.factories import ProjetFactory, ThemeFactory
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db


@mostly_long("model", admin.site._registry, one_in=20, ids=lambda model: model.__name__)
def test_every_page_answers_without_inline_code(client, anne, model):
    opts = model._meta
    ProjetFactory(departement_id="22", themes=[ThemeFactory()])
    row = model._default_manager.first()
    addresses = ["/admin/", "/admin/login/", reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")]
    if row:
        addresses.append(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk]))
        addresses.append(reverse(f"admin:{opts.app_label}_{opts.model_name}_history", args=[row.pk]))
    for address in addresses:
        check_no_inline_code(client, address)


def check_no_inline_code(client, address):
    response = client.get(address, follow=True)
    assert response.status_code == 200, address
    html = response.content.decode()
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)(?![^>]*application/json)|\son\w+=", html), address


@pytest.mark.long
@pytest.mark.parametrize("size", [1, 20])
def test_themes_say_how_many_sheets_they_have_at_one_cost(client, anne, size, django_assert_num_queries):
    themes = [ThemeFactory() for _ in range(size)]
    ProjetFactory(themes=themes)
    ProjetFactory(themes=themes[:1], draft=True)
    address = reverse("admin:fiches_theme_changelist")
    with django_assert_num_queries(5):  # session, user, two counts, rows
        html = client.get(address).content.decode()
    assert f'<a href="/admin/projets/projet/?themes__id__exact={themes[0].pk}">2 projets</a>' in html
