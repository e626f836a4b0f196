"""What the scripts that kill processes share: their databases, and a mail server that tells what it sees.

    python bench/kill_….py [--kills N] [--seed 1] DATABASE_URL…

Each DATABASE_URL names a new throw-away database: `sqlite:////tmp/kill.sqlite3` or `postgres://…/kill`.
"""

import argparse
import asyncio
import os
import queue
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, contextmanager
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.controller import Controller

ROOT = Path(__file__).resolve().parent.parent
STAGES = ("MAIL", "RCPT", "DATA", "taken")
# A process whose clock is some hours off: its first argument says how many.
CLOCK = """
import sys
from datetime import timedelta
from django.utils import timezone
real, off = timezone.now, timedelta(hours=float(sys.argv.pop(1)))
timezone.now = lambda: real() + off
"""
COMMAND = f"{CLOCK}from django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)"


def environment(url, **others):
    return os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "labacces.settings",
        "SECRET_KEY": "banc-d-essai-sans-valeur-ailleurs",
        "PYTHONPATH": str(ROOT),
        **others,
    }


def create_database(url):
    """SystemExit if there is one already."""
    if url.startswith("sqlite"):
        if Path(url.removeprefix("sqlite:///")).exists():
            sys.exit(f"{url}: this file exists, name another one")
    else:
        import psycopg

        server, _, name = url.rpartition("/")
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))


class Taker:
    """A slow mail server that takes every mail, and tells at once what it sees."""

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
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        self.events.put("taken")
        return "250 OK"

    @property
    def counts(self) -> Counter:
        """{Message-ID: how often that mail was taken}."""
        return Counter(mail["Message-ID"] for mail in self.taken)

    @contextmanager
    def served(self):
        """Yields its port while it answers."""
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = found.getsockname()[1]
        controller = Controller(self, hostname="127.0.0.1", port=port)
        controller.start()
        try:
            yield port
        finally:
            controller.stop()


class Site:
    """The site on the database at `url`, as its operator sees it.

    `hours`: how far the clock of its commands is off.
    """

    def __init__(self, url, port):
        self.url, self.vendor, self.hours = url, url.split("://")[0], 0
        self.environment = environment(url, EMAIL_URL=f"smtp://127.0.0.1:{port}/?timeout=5")
        create_database(url)

    def start(self, code, *arguments):
        command = [sys.executable, "-c", code, *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, env=self.environment, cwd=ROOT, **pipes)

    def manage(self, *arguments):
        return self.start(COMMAND, str(self.hours), *arguments)

    def both(self, *arguments):
        """Runs a command twice at once, to the end."""
        return [ended(process).strip() for process in [self.manage(*arguments) for _ in range(2)]]

    def sql(self, text):
        if self.url.startswith("sqlite"):
            import sqlite3

            path = self.url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as connection:
                found = connection.execute(text)
                return found.fetchall() if found.description else found.rowcount
        import psycopg

        with psycopg.connect(self.url) as connection:
            found = connection.execute(text)
            return found.fetchall() if found.description else found.rowcount

    def mails(self, where="1 = 1"):
        return self.sql(f"SELECT COUNT(*) FROM courrier_courriel WHERE {where}")[0][0]

    def in_hand(self):
        """The mails that a dead sender held."""
        return [one for (one,) in self.sql("SELECT message_id FROM courrier_courriel WHERE etat = 'en-cours'")]

    def kill_sender(self, taker, most, rng):
        """Starts a sender and kills it after `most` mails at most, at any stage of one."""
        while not taker.events.empty():
            taker.events.get_nowait()
        stage, left = rng.choice(STAGES), rng.randint(1, most)
        process = self.manage("envoyer_courriels")
        while left and process.poll() is None:
            try:
                left -= taker.events.get(timeout=0.1) == stage
            except queue.Empty:
                continue
        time.sleep(rng.choice((0, rng.uniform(0, 0.012))))
        alive = killed(process)
        time.sleep(0.02)  # the server still takes a few of its commands
        return alive


def killed(process) -> bool:
    """Kills it; returns whether it was still working."""
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return alive


def ended(process, code=0) -> str:
    """Returns the output of a process that must end with this code."""
    out, err = process.communicate()
    if process.returncode != code:
        raise RuntimeError(f"{process.args}: {process.returncode}\n{err}")
    return out


def main(trial, kills, about):
    """Plays `trial(url, kills, seed)` on each database; it returns the broken promises, in words."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("urls", nargs="+", metavar="DATABASE_URL")
    parser.add_argument("--kills", type=int, default=kills)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    broken = [line for url in options.urls for line in trial(url, options.kills, options.seed)]
    print("\n".join([*broken, f"{len(broken)} broken"]))
    sys.exit(bool(broken))
