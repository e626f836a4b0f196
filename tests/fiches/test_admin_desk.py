"""The editors' desk around the records: index, themes, anomalies, accounts."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from fiches import registre
from fiches.choice_lists import Theme
from tests.conftest import PageLue
from tests.factories import ProjetFactory, ThemeFactory
from tests.sampling import mostly_long

pytestmark = pytest.mark.django_db


def test_the_desk_has_a_name_and_an_order(client, anne):
    response = client.get("/admin/")
    assert "LabAccès, espace de rédaction" in response.content.decode()
    apps = [app for app in response.context["app_list"] if app["app_label"] != "reprise"]  # it may leave
    assert [app["name"] for app in apps][:5] == [  # the technical ones come behind
        "Fiches",
        "Ce que le public envoie",
        "Thèmes et mots",
        "Pages du site",
        "Équipe et vie privée",
    ]
    names = {model["object_name"] for app in response.context["app_list"] for model in app["models"]}
    assert {declaration.model._meta.object_name for declaration in registre.types()} <= names
    assert {
        "Inscription",
        "Exploration",
        "Theme",
        "Choix",
        "Utilisateur",
        "Group",
        "Commune",
    } <= names
    assert not names & {"Entree", "AncienneAdresse", "Origine", "Contact", "HistoricalProjet"}


@mostly_long("model", admin.site._registry, one_in=20, ids=lambda model: model.__name__)
def test_every_page_answers_without_inline_code(client, anne, model):
    opts = model._meta
    ProjetFactory(departement_id="22", themes=[ThemeFactory()])
    row = model._default_manager.first()
    addresses = [reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")]
    if row:
        addresses.append(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk]))
        addresses.append(reverse(f"admin:{opts.app_label}_{opts.model_name}_history", args=[row.pk]))
    for address in addresses:
        check_no_inline_code(client, address)


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/"])
def test_the_way_in_has_no_inline_code(client, anne, address):
    ProjetFactory(departement_id="22", themes=[ThemeFactory()])
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


def test_key_words_are_applied_to_every_sheet_that_no_editor_themed(client, anne):
    theme, chosen = ThemeFactory(), ThemeFactory()
    sheet, themed = ProjetFactory(titre="Portail"), ProjetFactory(titre="Portail", themes=[chosen])
    client.post(reverse("admin:fiches_theme_change", args=[theme.pk]), {"nom": "Portails", "mots_cles": "portail"})
    address = reverse("admin:fiches_theme_changelist")
    data = {"action": "propose_everywhere", "_selected_action": [theme.pk]}
    *_, message = client.post(address, data, follow=True).context["messages"]
    assert str(message) == "1 fiche mise à jour, 1 laissée telle quelle (thèmes choisis par la rédaction)."
    assert list(sheet.themes.all()) == [Theme.objects.get(nom="Portails")]
    assert list(themed.themes.all()) == [chosen]


def test_rights_read_in_french(client, anne):
    assert Group.objects.filter(name="Rédaction").exists()
    html = client.get(reverse("admin:auth_group_add")).content.decode()
    assert "projet France Relance : modifier" in html
    assert "Can change" not in html
    assert "Historical" not in html
    user = client.get(reverse("admin:comptes_utilisateur_change", args=[anne.pk])).content.decode()
    assert "thème : ajouter" in user
    assert "Can add" not in user
    assert Permission.objects.filter(codename="change_projet").exists()


def test_the_dates_of_a_sheet_are_said_with_1er(client, anne):
    fiche = ProjetFactory(cree_le=datetime(2026, 12, 1, 9, 5, tzinfo=UTC))
    shown = PageLue(client.get(f"/admin/projets/projet/{fiche.pk}/change/"))
    assert "1er décembre 2026 à 10:05" in shown.text
