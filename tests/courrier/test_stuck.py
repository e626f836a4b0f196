"""Mails that do not leave: counted once for the desk and for /sante/, from the first failure on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from socle.comptes.roles import ANIMATION, REDACTION
from socle.courrier.envoi import send
from socle.courrier.models import Courriel, Etat
from socle.courrier.outbox import deposit
from socle.courrier.stuck import PATIENCE, stuck

pytestmark = pytest.mark.django_db
HOME, LIST = "/admin/", "/admin/courrier/courriel/"


def put(since=timedelta(), **fields):
    courriel = deposit("essai", "awena@exemple.bzh", {}, objet="Essai")
    Courriel.objects.filter(pk=courriel.pk).update(cree_le=timezone.now() - since, **fields)
    courriel.refresh_from_db()
    return courriel


def test_nothing_waits_nothing_is_stuck():
    put(etat=Etat.ENVOYE), put(etat=Etat.ABANDONNE)
    found = stuck()
    assert (found.attendent, found.depuis, found.en_vain, found.en_echec) == (0, None, 0, 0)
    assert found.age == timedelta()
    assert not found


def test_a_mail_that_has_just_come_is_not_stuck():
    mail = put()
    found = stuck()
    assert (found.attendent, found.depuis, found.en_vain) == (1, mail.cree_le, 0)
    assert not found


def test_one_that_nobody_sends_is_stuck_after_a_while(monkeypatch):
    put(PATIENCE - timedelta(minutes=1))
    assert not stuck()
    put(PATIENCE + timedelta(minutes=1))
    assert stuck()


def test_the_first_refusal_is_told_and_counts_from_the_deposit(serveur):
    mail = put(timedelta(minutes=3))
    serveur.reponses["RCPT"] = "451 Plus tard"
    send()
    found = stuck()
    assert found
    assert (found.attendent, found.en_vain, found.en_echec, found.depuis) == (1, 1, 0, mail.cree_le)
    assert found.age >= timedelta(minutes=3)  # whenever its next try is
    Courriel.objects.update(etat=Etat.EN_COURS, essais=2)  # the second try is at work
    assert stuck().en_vain == 1
    serveur.reponses.clear()
    Courriel.objects.update(etat=Etat.A_REESSAYER, prochain_essai=timezone.now())
    send()
    assert not stuck()


def test_one_given_up_is_told_until_somebody_settles_it():
    mail = put(timedelta(days=9), etat=Etat.EN_ECHEC, essais=9)
    found = stuck()
    assert found
    assert (found.attendent, found.depuis, found.en_echec) == (0, None, 1)
    Courriel.objects.filter(pk=mail.pk).update(etat=Etat.ABANDONNE)
    assert not stuck()


def test_the_head_of_the_desk_tells_whoever_can_do_something(read, enter, serveur):
    put(timedelta(hours=2)), put(timedelta(days=1), etat=Etat.EN_ECHEC)
    serveur.reponses["RCPT"] = "451 Plus tard"
    send()
    enter(ANIMATION)
    note = read(HOME).one("div", class_="courriels-bloques")
    assert "Des courriels ne partent pas" in note.text
    assert "1 courriel attend" in note.text
    assert "1 n’a pas pu partir" in note.text
    assert [a["href"] for a in note.all("a")] == [f"{LIST}?suite=attente", f"{LIST}?suite=ouverte"]
    for a in note.all("a"):
        assert len(read(a["href"]).one("table", id="result_list").one("tbody").all("tr")) == 1
    enter(REDACTION)
    assert not read(HOME).all("div", class_="courriels-bloques")


def test_the_head_of_the_desk_is_silent_while_mails_leave(read, enter):
    put(), put(etat=Etat.ENVOYE)
    enter(ANIMATION)
    assert not read(HOME).all("div", class_="courriels-bloques")
