"""Several people act at the same moment: the last seats, the sheet of one address."""

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from threading import Event
from time import sleep

import pytest
from django.db import connection, transaction

from bench.places import start, state, want_seats
from participants.explorations import parcours
from participants.explorations.models import Exploration
from participants.inscriptions import attribution, places
from participants.inscriptions.models import Inscription
from tests.factories.participants import EvenementFactory, demande
from tests.together import THREADS, together

S = Inscription.Statut


@THREADS
@pytest.mark.django_db(transaction=True)
def test_the_last_seats_go_to_as_many_people_and_the_others_wait():
    evenement = EvenementFactory(titre="Balise", capacite=3)

    def want(number):
        return places.confirm(places.register(evenement, demande(f"p{number}")))

    rows = together(*(partial(want, number) for number in range(8)))
    assert sorted(row.statut for row in rows) == [S.EN_ATTENTE] * 5 + [S.INSCRITE] * 3


@THREADS
@pytest.mark.django_db(transaction=True)
def test_seats_are_held_for_as_many_unconfirmed_as_may_be_and_clicks_take_the_others():
    evenement = EvenementFactory(titre="Balise", capacite=6)
    rows = together(*(partial(places.register, evenement, demande(f"p{number}")) for number in range(8)))
    assert sorted(row.statut for row in rows) == [S.A_CONFIRMER] * 2 + [S.EN_ATTENTE] * 6
    confirmed = together(*(partial(places.confirm, row) for row in rows))
    assert sorted(row.statut for row in confirmed) == [S.EN_ATTENTE] * 2 + [S.INSCRITE] * 6
    held = {row.pk for row in rows if row.statut == S.A_CONFIRMER}
    assert held < {row.pk for row in confirmed if row.statut == S.INSCRITE}
    assert evenement.inscriptions.in_seats().count() == 6


@THREADS
@pytest.mark.django_db(transaction=True)
def test_the_same_person_at_once_is_one_registration_and_one_freed_seat_is_one_offer():
    evenement = EvenementFactory(titre="Balise", capacite=2)
    together(*[lambda: places.register(evenement, demande("seule"))] * 4)
    assert evenement.inscriptions.count() == 1
    held = places.confirm(places.register(evenement, demande("second")))
    for name in ("un", "deux", "trois"):
        places.confirm(places.register(evenement, demande(name)))
    together(*[lambda: places.cancel(held)] * 4)
    assert list(evenement.inscriptions.filter(statut=S.PROPOSEE).values_list("courriel", flat=True)) == [
        "un@exemple.bzh"
    ]
    together(*[lambda: attribution.put_in_order(evenement)] * 4)
    assert evenement.inscriptions.in_seats().count() == 2


@THREADS
@pytest.mark.django_db(transaction=True)
def test_a_sheet_sent_while_another_is_confirmed_deletes_neither_the_confirmed_one_nor_its_mails():
    champs = {"nom": "Soazig Kerimaginaire", "courriel": "soazig@exemple.bzh"}
    parcours.deposit(champs, [], accord=False)
    row, saved = Exploration.objects.get(), Event()

    def send_again():
        saved.wait(60)
        parcours.deposit(champs, [], accord=False)

    def confirm():
        with transaction.atomic():
            parcours.confirm(row)
            saved.set()
            sleep(0.5)  # the other one waits for what is not committed yet

    together(confirm, send_again)
    assert Exploration.objects.get().statut == Exploration.Statut.PARTICIPE
    together(*[lambda: parcours.confirm(row)] * 4)
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
