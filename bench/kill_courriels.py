"""Kill the sender of mails at random moments, on throw-away databases: how many mails are lost, sent early, sent twice?

    python bench/kill_courriels.py [--kills 50] [--seed 1] DATABASE_URL…

Each DATABASE_URL names a throw-away database that does not exist yet: `sqlite:////tmp/courriels.sqlite3` or
`postgres://…/courriels`. Mails are put into the outbox, some by a process that dies before it commits; a mail server
on this machine takes them from `manage.py envoyer_courriels`, which is killed as a command comes in, as a mail is
taken, or as it has been told so; a last one runs to its end, two at once.
"""

import argparse
import asyncio
import os
import queue
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.controller import Controller

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
A_KILL = 6  # mails sent before a kill, at most
STAGES = ("MAIL", "RCPT", "DATA", "taken")
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


class Taker:
    """Takes every mail, a little slowly, and tells what it sees as it sees it."""

    def __init__(self):
        self.events, self.taken = queue.Queue(), []

    async def _see(self, stage):
        self.events.put(stage)
        await asyncio.sleep(0.005)

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        await self._see("MAIL")
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        await self._see("RCPT")
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await self._see("DATA")
        self.taken.append(message_from_bytes(envelope.content)["Message-ID"])
        self.events.put("taken")
        return "250 OK"


class Outbox:
    """The database at `url`, as the operator sees it: nothing of the code under test."""

    def __init__(self, url, port):
        self.url = url
        self.environment = os.environ | {
            "DATABASE_URL": url,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}/?timeout=5",
            "DJANGO_SETTINGS_MODULE": "labacces.settings",
            "SECRET_KEY": "banc-d-essai-sans-valeur-ailleurs",
            "PYTHONPATH": str(ROOT),
        }

    def start(self, *arguments):
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen([sys.executable, *arguments], env=self.environment, cwd=ROOT, **pipes)

    def run(self, *arguments, code=0):
        process = self.start(*arguments)
        out, err = process.communicate()
        if process.returncode != code:
            raise RuntimeError(f"{arguments}: {process.returncode}\n{err}")
        return out

    def sql(self, text):
        if self.url.startswith("sqlite"):
            import sqlite3

            with sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=20) as connection:
                found = connection.execute(text)
                return found.fetchall() if found.description else found.rowcount
        import psycopg

        with psycopg.connect(self.url) as connection:
            found = connection.execute(text)
            return found.fetchall() if found.description else found.rowcount

    def create(self):
        """An empty database. SystemExit if there is one already."""
        if self.url.startswith("sqlite"):
            if Path(self.url.removeprefix("sqlite:///")).exists():
                sys.exit(f"{self.url}: this file exists, name another one")
        else:
            import psycopg

            server, _, name = self.url.rpartition("/")
            with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
                connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))

    def end_leases(self):
        """As if ten minutes had gone by; the mails that a dead sender held."""
        held = self.sql("SELECT message_id FROM courrier_courriel WHERE etat = 'en-cours'")
        self.sql("UPDATE courrier_courriel SET prochain_essai = cree_le WHERE etat = 'en-cours'")
        return [one for (one,) in held]


def killed(outbox, taker, rng):
    """Start a sender and kill it at a random moment: after a random number of mails, at a random stage of one."""
    while not taker.events.empty():
        taker.events.get_nowait()
    stage, left = rng.choice(STAGES), rng.randint(1, A_KILL)
    process = outbox.start("manage.py", "envoyer_courriels")
    while left and process.poll() is None:
        try:
            left -= taker.events.get(timeout=0.1) == stage
        except queue.Empty:
            continue
    time.sleep(rng.choice((0, rng.uniform(0, 0.012))))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    time.sleep(0.02)  # what the server still takes of it


def trial(url, kills, seed, report=print):
    """Kill a sender `kills` times; the broken promises, in words. `report` gets one line a kill, and the figures."""
    taker = Taker()
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    controller = Controller(taker, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        return _trial(Outbox(url, port), taker, kills, random.Random(seed), report)
    finally:
        controller.stop()


def _trial(outbox, taker, kills, rng, report):
    outbox.create()
    number = kills * (A_KILL + 2) + 10
    never = outbox.run("-c", DEPOSIT, str(number), code=-signal.SIGKILL).split()
    broken, held = [], Counter()
    for kill in range(kills):
        killed(outbox, taker, rng)
        in_hand = outbox.end_leases()
        held.update(in_hand)
        if len(in_hand) > 1:
            broken.append(f"kill {kill}: {len(in_hand)} mails were in hand")
    left = outbox.sql("SELECT COUNT(*) FROM courrier_courriel WHERE etat <> 'envoye'")[0][0]
    already = len(taker.taken)
    both = [outbox.start("manage.py", "envoyer_courriels") for _ in range(2)]
    shares = [process.communicate()[0].strip() for process in both]
    if len(taker.taken) - already != left:
        broken.append(f"two at once sent {len(taker.taken) - already} mails for {left} that were left")
    rows = dict(outbox.sql("SELECT message_id, etat FROM courrier_courriel"))
    counts = Counter(taker.taken)
    lost = [one for one in rows if one not in counts]
    broken += [f"lost: {one}" for one in lost]
    broken += [f"sent before it was committed: {one}" for one in never if one in counts or one in rows]
    # Once, and once more for each kill that it was in hand at.
    broken += [f"sent {count} times: {one}" for one, count in counts.items() if count > 1 + held[one]]
    broken += [f"left {etat}: {one}" for one, etat in rows.items() if etat != "envoye"]
    if len(rows) != number:
        broken.append(f"{len(rows)} mails of {number}")
    report(
        f"{outbox.url.split('://')[0]}: {number} mails, {kills} kills ({held.total()} with a mail in hand), "
        f"{len(lost)} lost, {len(taker.taken) - len(counts)} copies, "
        f"{sum(one in counts for one in never)} of 3 uncommitted sent; last two: {shares}"
    )
    return broken


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("urls", nargs="+", metavar="DATABASE_URL")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    broken = [line for url in options.urls for line in trial(url, options.kills, options.seed)]
    print("\n".join([*broken, f"{len(broken)} broken"]))
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
