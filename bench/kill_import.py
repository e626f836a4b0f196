"""Kill an import of a spreadsheet at random moments: all of it is saved, or nothing, and sending it again completes it.

    python bench/kill_import.py [--lines 300] [--moments 20] [--seed 1] DATABASE_URL…

Each DATABASE_URL names a throw-away database that does not exist yet, as for bench/kill.py. It is filled with as many
projects as the file has lines; the file changes each of them and adds a tenth of new ones. The database is put back as
it was before each kill.
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from bench.kill import create, environment, moments, run  # noqa: E402

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
STATE = """
import django
django.setup()
from django.db import connection
from fiches.models import Entree, Statut
from fiches.recherche.models import Indexe
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
    """(projects, versions, corrected projects); CalledProcessError if tables do not match each other."""
    return tuple(map(int, run(url, "-c", STATE).split()))


def keep(url):
    """A copy of the database, put back by `put_back`."""
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


def take(url, file, kill_after=None):
    """Start the import; kill it after `kill_after` seconds. (seconds it ran, exit code)."""
    command = [sys.executable, "manage.py", "importer_fiches", "projet", str(file), "--verbosity", "0"]
    start = time.monotonic()
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=environment(url), cwd=ROOT, **silent)
    if kill_after is not None:
        try:
            process.wait(kill_after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
    process.wait()
    return time.monotonic() - start, process.returncode


def trial(url, lines, number, seed, report=print):
    """Kill `number` imports; the number of broken ones."""
    create(url)
    file = Path(tempfile.mkdtemp()) / "projets.csv"
    run(url, "-c", FILL, str(lines), str(file))
    before = state(url)
    keep(url)
    seconds, _ = take(url, file)
    whole, broken = state(url), 0
    report(f"{url.split('://')[0]}: {seconds:.2f} s undisturbed, {before} becomes {whole}")
    report(f"{'killed at':>10} {'of':>7} {'exit':>5} {'projects':>9} {'versions':>9} {'corrected':>10}  verdict")
    for part in moments(number, random.Random(seed)):
        put_back(url)
        moment = part * seconds
        _, code = take(url, file, kill_after=moment)
        try:
            left = state(url)
            good = left in (before, whole)
            verdict = "all" if left == whole else "nothing" if good else "BROKEN: half saved"
            again, _ = take(url, file)
            if state(url) != whole:
                good, verdict = False, "BROKEN: not whole after sending it again"
        except subprocess.CalledProcessError as error:
            left, good, verdict = ("?",) * 3, False, f"BROKEN: {error.stderr.strip().splitlines()[-1]}"
        broken += not good
        report(f"{moment:>9.2f}s {seconds:>6.2f}s {code:>5} {left[0]:>9} {left[1]:>9} {left[2]:>10}  {verdict}")
        if left == before:
            seconds = again  # how busy the machine is now: that was a whole run
    return broken


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
