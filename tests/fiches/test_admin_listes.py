"""What editors keep beside the records: themes and values of lists, and how far their rights over them reach."""

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.urls import reverse

from fiches.choice_lists import Choix, Theme
from fiches.initiatives.models import Initiative
from participants.contributions.champs import asked
from projets.models import Projet
from socle.annuaire.models import Statut
from tests.factories import ProjetFactory, ThemeFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db

CHOIX, THEMES = "/admin/fiches/choix/", "/admin/fiches/theme/"


def editor(*names):
    user = UtilisateurFactory()
    codenames = [name.split(".")[1] for name in names]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def said(response):
    return [str(message) for message in response.context["messages"]]


# Values of lists


@pytest.mark.parametrize("several", [False, True])
def test_a_value_in_use_is_not_deleted(client, anne, several):
    used = Choix.objects.create(liste="mot-cle" if several else "echelle", nom="Essai du quartier")
    initiative = Initiative(titre="Café des droits", **({} if several else {"echelle": used}))
    initiative.save()
    if several:
        initiative.mots_cles.add(used)
    address = f"{CHOIX}{used.pk}/delete/"
    page = client.get(address).content.decode()
    assert "Café des droits" in page
    client.post(address, {"post": "yes"})
    assert Choix.objects.filter(pk=used.pk).exists()
    initiative.change({"mots_cles": []} if several else {"echelle": None})
    client.post(address, {"post": "yes"})
    assert not Choix.objects.filter(pk=used.pk).exists()


def test_who_deletes_a_theme_reads_that_the_sheets_stay_and_where_they_are(client, anne):
    theme = ThemeFactory(nom="Portail famille")
    projet = ProjetFactory(themes=[theme])
    address = f"{THEMES}{theme.pk}/delete/"
    for page in (
        client.get(address),
        client.post(THEMES, {"action": "delete_selected", "_selected_action": theme.pk}),
    ):
        page = page.content.decode()
        assert "Fiches qui restent, sans lui" in page
        assert f'href="/admin/projets/projet/?themes__id__exact={theme.pk}">1 projet<' in page
        assert "elation" not in page
    client.post(address, {"post": "yes"})
    assert not Theme.objects.filter(pk=theme.pk).exists()
    assert list(projet.themes.all()) == []


# Order


def test_an_accented_capital_stands_where_its_letter_does(client, anne):
    names = ["Accueil", "Écoute", "Équipements", "État civil", "Téléphonie"]
    Theme.objects.all().delete()
    for nom in reversed(names):
        Theme.objects.create(nom=nom)
        Choix.objects.create(liste="profil", nom=nom)
    assert [row.nom for row in client.get(THEMES).context["cl"].result_list] == names
    assert [row.nom for row in Choix.objects.filter(liste="profil", nom__in=names)] == names
    assert [theme.nom for theme in asked(Projet._meta.get_field("themes")).queryset] == names
    renamed = Theme.objects.get(nom="Téléphonie")
    renamed.nom = "Âge"
    renamed.save()
    assert [theme.nom for theme in Theme.objects.all()] == ["Accueil", "Âge", "Écoute", "Équipements", "État civil"]


# Addresses


def test_a_name_whose_address_is_taken_gets_a_number(client, anne):
    Theme.objects.create(nom="État civil")
    assert client.post(f"{THEMES}add/", {"nom": "État-civil", "slug": ""}).status_code == 302
    assert Theme.objects.get(nom="État-civil").slug == "etat-civil-2"
    assert Theme.objects.create(nom="Etat-civil").slug == "etat-civil-3"
    Choix.objects.create(liste="echelle", nom="Côté mer")
    data = {"liste": "echelle", "nom": "Côté-mer", "slug": "", "ordre": "3"}
    assert client.post(f"{CHOIX}add/", data).status_code == 302
    assert Choix.objects.get(nom="Côté-mer").slug == "cote-mer-2"


@pytest.mark.parametrize("nom", ["Œuvres privées", "  oeuvres PRIVEES "])
@pytest.mark.parametrize(("address", "model"), [(THEMES, Theme), (CHOIX, Choix)])
def test_a_name_that_is_there_but_for_capitals_and_accents_is_refused_in_words(client, anne, address, model, nom):
    there = model.objects.create(nom="Œuvres privées", **{"liste": "profil"} if model is Choix else {})
    data = {"nom": nom, "slug": "autre", "liste": "profil", "ordre": "3"}
    response = client.post(f"{address}add/", data)
    told = ["« Œuvres privées » existe déjà : majuscules et accents ne comptent pas."]
    assert response.context["adminform"].form.errors == {"nom": told}
    assert model.objects.get(nom_plie=there.nom_plie) == there
    # Itself is no other, nor is a value of another list.
    assert client.post(f"{address}{there.pk}/change/", data).status_code == 302
    if model is Choix:
        assert client.post(f"{address}add/", data | {"liste": "echelle"}).status_code == 302


@pytest.mark.parametrize("address", [THEMES, CHOIX])
def test_a_name_without_letters_is_refused_in_words(client, anne, address):
    response = client.post(f"{address}add/", {"nom": "???", "slug": "", "liste": "echelle", "ordre": "3"})
    assert response.status_code == 200
    assert "ni lettre ni chiffre" in response.content.decode()
    assert not Theme.objects.filter(nom="???").exists()
    with pytest.raises(ValidationError, match="ni lettre ni chiffre"):
        Theme(nom="???").full_clean()


# Rights


def test_themes_are_proposed_again_only_where_one_may_change(client):
    theme = ThemeFactory(mots_cles="")
    draft = ProjetFactory(titre="Portail", draft=True)
    public, withdrawn = ProjetFactory(titre="Portail"), ProjetFactory(titre="Portail", statut=Statut.RETIREE)
    theme.mots_cles = "portail"
    theme.save()
    data = {"action": "propose_everywhere", "_selected_action": [theme.pk]}

    def themed(user):
        client.force_login(user)
        response = client.post(reverse("admin:fiches_theme_changelist"), data, follow=True)
        return [bool(sheet.themes.count()) for sheet in (draft, public, withdrawn)], said(response)

    changed, message = themed(editor("fiches.change_theme", "fiches.view_theme"))
    assert changed == [False, False, False]
    assert message == ["Vous ne pouvez modifier aucune fiche : rien n’a changé."]
    rights = ["fiches.change_theme", "fiches.view_theme", "projets.change_projet"]
    assert themed(editor(*rights))[0] == [True, True, False]
    assert themed(editor(*rights, "comptes.publier"))[0] == [True, True, True]
