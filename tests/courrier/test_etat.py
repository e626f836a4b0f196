"""How mails stand: told from the first failure on, by the age of the oldest, once in the log."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from socle.courrier.etat import ECHECS_DITS, RETARD, look
from socle.courrier.models import Courriel, Etat
from socle.courrier.sending import send
from tests.courrier.conftest import free_port
from tests.courrier.test_sending import come, put

pytestmark = pytest.mark.django_db


def aged(courriel, **since):
    Courriel.objects.filter(pk=courriel.pk).update(cree_le=timezone.now() - timedelta(**since))
    return courriel


def errors(caplog) -> list[str]:
    return [line.getMessage() for line in caplog.records if line.levelno >= logging.ERROR]


@pytest.mark.parametrize("how", ["refuses the connection", "puts off", "hangs"])
def test_a_mail_server_that_fails_is_told_from_the_first_failure_on(serveur, settings, how):
    courriel = aged(put(), hours=3)
    if how == "refuses the connection":
        settings.EMAIL_PORT = free_port()
    else:
        settings.EMAIL_TIMEOUT = 1
        serveur.reponses["RCPT"] = "451 Plus tard" if how == "puts off" else serveur.PEND
    send()
    found = look()
    assert (found.bon, found.retenus, found.en_attente) == (False, 1, 1)
    # Since it was deposited: each failure moves its next try.
    assert timezone.now() - found.depuis >= timedelta(hours=3)
    serveur.reponses.clear()
    settings.EMAIL_PORT = serveur.port
    come(courriel)
    send()
    assert look().bon


def test_an_outage_is_one_error_in_the_log_however_long(serveur, settings, caplog):
    settings.EMAIL_PORT = free_port()
    courriels = [put(), put("yann@exemple.bzh"), put("ronan@exemple.bzh")]
    for _ in range(4):
        for courriel in courriels:
            come(courriel)
            send()
    assert len(errors(caplog)) == 1
    assert "ne nous laisse pas entrer" in errors(caplog)[0]


def test_the_next_outage_is_told_again(serveur, caplog):
    for _ in range(2):
        courriel = put()
        serveur.reponses["RCPT"] = "451 Plus tard"
        send()
        serveur.reponses.clear()
        come(courriel)
        assert send().envoyes == 1
    assert len(errors(caplog)) == 2


def test_a_mail_that_nobody_sends_is_told_after_six_minutes():
    """The timer stopped: nothing has failed."""
    courriel = put()
    Courriel.objects.filter(pk=courriel.pk).update(prochain_essai=timezone.now() - RETARD + timedelta(seconds=30))
    assert look().bon
    Courriel.objects.filter(pk=courriel.pk).update(prochain_essai=timezone.now() - RETARD - timedelta(seconds=1))
    assert look().retenus == 1


def test_mails_given_up_are_told_once_a_run_and_until_they_are_settled(serveur, caplog):
    first, second = put(), put("yann@exemple.bzh")
    serveur.reponses["RCPT"] = "550 Inconnu"
    send()
    assert errors(caplog) == ["2 courriels que personne ne recevra : espace de rédaction, « Courriels »."]
    assert look().en_echec == 2
    Courriel.objects.filter(pk=first.pk).update(etat=Etat.ABANDONNE)
    Courriel.objects.filter(pk=second.pk).update(prochain_essai=timezone.now() - ECHECS_DITS - timedelta(minutes=1))
    assert look().bon  # the desk lists the second one still
    assert Courriel.objects.given_up().count() == 1
