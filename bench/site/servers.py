"""The two servers, and a client that keeps its connection; all on the loopback."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from bench.csv_100k import memory
from bench.kill import ROOT, environment

DATASETTE = "0.65.5"
LIMITS = {
    "sql_time_limit_ms": 120_000,
    "facet_time_limit_ms": 120_000,
    "max_returned_rows": 10_000,
    "max_csv_mb": 0,
    "allow_csv_stream": "on",
    "suggest_facets": "off",
    "cache_size_kb": 200_000,
}
WORKERS = 2
PATIENCE = 60  # seconds that an answer may take


def site_environment(url: str, folder: Path) -> dict[str, str]:
    """As in production, but over http and with its own files."""
    return environment(url) | {
        "DJANGO_SETTINGS_MODULE": "bench.site.settings",
        "DEBUG": "non",
        "HTTPS": "non",
        "SECOND_FACTEUR": "non",
        "MEDIA_ROOT": str(folder / "media"),
        "SAUVEGARDES": str(folder / "sauvegardes"),
        "EFFACEMENTS": str(folder / "effacements.txt"),
    }


def install_datasette(venv: Path) -> Path:
    """Returns its command, in an environment of its own."""
    command = venv / "bin" / "datasette"
    if not command.exists():
        print(f"Installing Datasette {DATASETTE}…", flush=True)
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        pip = [venv / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, f"datasette=={DATASETTE}"], check=True)
    return command


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Server:
    def __init__(self, command: list, port: int, env: dict[str, str], log: Path):
        self.port = port
        with log.open("w") as errors:
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=errors, stderr=errors)
        for _ in range(600):
            if self.process.poll() is not None:
                sys.exit(f"A server ended at once: {log.read_text()[-2000:]}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            time.sleep(0.1)
        sys.exit(f"No server on port {port} after a minute.")

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def working(self) -> list[int]:
        """Processes that answer: its children, or itself."""
        pid = self.process.pid
        return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())) or [pid]

    def processor(self) -> float:
        """ms of processor that they took since their start, to ten ms; without the database server."""
        stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.working()]
        return sum(int(stat[11]) + int(stat[12]) for stat in stats) * 1000 / os.sysconf("SC_CLK_TCK")


def start_site(url: str, folder: Path) -> Server:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "labacces.wsgi", "--workers", str(WORKERS), "--log-level", "error"]
    command += ["--worker-class", "gthread", "--threads", "8", "--keep-alive", "75", "--timeout", "600"]
    return Server([*command, "--bind", f"127.0.0.1:{port}"], port, site_environment(url, folder), folder / "site.log")


def start_datasette(command: Path, base: Path, folder: Path) -> Server:
    port = free_port()
    settings = [word for name, value in LIMITS.items() for word in ("--setting", name, str(value))]
    return Server(
        [command, "serve", base, "--host", "127.0.0.1", "--port", str(port), *settings],
        port,
        {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        folder / "datasette.log",
    )


class Visitor:
    """One visitor without cookies, on one kept connection."""

    def __init__(self, server: Server):
        self.server = server
        self.connection = None

    def get(self, path: str, headers=None) -> tuple[int, http.client.HTTPMessage, bytes, float]:
        """(status, headers, body, ms). TimeoutError after PATIENCE, other OSError and HTTPException if it breaks."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
            self.connection.connect()
        try:
            start = time.perf_counter()
            self.connection.request("GET", path, headers=headers or {})
            response = self.connection.getresponse()
            body = response.read()
            spent = (time.perf_counter() - start) * 1000
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = None
            raise
        return response.status, response.headers, body, spent


def download(server: Server, path: str) -> dict[str, float]:
    """Reads a CSV to its end: rows, seconds, ms to the first byte, MB of the worker above idle at its peak."""
    pids = server.working()
    idle = {pid: memory(pid, "VmRSS") for pid in pids}
    for pid in pids:
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak starts again from here
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    connection.request("GET", path)
    response = connection.getresponse()
    rows = response.read(1).count(b"\r") - 1  # the heading
    first = time.perf_counter() - start
    while block := response.read(1 << 17):
        rows += block.count(b"\r")  # no text holds one
    seconds = time.perf_counter() - start
    connection.close()
    peak = max(memory(pid, "VmHWM") - idle[pid] for pid in pids)
    return {"rows": rows, "seconds": seconds, "first": first * 1000, "peak": peak, "status": response.status}
