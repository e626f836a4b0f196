"""Eight processes want the seats of one event at once: never too many taken, all taken at the end, no error.

    python bench/places.py [--tours 20] [--processus 8] [--essais 25] [--graine 1] DATABASE_URL…

Each DATABASE_URL names a new throw-away database: `sqlite:////tmp/places.sqlite3` or `postgres://…/places`. In each
round every process registers people and confirms; at times it cancels, resizes, accepts offers or ends what is late. No
look in between may show more seats than the capacity.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def start(url):
    """Makes this process one of the site, on that database."""
    os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "labacces.settings", "DEBUG": "non"}
    os.environ["EMAIL_URL"] = "smtp://127.0.0.1:1"  # mails stay in the outbox: sending them is another measurement
    os.environ.setdefault("SECRET_KEY", "mesure-sans-valeur-ailleurs-0123456789abcdefghijklmnopqrstuv")
    import logging

    import django

    django.setup()
    logging.disable(logging.WARNING)


def resize(evenement, capacite):
    """As the event's form does: in one transaction that has locked the event, never below the seats held."""
    from participants.inscriptions import attribution
    from socle.journal.writing import lot

    with lot():
        evenement = attribution.lock(evenement)
        if capacite >= evenement.inscriptions.in_seats().count():
            evenement.capacite = capacite
            evenement.save()


def want_seats(pk, process, tries, seed):
    """One process's part of a round: times, errors, and how often too many seats were held."""
    from django.db.models import Count, F, Q

    from participants.evenements.models import Evenement
    from participants.inscriptions import attribution, places
    from participants.inscriptions.models import OCCUPENT, Inscription

    dice = random.Random(seed)
    times, errors, over = {"register": [], "confirm": []}, [], 0
    held = Count("inscriptions", filter=Q(inscriptions__statut__in=OCCUPENT, inscriptions__motif_surnombre=""))
    evenement = Evenement.objects.get(pk=pk)

    def timed(name, action, *args):
        began = time.perf_counter()
        try:
            return action(*args)
        except places.TropTard:
            return None
        except Exception as error:
            errors.append(repr(error)[:200])
            return None
        finally:
            times.setdefault(name, []).append(time.perf_counter() - began)

    for number in range(tries):
        fields = {"prenom": "Malo", "nom": "Riou", "courriel": f"p{process}.{number}@exemple.bzh"}
        row = timed("register", places.register, evenement, places.DemandeDInscription(fields))
        if row and dice.random() < 0.9:
            timed("confirm", places.confirm, row)
        mine = list(Inscription.objects.filter(evenement=pk, courriel__startswith=f"p{process}."))
        if mine and dice.random() < 0.25:
            timed("cancel", places.cancel, dice.choice(mine))
        for offered in mine:
            if offered.statut == Inscription.Statut.PROPOSEE and dice.random() < 0.5:
                timed("accept", places.accept, offered)
        if dice.random() < 0.1:
            timed("resize", resize, evenement, dice.randint(10, 60))
        if dice.random() < 0.1:
            timed("put in order", attribution.put_in_order, evenement)
        over += Evenement.objects.filter(pk=pk).annotate(held=held).filter(held__gt=F("capacite")).count()
    return times, errors, over


def state(pk):
    """(seats held, seats, people who wait) of an event."""
    from participants.evenements.models import Evenement

    evenement = Evenement.objects.get(pk=pk)
    return evenement.inscriptions.in_seats().count(), evenement.capacite, evenement.inscriptions.waiting().count()


def round_of(pool, number, options):
    """Returns (times, errors, over, seats held in the end, capacity) on a new event."""
    from datetime import timedelta

    from django.utils import timezone

    from participants.evenements.models import Evenement
    from participants.inscriptions import places
    from participants.inscriptions.models import Inscription

    start_at = timezone.now() + timedelta(days=20)
    evenement = Evenement(titre=f"Tour {number}", statut="publiee", debut=start_at, capacite=10)
    evenement.save()
    seeds = [options.graine * 10_000 + number * 100 + process for process in range(options.processus)]
    jobs = [pool.submit(want_seats, evenement.pk, process, options.essais, seed) for process, seed in enumerate(seeds)]
    results = [job.result() for job in jobs]
    # All who wait accept offers until every seat is taken.
    resize(evenement, max(60, evenement.inscriptions.in_seats().count()))
    for row in evenement.inscriptions.filter(statut=Inscription.Statut.A_CONFIRMER):
        places.cancel(row)
    while offered := list(evenement.inscriptions.filter(statut=Inscription.Statut.PROPOSEE)):
        for row in offered:
            places.accept(row)
    evenement.refresh_from_db()
    seated = evenement.inscriptions.in_seats().filter(statut=Inscription.Statut.INSCRITE).count()
    return results, seated, evenement.capacite, evenement.inscriptions.waiting().count()


def measure(url, options):
    start(url)
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=os.environ, check=True)
    times, errors, over, wrong, seats = {}, [], 0, 0, 0
    with ProcessPoolExecutor(options.processus, get_context("spawn"), start, (url,)) as pool:
        for number in range(options.tours):
            results, seated, capacity, waiting = round_of(pool, number, options)
            wrong += seated != capacity if waiting else seated > capacity
            seats += seated
            for taken, failed, too_many in results:
                for name, values in taken.items():
                    times.setdefault(name, []).extend(values)
                errors += failed
                over += too_many
    print(url.partition(":")[0], f"{options.tours} tours,", f"{seats} places prises,", f"{wrong} tours faux,", end=" ")
    print(f"{over} vues au-delà, {len(errors)} erreurs")
    for error in sorted(set(errors)):
        print("   ", error)
    for name, values in times.items():
        values = sorted(1000 * value for value in values)
        p95 = values[int(len(values) * 0.95)]
        print(f"    {name}: {len(values)}, médiane {statistics.median(values):.0f} ms, p95 {p95:.0f} ms")
    return not (errors or over or wrong)


def create(url):
    """Creates a PostgreSQL database; the first connection makes an SQLite one."""
    if url.startswith("postgres"):
        import psycopg
        from psycopg import sql

        base, _, name = url.rpartition("/")
        with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tours", type=int, default=20)
    parser.add_argument("--processus", type=int, default=8)
    parser.add_argument("--essais", type=int, default=25)
    parser.add_argument("--graine", type=int, default=1)
    parser.add_argument("urls", nargs="+")
    options = parser.parse_args()
    if len(options.urls) > 1:  # one process per database: Django is set up once
        codes = [
            subprocess.run([sys.executable, *_alone(options, url)], check=False).returncode for url in options.urls
        ]
        sys.exit(any(codes))
    create(options.urls[0])
    sys.exit(not measure(options.urls[0], options))


def _alone(options, url):
    names = ("tours", "processus", "essais", "graine")
    return [__file__, *(f"--{name}={getattr(options, name)}" for name in names), url]


if __name__ == "__main__":
    main()
