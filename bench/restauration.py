"""Kills a site while it writes and restores a copy: whole, with all saved before it, without erased persons.

    python bench/restauration.py [--drills 30] [--writers 3] [--seed 1] DATABASE_URL…

Each DATABASE_URL names a new throw-away database. In each drill, writers save projects with a contact, named in a text,
and report each save. Meanwhile a copy is made, an earlier person is erased, and later the writers are killed (SIGKILL).
On SQLite one drill in three then spoils the database. `restaurer` is refused while they write, then succeeds; every
fifth one is killed first, on its way. The next drill goes on from there.
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
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from bench.kill import create, environment, run  # noqa: E402

PERSON = """
def person(nom):
    return "Zelie Ker" + nom.translate(str.maketrans("0123456789-", "abcdefghijz"))
"""
WRITE = (
    PERSON
    + """
import os, sys, time
import django
django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from fiches.attached import Contact
from socle.annuaire.models import Statut
from projets.models import Projet
number = 0
while True:
    number += 1
    nom = f"{sys.argv[1]}-{number}"
    with transaction.atomic():
        if number % 10 == 1:
            default_storage.save(f"annexes/{nom}.txt", ContentFile(nom.encode()))
        projet = Projet(titre=f"Projet {nom}", description=f"Voir avec {person(nom)}.", statut=Statut.PUBLIEE)
        projet.save()
        Contact.objects.create(entree=projet.entree, nom=person(nom), courriel=f"{nom}@exemple.bzh")
    os.write(1, f"{nom}\\n".encode())
    time.sleep(0.02)
"""
)
STATE = (
    PERSON
    + """
import sys
import django
django.setup()
from pathlib import Path
from django.conf import settings
from django.db import connection
from fiches.attached import Contact
from socle.annuaire.models import Entree
from projets.models import Projet
connection.check_constraints()
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        cursor.execute("INSERT INTO recherche_fts (recherche_fts, rank) VALUES ('integrity-check', 1)")
pks = set(Projet.objects.values_list("pk", flat=True))
assert pks == set(Entree.objects.values_list("pk", flat=True)), "the directory does not match"
assert set(Projet.history.values_list("entree_id", flat=True)) == pks, "the history does not match"
erased = set(sys.argv[1].split())
texts = " ".join(Projet.objects.values_list("description", flat=True))
for nom in erased:
    assert f"{person(nom)}." not in texts, f"{nom} stands in a text"
    assert not Contact.objects.filter(courriel=f"{nom}@exemple.bzh").exists(), f"{nom} is a contact"
rows = {titre.removeprefix("Projet ") for titre in Projet.objects.values_list("titre", flat=True)}
for name in rows:
    print("row", name)
for path in Path(settings.MEDIA_ROOT).glob("annexes/*"):
    if path.stem in rows:
        assert path.read_text() == path.stem, f"{path} is not what it was"
        print("file", path.stem)
for courriel in Contact.objects.values_list("courriel", flat=True):
    print("person", courriel.partition("@")[0])
