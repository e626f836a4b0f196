"""Getting in: password, second factor, refusals, and what ends a session."""

import re
import time
from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from socle.comptes import second_facteur
from socle.comptes.models import Utilisateur
from socle.comptes.roles import ADMINISTRATION, ANIMATION, REDACTION
from socle.vie_privee.models import CleDuJour
from tests import sampling
from tests.comptes.conftest import PASSWORD, code_of
from tests.conftest import PageLue
from tests.factories import UtilisateurFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.securite]
LOGIN, INDEX = "/admin/login/", "/admin/"
CODE, ACTIVER = "/admin/compte/second-facteur/", "/admin/compte/second-facteur/activer/"


def log_in(client, username="anne", password=PASSWORD, **extra):
    return client.post(LOGIN, {"username": username, "password": password, "next": INDEX}, **extra)


def is_in(client):
    return client.get(INDEX).status_code == 200


def refused_pages(client):
    """Every page of the desk and the preview, for somebody who is not in."""
    return {client.get(address).status_code for address in (INDEX, "/admin/projets/projet/", "/admin/compte/")}


# The second factor


def test_whoever_has_a_factor_is_asked_for_it_and_is_nobody_before(client, anne, factor):
    assert log_in(client).status_code == 302
    assert refused_pages(client) == {302}
    page = client.get(INDEX, follow=True)
    assert page.request["PATH_INFO"] == CODE
    assert "code à six chiffres" in page.content.decode()
    # What shows or changes the factor is closed too.
    assert client.get(ACTIVER).status_code == 302
    client.post(ACTIVER, {"commencer": "1"})
    assert not TOTPDevice.objects.filter(confirmed=False).exists()
    before = client.session.session_key
    response = client.post(CODE, {"code": code_of(factor), "next": "/admin/projets/projet/"})
    assert response["Location"] == "/admin/projets/projet/"
    assert client.session.session_key != before
    assert is_in(client)


@pytest.mark.long
@pytest.mark.parametrize("kind", ["application", "recovery"])
def test_a_code_serves_once(client, anne, factor, kind):
    code = code_of(factor) if kind == "application" else f" {second_facteur.new_codes(anne)[3].upper()} "
    log_in(client)
    client.post(CODE, {"code": code})
    assert is_in(client)
    assert second_facteur.codes_left(anne) == (0 if kind == "application" else 9)
    client.post("/admin/logout/")
    log_in(client)
    assert "il a déjà servi" in client.post(CODE, {"code": code}).content.decode()
    assert not is_in(client)


@pytest.mark.long
def test_wrong_codes_are_slowed_and_time_forgives(client, anne, factor):
    log_in(client)
    client.post(CODE, {"code": "000000"})
    refused = client.post(CODE, {"code": code_of(factor)})
    assert "Trop d’essais. Attendez" in refused.content.decode()
    TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(seconds=5))
    client.post(CODE, {"code": code_of(factor)})
    assert is_in(client)


@pytest.mark.long
def test_where_one_goes_after_the_code_is_on_the_site(client, anne, factor):
    for evil in ("//evil.exemple", "https://evil.exemple/", "/\\evil.exemple", "javascript:alert(1)"):
        log_in(client)
        response = client.post(CODE, {"code": code_of(factor), "next": evil})
        assert response["Location"] == INDEX, evil
        client.post("/admin/logout/")
        TOTPDevice.objects.update(last_t=-1)


@pytest.mark.long
def test_when_it_is_required_the_first_login_sets_it_up(client, anne, settings):
    settings.SECOND_FACTEUR = True
    log_in(client)
    page = client.get(INDEX, follow=True)
    assert page.request["PATH_INFO"] == ACTIVER
    assert "plus tard" not in page.content.decode()
    page = PageLue(client.post(ACTIVER, {"commencer": "1"}, follow=True))
    assert page.one("svg", class_="qr")["aria-label"] == "QR code à lire avec votre application"
    device = TOTPDevice.objects.get()
    assert not is_in(client)
    refused = client.post(ACTIVER, {"code": "000000"})
    assert "n’est pas celui de l’application" in refused.content.decode()
    TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    done = client.post(ACTIVER, {"code": code_of(device)})
    page = PageLue(done)
    codes = [one.text for one in page.one("ul", class_="codes").all("code")]
    assert len(set(codes)) == 10
    assert "no-store" in done["Cache-Control"]
    assert is_in(client)
    # They are nowhere else.
    assert not any(code in client.get("/admin/compte/").content.decode() for code in codes)
    assert "Il vous reste 10 codes de secours" in client.get("/admin/compte/").content.decode()
    assert second_facteur.check(anne, codes[0])


