"""Eighteen visitors send the files that cost most, at once: how long does anybody else wait for a page meanwhile?

    python bench/envois_lourds.py [--envois 18]

The site is served as it is deployed (`deploy/gunicorn.conf.py`), on a throw-away SQLite with the demo data. Each post
is a correction with nothing wrong in it, so that its files are opened, or a spreadsheet that somebody imports. For each
kind of file: how long the posts took, and how long a plain page took, the median and the slowest, while one is
asked each 50 ms; the first line is the page alone. Ends with 1 if a page took a second or more. On a machine that does
nothing else.
"""

import argparse
import http.client
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
from html import unescape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench import bombes
from bench.killing import ROOT, environment
from bench.site.servers import Server, free_port

SECOND, PAGE = 1.0, "/mentions-legales/"
FORM = {"source": "Je tiens le standard.", "nom": "Maëlle", "courriel": "maelle@exemple.bzh", "consentement": "on"}
KINDS = {
    "three PDFs of 1 990 streams": [("a.pdf", lambda: bombes.streams(1_990, 300))] * 3,
    "a PNG of 10 million pixels": [("a.png", lambda: bombes.JOINED["noise of 10 million.png"]())],
    "a JPEG of 50 million pixels": [("a.jpg", lambda: bombes.JOINED["50 million pixels.jpg"]())],
    "a WebP of 8 million pixels": [("a.webp", lambda: bombes.JOINED["8 million pixels.webp"]())],
    "92 000 relations in a document": [
        ("a.docx", lambda: bombes.JOINED["92 000 relations of many words.docx"]()),
    ],
    "zeros of 59 MB in a document": [("a.docx", lambda: bombes.JOINED["zeros of 59 MB.docx"]())],
}
WORKBOOKS = {
    "a workbook, an attribute of 38 MB": lambda: bombes.BOMBS["an attribute of 38 MB"](),
    "a workbook of 350 000 texts": lambda: bombes.BOMBS["350 000 texts"](),
}
PREPARE = """
import django
django.setup()
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from projets.models import Projet
user = get_user_model().objects.create_superuser("banc", "banc@exemple.bzh", "un mot de passe bien long")
client = Client()
client.force_login(user)
print(Projet.objects.published().first().pk, client.cookies["sessionid"].value)
"""


class Site:
    """What one asks of the site: each question on a connection of its own."""

    def __init__(self, port: int, session: str):
        self.port, self.session = port, session

    def ask(self, method: str, path: str, body=b"", kind="", cookie="") -> tuple[int, str, float]:
        began = time.monotonic()
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Host": f"127.0.0.1:{self.port}", "Origin": f"http://127.0.0.1:{self.port}"}
        headers |= {name: value for name, value in {"Content-Type": kind, "Cookie": cookie}.items() if value}
        link.request(method, path, body, headers)
        answer = link.getresponse()
        text = answer.read().decode("utf-8", "replace")
        link.close()
        return answer.status, text, time.monotonic() - began

    def form(self, path: str, cookie="") -> dict[str, str]:
        """The fields of a page that a browser would send back as they are."""
        _, text, _ = self.ask("GET", path, cookie=cookie)
        found = {}
        for tag in re.findall(r"<input[^>]*>", text):
            said = {name: unescape(value) for name, value in re.findall(r'([a-z-]+)="([^"]*)"', tag)}
            if said.get("name") and said.get("type") in ("hidden", "text", None):
                found[said["name"]] = said.get("value", "")
        for name, value in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>([^<]*)', text):
            found[name] = unescape(value)
        return found


def multipart(fields: dict, files: list[tuple[str, str, bytes]]) -> tuple[bytes, str]:
    edge, lines = uuid.uuid4().hex, []
    for name, value in fields.items():
        lines.append(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, file, content in files:
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
        lines.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n")
    return b"".join(lines) + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def pages(site: Site, stop: threading.Event, times: list[float]) -> None:
    while not stop.is_set():
        status, _, took = site.ask("GET", PAGE)
        assert status == 200, status
        times.append(took)
        stop.wait(0.05)


def measure(site: Site, name: str, posts: list) -> float:
    """Send the posts at once; the slowest page meanwhile."""
    answers, times, stop = [], [], threading.Event()
    reader = threading.Thread(target=pages, args=[site, stop, times])
    senders = [threading.Thread(target=lambda post=post: answers.append(site.ask(*post))) for post in posts]
    reader.start()
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    if not posts:
        time.sleep(3)
    stop.set()
    reader.join()
    statuses = sorted({status for status, _, _ in answers})
    slowest = max((took for _, _, took in answers), default=0)
    print(
        f"{name:36} {len(posts):3} posts, slowest {slowest:5.2f} s {statuses}; "
        f"{len(times):4} pages, median {statistics.median(times):.3f} s, slowest {max(times):.3f} s",
        flush=True,
    )
    return max(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--envois", type=int, default=18)
    number = parser.parse_args().envois
    with tempfile.TemporaryDirectory() as folder:
        base, port = Path(folder) / "base.sqlite3", free_port()
        env = environment(f"sqlite:///{base}") | {
            **{"DJANGO_SETTINGS_MODULE": "labacces.settings", "DEBUG": "oui", "HTTPS": "non", "SECOND_FACTEUR": "non"},
            **{"MEDIA_ROOT": f"{folder}/media", "SAUVEGARDES": f"{folder}/copies", "EFFACEMENTS": f"{folder}/e.txt"},
            **{"SITE_URL": f"http://127.0.0.1:{port}", "ECOUTE": f"127.0.0.1:{port}", "PYTHONPATH": str(ROOT)},
        }
        for command in (["migrate", "--verbosity", "0"], ["charger_referentiels"], ["charger_demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True, capture_output=True)
        prepare = [sys.executable, "-c", PREPARE]
        pk, session = subprocess.check_output(prepare, cwd=ROOT, env=env, text=True).split()[-2:]
        command = [Path(sys.executable).parent / "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        with Server(command, port, env | dict(os.environ, **env), Path(folder) / "journal") as server:
            site = Site(port, session)
            site.ask("GET", PAGE)
            worst = measure(site, "nobody else", [])
            print(f"memory of its processes: {sum(map(peak, server.working())):.0f} MB")
            for name, files in KINDS.items():
                contents = [(file, make()) for file, make in files]
                path, posts = f"/contribuer/correction/{pk}/", []
                for rank in range(number):
                    fields = site.form(path) | FORM | {"champ_titre": f"Un titre {rank}"}
                    joined = [("fichiers", file, content) for file, content in contents]
                    posts.append(("POST", path, *multipart(fields, joined)))
                time.sleep(4)  # no hand is as fast as a form forbids
                worst = max(worst, measure(site, name, posts))
                with sqlite3.connect(base, timeout=30) as link:  # another day
                    link.execute("DELETE FROM formulaires_comptage")
            path, cookie = "/admin/ressources/ressource/importer/", f"sessionid={session}"
            for name, make in WORKBOOKS.items():
                _, text, _ = site.ask("GET", path, cookie=cookie)
                token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', text)[1]
                post = multipart({"csrfmiddlewaretoken": token}, [("fichier", "liste.xlsx", make())])
                posts = [("POST", path, *post, f"{cookie}; csrftoken={urllib.parse.quote(token)}")] * number
                worst = max(worst, measure(site, name, posts))
            memory = sum(peak(pid) for pid in server.working())
            print(f"memory of its processes at most: {memory:.0f} MB")
    sys.exit(worst >= SECOND)


def peak(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


if __name__ == "__main__":
    main()
