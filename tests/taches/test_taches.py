"""What the clock runs: when, once, one failure apart from the others."""

import io
import re
import subprocess
from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import OperationalError, connection
from django.utils import timezone

from socle.taches import passage, schedule, verrou
from socle.taches.management.commands import taches as commande
from socle.taches.models import DernierPassage
from socle.taches.schedule import TacheProgrammee

REUSSI, EN_ECHEC, EN_COURS = DernierPassage.Etat.REUSSI, DernierPassage.Etat.EN_ECHEC, DernierPassage.Etat.EN_COURS


def toutes_les(minutes: int) -> TacheProgrammee:
    return TacheProgrammee("essai", "purger", "rien", minutes=minutes)


def chaque_jour(heure: str, jour: str = "") -> TacheProgrammee:
    return TacheProgrammee("essai", "purger", "rien", heure=heure, jour=jour)


NUIT = chaque_jour("02:30")


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def played(tache, *moments, etat=REUSSI) -> list[str]:
    """Of these moments, in the order in which the clock says them, those at which a task ran."""
    last, ran = None, []
    for text in moments:
        now = at(text)
        if tache.is_due(now, last):
            ran.append(text)
            last = last or DernierPassage()
            last.debut, last.etat = now, etat
            if etat == REUSSI and not tache.minutes:
                last.periodes = [tache.periode(now), *last.periodes][: passage.REMEMBERED]
    return ran


def test_what_the_other_tasks_put_into_the_outbox_leaves_in_the_same_run():
    declared = list(schedule.turned_on())
    assert {tache.commande.split()[0] for tache in declared} <= set(get_commands())
    assert declared[-1].cle == "courriels"


OFTEN = {1: "minute", 60: "heure", 24 * 60: "jour|nuit", 7 * 24 * 60: "semaine"}  # by minutes


