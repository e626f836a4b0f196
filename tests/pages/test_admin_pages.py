"""The pages about the site at the editors' desk."""

import pytest
from django.urls import reverse

from labacces.pages.models import Page
from labacces.pages.operateur import who_runs_the_site
from labacces.pages.premiers import first_text
from socle.comptes.roles import ANIMATION, REDACTION
from tests.conftest import as_read
from tests.factories import UtilisateurFactory, member
from tests.projets.formulaire import resent

pytestmark = pytest.mark.django_db

LIST = "/admin/pages/page/"
COMPARISON = "/admin/pages/page/aide/history/comparer/"
FORM = "/admin/pages/page/aide/change/"
OPERATOR = "/admin/pages/renseignements/"


@pytest.fixture
def editor(enter):
    return enter(ANIMATION, first_name="Awena", last_name="Prigent")


def version_url(cle, number):
    record = Page.history.get(cle=cle, version=number)
    return reverse("admin:pages_page_simple_history", args=[cle, record.pk])


def posted(client, address=FORM, **changes):
    return client.post(address, resent(client.get(address), **changes))


def test_the_list_says_what_is_left_to_fill_in(client, editor):
    assert "que le public ne voit pas" not in client.get(LIST).content.decode()
    Page.objects.filter(pk="aide").update(texte="[à compléter : ceci], [à compléter]")
    html = client.get(LIST).content.decode()
    assert "que le public ne voit pas" in html
    assert "2 points à compléter" in html


def test_the_operator_says_on_one_page_what_pages_tell_of_it(client, editor, settings):
    settings.ORGANISME_NOM, settings.ORGANISME_URL = "Askorn", ""
    assert "Renseignements de l’organisme" in as_read(client.get("/admin/"))
    page = as_read(client.get(OPERATOR, follow=True))
    assert "numéro SIREN" in page
    assert "ORGANISME_URL" in page
    assert "ORGANISME_NOM" not in page
    where = f"{OPERATOR}1/change/"
    assert posted(client, where, siren="123 456 789", hebergeur="Ostiz").status_code == 302
    assert "SIREN\xa0: 123 456 789" in as_read(client.get("/mentions-legales/"))
    asked = {found.msg for found in who_runs_the_site(None)}
    assert any("« Renseignements de l’organisme » : " in one and "forme juridique" in one for one in asked)
    assert "L’adresse du site de cet organisme : pas encore dit." in asked
    assert not [said for said in asked if "SIREN" in said or "Le nom de l’organisme" in said]
    client.force_login(member(REDACTION))
    assert client.get(OPERATOR).status_code == 403
    assert client.get(where).status_code == 403


def test_an_editor_changes_a_text_and_sees_it_on_the_site(client, editor):
    page = client.get(FORM).content.decode()
    assert 'href="/aide/"' in page
    assert "[à compléter : nom de l’éditeur]" in page  # the help says how
    assert posted(client, texte="Bonjour\r\n\r\n## Fin").status_code == 302
    page = Page.objects.get(pk="aide")
    assert (page.texte, page.version, page.editee) == ("Bonjour\n\n## Fin", 2, True)
    assert page.history.first().history_user == editor
    assert "Bonjour" in client.get("/aide/").content.decode()


def test_saving_a_form_as_it_was_leaves_no_trace(client, editor):
    assert posted(client).status_code == 302
    page = Page.objects.get(pk="aide")
    assert (page.version, page.editee, page.history.count()) == (1, False, 1)


@pytest.mark.parametrize("cle", Page.Cle.values)
def test_every_first_text_can_be_saved(client, editor, cle):
    assert posted(client, f"{LIST}{cle}/change/", titre="Un autre titre").status_code == 302
    page = Page.objects.get(pk=cle)
    assert (page.titre, page.texte) == ("Un autre titre", first_text(cle))


def test_a_computed_line_cannot_be_lost(client, editor):
    address = f"{LIST}accessibilite/change/"
    response = posted(client, address, texte=first_text("accessibilite").replace("[[etat]]", ""))
    assert response.status_code == 200
    assert "Il manque la ligne [[etat]]" in response.content.decode()
    assert Page.objects.get(pk="accessibilite").version == 1


@pytest.mark.parametrize("action", ["add/", "aide/delete/"])
def test_nobody_adds_or_deletes_a_page(client, enter, action):
    enter()  # whoever may do everything; that others may not: tests/comptes/test_droits.py
    assert client.get(LIST + action).status_code == 403
    assert client.post(LIST + action, {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": "aide", "post": "yes"})
    assert Page.objects.count() == len(Page.Cle)


def test_rédaction_has_no_way_in(client, enter):
    enter(REDACTION)
    for address in (LIST, FORM, f"{LIST}aide/history/", version_url("aide", 1), COMPARISON):
        assert client.get(address).status_code == 403
        assert client.post(address, {}).status_code == 403


# Two editors


def test_the_second_of_two_editors_loses_nothing_and_overwrites_nothing(client, editor):
    form = client.get(FORM).context["adminform"].form
    mine = {name: form[name].value() for name in form.fields} | {"texte": "Ma version"}
    page = Page.objects.get(pk="aide")
    page.titre, page.texte = "Aide et mode d’emploi", "Leur version"
    page._history_user = UtilisateurFactory(first_name="Jakez", last_name="Faou")
    page.save()
    response = client.post(FORM, mine)
    html = as_read(response)
    assert response.status_code == 200
    assert "Jakez Faou a modifié cette page" in html
    assert "Leur version" in html
    assert "Vous n’aviez pas touché à ce champ" in html
    form = response.context["adminform"].form
    assert (form["texte"].value(), form["titre"].value()) == ("Ma version", "Aide et mode d’emploi")
    assert Page.objects.get(pk="aide").texte == "Leur version"
    again = {name: form[name].value() for name in form.fields}
    assert client.post(FORM, again).status_code == 302
    page.refresh_from_db()
    assert (page.titre, page.texte, page.version) == ("Aide et mode d’emploi", "Ma version", 3)


@pytest.mark.parametrize("seen", ["", "x", "99"])
def test_a_form_that_does_not_say_what_it_showed_saves_nothing(client, editor, seen):
    assert posted(client, texte="Autre", version_lue=seen).status_code == 200
    assert Page.objects.get(pk="aide").version == 1


# History


def test_a_version_is_compared_and_restored(client, editor):
    posted(client, texte="Un texte plus court")
    history = client.get(f"{LIST}aide/history/").content.decode()
    assert "Awena Prigent" in history
    version = version_url("aide", 1)
    assert version in history
    page = client.get(version).content.decode()
    assert "Restaurer cette version" in page
    assert "<ins>" in page
    assert client.post(version, {"version_lue": "2"}).url == FORM
    page = Page.objects.get(pk="aide")
    assert (page.texte, page.version) == (first_text("aide"), 3)
    assert "Version 1 restaurée" in client.get(f"{LIST}aide/history/").content.decode()


def test_nothing_is_restored_over_a_version_that_was_not_seen(client, editor):
    posted(client, texte="Deux")
    posted(client, texte="Trois")
    refused = client.post(version_url("aide", 1), {"version_lue": "2"}, follow=True)
    assert "La page a été modifiée entre-temps" in as_read(refused)
    assert Page.objects.get(pk="aide").texte == "Trois"
