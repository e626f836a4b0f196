"""Kills the takeover at random moments: all of it must be saved, or nothing, and a second run completes it.

    python bench/kill.py [--source DUMP] [--moments 20] [--seed 1] DATABASE_URL…

Each DATABASE_URL names a new throw-away database: `sqlite:////tmp/kill.sqlite3` or `postgres://…/kill`. Records are
emptied before each kill, places stay.
"""

import argparse
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench.killing import ROOT, create_database, environment

EXTRAIT = ROOT / "tests" / "reprise" / "extrait-labacces.txt"
STATE = """
import sys
import django
django.setup()
from django.db import connection
from fiches import registre
from fiches.attached import Contact
from socle.recherche.models import Indexe
from participants.explorations.models import Exploration
from participants.inscriptions.models import Inscription
from reprise.models import (
    AncienIdentifiant, Anomalie, AnomalieExploration, AnomalieInscription, Ecartee, Origine,
)
from socle.annuaire.models import Entree
types = [declaration.model for declaration in registre.types()]
apart = (Contact, AncienIdentifiant, Inscription, AnomalieInscription, Exploration, AnomalieExploration)
if "--empty" in sys.argv:
    for model in (Anomalie, Entree, *apart, Ecartee):  # deleting entries writes Ecartee
        model.objects.all().delete()
    for model in types:
        model.history.all().delete()
sheets, history = set(), 0
for model in types:
    pks = set(model.objects.values_list("pk", flat=True))
    versions = set(model.history.values_list("entree_id", "version"))
    assert {pk for pk, _ in versions} == pks, f"history of {model.__name__} does not match the sheets"
    assert versions >= set(model.objects.values_list("pk", "version")), f"a version of {model.__name__} is missing"
    sheets |= pks
    history += len(versions)
for model in (Entree, Origine, Indexe):
    assert set(model.objects.values_list("pk", flat=True)) == sheets, f"{model.__name__} does not match the sheets"
assert not Ecartee.objects.exists(), "a sheet was left out"
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO recherche_fts (recherche_fts, rank) VALUES ('integrity-check', 1)")
        assert cursor.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert not cursor.execute("PRAGMA foreign_key_check").fetchall()
print(len(sheets), history, Anomalie.objects.count(), *(model.objects.count() for model in apart))
"""


def run(url, *arguments):
    """Returns the output of a command; CalledProcessError, after its complaint, if it fails."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=environment(url), cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stderr)
        done.check_returncode()
    return done.stdout


def state(url, *options):
    """(records, versions, anomalies, rows of each table); CalledProcessError if tables do not match each other."""
    return tuple(map(int, run(url, "-c", STATE, *options).split()))


def create(url):
    """Creates a migrated database with its places; SystemExit if there is one at `url`."""
    create_database(url)
    run(url, "manage.py", "migrate", "--verbosity", "0")
    run(url, "manage.py", "charger_referentiels")


def takeover(url, source, kill_after=None):
    """Runs the takeover, killed after `kill_after` seconds. Returns (seconds it ran, exit code)."""
    command = [sys.executable, "manage.py", "importer_yeswiki", str(source), "--sans-copie", "--verbosity", "0"]
    start = time.monotonic()
    process = subprocess.Popen(command, env=environment(url), cwd=ROOT, stderr=subprocess.DEVNULL)
    if kill_after is not None:
        try:
            process.wait(kill_after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
    process.wait()
    return time.monotonic() - start, process.returncode


def moments(number, rng):
    """`number` random moments, as parts of a run: a fifth in its first half, which reads the file; one in each equal
    part of its second half, which writes the database, and a little beyond.
    """
    early = max(1, number // 5)
    late = number - early
    parts = [rng.uniform(0, 0.5) for _ in range(early)]
    return parts + [0.5 + (part + rng.random()) * 0.55 / late for part in range(late)]


def trial(url, source, number, seed, report=print):
    """Returns how many takeovers broke. `report` gets one line each."""
    create(url)
    seconds, _ = takeover(url, source)
    whole = state(url)
    report(f"{url.split('://')[0]}: {seconds:.2f} s undisturbed, {whole[0]} sheets, {whole[1]} versions")
    report(f"{'killed at':>10} {'of':>7} {'exit':>5} {'sheets':>7} {'versions':>9} {'anomalies':>10}  verdict")
    broken = 0
    for part in moments(number, random.Random(seed)):
        for _ in range(5):
            state(url, "--empty")
            moment = part * seconds
            lasted, code = takeover(url, source, kill_after=moment)
            if code or part > 1:
                break
            seconds = lasted  # it ended first: the machine is less busy than before
        try:
            left = state(url)
            good = left == whole or not any(left)
            verdict = "all" if left == whole else "nothing" if good else "BROKEN: half saved"
            again, _ = takeover(url, source)
            if state(url) != whole:
                good, verdict = False, f"BROKEN: {state(url)} after running it again"
        except subprocess.CalledProcessError as error:
            left, good, verdict = ("?",) * 4, False, f"BROKEN: {error.stderr.strip().splitlines()[-1]}"
        broken += not good
        of = f"{moment:>9.2f}s {seconds:>6.2f}s"
        report(f"{of} {code:>5} {left[0]:>7} {left[1]:>9} {left[2]:>10}  {verdict}")
        if not any(left):
            seconds = again  # how busy the machine is now, if the run was whole
    return broken


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("urls", nargs="+", metavar="DATABASE_URL")
    parser.add_argument("--source", type=Path, default=EXTRAIT)
    parser.add_argument("--moments", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    broken = sum(trial(url, options.source, options.moments, options.seed) for url in options.urls)
    print(f"{broken} broken")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
