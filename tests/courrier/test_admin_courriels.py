"""The outbox at the desk: found, read, tried again, given up, by Animation and Administration alone."""

from datetime import timedelta

import pytest
from django.contrib.admin import helpers
from django.contrib.admin.models import LogEntry

from socle.comptes.roles import ADMINISTRATION, ANIMATION, REDACTION
from socle.courrier.liens import issue
from socle.courrier.models import Courriel, Etat
from socle.courrier.outbox import FichierAJoindre, deposit
from socle.courrier.sending import claim
from tests import sampling
from tests.factories import ThemeFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/courrier/courriel/"
CANARY = "kerinvente@exemple.bzh"


def put(etat=Etat.EN_FILE, address=CANARY, **fields):
    courriel = deposit(
        "essai", address, {}, objet="Votre inscription", pieces=[FichierAJoindre("a.ics", "text/calendar", b"a")]
    )
    Courriel.objects.filter(pk=courriel.pk).update(etat=etat, **fields)
    courriel.refresh_from_db()
    return courriel


def act(client, action, *courriels):
    data = {"action": action, helpers.ACTION_CHECKBOX_NAME: [courriel.pk for courriel in courriels]}
    return client.post(LIST, data, follow=True).content.decode()


@pytest.mark.long
@pytest.mark.parametrize("group", [ANIMATION, ADMINISTRATION])
def test_a_mail_is_found_by_its_address_and_its_state(read, enter, group):
    failed = put(Etat.EN_ECHEC, erreur="Refusé par le serveur de courriel (550) : inconnu")
    put(Etat.ENVOYE, "yann@exemple.bzh")
    enter(group)
    assert len(read(LIST).one("table", id="result_list").one("tbody").all("tr")) == 2
    for query in ("?q=KERINVENTE", "?suite=ouverte"):
        (row,) = read(LIST + query).one("table", id="result_list").one("tbody").all("tr")
        assert CANARY in row.text
        assert "(550) : inconnu" in row.text
    assert "1 courriel" in read("/admin/").one("dl", class_="taches").text
    page = read(f"{LIST}{failed.pk}/change/")
    assert "LabAccès sait envoyer des courriels" in page.text
    assert "a.ics" in page.text
    assert [button.text for button in page.all("button", form="decision")] == ["Réessayer maintenant", "Abandonner"]
    assert not page.all("input", name="_save")


@sampling.mostly_long("etat", Etat, one_in=3)
def test_what_may_be_done_depends_on_the_state(client, enter, etat):
    courriel = put(etat, prochain_essai="2099-01-01T00:00Z", essais=4)
    enter(ANIMATION)
    open_ = etat in (Etat.EN_FILE, Etat.A_REESSAYER, Etat.EN_ECHEC)
    assert ("Réessayer maintenant" in client.get(f"{LIST}{courriel.pk}/change/").content.decode()) == open_
    answer = client.post(f"{LIST}{courriel.pk}/reessayer/", follow=True).content.decode()
    assert ("1 courriel partira d’ici une minute." in answer) == open_
    assert ("déjà parti, en cours d’envoi ou abandonné" in answer) != open_
    assert (claim() == courriel) == open_
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.essais) == ((Etat.EN_COURS, 1) if open_ else (etat, 4))


def test_a_mail_that_was_given_up_never_leaves_and_its_links_are_gone(client, enter):
    jeton = issue("essai", ThemeFactory(), duree=timedelta(days=1))
    courriel = put(Etat.A_REESSAYER, texte=f"/confirmer/{jeton}/", html=f"/confirmer/{jeton}/")
    enter(ANIMATION)
    assert jeton not in client.get(f"{LIST}{courriel.pk}/change/").content.decode()
    assert "1 courriel abandonné." in client.post(f"{LIST}{courriel.pk}/abandonner/", follow=True).content.decode()
    assert claim() is None
    assert jeton not in str(Courriel.objects.values().get())
    assert courriel.pk == Courriel.objects.get(etat=Etat.ABANDONNE).pk