@pytest.mark.long
def test_a_session_of_before_the_setting_is_worth_nothing(client, anne, settings):
    client.force_login(anne)
    assert is_in(client)
    settings.SECOND_FACTEUR = True
    assert refused_pages(client) == {302}


@pytest.mark.long
def test_the_qr_code_obeys_the_policy_of_the_site(client, anne):
    log_in(client)
    html = client.post(ACTIVER, {"commencer": "1"}, follow=True).content.decode()
    svg = re.search(r"<svg[^>]*qr.*?</svg>", html, re.DOTALL)[0]
    # « no-referrer » would have a browser send « Origin: null » with the form, which is refused.
    assert client.get(ACTIVER)["Referrer-Policy"] == "same-origin"
    assert re.search(r'viewBox="0 0 (\d+) \1"', svg)  # drawn whole at any size
    assert not re.search(r"<svg[^>]*\s(width|height)=", svg)
    assert not re.search(r"style=|<style|<script|\son\w+=|http(?!://www\.w3\.org/2000/svg)", svg)


@pytest.mark.long
def test_a_colleague_takes_a_lost_factor_away_and_sessions_end(client, anne, factor):
    theirs = type(client)()
    log_in(theirs)
    theirs.post(CODE, {"code": code_of(factor)})
    boss = UtilisateurFactory(is_superuser=True)
    client.force_login(boss)
    client.post("/admin/comptes/utilisateur/", {"action": "remove_second_factor", "_selected_action": anne.pk})
    assert not TOTPDevice.objects.exists()
    assert not is_in(theirs)
    log_in(theirs)
    assert is_in(theirs)


def test_the_last_superuser_is_helped_by_a_command(anne, factor, capsys):
    call_command("second_facteur", "retirer", "anne")
    assert "second facteur retiré" in capsys.readouterr().out
    assert not TOTPDevice.objects.exists()
    with pytest.raises(CommandError, match="Aucun compte"):
        call_command("second_facteur", "retirer", "jakez")


def test_only_a_superuser_takes_a_superuser_s_factor(client, anne, factor):
    client.force_login(member(ADMINISTRATION))
    client.post("/admin/comptes/utilisateur/", {"action": "remove_second_factor", "_selected_action": anne.pk})
    assert TOTPDevice.objects.exists()


def test_a_factor_leaves_with_its_account_and_is_not_shown(client, anne, factor):
    second_facteur.new_codes(anne)
    client.force_login(UtilisateurFactory(is_superuser=True))
    html = client.get(f"/admin/comptes/utilisateur/{anne.pk}/delete/").content.decode()
    assert not re.search("TOTP|static (device|token)", html, re.IGNORECASE)
    client.post(f"/admin/comptes/utilisateur/{anne.pk}/delete/", {"post": "yes"})
    assert not TOTPDevice.objects.exists()
    assert not StaticDevice.objects.exists()


# Refusals


def test_after_five_failures_the_page_says_when_to_try_again(client, anne):
    for _ in range(4):
        assert log_in(client, password="x").status_code == 200
    response = log_in(client, password="x")
    assert response.status_code == 429
    again = timezone.localtime(AccessAttempt.objects.get().attempt_time + timedelta(minutes=15))
    assert f"Réessayez à {again:%H} h {again:%M}" in PageLue(response).alert
    assert 800 < int(response["Retry-After"]) <= 900
    assert log_in(client).status_code == 429  # the right password too


@pytest.mark.long
def test_who_is_refused_locks_nobody_else_out_and_not_for_ever(client, anne):
    UtilisateurFactory(username="jakez").set_password("x")
    for _ in range(7):
        log_in(client, password="x")
    assert log_in(client, REMOTE_ADDR="192.0.2.9").status_code == 302  # Anne from elsewhere
    client.logout()
    assert log_in(client, username="jakez", password="x").status_code == 200  # somebody else from there
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert log_in(client).status_code == 302


def test_trying_on_does_not_make_the_wait_longer(client, anne):
    for _ in range(5):
        log_in(client, password="x")
    moment = AccessAttempt.objects.get().attempt_time
    log_in(client, password="x")
    assert AccessAttempt.objects.get().attempt_time == moment


def test_nothing_is_kept_of_who_tries(client, anne, caplog):
    typed = {"username": "anne", "password": "mot-de-passe-tape", "next": INDEX, "autre": "x-canari"}
    for _ in range(2):
        client.post(
            LOGIN, typed, REMOTE_ADDR="203.0.113.7", HTTP_USER_AGENT="Navigateur/1", HTTP_ACCEPT="text/x-canari"
        )
    row = AccessAttempt.objects.get()
    kept = " ".join(map(str, AccessAttempt.objects.values_list().get()))
    for trace in ("203.0.113", "Navigateur", "x-canari", "anne", "mot-de-passe-tape", LOGIN, "csrf"):
        assert trace not in kept
        assert trace in ("csrf", LOGIN) or trace not in caplog.text
    assert row.ip_address.startswith("fd")
    log_in(client)
    assert not AccessLog.objects.exists()
    assert not AccessAttempt.objects.filter(username=None).exists()
    stored = " ".join(str(one.get_decoded()) for one in Session.objects.all())
    assert "203.0.113" not in stored


