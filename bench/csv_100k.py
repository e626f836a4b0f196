"""Exports 100 000 records as CSV from a real worker, then reads the file back: speed, memory, every row there.

    python bench/csv_100k.py [--sheets 100000] DATABASE_URL…

Each DATABASE_URL names a new throw-away database: `sqlite:////tmp/csv.sqlite3` or `postgres://…/csv`. Made-up records
have about 1.5 kB of text each. Gunicorn has one worker.
"""

import argparse
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.kill import create, environment, run  # noqa: E402 - the path first

FILL = """
import random, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection, transaction
from fiches.indexation import index_fiches
from fiches.models import Entree, Statut, Theme
from socle.territoires.models import Commune
from projets.models import Projet
rng = random.Random(1)
words = "portail famille cantine cimetière accueil usagers démarches en ligne budget façade fibre agents".split()
communes = list(Commune.objects.filter(departement__in=["22", "29", "35", "56"]).select_related("intercommunalite"))
themes = list(Theme.objects.all())
through = Projet.themes.through
text = lambda n: " ".join(rng.choices(words, k=n)) + ", « d’accord » ; \\"cité\\"\\n- un\\n- deux"
for start in range(0, int(sys.argv[1]), 2000):
    with transaction.atomic():
        entrees = Entree.objects.bulk_create(
            Entree(type="projet", slug=f"serie-{n}", titre=f"Série {n}", statut=Statut.PUBLIEE)
            for n in range(start, min(start + 2000, int(sys.argv[1])))
        )
        projets = []
        for entree in entrees:
            commune = rng.choice(communes)
            projet = Projet(
                entree=entree, slug=entree.slug, statut=Statut.PUBLIEE, version=1, titre=f"{commune.nom} - {text(6)}",
                collectivite=f"Mairie de {commune.nom}", commune=commune, intercommunalite=commune.intercommunalite,
                departement_id=commune.departement_id, description=text(120), objectifs=text(60),
                montant_eur=rng.choice([None, 0, rng.randrange(500, 90000)]), publiee_le=entree.modifiee_le,
                themes_automatiques=False,
            )
            projet.derive(None)
            projets.append(projet)
        Projet.objects.bulk_create(projets)
        through.objects.bulk_create(
            through(projet_id=p.pk, theme=theme) for p in projets for theme in rng.sample(themes, rng.randrange(3))
        )
with connection.cursor() as cursor:
    cursor.execute("ANALYZE")
"""


def memory(pid, key):
    """VmRSS or VmHWM of a process, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) / 1024
    return 0.0


def start_worker(url):
    """Returns (gunicorn, pid of its one worker, port) once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-w", "1", "-b", f"127.0.0.1:{port}", "--log-level", "error"]
    settings = environment(url) | {"DEBUG": "non", "HTTPS": "non", "DJANGO_SETTINGS_MODULE": "labacces.settings"}
    master = subprocess.Popen([*command, "--timeout", "300", "labacces.wsgi"], cwd=ROOT, env=settings)
    for _ in range(100):
        time.sleep(0.1)
        try:
            get(port, "/projets.csv?departement=inconnu").read()  # 400: warms the code, reads no record
            break
        except ConnectionError:
            continue
    children = Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text().split()
    return master, int(children[0]), port


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("GET", path)
    return connection.getresponse()


def download(port, worker, path, target=None):
    """Returns (status, seconds to the first byte, seconds in all, bytes, MB above idle at the peak)."""
    idle = memory(worker, "VmRSS")
    Path(f"/proc/{worker}/clear_refs").write_text("5")  # the peak starts again from here
    start = time.perf_counter()
    response = get(port, path)
    size = len(first := response.read(1))
    first_byte = time.perf_counter() - start
    with (target or Path("/dev/null")).open("wb") as file:
        file.write(first)
        while block := response.read(1 << 16):
            size += len(block)
            file.write(block)
    return response.status, first_byte, time.perf_counter() - start, size, memory(worker, "VmHWM") - idle


def read_back(url, file):
    """Returns (what the simulated import printed, seconds, MB at its peak)."""
    command = [sys.executable, "manage.py", "importer_projets", str(file), "--simulation", "--verbosity", "0"]
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment(url), stdout=subprocess.PIPE, text=True)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return said, time.perf_counter() - start, usage.ru_maxrss / 1024


def trial(url, sheets):
    create(url)
    run(url, "-c", FILL, str(sheets))
    print(f"\n{url.split('://')[0]}, {sheets} sheets")
    master, worker, port = start_worker(url)
    try:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "projets.csv"
            print(f"{'address':45} {'first byte':>10} {'in all':>8} {'size':>9} {'peak above idle':>16} {'rows':>8}")
            for path in (
                "/projets.csv",
                "/projets.csv?excel=1",
                "/projets.csv?departement=22&tri=montant-croissant",
                "/projets.csv?tri=recent",
            ):
                status, first, whole, size, peak = download(port, worker, path, file)
                rows = file.read_bytes().count(b"\r\n") - 1
                figures = f"{first * 1000:>7.0f} ms {whole:>6.1f} s {size / 1e6:>6.1f} MB {peak:>13.1f} MB {rows:>8}"
                print(f"{path:45} {figures}", flush=True)
                assert status == 200
                if "departement" not in path:
                    assert rows == sheets, f"{rows} rows of {sheets}"
            download(port, worker, "/projets.csv", file)
            said, seconds, peak = read_back(url, file)
            print(f"importer_projets --simulation: {seconds:.1f} s, peak {peak:.0f} MB in all: {said.splitlines()[0]}")
            assert f"0 modifiés, {sheets} inchangés" in said
    finally:
        master.send_signal(signal.SIGTERM)
        master.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("urls", nargs="+", metavar="DATABASE_URL")
    parser.add_argument("--sheets", type=int, default=100_000)
    options = parser.parse_args()
    for url in options.urls:
        trial(url, options.sheets)


if __name__ == "__main__":
    main()
