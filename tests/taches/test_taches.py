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


def test_the_table_names_the_tasks():
    declared = {tache.cle: tache for tache in schedule.turned_on()}
    expected = {"courriels", "changements", "alertes", "inscriptions", "sauvegarde", "purge", "index", "relectures"}
    expected |= {"arrivees", "travail"}
    assert set(declared) == expected
    assert {tache.commande.split()[0] for tache in declared.values()} <= set(get_commands())
    assert list(declared)[-1] == "courriels"  # what the others put into the outbox leaves in the same run


@pytest.mark.django_db
def test_a_clock_that_is_set_back_two_days_makes_no_second_run_of_them(monkeypatch):
    monkeypatch.setattr(passage, "_call", lambda tache: (True, ""))
    tache, ran = NUIT, []
    for day in (10, 11, 12, 11, 10, 13):
        monkeypatch.setattr(timezone, "now", lambda day=day: at(f"2026-03-{day}T03:00"))
        ran += [day] if passage.run(tache)[0] is passage.Issue.FAITE else []
    assert ran == [10, 11, 12, 13]


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


def test_a_day_has_one_run_from_its_hour_on():
    moments = ["2026-11-02T02:31", "2026-11-02T23:59", "2026-11-03T02:29", "2026-11-03T02:30", "2026-11-03T02:31"]
    assert played(NUIT, *moments) == [moments[0], moments[3]]


def test_what_a_stopped_machine_missed_runs_as_soon_as_it_is_back():
    assert played(NUIT, "2026-11-02T02:31", "2026-11-04T15:00") == ["2026-11-02T02:31", "2026-11-04T15:00"]


def test_the_nights_that_change_the_hour_have_one_run_each():
    spring = ["2026-03-29T01:59", "2026-03-29T03:00", "2026-03-29T03:01", "2026-03-30T02:30"]
    assert played(NUIT, "2026-03-28T02:30", *spring) == ["2026-03-28T02:30", spring[1], spring[3]]
    second = timezone.make_aware(datetime(2026, 10, 25, 2, 30, fold=1))  # half past two comes twice
    last = DernierPassage(debut=at("2026-10-25T02:30"), etat=REUSSI, periodes=["2026-10-25"])
    assert not NUIT.is_due(second, last)


def test_a_clock_set_back_runs_no_day_twice_and_stops_nothing():
    back = ["2026-11-03T03:00", "2026-11-02T04:00", "2026-11-03T04:00", "2026-11-04T02:30"]
    assert played(NUIT, "2026-11-02T03:00", *back) == ["2026-11-02T03:00", back[0], back[3]]
    assert played(toutes_les(60), "2026-11-02T10:00", "2026-11-01T10:00") == ["2026-11-02T10:00", "2026-11-01T10:00"]


def test_a_clock_set_forward_for_a_while_runs_no_day_twice_and_stops_nothing():
    moments = ["2026-11-02T03:00", "2031-01-01T12:00", "2026-11-02T12:00", "2026-11-03T02:30", "2026-11-04T02:30"]
    assert played(NUIT, *moments) == [moments[0], moments[1], moments[3], moments[4]]


def test_a_week_has_one_run_from_monday_on():
    moments = ["2026-11-02T07:22", "2026-11-02T07:23", "2026-11-05T07:23", "2026-11-09T07:23"]
    assert played(chaque_jour("07:23", "lundi"), *moments) == [moments[0], moments[1], moments[3]]


@pytest.mark.parametrize(
    ("tache", "now", "late"),
    [
        ("courriels", "2026-11-28T10:06", False),  # its minute and five more
        ("courriels", "2026-11-28T10:07", True),
        ("inscriptions", "2026-11-28T11:05", False),
        ("inscriptions", "2026-11-28T11:06", True),
        ("sauvegarde", "2026-11-29T02:35", False),
        ("sauvegarde", "2026-11-29T02:36", True),
        ("relectures", "2026-11-30T07:28", False),
        ("relectures", "2026-11-30T07:29", True),
    ],
)
def test_a_task_is_late_by_its_period_and_five_minutes(tache, now, late):
    begun = at("2026-11-28T10:00:20")
    tasks = {one.cle: one for one in schedule.turned_on()}
    runs = {}
    for cle, one in tasks.items():
        done = [] if one.minutes else [one.periode(begun)]
        runs[cle] = DernierPassage(cle=cle, debut=begun, reussi_le=begun, etat=REUSSI, periodes=done)
    assert schedule.is_late(tasks[tache], at(now), runs) is late


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


@pytest.mark.parametrize(
    ("tache", "since", "late"),
    [
        ("courriels", timedelta(minutes=62), False),
        ("courriels", timedelta(minutes=62, seconds=1), True),
        ("sauvegarde", timedelta(hours=49), False),
        ("sauvegarde", timedelta(hours=49, seconds=1), True),
    ],
)
def test_a_task_that_is_killed_at_each_run_is_late(tache, since, late):
    """Each run leaves « en cours », from its own beginning."""
    now = at("2026-11-28T02:31")
    runs = {tache: DernierPassage(cle=tache, debut=now, etat=EN_COURS, reussi_le=now - since)}
    (one,) = [one for one in schedule.turned_on() if one.cle == tache]
    assert schedule.is_late(one, now, runs) is late


def test_a_night_that_failed_is_tried_again_an_hour_later():
    moments = ["2026-11-02T02:30", "2026-11-02T02:31", "2026-11-02T03:30", "2026-11-02T03:31"]
    assert played(NUIT, *moments, etat=EN_ECHEC) == [moments[0], moments[2]]
    assert played(NUIT, *moments, etat=EN_COURS) == [moments[0], moments[2]]  # killed


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


def test_one_that_was_killed_is_said_to_be(told):
    DernierPassage.objects.create(cle="deux", debut=timezone.now())
    assert "interrompu" in taches("--liste", "--seulement", "deux")


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
