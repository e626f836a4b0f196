"""Runs the site in one process, without a server: cost of its pages, where their time goes, and a writer.

python -m bench.site.inside {temps,profil,ecrivain} …    (started by bench/site/__main__.py)
"""

import argparse
import cProfile
import json
import pstats
import sys
import time
from itertools import cycle
from pathlib import Path
from statistics import median

TIMES = 15


def clients():
    """Test clients: (a visitor, somebody of the desk)."""
    from django.test import Client

    from socle.comptes.models import Utilisateur

    user = Utilisateur.objects.filter(username="banc").first() or Utilisateur.objects.create_superuser("banc")
    visitor, editor = Client(HTTP_HOST="127.0.0.1"), Client(HTTP_HOST="127.0.0.1")
    editor.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return visitor, editor


def get(client, address):
    response = client.get(address)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.status_code != 200:
        sys.exit(f"{address} answers {response.status_code}")
    return body


def save_one(projet):
    projet.change({"suivi": "" if projet.suivi else "Relu à la mairie."}, reason="Banc d’essai")


def addresses(flat: Path, scenario, seed: int):
    """Our addresses of a scenario, again and again; drawn when the first is asked for."""
    from bench.site.scenarios import questions

    yield from cycle([question.ours for question in questions(flat, scenario, seed)])


def tasks(flat: Path, seed: int) -> dict:
    """{scenario: a function that plays it once more, with other values}."""
    from bench.site.scenarios import PER_PAGE, SCENARIOS
    from projets.models import Projet

    visitor, editor = clients()
    found = {}
    for scenario in SCENARIOS:
        asked = addresses(flat, scenario, seed)
        found[scenario.cle] = lambda asked=asked: get(visitor, next(asked))
    last = -(-Projet.objects.published().count() // PER_PAGE)
    pages = cycle(range(last, max(1, last - TIMES), -1))
    projets = cycle(Projet.objects.order_by("-pk")[:TIMES])
    return found | {
        "derniere-page": lambda: get(visitor, f"/projets/?page={next(pages)}"),
        "accueil": lambda: get(visitor, "/"),
        "bureau": lambda: get(editor, "/admin/"),
        "enregistrement": lambda: save_one(next(projets)),
        "csv": lambda: get(visitor, "/projets.csv"),
    }


INSIDE = {
    "liste": "list",
    "derniere-page": "last pages of the list",
    "fiche": "a sheet",
    "accueil": "home",
    "bureau": "home of the desk",
    "enregistrement": "save of a record",
}


def measure(flat: Path, seed: int) -> list[dict]:
    """Best and median ms of processor for each of INSIDE, and the queries of one more."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    found, every = [], tasks(flat, seed)
    for cle, nom in INSIDE.items():
        every[cle]()
        spent = []
        begun = time.perf_counter()
        while len(spent) < 3 or (len(spent) < TIMES and time.perf_counter() - begun < 15):
            start = time.process_time()
            every[cle]()
            spent.append((time.process_time() - start) * 1000)
        with CaptureQueriesContext(connection) as captured:
            every[cle]()
        found.append({"nom": nom, "best": min(spent), "median": median(spent), "queries": len(captured)})
    return found


def profile(flat: Path, seed: int, cle: str, lines: int) -> None:
    play = tasks(flat, seed)[cle]
    play()
    play()
    profiler, turns, begun = cProfile.Profile(), 0, time.perf_counter()
    profiler.enable()
    while turns < 2 * TIMES and (not turns or time.perf_counter() - begun < 30):
        play()
        turns += 1
    profiler.disable()
    print(f"{cle}: {turns} times, the profiler's own time included")
    stats = pstats.Stats(profiler).strip_dirs()
    stats.sort_stats("cumulative").print_stats(lines)
    stats.sort_stats("tottime").print_stats(lines)


def write(flat: Path, seed: int, every: float) -> None:
    """Saves a record until the process is ended, then prints how long that took. Prints a line once it begins."""
    import signal

    play, spent = tasks(flat, seed)["enregistrement"], []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        play()
        print("begun", flush=True)
        while True:
            start = time.perf_counter()
            play()
            spent.append((time.perf_counter() - start) * 1000)
            time.sleep(every)
    finally:
        print(json.dumps(spent))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["temps", "profil", "ecrivain"])
    parser.add_argument("flat", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--scenario", default="liste")
    parser.add_argument("--lines", type=int, default=30)
    parser.add_argument("--every", type=float, default=0.5)
    options = parser.parse_args()
    import django

    django.setup()
    if options.what == "temps":
        print(json.dumps(measure(options.flat, options.seed)))
    elif options.what == "profil":
        profile(options.flat, options.seed, options.scenario, options.lines)
    else:
        write(options.flat, options.seed, options.every)


if __name__ == "__main__":
    main()
