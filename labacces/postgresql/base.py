"""Connections that give up a server without answer, and limit the time of readers' queries.

The kernel of a stopped server (SIGSTOP, a frozen virtual machine) still acknowledges packets, so no timeout of TCP or
PostgreSQL notices. These connections count for themselves, for each query:

- After a second without an answer, a second connection asks whether the server is there. If that one gets no answer
  within a second, the first is given up: two seconds in all. If it does, the next test comes after two seconds, four,
  eight… So a living server is never cut off, and a frozen one holds no thread.
- A reader's query is cancelled after `LENTE` seconds. Commands, tasks, the team and writes have no such limit
  (`LECTURE`, set by labacces/lecture.py).

A long file of many blocks makes many short queries: it is never cut.
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
# A client's question whether the server has TLS. Servers answer it before any login, and do not log it.
IS_THERE = struct.pack("!ii", 8, 80877103)


class ConnexionBornee(psycopg.Connection):
    """Gives up a server that does not answer. `muette`: it gave up; `lente`: a reader's query was cancelled."""

    muette = lente = False

    def wait(self, gen, *args, **kwargs):
        return super().wait(self._bounded(gen), *args, **kwargs)

    def _bounded(self, gen: Generator) -> Generator:
        """Runs `gen` with the time limits. psycopg resumes it ten times a second with 0 while it waits."""
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
        """As Django's, but a silent server is not asked for a new connection."""
        held = self.connection
        known = held.muette
        if super().is_usable():
            return True
        if held.muette and not known:
            self.close()
            raise utils.OperationalError("The server does not answer.")
        return False