def test_the_help_of_a_command_says_as_often_as_the_clock_runs_it():
    said = {}
    for tache in schedule.turned_on():
        command, *_ = tache.commande.split()
        words = load_command_class(get_commands()[command], command).help
        if "lancer chaque " in words:
            often = OFTEN[tache.duree // timedelta(minutes=1)]
            said[tache.cle] = bool(re.search(rf"(lancer|ou) chaque ({often})\b", words))
    assert all(said.values()), said
    assert {"courriels", "inscriptions", "alertes", "purge", "relectures"} <= set(said)


def test_what_runs_every_minute_does_even_if_its_timer_is_early():
    moments = ["2026-11-02T10:00:05.9", "2026-11-02T10:01:05.1", "2026-11-02T10:01:06", "2026-11-02T10:02:04"]
    assert played(toutes_les(1), *moments) == [moments[0], moments[1], moments[3]]
    assert played(toutes_les(5), *moments, "2026-11-02T10:05:01") == [moments[0], "2026-11-02T10:05:01"]


@pytest.mark.parametrize(
    "moments",
    [
        "2026-11-02T02:31! 2026-11-02T23:59 2026-11-03T02:29 2026-11-03T02:30! 2026-11-03T02:31",
        "2026-11-02T02:31! 2026-11-04T15:00!",
        "2026-03-28T02:30! 2026-03-29T01:59 2026-03-29T03:00! 2026-03-29T03:01 2026-03-30T02:30!",
        "2026-11-02T03:00! 2026-11-03T03:00! 2026-11-02T04:00 2026-11-03T04:00 2026-11-04T02:30!",
        "2026-11-02T03:00! 2031-01-01T12:00! 2026-11-02T12:00 2026-11-03T02:30! 2026-11-04T02:30!",
    ],
    ids=[
        "from its hour on",
        "the machine was stopped",
        "an hour is left out",
        "a clock set back",
        "a clock set forward",
    ],
)
def test_a_day_has_one_run(moments):
    """« ! » marks the moments at which it runs."""
    expected = [moment.rstrip("!") for moment in moments.split() if moment.endswith("!")]
    assert played(NUIT, *moments.replace("!", "").split()) == expected


def test_a_week_a_night_of_25_hours_and_a_night_that_failed_have_theirs():
    moments = ["2026-11-02T07:22", "2026-11-02T07:23", "2026-11-05T07:23", "2026-11-09T07:23"]
    assert played(chaque_jour("07:23", "lundi"), *moments) == [moments[0], moments[1], moments[3]]
    second = timezone.make_aware(datetime(2026, 10, 25, 2, 30, fold=1))  # half past two comes twice
    last = DernierPassage(debut=at("2026-10-25T02:30"), etat=REUSSI, periodes=["2026-10-25"])
    assert not NUIT.is_due(second, last)
    moments = ["2026-11-02T02:30", "2026-11-02T02:31", "2026-11-02T03:30", "2026-11-02T03:31"]
    for etat in (EN_ECHEC, EN_COURS):  # it is tried again an hour later
        assert played(NUIT, *moments, etat=etat) == [moments[0], moments[2]]


@pytest.mark.parametrize(
    ("tache", "last"),
    [
        ("courriels", "2026-11-28T10:06"),  # its minute and five more
        ("inscriptions", "2026-11-28T11:05"),
        ("sauvegarde", "2026-11-29T02:35"),
        ("relectures", "2026-11-30T07:28"),
    ],
)
def test_a_task_is_late_by_its_period_and_five_minutes(tache, last):
    begun = at("2026-11-28T10:00:20")
    tasks, runs = {one.cle: one for one in schedule.turned_on()}, {}
    for cle, one in tasks.items():
        done = [] if one.minutes else [one.periode(begun)]
        runs[cle] = DernierPassage(cle=cle, debut=begun, reussi_le=begun, etat=REUSSI, periodes=done)
    assert not schedule.is_late(tasks[tache], at(last), runs)
    assert schedule.is_late(tasks[tache], at(last) + timedelta(minutes=1), runs)


def test_a_task_of_the_night_waits_for_the_one_that_is_at_work_and_is_not_late():
    tasks = {one.cle: one for one in schedule.turned_on()}
    begun, now = at("2026-11-28T02:30"), at("2026-11-28T05:00")
    runs = {
        cle: DernierPassage(cle=cle, debut=begun - timedelta(days=1), reussi_le=begun, etat=REUSSI, periodes=[])
        for cle in tasks
    }
    assert schedule.is_late(tasks["purge"], now, runs)
    runs["sauvegarde"].debut, runs["sauvegarde"].etat = begun, EN_COURS
    assert not schedule.is_late(tasks["purge"], now, runs)
    assert not schedule.is_late(tasks["sauvegarde"], now, runs)
    assert schedule.is_late(tasks["sauvegarde"], now + timedelta(days=2), runs)  # killed


@pytest.mark.parametrize(("tache", "most"), [("courriels", timedelta(minutes=62)), ("sauvegarde", timedelta(hours=49))])
def test_a_task_that_is_killed_at_each_run_is_late(tache, most):
    """Each run leaves « en cours », from its own beginning."""
    now = at("2026-11-28T02:31")
    (one,) = [one for one in schedule.turned_on() if one.cle == tache]
    for since, late in ((most, False), (most + timedelta(seconds=1), True)):
        runs = {tache: DernierPassage(cle=tache, debut=now, etat=EN_COURS, reussi_le=now - since)}
        assert schedule.is_late(one, now, runs) is late


# The command


@pytest.fixture
def told(monkeypatch, settings, db):
    """Three tasks in place of ours; what each does is set by the test, `told[command] = function`."""
    does: dict = {}

    def call(command, *arguments, stdout, **options):
        stdout.write(does[command](*arguments) or "")

    monkeypatch.setattr(passage, "call_command", call)
    settings.TACHES = {
        cle: {"commande": f"faire_{cle}", "quoi": f"fait {cle}", "minutes": minutes}
        for cle, minutes in (("une", 0), ("deux", 60), ("trois", 1))
    }
    for cle in settings.TACHES:
        does[f"faire_{cle}"] = lambda cle=cle: f"{cle} est faite"
    return does


def taches(*words) -> str:
    out = io.StringIO()
    call_command("taches", *words, stdout=out, stderr=out)
    return out.getvalue()


def fail(error):
    raise error


def test_what_is_due_runs_and_says_so(told):
    assert taches().splitlines() == ["une : une est faite", "deux : deux est faite", "trois : trois est faite"]
    row = DernierPassage.objects.get(cle="deux")
    assert (row.etat, row.mots, row.reussi_le) == (REUSSI, "deux est faite", row.fin)
    assert taches() == "Rien à faire pour le moment.\n"
    assert taches("--verbosity", "0") == ""


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (CommandError("le serveur ne répond pas"), "le serveur ne répond pas"),
        (ValueError("loeiza@exemple.bzh"), "erreur du programme (ValueError), voir le journal"),
        (SystemExit(3), "code de sortie 3"),
    ],
)
def test_a_task_that_fails_stops_no_other_and_is_told(told, error, words, caplog):
    told["faire_deux"] = lambda: fail(error)
    with pytest.raises(CommandError, match="En échec : deux"):
        taches()
    etats = dict(DernierPassage.objects.values_list("cle", "etat"))
    assert etats == {"une": REUSSI, "deux": EN_ECHEC, "trois": REUSSI}
    assert DernierPassage.objects.get(cle="deux").mots == words
    assert [record.name for record in caplog.records] == ["socle.taches.passage.deux"]  # told apart by who mails them


