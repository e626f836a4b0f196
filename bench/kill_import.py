"""Kills an import of a spreadsheet at random moments: all or nothing must be saved, and a second run completes it.

    python bench/kill_import.py [--lines 300] [--moments 20] [--seed 1] DATABASE_URL…

Each DATABASE_URL names a new throw-away database. It holds as many projects as the file has lines; the file changes
each and adds a tenth of new ones. The database is put back before each kill.

A run ends with the commit, which lasts a few ms. Two fifths of the kills fall before it, two within twice its length
from its beginning, the others from its end to the end of the process.
"""

import argparse
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from bench.kill import create, environment, run  # noqa: E402

BEFORE, DURING, AFTER = "before", "during", "after"
FILL = """
import sys
import django
django.setup()
from django.db import transaction
from fiches.models import Statut
from projets.models import Projet
with transaction.atomic():
    for number in range(int(sys.argv[1])):
        Projet(titre=f"Projet {number}", description="Un portail. " * 20, statut=Statut.PUBLIEE).save()
with open(sys.argv[2], "w") as file:
    file.write("identifiant,titre,description,montant_eur\\n")
    for pk in Projet.objects.order_by("pk").values_list("pk", flat=True):
        file.write(f"{pk},Corrige {pk},Autre texte,{pk}\\n")
    for number in range(int(sys.argv[1]) // 10):
        file.write(f",Nouveau {number},Neuf,1\\n")
"""
IMPORT = """
import os, sys
from django.core.management import execute_from_command_line
from django.db.backends.base.base import BaseDatabaseWrapper
commit, told = BaseDatabaseWrapper._commit, int(sys.argv.pop(1))
def _commit(self):
    os.write(told, b"b")
    commit(self)
    os.write(told, b"e")
BaseDatabaseWrapper._commit = _commit
execute_from_command_line(["manage.py", "importer_fiches", "projet", sys.argv[1], "--verbosity", "0"])
"""
STATE = """
import django
django.setup()
from django.db import connection
from fiches.models import Entree, Statut
from socle.recherche.models import Indexe
from projets.models import Projet
sheets = dict(Projet.objects.values_list("pk", "version"))
versions = set(Projet.history.values_list("entree_id", "version"))
assert versions == {(pk, n) for pk, last in sheets.items() for n in range(1, last + 1)}, "history does not match"
assert set(Entree.objects.values_list("pk", "titre")) == set(Projet.objects.values_list("pk", "titre_public"))
public = set(Projet.objects.published().values_list("pk", flat=True))
assert set(Indexe.objects.values_list("pk", flat=True)) == public, "the index does not match"
found = Projet.objects.published().search("corrige").count()
edited = Projet.objects.filter(titre__startswith="Corrige").count()
assert found == edited, "a search does not find what was corrected"
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO recherche_fts (recherche_fts, rank) VALUES ('integrity-check', 1)")
        assert cursor.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert not cursor.execute("PRAGMA foreign_key_check").fetchall()
print(len(sheets), len(versions), edited)
"""


def state(url):
    """Returns (projects, versions, corrected projects); CalledProcessError if tables do not match each other."""
    return tuple(map(int, run(url, "-c", STATE).split()))


def keep(url):
    """Copies the database, for `put_back`."""
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        shutil.copy(path, f"{path}.copy")
    else:
        sql(url, "CREATE DATABASE {}_copy TEMPLATE {}")


