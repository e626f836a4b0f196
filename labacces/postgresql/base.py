"""Connections that give up a silent server, and limit readers' queries.

The kernel of a stopped server (SIGSTOP, a frozen virtual machine) still acknowledges packets: no timeout of TCP or
PostgreSQL notices. So a connection counts for itself, for each query (a long file makes many):

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
LENTE = 30.0  # seconds: ten times the cost of the slowest page
# Asks whether the server has TLS. Servers answer before any login, and log nothing.
IS_THERE = struct.pack("!ii", 8, 80877103)


class ConnexionBornee(psycopg.Connection):
    """`muette`: it gave up a silent server; `lente`: a reader's query was cancelled."""

    muette = lente = False

    def wait(self, gen, *args, **kwargs):
        return super().wait(self._bounded(gen), *args, **kwargs)

    def _bounded(self, gen: Generator) -> Generator:
        """Runs `gen` with the time limits. psycopg resumes it with 0 ten times a second while it waits."""
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
        """Whether the server answers another connection within a second."""
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
    # Django connects with this module; the rest of it is psycopg's.
    Database = SimpleNamespace(**vars(psycopg) | {"connect": ConnexionBornee.connect})

    def is_usable(self):
        """Django's test, except that a silent server is asked for no new connection."""
        held = self.connection
        known = held.muette
        if super().is_usable():
            return True
        if held.muette and not known:
            self.close()
            raise utils.OperationalError("The server does not answer.")
        return False