@pytest.mark.parametrize(
    ("line", "kept"),
    [("9 alertes effacées\n", "9 alertes effacées"), ("effacées ", "effacées"), ("é" * 900 + "\n", "é" * 900)],
)
def test_a_task_that_says_much_is_remembered_by_its_last_words_whole(told, line, kept):
    told["faire_une"] = lambda: line * 300
    taches("--seulement", "une")
    said = DernierPassage.objects.get(cle="une").mots
    assert said.startswith(f"… {kept}")
    assert 1000 < len(said) <= 2000
    assert set(said.removeprefix("… ").split("\n" if "\n" in line else " ")) == {kept}
    (_, told_of_it, _) = taches("--liste", "--seulement", "une").splitlines()
    assert f"réussi : … {kept}" in told_of_it
    assert told_of_it.endswith(" …") == ("\n" in line)


def test_one_is_run_alone(told):
    assert taches("--seulement", "deux") == "deux : deux est faite\n"
    with pytest.raises(CommandError, match=r"Aucune tâche ne s’appelle « quatre »\. Il y a : une, deux, trois\."):
        taches("--seulement", "quatre")


def test_one_that_is_off_is_told_with_what_turns_it_on(told, settings):
    settings.VERIFIER_LIENS = False
    liens = {"commande": "suivre", "quoi": "suit des liens", "heure": "02:30", "reglage": "VERIFIER_LIENS"}
    settings.TACHES = settings.TACHES | {"liens": liens}
    told["suivre"] = lambda: "suivis"
    assert "liens" not in taches()
    off = "liens (chaque jour à 02:30) : suit des liens\n    éteinte : VERIFIER_LIENS=oui dans .env la met en marche\n"
    assert off in taches("--liste")
    assert taches("--liste", "--seulement", "liens") == off
    with pytest.raises(CommandError, match=r"« liens » est éteinte : mettez VERIFIER_LIENS=oui dans \.env"):
        taches("--seulement", "liens", "une")
    settings.VERIFIER_LIENS = True
    assert taches("--seulement", "liens") == "liens : suivis\n"


def test_the_list_says_what_is_due_when_and_how_it_last_went(told):
    taches("--seulement", "une")
    told["faire_deux"] = lambda: fail(CommandError("panne"))
    with pytest.raises(CommandError):
        taches("--seulement", "deux")
    lines = taches("--liste").splitlines()
    assert lines[0] == "une (chaque jour à 00:00) : fait une"
    assert lines[1].endswith("réussi : une est faite")
    assert lines[2].endswith("à 00:00")
    assert lines[4].endswith("en échec : panne")
    assert lines[7:] == ["    jamais faite", "    à faire maintenant"]


def test_one_that_runs_elsewhere_is_left_alone(told, monkeypatch):
    monkeypatch.setattr(passage.verrou, "alone", lambda cle: nullcontext(cle != "deux"))
    assert "deux : déjà en cours ailleurs" in taches("--verbosity", "2")
    assert not DernierPassage.objects.filter(cle="deux").exists()


def test_mails_leave_while_a_copy_is_made(told, monkeypatch, settings):
    settings.TACHES = settings.TACHES | {"longue": {"commande": "copier", "quoi": "copie", "longue": True}}
    now = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: now[0])
    started, sent = [], []
    told["faire_trois"] = lambda: sent.append(now[0]) or "partis"

    class Copie:
        returncode = None

        def poll(self):
            return self.returncode

        def wait(self, seconds):
            now[0] += timedelta(seconds=seconds)
            if len(sent) == 3:
                self.returncode = 1
            else:
                raise subprocess.TimeoutExpired("copie", seconds)

    monkeypatch.setattr(commande, "start", lambda tache, verbosity: started.append(tache.cle) or Copie())
    monkeypatch.setattr(connection, "close", lambda: None)
    with pytest.raises(CommandError, match="longue"):
        taches()
    assert started == ["longue"]
    assert len(sent) == 4


def test_a_long_task_that_was_killed_is_said_in_the_log(told, monkeypatch, settings, caplog):
    """It has no time to say so itself."""
    settings.TACHES = settings.TACHES | {"longue": {"commande": "copier", "quoi": "copie", "longue": True}}
    told["faire_trois"] = lambda: ""

    def start(tache, verbosity):
        child = subprocess.Popen(["sleep", "60"])
        child.kill()
        return child

    monkeypatch.setattr(commande, "start", start)
    monkeypatch.setattr(connection, "close", lambda: None)
    with pytest.raises(CommandError, match="longue"):
        taches()
    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [
        ("ERROR", "Tâche « longue » interrompue par le signal 9.")
    ]


def test_a_database_that_is_gone_is_said_in_one_line(told, monkeypatch):
    monkeypatch.setattr(passage.DernierPassage.objects, "filter", lambda **by: fail(OperationalError("absente")))
    with pytest.raises(CommandError, match="La base de données ne répond pas"):
        taches()


@pytest.mark.django_db
def test_the_lock_is_one_s_until_it_is_left(tmp_path, monkeypatch):
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "db.sqlite3"))
    with verrou.alone("purge") as first, verrou.alone("purge") as second, verrou.alone("index") as other:
        assert (first, second, other) == (True, False, True)
    with verrou.alone("purge") as again:
        assert again
