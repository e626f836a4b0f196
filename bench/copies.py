"""Keeps copies of a site by the program of docs/copies.md while it changes, is killed and restored: are they equal?

    python bench/copies.py [--minutes 60] [--saves 20] [--restores 2] [--kills 30] [--seed 1] DATABASE_URL…

Each DATABASE_URL names a new throw-away database. A writer makes `saves` changes a minute, of every kind. Two programs
keep a copy meanwhile. At random moments the site, the writer or a program is killed (SIGKILL) and started again;
`restores` times the site goes back to an earlier copy. At the end both copies are compared with the lists.
"""

import argparse
import hashlib
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from bench.kill import create, environment  # noqa: E402

WRITE = """
import random, sys, time
import django
django.setup()
from django.db import Error
from fiches.choice_lists import Theme
from fiches.suivi import corbeille
from fiches.suivi.fusion import FusionImpossible, merge
from projets.models import Projet
from socle.annuaire.models import Statut
rng, pause = random.Random(), 60 / float(sys.argv[1])
def one(statut=Statut.PUBLIEE):
    return rng.choice(list(Projet.objects.filter(statut=statut).order_by("pk")) or [None])
def new():
    number = rng.randrange(10**6)
    Projet(titre=f"Projet {number}", description=f"Un texte, {number}.", statut=Statut.PUBLIEE).save()
def change():
    one().change({"titre": f"Changé {rng.randrange(10**6)}"})
def fuse():
    kept, lost = one(), one()
    if kept != lost:
        merge(kept, lost, {})
def state(statut, before=Statut.PUBLIEE):
    if projet := one(before):
        projet.statut = statut
        projet.save()
def rename():
    theme = Theme.objects.order_by("?").first() or Theme(nom="Accueil")
    theme.nom = f"Thème {rng.randrange(10**6)}"
    theme.save()
ACTS = [
    (30, new), (35, change), (8, fuse), (8, lambda: state(Statut.RETIREE)), (4, lambda: corbeille.throw_away(one())),
    (8, lambda: state(Statut.PUBLIEE, Statut.RETIREE)), (4, lambda: one().delete()), (1, rename),
    (2, lambda: Projet(titre="Brouillon", statut=Statut.BROUILLON).save()),
]
weights, acts = zip(*ACTS)
while True:
    act = rng.choices(acts, weights)[0] if Projet.objects.published().count() > 20 else new
    try:
        act()
        print("fait", flush=True)
    except (FusionImpossible, Error) as error:
        print(type(error).__name__, flush=True)
    time.sleep(pause)
"""
KEEP = """
import sys, time, urllib.request
from urllib.error import HTTPError
real = urllib.request.urlopen
def asked(address):
    try:
        return real(address, timeout=30)
    except HTTPError as error:
        print(error.code, flush=True)
        raise
urllib.request.urlopen = asked
code = compile(sys.argv[1], "copies.md", "exec")
while True:
    try:
        exec(code, {})
        print("fait", flush=True)
    except Exception as error:  # the site is away: the next time
        print(type(error).__name__, flush=True)
    if "once" in sys.argv:
        break
    time.sleep(1)
"""


