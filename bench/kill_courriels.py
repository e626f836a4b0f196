"""Kills the sender of mails at random moments: how many mails are lost, sent early, sent twice?

    python bench/kill_courriels.py [--kills 50] [--seed 1] DATABASE_URL…

Some mails come from a process that dies before its commit. A mail server on this machine takes the mails of `manage.py
envoyer_courriels`, which is killed when a command arrives, when a mail is taken, or when it has been told so. Then two
senders run to their end at once. Databases: bench/killing.py.
"""

import random
import signal
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench.killing import Site, Taker, ended, main

A_KILL = 6  # mails sent before a kill, at most
DEPOSIT = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from django.db import transaction
from socle.courrier.outbox import deposit
call_command("migrate", "courrier", verbosity=0)
for number in range(int(sys.argv[1])):
    deposit("essai", f"awena{number}@exemple.bzh", {}, objet=f"Essai {number}")
with transaction.atomic():
    for number in range(3):
        print(deposit("essai", "jamais@exemple.bzh", {}, objet="Jamais").message_id, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def trial(url, kills, seed, report=print):
    """Returns the broken promises. `report` gets the figures."""
    taker, rng = Taker(), random.Random(seed)
    with taker.served() as port:
        site = Site(url, port)
        number = kills * (A_KILL + 2) + 10
        never = ended(site.start(DEPOSIT, str(number)), -signal.SIGKILL).split()
        broken, held = [], Counter()
        for kill in range(kills):
            site.kill_sender(taker, A_KILL, rng)
            in_hand = site.in_hand()
            held.update(in_hand)
            if len(in_hand) > 1:
                broken.append(f"kill {kill}: {len(in_hand)} mails were in hand")
            site.sql("UPDATE courrier_courriel SET prochain_essai = cree_le WHERE etat = 'en-cours'")  # leases end
        left, already = site.mails("etat <> 'envoye'"), len(taker.taken)
        shares = site.both("envoyer_courriels")
    if len(taker.taken) - already != left:
        broken.append(f"two at once sent {len(taker.taken) - already} mails for {left} that were left")
    rows, counts = dict(site.sql("SELECT message_id, etat FROM courrier_courriel")), taker.counts
    lost = [one for one in rows if one not in counts]
    broken += [f"lost: {one}" for one in lost]
    broken += [f"sent before it was committed: {one}" for one in never if one in counts or one in rows]
    # Once, and once more for each kill that met it in hand.
    broken += [f"sent {count} times: {one}" for one, count in counts.items() if count > 1 + held[one]]
    broken += [f"left {etat}: {one}" for one, etat in rows.items() if etat != "envoye"]
    if len(rows) != number:
        broken.append(f"{len(rows)} mails of {number}")
    report(
        f"{site.vendor}: {number} mails, {kills} kills ({held.total()} with a mail in hand), {len(lost)} lost, "
        f"{len(taker.taken) - len(counts)} copies, {sum(one in counts for one in never)} of 3 uncommitted sent; "
        f"last two: {shares}"
    )
    return broken


if __name__ == "__main__":
    main(trial, 50, __doc__)
