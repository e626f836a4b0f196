"""Invitations and forgotten passwords: links by mail, rules of passwords."""

import re
import sqlite3
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import timedelta
from multiprocessing import get_context
from threading import Timer
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from bench.places import start
from socle.comptes import invitations
from socle.comptes.invitations import INVITATION, OUBLI, invite
from socle.comptes.models import Utilisateur
from socle.comptes.roles import ADMINISTRATION, REDACTION
from socle.courrier.models import Courriel, Lien
from tests import sampling
from tests.comptes.test_connexion import is_in, log_in
from tests.conftest import PageLue
from tests.factories import UtilisateurFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.securite]
PASSWORD = "trois mots et un vélo"
ADD = "/admin/comptes/utilisateur/add/"
FORGOTTEN = "/admin/compte/mot-de-passe-oublie/"


@pytest.fixture
def soizic():
    user = UtilisateurFactory(username="soizic", email="soizic@exemple.bzh", first_name="Soizic")
    user.set_unusable_password()
    user.save()
    return user


def link(courriel) -> str:
    """The address of the link of a mail, without its host."""
    return re.search(r"https?://[^/\s]+(/admin/compte/\S+)", courriel.texte)[1]


def choose(client, address, one=PASSWORD, two=None):
    return client.post(address, {"new_password1": one, "new_password2": one if two is None else two})


def ask(client, name, place=0):
    return client.post(FORGOTTEN, {"compte": name}, REMOTE_ADDR=f"192.0.2.{place}")


def test_a_new_account_is_invited_and_chooses_its_password(client):
    client.force_login(member(ADMINISTRATION, first_name="Anne", last_name="Le Goff"))
    page = PageLue(client.get(ADD))
    assert not [field for field in page.all("input") if field.attributes.get("type") == "password"]
    refused = client.post(ADD, {"username": "soizic", "email": "soizic@exemple.bzh"})
    assert "Choisissez au moins un groupe" in refused.content.decode()
    refused = client.post(ADD, {"username": "soizic", "email": "", "groups": Group.objects.get(name=REDACTION).pk})
    assert refused.status_code == 200
    assert not Courriel.objects.exists()
    data = {"username": "soizic", "email": "soizic@exemple.bzh", "groups": Group.objects.get(name=REDACTION).pk}
    done = client.post(ADD, data, follow=True)
    assert "Une invitation part à soizic@exemple.bzh" in done.content.decode()
    user = Utilisateur.objects.get(username="soizic")
    assert user.is_staff
    assert not user.has_usable_password()
    courriel = Courriel.objects.get()
    assert courriel.destinataire == "soizic@exemple.bzh"
    assert "Anne Le Goff vous ouvre un compte" in courriel.texte
    client.logout()
    address = link(courriel)
    for _ in range(3):  # mail scanners open links
        for response in (client.get(address), client.head(address)):
            assert response.status_code == 200
            assert response["Referrer-Policy"] == "no-referrer"
            assert "no-store" in response["Cache-Control"]
    assert choose(client, address)["Location"] == "/admin/login/"
    assert not is_in(client)  # choosing a password opens no session
    assert client.get(address).status_code == 404  # the link has served
    log_in(client, username="soizic", password=PASSWORD)
    assert is_in(client)


@pytest.mark.parametrize("usage", [INVITATION, OUBLI])
def test_a_password_is_chosen_as_browsers_send_it(soizic, usage):
    """The page says no-referrer: browsers then send « Origin: null », and no cookie was set."""
    if usage == INVITATION:
        invite(soizic)
    else:
        invitations.forgotten(soizic.email)
    browser = Client(enforce_csrf_checks=True)
    address = link(Courriel.objects.get())
    assert browser.get(address).status_code == 200
    data = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert browser.post(address, data, headers={"origin": "null"}).url == "/admin/login/"
    soizic.refresh_from_db()
    assert soizic.check_password(PASSWORD)


def test_an_invitation_sent_again_ends_the_first_one(client, soizic):
    first = link(invite(soizic))
    client.force_login(UtilisateurFactory(is_superuser=True))
    client.post("/admin/comptes/utilisateur/", {"action": "invite_again", "_selected_action": soizic.pk})
    second = link(Courriel.objects.order_by("pk").last())
    client.logout()
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


