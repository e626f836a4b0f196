"""How gunicorn serves the site: `gunicorn --config deploy/gunicorn.conf.py`. Under systemd, it takes systemd's
socket.
"""

import contextlib
import io
import logging
import os
import runpy
import signal
import socket
import sys
import time
from pathlib import Path

from dotenv import dotenv_values

wsgi_app = "labacces.wsgi"
bind = os.environ.get("ECOUTE", "127.0.0.1:8000")
processus = os.environ.get("PROCESSUS", "3")  # about twice the cores, less one
if not processus.isdecimal() or int(processus) < 1:
    sys.exit(f"PROCESSUS vaut « {processus} » : écrivez un nombre entier, 1 au moins.")
workers = int(processus)
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 30  # a reload lets answers end
worker_tmp_dir = "/dev/shm"  # noqa: S108 — where workers show that they live: on a busy disk they would seem dead
limit_request_line = 8190  # nginx refuses longer ones, in French: `large_client_header_buffers`
limit_request_field_size = 32_768  # all that nginx lets pass: it joins the pieces of HTTP/2 cookies
accesslog = None  # it would hold the secret links of mails
# Gunicorn writes its own lines as the site does, in its time zone. JOURNAL is read in the environment or in .env,
# without the code of the site.
HERE = Path(__file__).resolve().parents[1]
written = (HERE / ".env").read_text(errors="replace") if os.access(HERE / ".env", os.R_OK) else ""
journal = os.environ.get("JOURNAL") or dotenv_values(stream=io.StringIO(written)).get("JOURNAL")
os.environ.setdefault("TZ", "Europe/Paris")
time.tzset()
logconfig_dict = {
    "formatters": runpy.run_path(str(HERE / "labacces" / "log_format.py"))["FORMATS"],
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json" if journal == "json" else "texte"}},
    "root": {"level": "INFO", "handlers": ["console"]},
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True}},
}
control_socket_disable = True  # nobody asks it, and the site may not write its folder

# On a reload, each old process works until a new one has loaded the site; gunicorn would end them at once, and requests
# would wait.
OLD = []


def on_reload(server):
    OLD[:] = server.WORKERS
    server.num_workers = workers + len(OLD)


def read_templates():
    """Reads all of them for good: while the code changes, an old process would take up a new page."""
    from django.template import TemplateSyntaxError, engines  # the site is loaded by now

    engine = engines["django"].engine
    for loader in engine.template_loaders[0].loaders:
        for folder in loader.get_dirs():
            for path in filter(Path.is_file, Path(folder).rglob("*.*")):
                with contextlib.suppress(TemplateSyntaxError):  # of a library, for another that is not installed
                    engine.get_template(str(path.relative_to(folder)))


def post_worker_init(worker):
    """Runs in the new process once it is ready: it replaces its share of the old ones."""
    logging.getLogger("gunicorn.error").handlers.clear()  # the site's own handlers write its lines, without persons
    read_templates()
    for pid in OLD[worker.age % workers :: workers]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


def child_exit(server, worker):
    if worker.pid in OLD:
        OLD.remove(worker.pid)
        server.num_workers -= 1


# If the site refuses a body unread and closes, nginx is cut off while it sends and says 503 in place of the refusal. So
# what still comes after an answer is thrown away until nginx closes. Gunicorn does so up to 64 kB only.
THROWN, PATIENCE = 12_000_000, 2.0  # bytes, seconds: for a client that does not close


def post_request(worker, request, environ, response):
    if response is None or not (response.headers_sent and response.should_close()):
        return
    link, thrown, until = environ["gunicorn.socket"], 0, time.monotonic() + PATIENCE
    with contextlib.suppress(OSError):  # gone, or too slow
        link.shutdown(socket.SHUT_WR)
        while thrown < THROWN and (left := until - time.monotonic()) > 0:
            link.settimeout(left)
            if not (piece := link.recv(65_536)):
                break
            thrown += len(piece)
