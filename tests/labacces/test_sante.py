"""What a monitor reads of the site: one word for anybody, the rest for the operator."""

from datetime import timedelta

import pytest
from django.conf import settings as site
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from labacces.machines import sante
from socle.courrier import EN_FICHIERS
from socle.courrier.models import Courriel
from socle.taches import schedule
from socle.taches.models import DernierPassage
from tests.factories import UtilisateurFactory

JETON = {"Authorization": "Bearer un-jeton-de-test"}


@pytest.fixture
def bon(db, settings, tmp_path):
    """A site where all went well a minute ago."""
    settings.SANTE_JETON = "un-jeton-de-test"
    settings.SAUVEGARDES = tmp_path
    (tmp_path / f"sauvegarde-{timezone.localtime():%Y-%m-%d-%H%M%S}.tar.gz").touch()
    now = timezone.now()
    for tache in schedule.turned_on():
        done = [] if tache.minutes else [tache.periode(now)]
        DernierPassage.objects.create(cle=tache.cle, debut=now, fin=now, reussi_le=now, etat="reussi", periodes=done)


def full(client) -> dict:
    return client.get("/sante/", headers=JETON).json()


def test_anybody_is_told_one_word_that_no_cache_keeps(bon, client, settings):
    for jeton, authorization in (("", ""), ("", "Bearer "), ("", "Bearer"), ("un-jeton-de-test", "Bearer autre")):
        settings.SANTE_JETON = jeton
        response = client.get("/sante/", headers={"Authorization": authorization})
        assert (response.status_code, response.json()) == (200, {"etat": "bon"})
        assert "no-store" in response["Cache-Control"]
        assert not response.cookies
    for superuser in (False, True):
        client.force_login(UtilisateurFactory(is_staff=True, is_superuser=superuser))
        assert ("base" in client.get("/sante/").json()) is superuser


def test_the_operator_reads_all(bon, client):
    found = full(client)
    assert [found[part]["etat"] for part in found if part not in ("etat", "version")] == ["bon"] * 6
    assert found["base"]["moteur"] == connection.vendor
    assert found["version"] == site.VERSION
    assert set(found["taches"]["passages"]) == {tache.cle for tache in schedule.turned_on()}


def test_late_mails_are_told_and_close_nothing_and_so_are_those_given_up(bon, client):
    due = timezone.now() - timedelta(hours=1)
    mail = Courriel.objects.create(destinataire="a@exemple.bzh", message_id="1", prochain_essai=due, cree_le=due)
    response = client.get("/sante/")
    assert (response.status_code, response.json()) == (200, {"etat": "à surveiller"})
    assert full(client)["courriels"]["age_secondes"] >= 3600
    assert "exemple.bzh" not in client.get("/sante/", headers=JETON).content.decode()
    mail.etat = "en-echec"
    mail.save()
    told = {"etat": "à surveiller", "serveur": True, "en_attente": 0, "retenus": 0, "en_echec": 1, "age_secondes": 0}
    assert full(client)["courriels"] == told


def test_mails_that_nobody_receives_are_told(bon, client, settings):
    settings.EMAIL_BACKEND = EN_FICHIERS
    for settings.DEBUG, etat in ((False, "à surveiller"), (True, "bon")):
        told = full(client)
        assert (told["courriels"]["etat"], told["courriels"]["serveur"], told["etat"]) == (etat, False, etat)


def test_an_old_copy_is_told(bon, client, settings, tmp_path):
    DernierPassage.objects.filter(cle="sauvegarde").update(reussi_le=timezone.now() - timedelta(days=2))
    assert full(client)["sauvegarde"]["etat"] == "bon"  # its file is new
    settings.SAUVEGARDES = tmp_path / "ailleurs"
    assert full(client)["sauvegarde"]["etat"] == "à surveiller"


@pytest.mark.parametrize(
    ("cle", "fields"),
    [
        ("purge", {"etat": "en-echec"}),
        ("courriels", {"debut": timezone.now() - timedelta(minutes=8)}),
        ("relectures", {"reussi_le": None}),
    ],
)
def test_a_task_that_fails_or_is_late_is_told(bon, client, cle, fields):
    DernierPassage.objects.filter(cle=cle).update(**fields)
    assert full(client)["taches"]["etat"] == "à surveiller"


def test_a_database_that_is_not_migrated_is_a_breakdown(bon, client):
    MigrationRecorder(connection).migration_qs.filter(app="taches").delete()
    response = client.get("/sante/", headers=JETON)
    assert response.status_code == 503
    assert response.json()["migrations"]["a_appliquer"] == ["taches.0001_dernier_passage"]


def test_a_database_that_is_gone_is_a_breakdown(bon, client, monkeypatch):
    def gone(*args, **kwargs):
        raise OperationalError("connection refused: user=labacces")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", gone)
        assert (client.get("/sante/").status_code, client.get("/sante/").json()) == (503, {"etat": "en panne"})
        assert full(client) == {"etat": "en panne", "version": site.VERSION, "base": {"etat": "en panne"}}


def test_it_writes_nothing_even_of_a_session(bon, django_assert_num_queries, client):
    client.force_login(UtilisateurFactory(is_superuser=True))
    sante._written()
    with django_assert_num_queries(7) as captured:  # table and rows of migrations, tasks, two of mails, session, user
        client.get("/sante/")
    assert {query["sql"].split()[0] for query in captured} == {"SELECT"}


def test_the_process_lives_whatever_the_host_and_without_a_database(settings, tmp_path):
    """No database is open to this test."""
    settings.MAINTENANCE = tmp_path
    settings.SECURE_SSL_REDIRECT = True
    response = Client(headers={"host": "10.0.0.7:8000"}).get("/sante/vivant/")
    assert (response.status_code, response.json()) == (200, {"etat": "vivant"})
    assert response["Cache-Control"] == "no-store"


def test_a_monitor_inside_is_not_sent_to_https(bon, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/sante/").status_code == 200
    assert Client().get("/projets/").status_code == 301