def test_the_digest_of_a_place_changes_with_the_day(client, anne):
    log_in(client, password="x", REMOTE_ADDR="203.0.113.7")
    first = AccessAttempt.objects.get().ip_address
    CleDuJour.objects.update(jour=timezone.localdate() - timedelta(days=1))
    log_in(client, password="x", REMOTE_ADDR="203.0.113.7")
    assert {row.ip_address for row in AccessAttempt.objects.all()} != {first}
    assert CleDuJour.objects.count() == 1  # yesterday's key is thrown away


@pytest.mark.parametrize(("trusted", "places"), [(False, 1), (True, 2)])
def test_an_address_told_by_the_visitor_counts_only_behind_the_proxy(client, anne, settings, trusted, places):
    settings.TRUST_PROXY = trusted
    for forwarded in ("198.51.100.1, 203.0.113.1", "198.51.100.1, 203.0.113.2"):
        log_in(client, password="x", HTTP_X_FORWARDED_FOR=forwarded)
    assert AccessAttempt.objects.count() == places


def test_a_wrong_name_and_a_wrong_password_read_the_same(client, anne):
    known, unknown = (log_in(client, username=name, password="x").content.decode() for name in ("anne", "nolwenn"))
    strip = re.compile(r'value="[^"]*"')
    assert strip.sub("", known) == strip.sub("", unknown)
    assert "L’identifiant ou le mot de passe n’est pas le bon" in known


# What ends a session


def test_logging_in_changes_the_session_that_was_there(client, anne):
    client.get(LOGIN)
    session = client.session
    session["avant"] = "x"
    session.save()
    client.cookies["sessionid"] = session.session_key
    log_in(client)
    assert client.session.session_key != session.session_key


def test_a_session_is_not_replayed_after_logout(client, anne):
    log_in(client)
    key = client.session.session_key
    client.post("/admin/logout/")
    client.cookies["sessionid"] = key
    assert not is_in(client)


@sampling.mostly_long("what", ["closed", "group", "group taken", "staff", "superuser", "password", "right"], one_in=3)
def test_a_change_of_rights_or_password_ends_sessions(client, what):
    user = member(ANIMATION)
    client.force_login(user)
    assert is_in(client)
    user = Utilisateur.objects.get(pk=user.pk)
    if what == "group":
        user.groups.add(Group.objects.get(name=REDACTION))
    elif what == "group taken":
        Group.objects.get(name=ANIMATION).user_set.remove(user)
    elif what == "right":
        user.user_permissions.add(*Group.objects.get(name=ADMINISTRATION).permissions.all()[:1])
    elif what == "password":
        user.set_password(PASSWORD)
        user.save()
    else:
        setattr(
            user, {"closed": "is_active", "staff": "is_staff", "superuser": "is_superuser"}[what], what == "superuser"
        )
        user.save()
    assert not is_in(client)


def test_other_changes_end_no_session(client):
    user = UtilisateurFactory()
    client.force_login(user)
    user.first_name = "Anne"
    user.save()
    assert is_in(client)


@pytest.mark.long
def test_a_session_ends_after_idleness_and_in_any_case_after_twelve_hours(client, anne):
    for key, age in (("vu", 4 * 3600), ("debut", 12 * 3600)):
        log_in(client)
        session = client.session
        session[key] = int(time.time()) - age + 60
        session.save()
        assert is_in(client)
        session[key] = int(time.time()) - age - 60
        session.save()
        assert not is_in(client)


@pytest.mark.long
def test_other_sessions_are_closed_from_one_s_own_page(client, anne):
    other = type(client)()
    for one in (client, other):
        log_in(one)
    assert "que sur cet appareil" in client.post("/admin/compte/", {"sessions": "1"}, follow=True).content.decode()
    assert is_in(client)
    assert not is_in(other)


def test_pages_of_one_s_account_are_for_the_staff(client):
    for address in ("/admin/compte/", CODE, ACTIVER):
        assert client.get(address)["Location"].startswith(LOGIN)
        assert client.post(address, {"codes": "1", "commencer": "1"})["Location"].startswith(LOGIN)
    client.force_login(UtilisateurFactory(is_staff=False))
    assert client.get("/admin/compte/")["Location"].startswith(LOGIN)
    assert not TOTPDevice.objects.exists()
    assert reverse("comptes:compte") == "/admin/compte/"
