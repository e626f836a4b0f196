"""The head of the desk tells of mails that do not leave."""

from datetime import timedelta

import pytest
from django.utils import timezone

from socle.comptes.roles import ANIMATION, REDACTION
from socle.courrier.models import Courriel, Etat
from socle.courrier.outbox import deposit
from socle.courrier.sending import send

pytestmark = pytest.mark.django_db
HOME, LIST = "/admin/", "/admin/courrier/courriel/"


def put(since=timedelta(), **fields):
    courriel = deposit("essai", "awena@exemple.bzh", {}, objet="Essai")
    Courriel.objects.filter(pk=courriel.pk).update(cree_le=timezone.now() - since, **fields)
    courriel.refresh_from_db()
    return courriel


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
