"""A digest is written when it leaves: it says what is true then, and does not leave if nothing is left to say."""

from datetime import timedelta
from email import policy
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from socle.courrier import composition
from socle.courrier.composition import CourrielEcrit
from socle.courrier.liens import issue
from socle.courrier.models import Courriel, Etat
from socle.courrier.outbox import deposit_late
from socle.courrier.sending import ESSAIS, send
from tests.factories import ThemeFactory

pytestmark = pytest.mark.django_db
ADDRESS = "awena@exemple.bzh"


@pytest.fixture
def state(monkeypatch):
    """What is true, of which a mail « nouvelles » tells; None: nothing is."""
    state = {"vrai": "trois fiches", "fois": 0}

    def write(courriel):
        state["fois"] += 1
        if state["vrai"] is None:
            return None
        return CourrielEcrit(f"Il y a {state['vrai']}, {courriel.donnees}", "essai", {})

    writers = {"nouvelles": write, "en panne": lambda courriel: _fail()}
    monkeypatch.setattr(composition, "writers", lambda: writers)
    return state


def put(**how):
    return deposit_late("nouvelles", ADDRESS, objet="Des nouvelles", **how)


def later(courriel, **fields):
    Courriel.objects.filter(pk=courriel.pk).update(prochain_essai=timezone.now(), **fields)


def test_it_says_what_is_true_when_it_leaves(serveur, state):
    courriel = put(donnees=[3])
    courriel.refresh_from_db()
    assert (courriel.objet, courriel.texte, courriel.html) == ("Des nouvelles", "", "")
    state["vrai"] = "une fiche"
    assert send().envoyes == 1
    [(received, _)] = serveur.recus
    assert received["Subject"] == "Il y a une fiche, [3]"
    assert "LabAccès sait envoyer des courriels" in received.get_body(["plain"]).get_content()
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.objet) == (Etat.ENVOYE, "Il y a une fiche, [3]")
    assert "LabAccès sait envoyer des courriels" in courriel.texte
    assert courriel.html


def test_it_is_written_again_at_each_try(serveur, state):
    courriel = put()
    serveur.reponses["RCPT"] = "451 Plus tard"
    assert send().remis == 1
    courriel.refresh_from_db()
    assert (courriel.objet, courriel.texte) == ("Des nouvelles", "")
    state["vrai"] = "une fiche"
    serveur.reponses.clear()
    later(courriel)
    send()
    assert [message["Subject"] for message, _ in serveur.recus] == ["Il y a une fiche, None"]


def test_nothing_left_to_say_is_no_mail(serveur, state):
    put()
    other = put(cle="deux")
    state["vrai"] = None
    out = StringIO()
    call_command("envoyer_courriels", stdout=out)
    assert (serveur.recus, out.getvalue()) == ([], "")
    assert not Courriel.objects.exists()
    state["vrai"] = "une fiche"
    assert put(cle="deux").pk != other.pk  # nothing was said under that key


def test_one_that_cannot_be_written_is_tried_again_and_stops_no_other(serveur, state):
    lost, good = put(), put()
    later(lost, composition="en panne")
    assert send().envoyes == 1
    lost.refresh_from_db(), good.refresh_from_db()
    assert (lost.etat, good.etat) == (Etat.A_REESSAYER, Etat.ENVOYE)
    assert lost.erreur == "Ce courriel ne peut pas être mis en forme : la base ne répond pas"
    later(lost, composition="nouvelles")
    assert send().envoyes == 1
    later(good, etat=Etat.EN_FILE, essais=ESSAIS - 1, composition="en panne")
    assert send().echecs == 1, "not for ever"


def _fail():
    raise OperationalError("la base ne répond pas")


def test_a_sender_that_lost_its_lease_drops_nothing_of_another(serveur, state, monkeypatch):
    courriel = put()
    write = composition.writers()["nouvelles"]

    def slow(row):
        Courriel.objects.filter(pk=row.pk).update(essais=2)  # another has it meanwhile
        return write(row)

    state["vrai"] = None
    monkeypatch.setattr(composition, "writers", lambda: {"nouvelles": slow})
    send()
    assert not serveur.recus
    assert Courriel.objects.filter(pk=courriel.pk, etat=Etat.EN_COURS).exists()


def test_its_button_to_stop_holds_the_link_until_it_is_sent(serveur, state):
    jeton = issue("essai", ThemeFactory(), duree=timedelta(days=1))
    courriel = put(desabonnement=f"http://127.0.0.1:8000/alertes/la-mienne/{jeton}/")
    send()
    [(received, _)] = serveur.recus
    assert jeton in str(policy.default.header_factory("x", received["List-Unsubscribe"]))
    courriel.refresh_from_db()
    assert jeton not in courriel.desabonnement
