"""The editors' desk around the records: index, themes, anomalies, accounts."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from fiches import registre
from fiches.models import Theme
from fiches.suivi.models import Anomalie, Conflit
from tests.conftest import spread
from tests.factories import ProjetFactory, ThemeFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def anne(client):
    user = UtilisateurFactory(is_superuser=True, first_name="Anne", last_name="Le Goff")
    client.force_login(user)
    return user


@pytest.fixture
def anomalies():
    entree = ProjetFactory(titre="Portail").entree
    rows = [("lien_vide", entree), ("montant_a_verifier", entree), ("type_inconnu", None)]
    return [Anomalie.objects.create(entree=where, type=kind, texte=kind, empreinte=kind) for kind, where in rows]


def test_the_desk_has_a_name_and_an_order(client, anne):
    response = client.get("/admin/")
    assert "LabAccès, espace de rédaction" in response.content.decode()
    assert [app["name"] for app in response.context["app_list"]] == [
        "Fiches et thèmes",
        "Participants",
        "Reprise de l’ancien site",
        "Messages reçus",
        "Pages du site",
        "Lieux du code officiel géographique",
        "Courrier",
        "Comptes",
        "Vie privée",
    ]
    names = {model["object_name"] for app in response.context["app_list"] for model in app["models"]}
    assert {declaration.model._meta.object_name for declaration in registre.types()} <= names
    assert {
        "Inscription",
        "Exploration",
        "Theme",
        "Choix",
        "Anomalie",
        "Conflit",
        "Utilisateur",
        "Group",
        "Commune",
    } <= names
    assert not names & {"Entree", "AncienneAdresse", "Origine", "Contact", "HistoricalProjet"}


@pytest.mark.parametrize("model", spread(admin.site._registry, one_in=3), ids=lambda model: model.__name__)
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


def test_anomalies_open_first_lead_to_their_sheet_and_are_settled(client, anne, anomalies):
    address = reverse("admin:suivi_anomalie_changelist")
    response = client.post(address, {"action": "mark_settled", "_selected_action": [anomalies[2].pk]}, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["1 ligne réglée."]
    anomalies[2].refresh_from_db()
    assert anomalies[2].reglee_par == anne
    assert anomalies[2] not in client.get(address).context["cl"].result_list
    rows = list(client.get(address, {"suite": "toutes"}).context["cl"].result_list)
    assert rows[-1] == anomalies[2]
    page = client.get(address).content.decode()
    assert [word for word in ("à régler", "déjà réglé", "tout") if f">{word}</a>" in page] == [
        *("à régler", "déjà réglé", "tout")
    ]
    sheet = reverse("admin:projets_projet_change", args=[anomalies[0].entree_id])
    assert sheet in client.get(address).content.decode()
    assert client.get(address, {"suite": "ouverte"}).context["cl"].result_count == 2
    assert client.get(address, {"suite": "reglee"}).context["cl"].result_count == 1
    assert client.get(address, {"q": "montant_a"}).context["cl"].result_count == 1


def test_an_anomaly_is_settled_and_opened_again_but_never_edited_or_deleted(client, anne, anomalies):
    row = anomalies[0]
    address = reverse("admin:suivi_anomalie_change", args=[row.pk])
    client.post(address, {"regle": "on", "texte": "Autre", "type": "doublon_probable"})
    row.refresh_from_db()
    assert (row.reglee_par, row.texte, row.type) == (anne, "lien_vide", "lien_vide")
    client.post(address, {})
    row.refresh_from_db()
    assert (row.reglee_le, row.reglee_par) == (None, None)
    assert client.post(f"/admin/suivi/anomalie/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/suivi/anomalie/add/").status_code == 403


def test_a_conflict_is_shown_in_the_words_of_the_form(client, anne):
    entree = ProjetFactory().entree
    row = Conflit.objects.create(entree=entree, champ="montant_eur", ici="5.00", ancien_site="")
    Conflit.objects.create(entree=entree, champ="disparu", ici="A", ancien_site="B")
    for address in (reverse("admin:suivi_conflit_changelist"), f"/admin/suivi/conflit/{row.pk}/change/"):
        page = client.get(address).content.decode()
        assert "montant du financement France Relance (€)" in page
        assert "montant_eur" not in page
        assert "(vide)" in page


def test_a_conflict_is_settled_from_its_list(client, anne):
    conflit = Conflit.objects.create(entree=ProjetFactory().entree, champ="titre", ici="A", ancien_site="B")
    address = reverse("admin:suivi_conflit_changelist")
    client.post(address, {"action": "mark_settled", "_selected_action": [conflit.pk]})
    conflit.refresh_from_db()
    assert conflit.regle_par == anne


@pytest.mark.parametrize("size", [1, 20])
def test_anomalies_cost_the_same_however_many(client, anne, size, django_assert_num_queries):
    for number in range(size):
        entree = ProjetFactory().entree
        Anomalie.objects.create(entree=entree, type="lien_vide", empreinte=str(number), reglee_par=anne)
    client.get(reverse("admin:suivi_anomalie_changelist"))
    with django_assert_num_queries(5):  # session, user, two counts, rows
        client.get(reverse("admin:suivi_anomalie_changelist"))


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