class Drill:
    def __init__(self, url, options):
        self.url, self.options, self.folder = url, options, Path(tempfile.mkdtemp())
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.site = f"http://127.0.0.1:{self.port}"
        (text,) = re.findall(
            r"```python\n(.*?)```", (ROOT / "docs" / "copies.md").read_text(encoding="utf-8"), re.DOTALL
        )
        self.code = text.replace("https://labacces.example.org", self.site)
        self.environment = environment(
            url,
            MEDIA_ROOT=str(self.folder / "media"),
            SAUVEGARDES=str(self.folder / "sauvegardes"),
            EFFACEMENTS=str(self.folder / "effacements.txt"),
            SITE_URL=self.site,
            ALLOWED_HOSTS="127.0.0.1",
            API_PAR_MINUTE="1000000",
            DEBUG="non",
            HTTPS="non",
            EMAIL_URL="smtp://127.0.0.1:1",
        )
        self.running: dict[str, subprocess.Popen] = {}

    def start(self, name, *more):
        """Starts the site, the writer, or the program that keeps a copy in the folder `name`."""
        commands = {
            "site": [
                *["-m", "gunicorn", "-w", "2", "--log-level", "critical", "-b"],
                f"127.0.0.1:{self.port}",
                "labacces.wsgi",
            ],
            "writer": ["-c", WRITE, str(self.options.saves)],
        }
        place = ROOT
        if name not in commands:
            place = self.folder / name
            place.mkdir(exist_ok=True)
        command = [sys.executable, *commands.get(name, ["-c", KEEP, self.code, *more])]
        with (self.folder / f"{name}.txt").open("ab") as said:
            self.running[name] = subprocess.Popen(
                command, cwd=place, env=self.environment, stdout=said, stderr=said, start_new_session=True
            )
        return self.running[name]

    def kill(self, name, how=signal.SIGKILL):
        process = self.running.pop(name)
        with suppress(ProcessLookupError):  # it has ended
            os.killpg(process.pid, how)
        process.wait()

    def manage(self, *words):
        subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment, check=True)

    def wait_for_the_site(self):
        for _ in range(300):
            try:
                return urlopen(f"{self.site}/api/v1/projets?limite=1").close()
            except OSError:
                time.sleep(0.2)
        sys.exit("the site does not answer")

    def restore(self):
        """Goes back to the last copy, with the site and its writer stopped."""
        for name in ("writer", "site"):
            self.kill(name, signal.SIGTERM)
        archives = [path for path in (self.folder / "sauvegardes").iterdir() if path.is_file()]
        self.manage("restaurer", str(max(archives, key=lambda path: path.stat().st_mtime)), "--oui")
        for name in ("site", "writer"):
            self.start(name)

    def everything(self) -> dict:
        with urlopen(f"{self.site}/api/v1/changements") as response:
            begun = json.load(response)
        found = {}
        for cle, address in begun["a_lire"].items():
            found[cle] = {}
            while address:
                with urlopen(address) as response:
                    page = json.load(response)
                found[cle] |= {str(one["identifiant"]): one for one in page["resultats"]}
                address = page["suivant"]
        return found

    def copy(self, name) -> dict:
        """What a program holds after a last run."""
        self.start(name, "once").wait()
        held = json.loads((self.folder / name / "copie.json").read_text(encoding="utf-8"))
        return {cle: value for cle, value in held.items() if cle != "curseur"}

    def said(self, name) -> list[str]:
        return (self.folder / f"{name}.txt").read_text(encoding="utf-8", errors="replace").split("\n")


def digest(what: dict) -> str:
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:16]


def trial(url, options) -> bool:
    create(url)
    drill, rng, copies = Drill(url, options), random.Random(options.seed), ("copie-a", "copie-b")
    seconds = options.minutes * 60
    events = [(rng.uniform(0, seconds), "kill") for _ in range(options.kills)]
    for rank in range(options.restores):
        middle = seconds * (rank + 1) / (options.restores + 1)
        events += [(middle - seconds / 20, "save a copy"), (middle, "restore")]
    begun, killed = time.monotonic(), dict.fromkeys(("site", "writer", *copies), 0)
    try:
        for name in killed:
            drill.start(name)
        drill.wait_for_the_site()
        for when, what in sorted(events):
            time.sleep(max(0, begun + when - time.monotonic()))
            if what == "save a copy":
                drill.manage("sauvegarder")
            elif what == "restore":
                drill.restore()
            else:
                name = rng.choice([*killed])
                drill.kill(name)
                killed[name] += 1
                time.sleep(rng.uniform(0, 2))
                drill.start(name)
        time.sleep(max(0, begun + seconds - time.monotonic()))
        for name in ("writer", *copies):
            drill.kill(name)
        drill.wait_for_the_site()
        wanted = drill.everything()
        found = {name: digest(drill.copy(name)) for name in copies}
        told = {name: drill.said(name) for name in copies}
    finally:
        for name in [*drill.running]:
            drill.kill(name)
    saves = drill.said("writer").count("fait")
    begun_anew = {name: lines.count("410") for name, lines in told.items()}
    rounds, records = sum(lines.count("fait") for lines in told.values()), sum(map(len, wanted.values()))
    print(f"{url.split('://')[0]}: {options.minutes:g} min, {saves} changes, {records} records at the end")
    print(f"killed {killed}; {options.restores} restores, begun anew {begun_anew}; {rounds} rounds")
    print(f"lists {digest(wanted)}, copies {found}")
    whole = {digest(wanted)} == set(found.values()) and (all(begun_anew.values()) or not options.restores)
    if whole:
        shutil.rmtree(drill.folder)
    else:
        print(f"left in {drill.folder}")
    return whole


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("urls", nargs="+", metavar="DATABASE_URL")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--saves", type=float, default=20, help="a minute")
    parser.add_argument("--restores", type=int, default=2)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    broken = [url for url in options.urls if not trial(url, options)]
    print(f"{len(broken)} broken")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
