"""The groups and what they may do, kept by the table of socle/comptes/roles.py."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.management.sql import emit_post_migrate_signal

from fiches.attached import FichierInterne, FichierJoint
from socle.comptes import roles
from socle.comptes.roles import ADMINISTRATION, ANIMATION, REDACTION, ROLES, can_publish, droits
from tests.conftest import PageLue
from tests.factories import UtilisateurFactory, member
from tests.projets.formulaire import resent

pytestmark = pytest.mark.django_db


def migrate_again():
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")


def test_every_model_of_the_desk_has_its_line():
    desk = {model for model, model_admin in admin.site._registry.items()}
    desk |= {inline.model for model_admin in admin.site._registry.values() for inline in model_admin.inlines}
    desk |= {FichierJoint, FichierInterne}  # in the form of a record that has one
    assert {model._meta.label_lower for model in desk} == set(droits(ADMINISTRATION))


@pytest.mark.parametrize("group", ROLES)
def test_a_group_has_exactly_what_its_lines_say(group):
    rows = Group.objects.get(name=group).permissions.select_related("content_type")
    assert {f"{row.content_type.app_label}.{row.codename}" for row in rows} == roles.permissions(group)


def test_migrating_again_changes_nothing_and_puts_back_what_was_changed_by_hand():
    before = list(Group.permissions.through.objects.order_by("pk").values_list())
    migrate_again()
    assert list(Group.permissions.through.objects.order_by("pk").values_list()) == before
    group = Group.objects.get(name=REDACTION)
    wanted = set(group.permissions.all())
    group.permissions.set([Permission.objects.get(codename="delete_projet")])
    Group.objects.get(name=ANIMATION).delete()
    migrate_again()
    assert set(group.permissions.all()) == wanted
    assert Group.objects.get(name=ANIMATION).permissions.count() == len(roles.permissions(ANIMATION))


def test_the_form_of_an_account_says_what_a_group_may_do(client):
    user = member(ADMINISTRATION)
    client.force_login(user)
    for page in ("add", f"{user.pk}/change"):
        said = PageLue(client.get(f"/admin/comptes/utilisateur/{page}/"))
        assert all(f"{name} : " in said.html.replace("\xa0", " ") for name in ROLES)
        boxes = [field for field in said.all("input", name="groups") if field.attributes["type"] == "checkbox"]
        assert len(boxes) == len(ROLES)


def test_the_form_of_an_account_says_nothing_of_how_a_password_is_kept(client):
    user = member(ADMINISTRATION)
    user.set_password("trois mots et un vélo")
    user.save()
    client.force_login(user)
    page = PageLue(client.get(f"/admin/comptes/utilisateur/{user.pk}/change/")).text
    assert "Choisi. Personne ne peut le lire." in page
    algorithm, *_, digest = user.password.split("$")
    assert algorithm not in page
    assert digest[:6] not in page


def test_another_group_and_the_members_stay():
    other = Group.objects.create(name="Stagiaires")
    other.permissions.add(Permission.objects.get(codename="view_projet"))
    user = member(REDACTION)
    migrate_again()
    assert other.permissions.count() == 1
    assert [group.name for group in user.groups.all()] == [REDACTION]


@pytest.mark.parametrize(
    ("groups", "kwargs", "expected"),
    [
        ((), {}, False),
        ((REDACTION,), {}, False),
        ((ANIMATION,), {}, True),
        ((ADMINISTRATION,), {}, True),
        ((REDACTION, ANIMATION), {}, True),
        ((), {"is_superuser": True}, True),
        ((ANIMATION,), {"is_active": False}, False),
    ],
)
def test_who_may_publish(groups, kwargs, expected):
    assert can_publish(member(*groups, **kwargs)) is expected


# Accounts


def test_the_desk_shows_the_rights_of_a_group_in_french_and_does_not_edit_them(client):
    client.force_login(member(ADMINISTRATION))
    group = Group.objects.get(name=REDACTION)
    address = f"/admin/auth/group/{group.pk}/change/"
    page = client.get(address).content.decode()
    assert "projet France Relance : modifier" in page
    assert 'name="permissions"' not in page
    assert client.post(address, {"name": "Autre", "permissions": []}).status_code == 403
    group.refresh_from_db()
    assert group.name == REDACTION
    assert group.permissions.count() == len(roles.permissions(REDACTION))
    assert client.get(f"/admin/auth/group/{group.pk}/delete/").status_code == 403


def test_whoever_edits_accounts_does_not_become_a_superuser(client):
    editor = member(ADMINISTRATION)
    client.force_login(editor)
    address = f"/admin/comptes/utilisateur/{editor.pk}/change/"
    dated = {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    response = client.post(address, resent(client.get(address), is_superuser="on", last_name="Corre", **dated))
    assert response.status_code == 302, response.context["adminform"].form.errors
    editor.refresh_from_db()
    assert editor.last_name == "Corre"
    assert not editor.is_superuser


def test_only_a_superuser_touches_a_superuser(client):
    root = UtilisateurFactory(is_superuser=True)
    client.force_login(member(ADMINISTRATION))
    address = f"/admin/comptes/utilisateur/{root.pk}"
    assert client.post(f"{address}/change/", {"username": "x"}).status_code == 403
    assert client.get(f"{address}/delete/").status_code == 403
    password = f"{address}/password/"
    assert client.post(password, {"password1": "un-mot-de-passe", "password2": "un-mot-de-passe"}).status_code == 403
    client.force_login(root)
    assert client.get(f"{address}/change/").status_code == 200
    assert client.get(password).status_code == 200


def test_a_new_member_of_a_group_may_enter_the_desk(client):
    client.force_login(UtilisateurFactory(is_superuser=True))
    member = UtilisateurFactory(username="soizic", is_staff=False)
    group = Group.objects.get(name=REDACTION)
    data = {"username": "soizic", "is_active": "on", "groups": group.pk, "date_joined_0": "2026-01-02"}
    data |= {"date_joined_1": "10:00", "last_login_0": "", "last_login_1": ""}
    response = client.post(f"/admin/comptes/utilisateur/{member.pk}/change/", data, follow=True)
    assert "« Peut entrer dans l’espace de rédaction » a été coché" in response.content.decode()
    member.refresh_from_db()
    assert member.is_staff
