"""Connections that give up a server which does not answer, and on which a reader waits for a bounded time.

The kernel of a server that is stopped (SIGSTOP, a frozen virtual machine) still acknowledges what it is sent, so that
neither TCP nor PostgreSQL's own timeouts tell. So a connection counts by itself:

- after a second without a word, it asks the server, on another connection, whether it is there. Another second without
  an answer, and the connection is given up: two seconds in all. It asks again after two seconds, four, eight…, so that
  nothing is cut that a living server works on, and a post holds no thread for a frozen one;
- a reader's query that a living server has not answered within `LENTE` seconds is cancelled there. Nobody else's is: a
  command, a task, what the team does, what writes (`LECTURE`, set by labacces/middleware.py).

Both are counted for each query, so that a long file of many blocks is never cut.
"""

import socket
import struct
from collections.abc import Generator
from contextlib import suppress
from contextvars import ContextVar
from time import monotonic
from types import SimpleNamespace

import psycopg
from django.db import utils
from django.db.backends.postgresql import base

LECTURE: ContextVar[bool] = ContextVar("whether a reader waits for what is asked", default=False)
SILENCE = 1.0  # seconds
LENTE = 30.0  # seconds: what a page may cost, ten times over
# What a client sends to ask whether the server speaks TLS. It is answered before anybody logs in, and not logged.
IS_THERE = struct.pack("!ii", 8, 80877103)


class ConnexionBornee(psycopg.Connection):
    """Gives up a server that does not answer. `muette`: it did; `lente`: the query of a reader was cancelled."""

    muette = lente = False

    def wait(self, gen, *args, **kwargs):
        return super().wait(self._bounded(gen), *args, **kwargs)

    def _bounded(self, gen: Generator) -> Generator:
        """What `gen` does, until its time is over: psycopg resumes it ten times a second with nothing (0)."""
        begun, ask = monotonic(), SILENCE
        try:
            wanted = next(gen)
            while True:
                if not (ready := (yield wanted)):
                    waited = monotonic() - begun
                    if waited > ask:
                        ask = 2 * waited
                        if not self._is_there():
                            self.muette = True
                            self.pgconn.finish()
                            raise psycopg.OperationalError("The server does not answer.")
                    if waited > LENTE and LECTURE.get():
                        self.lente = True
                        with suppress(psycopg.Error):
                            self.cancel_safe(timeout=SILENCE)
                        self.pgconn.finish()
                        raise psycopg.errors.QueryCanceled("The query took too long for a reader.")
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value

    def _is_there(self) -> bool:
        """Whether the server says a word to somebody else, within a second."""
        host, port = (self.pgconn.hostaddr or self.pgconn.host).decode(), self.pgconn.port.decode()
        local = host.startswith("/")
        try:
            family = socket.AF_UNIX if local else socket.AF_INET6 if ":" in host else socket.AF_INET
            with socket.socket(family) as link:
                link.settimeout(SILENCE)
                link.connect(f"{host}/.s.PGSQL.{port}" if local else (host, int(port)))
                link.sendall(IS_THERE)
                return bool(link.recv(1))
        except OSError:
            return False


class DatabaseWrapper(base.DatabaseWrapper):
    # Django connects by this module; all else of it is psycopg's.
    Database = SimpleNamespace(**vars(psycopg) | {"connect": ConnexionBornee.connect})

    def is_usable(self):
        """As Django has it; a server that does not answer is not asked for another connection."""
        held = self.connection
        known = held.muette
        if super().is_usable():
            return True
        if held.muette and not known:
            self.close()
            raise utils.OperationalError("The server does not answer.")
        return False
