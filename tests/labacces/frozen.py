"""Servers of a test that are stopped as a frozen machine is: the kernel still answers for them (SIGSTOP)."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.courrier.conftest import free_port

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


class Serveur:
    def __init__(self, process: subprocess.Popen, port: int):
        self.process, self.port = process, port

    def _all(self, signum: int) -> None:
        """Signal the process and those that it made, whatever their groups."""
        found, left = [], [self.process.pid]
        while left:
            pid = left.pop()
            found.append(pid)
            with suppress(FileNotFoundError, ProcessLookupError):  # one that answered, and ended meanwhile
                for task in Path(f"/proc/{pid}/task").iterdir():
                    left += map(int, (task / "children").read_text().split())
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signum)

    def freeze(self) -> None:
        self._all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._all(signal.SIGCONT)

    def end(self, signum: int) -> None:
        self.thaw()
        self.process.send_signal(signum)
        self.process.wait(60)


@contextmanager
def postgres():
    """A PostgreSQL of its own, under a folder that goes with it; root cannot run one, `postgres` can."""
    home = Path(tempfile.mkdtemp(prefix="labacces-pg-"))
    account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    own = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    if account:
        os.chown(home, account.pw_uid, account.pw_gid)
    port, data = free_port(), home / "data"
    init = [PROGRAMS[-1] / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    subprocess.run(init, check=True, capture_output=True, cwd=home, **own)
    said = ["-c", "listen_addresses=127.0.0.1", "-c", f"port={port}", "-c", "fsync=off", "-k", home]
    command = [PROGRAMS[-1] / "postgres", "-D", data, *said]
    server = Serveur(subprocess.Popen(command, cwd=home, stderr=subprocess.DEVNULL, **own), port)
    try:
        ready = [PROGRAMS[-1] / "pg_isready", "-h", "127.0.0.1", "-p", str(port)]
        while subprocess.run(ready, capture_output=True, check=False).returncode:
            assert server.process.poll() is None
        yield server
    finally:
        server.end(signal.SIGINT)
        shutil.rmtree(home)


@contextmanager
def redis():
    port = free_port()
    command = ["redis-server", "--port", str(port), "--save", "", "--bind", "127.0.0.1"]
    server = Serveur(subprocess.Popen(command, cwd="/tmp", stdout=subprocess.DEVNULL), port)
    try:
        yield server
    finally:
        server.end(signal.SIGTERM)
