"""Several people act at the same moment: the last seats, the sheet of one address."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from threading import Barrier, Event
from time import sleep

import pytest
from django.db import connection, connections, transaction

from bench.places import start, state, want_seats
from participants.explorations import parcours
from participants.explorations.models import Exploration
from participants.inscriptions import attribution, places
from participants.inscriptions.models import Inscription
from tests.factories.participants import EvenementFactory

S = Inscription.Statut
# Threads of a test share a SQLite database in memory, which locks whole tables: processes, below, have a file of it.
THREADS = pytest.mark.skipif(connection.vendor == "sqlite", reason="a database in memory is not for several threads")


def together(count, action):
    """Run `action(number)` in `count` threads that start as one; what each returned or raised."""
    ready = Barrier(count)

    def run(number):
        try:
            ready.wait(10)
            return action(number)
        except places.TropTard as refus:
            return refus
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def demande(name):
    return places.DemandeDInscription({"prenom": "Malo", "nom": "Riou", "courriel": f"{name}@exemple.bzh"})


@THREADS
@pytest.mark.django_db(transaction=True)
def test_the_last_seats_go_to_as_many_people_and_the_others_wait():
    evenement = EvenementFactory(titre="Balise", capacite=3)
    rows = together(8, lambda number: places.confirm(places.register(evenement, demande(f"p{number}"))))
    assert sorted(row.statut for row in rows) == [S.EN_ATTENTE] * 5 + [S.INSCRITE] * 3


@THREADS
@pytest.mark.django_db(transaction=True)
def test_the_same_person_at_once_is_one_registration_and_one_freed_seat_is_one_offer():
    evenement = EvenementFactory(titre="Balise", capacite=2)
    together(4, lambda number: places.register(evenement, demande("seule")))
    assert evenement.inscriptions.count() == 1
    held = places.confirm(places.register(evenement, demande("second")))
    for name in ("un", "deux", "trois"):
        places.confirm(places.register(evenement, demande(name)))
    together(4, lambda number: places.cancel(held))
    assert list(evenement.inscriptions.filter(statut=S.PROPOSEE).values_list("courriel", flat=True)) == [
        "un@exemple.bzh"
    ]
    together(4, lambda number: attribution.put_in_order(evenement))
    assert evenement.inscriptions.in_seats().count() == 2


@THREADS
@pytest.mark.django_db(transaction=True)
def test_a_sheet_sent_while_another_is_confirmed_deletes_neither_the_confirmed_one_nor_its_mails():
    champs = {"nom": "Soazig Kerimaginaire", "courriel": "soazig@exemple.bzh"}
    parcours.deposit(champs, [], accord=False)
    row, saved = Exploration.objects.get(), Event()

    def act(number):
        if number:
            saved.wait(5)
            return parcours.deposit(champs, [], accord=False)
        with transaction.atomic():
            parcours.confirm(row)
            saved.set()
            sleep(0.5)  # the other one waits for what is not committed yet

    together(2, act)
    assert Exploration.objects.get().statut == Exploration.Statut.PARTICIPE
    together(4, lambda number: parcours.confirm(row))
    assert Exploration.objects.get() == row


def address(tmp_path):
    """Where other processes find this very database; of one in memory, a copy in a file."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM INTO '{tmp_path}/places.sqlite3'")
        return f"sqlite:///{tmp_path}/places.sqlite3"
    at = connection.settings_dict
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_processes_that_want_the_same_seats_never_get_more_than_there_are(tmp_path):
    evenement = EvenementFactory(titre="Balise", capacite=5, dans=20)
    url = address(tmp_path)
    with ProcessPoolExecutor(3, get_context("spawn"), start, (url,)) as pool:
        jobs = [pool.submit(want_seats, evenement.pk, process, 8, process) for process in range(3)]
        for _, errors, over in [job.result() for job in jobs]:
            assert not errors
            assert not over
        held, capacite, waiting = pool.submit(state, evenement.pk).result()
    assert held <= capacite
    assert held == capacite or not waiting