@pytest.mark.parametrize("what", ["expired", "other usage", "altered", "closed account"])
def test_a_link_that_is_not_good_opens_nothing(client, soizic, what):
    address = link(invite(soizic))
    if what == "expired":
        Lien.objects.update(expire_le=timezone.now() - timedelta(seconds=1))
    elif what == "other usage":
        address = address.replace("/invitation/", "/mot-de-passe/")
    elif what == "altered":
        address = address[:-3] + ("ab/" if not address.endswith("ab/") else "cd/")
    else:
        Utilisateur.objects.update(is_active=False)
    assert client.get(address).status_code == 404
    assert choose(client, address).status_code == 404
    soizic.refresh_from_db()
    assert not soizic.has_usable_password()


def test_links_last_a_week_and_an_hour(soizic):
    invite(soizic)
    invitations.forgotten("soizic")
    left = {lien.usage: lien.expire_le - timezone.now() for lien in Lien.objects.all()}
    assert timedelta(days=6.9) < left[INVITATION] <= timedelta(days=7)
    assert timedelta(minutes=59) < left[OUBLI] <= timedelta(hours=1)


# Forgotten


def test_a_forgotten_password_is_changed_by_mail_and_the_second_factor_is_still_asked(client, soizic):
    TOTPDevice.objects.create(user=soizic, name="application", confirmed=True)
    other = type(client)()
    other.force_login(soizic)
    assert "Mot de passe oublié" in client.get(FORGOTTEN).content.decode()
    assert FORGOTTEN in client.get("/admin/login/").content.decode()
    client.post(FORGOTTEN, {"compte": " SOIZIC@exemple.bzh "})
    choose(client, link(Courriel.objects.get()))
    assert not is_in(other)
    log_in(client, username="soizic", password=PASSWORD)
    assert client.get("/admin/", follow=True).request["PATH_INFO"] == "/admin/compte/second-facteur/"


def test_the_answer_is_the_same_whoever_asks(client, soizic):
    UtilisateurFactory(username="ferme", email="ferme@exemple.bzh", is_active=False)
    names = ("soizic", "soizic@exemple.bzh", "personne@exemple.bzh", "ferme", "x" * 200)
    for code in [200] * 4 + [429]:
        answers = [ask(client, name, place) for place, name in enumerate(names)]
        assert {answer.status_code for answer in answers} == {code}
        assert len({re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in answers}) == 1
    assert Courriel.objects.count() == 8


def test_the_answer_takes_the_same_time_whoever_asks(client, soizic, settings):
    """What a mail costs, here a tenth of a second, is taken from the pause."""
    settings.REPONSE_MINIMALE = 0.4
    now, pauses = [0.0], []
    send = invitations._send

    def costly(user):
        send(user)
        now[0] += 0.1

    clock = SimpleNamespace(monotonic=lambda: now[0], sleep=pauses.append)
    with patch.object(invitations, "time", clock), patch.object(invitations, "_send", costly):
        for name in ("soizic", "personne"):
            invitations.forgotten(name)
    assert pauses == [pytest.approx(0.3), 0.4]


def times_since_somebody_wrote(path) -> dict[str, float]:
    """How long the answer takes once another process has written for a second, by whose account is asked for."""
    times = {}
    invitations.forgotten("personne")  # connected, and the file in WAL, as on a site that runs
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        for name in ("soizic", "personne"):
            other.execute("BEGIN IMMEDIATE")
            end = []

            def leave(end=end):
                end.append(time.monotonic())
                other.rollback()

            timer = Timer(1, leave)
            timer.start()
            invitations.forgotten(name)
            timer.join()
            times[name] = time.monotonic() - end[0]
    return times


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL lets several write at a time")
def test_the_answer_takes_the_same_time_while_somebody_else_writes(soizic, tmp_path):
    path = tmp_path / "base.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM INTO '{path}'")
    with ProcessPoolExecutor(1, get_context("spawn"), start, (f"sqlite:///{path}",)) as pool:
        times = pool.submit(times_since_somebody_wrote, path).result()
    assert min(times.values()) >= 0.4  # whoever it is had to wait: the pause begins afterwards