def put_back(url):
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        for suffix in ("-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        shutil.copy(f"{path}.copy", path)
    else:
        sql(url, "DROP DATABASE {1} WITH (FORCE)")
        sql(url, "CREATE DATABASE {1} TEMPLATE {1}_copy")


def sql(url, statement):
    import psycopg

    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(statement.format(name, name))


@dataclass
class Run:
    """One import: its exit code, and the seconds from its start to each event that it told."""

    code: int
    commit: float | None  # the commit began
    committed: float | None
    end: float


def take(url, file, before=None, after=None):
    """Starts the import; kills it `before` seconds after its start, or `after` seconds after its commit begins."""
    reading, writing = os.pipe()
    start, seen = time.monotonic(), {}
    process = subprocess.Popen(
        [sys.executable, "-c", IMPORT, str(writing), str(file)],
        env=environment(url),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[writing],
    )
    os.close(writing)
    deadline = None if before is None else start + before
    while True:
        left = None if deadline is None else max(0, deadline - time.monotonic())
        if not select.select([reading], [], [], left)[0]:
            process.send_signal(signal.SIGKILL)
            deadline = None
        elif told := os.read(reading, 1):
            seen.setdefault(told, time.monotonic())
            if told == b"b" and after is not None and deadline is None:
                deadline = seen[told] + after
        else:
            break  # the process is gone
    os.close(reading)
    process.wait()
    times = [seen[event] - start if event in seen else None for event in (b"b", b"e")]
    return Run(process.returncode, *times, time.monotonic() - start)


def moments(number, rng):
    """(when, part of that time) of each kill: two fifths before the commit, two during it and as long again."""
    for when, share in ((BEFORE, 0.4), (DURING, 0.4), (AFTER, 0.2)):
        kills = max(1, round(share * number))
        yield from ((when, (rank + rng.random()) / kills) for rank in range(kills))


def trial(url, lines, number, seed, report=print):
    """Returns how many imports broke."""
    create(url)
    file = Path(tempfile.mkdtemp()) / "projets.csv"
    run(url, "-c", FILL, str(lines), str(file))
    before = state(url)
    keep(url)
    last = take(url, file)
    whole, broken, verdicts, rng = state(url), 0, Counter(), random.Random(seed)
    report(f"{url.split('://')[0]}: {before} becomes {whole}; {times(last)}")
    report(f"{'killed at':>24} {'exit':>5} {'commit':>8} {'projects':>9} {'versions':>9} {'corrected':>10}  verdict")
    for when, part in moments(number, rng):
        put_back(url)
        lasts, rest = last.committed - last.commit, last.end - last.committed
        if when == BEFORE:
            moment = part * last.commit
            done, said = take(url, file, before=moment), f"{moment:.2f} s of {last.commit:.2f} s"
        else:
            moment = 2 * part * lasts if when == DURING else lasts + part * rest
            done, said = take(url, file, after=moment), f"commit + {1000 * moment:.1f} ms"
        reached = "ended" if done.committed else "begun" if done.commit else "no"
        try:
            left = state(url)
            good = left in (before, whole)
            verdict = "all" if left == whole else "nothing" if good else "BROKEN: half saved"
            again = take(url, file)
            if state(url) != whole:
                good, verdict = False, "BROKEN: not whole after sending it again"
            if left == before:
                last = again  # how busy the machine is now: the run was whole
        except subprocess.CalledProcessError as error:
            left, good, verdict = ("?",) * 3, False, f"BROKEN: {error.stderr.strip().splitlines()[-1]}"
        broken += not good
        verdicts[reached, verdict] += done.code != 0
        report(f"{said:>24} {done.code:>5} {reached:>8} {left[0]:>9} {left[1]:>9} {left[2]:>10}  {verdict}")
    for (reached, verdict), count in sorted(verdicts.items()):
        report(f"killed, commit {reached}: {verdict}, {count}")
    return broken


def times(one):
    commit, after = 1000 * (one.committed - one.commit), 1000 * (one.end - one.committed)
    return f"commit at {one.commit:.2f} s, lasts {commit:.1f} ms, the process ends {after:.0f} ms later"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("urls", nargs="+", metavar="DATABASE_URL")
    parser.add_argument("--lines", type=int, default=300)
    parser.add_argument("--moments", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    broken = sum(trial(url, options.lines, options.moments, options.seed) for url in options.urls)
    print(f"{broken} broken")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