def test_several_at_once(client, enter):
    failed, put_off, sent = put(Etat.EN_ECHEC), put(Etat.A_REESSAYER), put(Etat.ENVOYE)
    enter(ANIMATION)
    page = act(client, "retry", failed, put_off, sent)
    assert "2 courriels partiront d’ici une minute." in page
    assert "1 courriel n’a pas changé" in page
    assert "3 courriels n’ont pas changé" not in page
    page = act(client, "give_up", failed, put_off, sent)
    assert "2 courriels abandonnés." in page
    assert {row.etat for row in Courriel.objects.all()} == {Etat.ABANDONNE, Etat.ENVOYE}


def test_the_log_of_the_desk_names_nobody(client, enter):
    courriel = put(Etat.EN_ECHEC)
    enter(ANIMATION)
    client.post(f"{LIST}{courriel.pk}/reessayer/")
    client.post(f"{LIST}{courriel.pk}/abandonner/")
    entries = LogEntry.objects.values_list("object_repr", "change_message")
    assert list(entries) == [
        (f"Courriel n° {courriel.pk}", "Abandonné."),
        (f"Courriel n° {courriel.pk}", "À réessayer maintenant."),
    ]


def test_a_decision_is_a_post_on_a_mail_that_is_there(client, enter):
    courriel = put(Etat.EN_ECHEC)
    enter(ANIMATION)
    for key in ("reessayer", "abandonner"):
        assert client.get(f"{LIST}{courriel.pk}/{key}/").status_code == 405
        assert client.post(f"{LIST}999999/{key}/").status_code == 404
    courriel.refresh_from_db()
    assert courriel.etat == Etat.EN_ECHEC


def test_nothing_is_written_by_hand(client, enter):
    courriel = put()
    enter(ADMINISTRATION)
    client.post(
        f"{LIST}{courriel.pk}/change/", {"destinataire": "autre@exemple.bzh", "texte": "autre", "etat": "envoye"}
    )
    again = Courriel.objects.get()
    assert (again.destinataire, again.texte, again.etat) == (courriel.destinataire, courriel.texte, courriel.etat)


@pytest.mark.long
def test_rédaction_reaches_no_mail_by_any_path(client, enter):
    courriel = put(Etat.EN_ECHEC, erreur=CANARY)
    enter(REDACTION)
    row = f"{LIST}{courriel.pk}/"
    for target in (LIST, f"{LIST}?q={CANARY}", f"{row}change/", f"{row}history/", f"{row}delete/", "/admin/courrier/"):
        answer = client.get(target)
        assert answer.status_code in (403, 404), target
        assert CANARY not in answer.content.decode().replace(f"q={CANARY}", "")
    for target in (f"{row}reessayer/", f"{row}abandonner/", LIST):
        assert client.post(target, {"action": "give_up", helpers.ACTION_CHECKBOX_NAME: courriel.pk}).status_code == 403
    for target in ("/admin/", f"/admin/recherche/?q={CANARY}"):
        page = client.get(target).content.decode()
        assert "courriel/" not in page
        assert page.count(CANARY) == target.count(CANARY) or "value=" in page
    courriel.refresh_from_db()
    assert courriel.etat == Etat.EN_ECHEC


def test_without_a_mail_server_the_list_says_where_mails_are(client, enter, settings, tmp_path):
    enter(ANIMATION)
    assert "Ce site n’a pas de serveur de courriel" not in client.get(LIST).content.decode()
    settings.EMAIL_BACKEND, settings.COURRIELS = "socle.courrier.fichiers.EmailBackend", tmp_path
    assert str(tmp_path) in client.get(LIST).content.decode()


@pytest.mark.parametrize("field", ["texte", "html"])
def test_no_filter_spells_the_token_of_a_mail_that_has_not_left(client, enter, field):
    put(**{field: "http://127.0.0.1:8000/lien-abc"})
    enter(ANIMATION)
    for address in (LIST, "/admin/exporter/courrier/courriel.csv"):
        for guess in ("lien-a", "lien-b"):
            assert client.get(address, {f"{field}__contains": guess}).status_code == 400