def test_strangers_do_not_take_the_reset_from_its_owner(client, soizic, same_moment):
    codes = [ask(client, name).status_code for name in ("soizic", "soizic@exemple.bzh", "personne") * 3]
    assert codes == [200] * 4 + [429] * 5
    page = PageLue(ask(client, "soizic"))
    assert "Regardez vos courriels" in page.text
    assert page.one("input", id="id_compte")["value"] == "soizic"
    assert ask(client, "soizic", place=2).status_code == 200
    courriel = Courriel.objects.order_by("pk").last()
    assert choose(client, link(courriel)).status_code == 302


def test_every_link_that_was_mailed_is_good_until_one_has_served(client, soizic):
    for place in range(3):
        ask(client, "soizic", place=place)
    links = [link(courriel) for courriel in Courriel.objects.all()]
    assert [client.get(address).status_code for address in links] == [200] * 3
    choose(client, links[1])
    assert [client.get(address).status_code for address in links] == [404] * 3


def test_nobody_is_flooded(client, soizic):
    UtilisateurFactory(username="soizic2", email="soizic@exemple.bzh")
    for place in range(12):
        ask(client, "soizic@exemple.bzh", place=place)
    assert Courriel.objects.count() == Lien.objects.count() == 10
    Courriel.objects.update(cree_le=timezone.now() - timedelta(days=1))
    ask(client, "soizic", place=13)
    assert Courriel.objects.count() == 11


@pytest.mark.parametrize("typed", ["", "a\r\nBcc: x@exemple.bzh", "\0", "' OR 1=1 --", "x" * 5000])
def test_odd_requests_send_nothing(client, soizic, typed):
    assert client.post(FORGOTTEN, {"compte": typed}).status_code == 200
    assert not Courriel.objects.exists()


# Passwords


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("onze lettre", "12"),
        ("motdepasse123456", None),
        ("password1234", "courant"),
        ("soizic@exemple.bzh", "semblable"),
        ("soizic soizic 29", "est fait de votre nom"),
    ],
)
def test_short_common_and_telling_passwords_are_refused(client, soizic, password, words):
    response = choose(client, link(invite(soizic)), password)
    if words is None:
        assert response.status_code == 302
    else:
        assert words in PageLue(response).one("ul", class_="errorlist").text


MADE_OF_NAMES = [
    "noemieprigent",
    "Prigent-Noémie-2029!",
    "noemieprigent29",
    "NOEMIE PRIGENT 2029",
    "le-goff-prigent",
    "nprigentnprigent",
    "prigent.exemple.bzh",
    "29200prigent29200",
    "xyzprigentprigent",
]


@pytest.mark.parametrize("password", MADE_OF_NAMES)
def test_a_password_made_of_one_s_names_is_refused(password):
    names = {"username": "nprigent", "first_name": "Noémie", "last_name": "Prigent-Le Goff"}
    with pytest.raises(ValidationError, match="est fait de votre nom"):
        validate_password(password, Utilisateur(email="n.prigent@exemple.bzh", **names))


@pytest.mark.parametrize(
    "password",
    [
        "prigent aime le cidre",
        "un vélo pour Noémie",
        "4815162342-108",
        "goff goff vélo",
        "motdelasemaine",
        "7391-4480-2295-le",
    ],
)
def test_a_sentence_may_hold_a_name(soizic, password):
    soizic.username, soizic.first_name, soizic.last_name = "nprigent", "Noémie", "Prigent-Le Goff"
    validate_password(password, soizic)
    validate_password(password, Utilisateur())


@sampling.mostly_long("password", ["douze lettre", "é" * 12, "a b" * 40, "correct cheval pile agrafe " * 5], one_in=3)
def test_long_ones_of_any_kind_are_taken_as_typed(client, soizic, password):
    assert choose(client, link(invite(soizic)), password).status_code == 302
    log_in(client, username="soizic", password=password)
    assert is_in(client)