"""
)


@dataclass
class Drill:
    before: int  # acknowledged before the copy began
    after: int  # acknowledged after it, and lost by intent
    copy: float  # seconds
    restore: float
    fault: str = ""


class Site:
    def __init__(self, url):
        self.url, self.folder = url, Path(tempfile.mkdtemp())
        os.environ |= {
            "MEDIA_ROOT": str(self.folder / "media"),
            "SAUVEGARDES": str(self.folder / "copies"),
            "EFFACEMENTS": str(self.folder / "effacements.txt"),
            "HTTPS": "non",
        }
        self.erased: set[str] = set()
        self.held = self.state()

    def start(self, name):
        return subprocess.Popen(
            [sys.executable, "-c", WRITE, name],
            env=environment(self.url),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def manage(self, *words):
        """Returns (seconds, exit code) of a command."""
        start = time.monotonic()
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            env=environment(self.url),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        self.said = done.stdout + done.stderr
        return time.monotonic() - start, done.returncode

    def forget_asides(self):
        """Drops what restores put aside; the purge would after a month."""
        for path in (self.folder / "media").glob(".avant-*"):
            shutil.rmtree(path)
        if self.url.startswith("sqlite"):
            base = Path(self.url.removeprefix("sqlite:///"))
            for path in base.parent.glob(f"{base.name}.avant-*"):
                path.unlink()
            return
        import psycopg

        server, _, name = self.url.rpartition("/")
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            for (aside,) in connection.execute("SELECT datname FROM pg_database").fetchall():
                if aside.startswith(f"{name}-avant-"):
                    connection.execute(psycopg.sql.SQL("DROP DATABASE {}").format(psycopg.sql.Identifier(aside)))

    def state(self):
        """{"row" | "file" | "person": names}; CalledProcessError if tables mismatch or an erased person is there."""
        found = {"row": set(), "file": set(), "person": set()}
        for line in run(self.url, "-c", STATE, " ".join(self.erased)).splitlines():
            kind, name = line.split()
            found[kind].add(name)
        return found


def told(writers, seconds):
    """The names that writers report within that time, each after its commit."""
    found, until = [], time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        for ready in select.select([writer.stdout for writer in writers], [], [], left)[0]:
            found += os.read(ready.fileno(), 1 << 16).decode().split()
    return found


def drill(site, number, writers, rng) -> Drill:
    running = [site.start(f"d{number}w{rank}") for rank in range(writers)]
    try:
        before = []
        while len(before) < 5 * writers:
            before += told(running, 0.5)
        copie = site.folder / f"copie-{number}.tar.gz"
        copy, code = site.manage("sauvegarder", str(copie))
        assert code == 0, site.said
        refused = site.manage("restaurer", str(copie), "--oui")[1] if number % 5 == 0 else 1
        victim = rng.choice(before)
        _, code = site.manage("personne", "effacer", f"{victim}@exemple.bzh")
        assert code == 0, site.said
        site.erased.add(victim)
        after = told(running, rng.uniform(0.1, 2))
    finally:
        for writer in running:
            writer.send_signal(signal.SIGKILL)
            writer.wait()
    if site.url.startswith("sqlite") and number % 3 == 0:
        path = Path(site.url.removeprefix("sqlite:///"))
        with path.open("r+b") as file:
            for _ in range(50):
                file.seek(rng.randrange(path.stat().st_size))
                file.write(rng.randbytes(512))
    if number % 5 == 1:
        restoring = subprocess.Popen(
            [sys.executable, "manage.py", "restaurer", str(copie), "--oui"],
            env=environment(site.url),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(rng.uniform(1, 6))
        restoring.kill()
        restoring.wait()
    restore, code = site.manage("restaurer", str(copie), "--oui")
    result = Drill(len(before), len(after), copy, restore)
    if not refused:
        result.fault = "restored while writers were at work"
    elif code:
        result.fault = site.said.strip()
    else:
        try:
            now = site.state()
        except subprocess.CalledProcessError as error:
            result.fault = error.stderr.strip().splitlines()[-1]
            return result
        for kind, kept in site.held.items():
            wanted = kept | set(before) if kind != "file" else kept | {n for n in before if n.split("-")[1][-1:] == "1"}
            if missing := wanted - now[kind] - (site.erased if kind == "person" else set()):
                result.fault = f"{len(missing)} {kind}s lost: {sorted(missing)[:3]}"
        site.held = now
    copie.unlink()
    site.forget_asides()
    return result


def trial(url, drills, writers, seed, report=print):
    """Returns how many drills failed."""
    create(url)
    site, rng, done = Site(url), random.Random(seed), []
    report(f"{'drill':>6} {'before':>7} {'after':>6} {'copy':>7} {'restore':>8}  verdict")
    for number in range(1, drills + 1):
        one = drill(site, number, writers, rng)
        done.append(one)
        times = f"{one.copy:>6.1f}s {one.restore:>7.1f}s"
        report(f"{number:>6} {one.before:>7} {one.after:>6} {times}  {one.fault or 'whole'}")
    broken = sum(bool(one.fault) for one in done)
    report(
        f"{url.split('://')[0]}: {broken} broken of {drills}; {sum(one.before for one in done)} saved before a copy, "
        f"{len(site.erased)} persons erased; copy {median(one.copy for one in done):.1f} s, "
        f"restore {median(one.restore for one in done):.1f} s (median)"
    )
    shutil.rmtree(site.folder)
    return broken


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("urls", nargs="+", metavar="DATABASE_URL")
    parser.add_argument("--drills", type=int, default=30)
    parser.add_argument("--writers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    broken = sum(trial(url, options.drills, options.writers, options.seed) for url in options.urls)
    print(f"{broken} broken")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
