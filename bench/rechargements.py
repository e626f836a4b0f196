"""Clients keep connections while processes are replaced, or die: what became of each request and each write.

    python bench/rechargements.py https://labacces.example.org --pid PID       # HUP to gunicorn, five times
    python bench/rechargements.py https://labacces.example.org --secondes 60 --ecrivains 4 --base postgres://…

One request in ten is an empty form. `--ecrivains` send good messages to the team, which must not be real; with
`--base`, each acknowledged message must be in that database. Certificates are not verified.
"""

import argparse
import http.client
import os
import re
import signal
import ssl
import sys
import threading
import time
from collections import Counter
from urllib.parse import urlencode, urlsplit

import psycopg

PAGES = ("/", "/projets/", "/projets/?q=logement", "/glossaire/", "/recherche/?q=rsa", "/sante/vivant/")
FORM = "/contacter/"
KEY = re.compile(r'name="cle" value="([^"]+)"')


class Client:
    def __init__(self, site: str, number: int):
        self.site = urlsplit(site)
        # Each from its own part of the network, if the server is on the loopback: the site bounds what one part sends.
        self.source = (
            (f"127.{1 + number // 200}.{1 + number % 200}.1", 0) if self.site.hostname.endswith("org") else None
        )
        self.connection = None

    def ask(self, path: str, data: dict | None = None) -> tuple[int, str]:
        if self.connection is None:
            options = {"timeout": 90, "source_address": self.source}
            if self.site.scheme == "https":
                options["context"] = ssl._create_unverified_context()
            secure = self.site.scheme == "https"
            kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            self.connection = kind(self.site.hostname, self.site.port, **options)
        body, headers = None, {}
        if data is not None:
            body = urlencode(data)
            origin = f"{self.site.scheme}://{self.site.netloc}"
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": origin, "Referer": origin + path}
        try:
            self.connection.request("GET" if data is None else "POST", path, body, headers)
            answer = self.connection.getresponse()
            return answer.status, answer.read().decode()
        except BaseException:
            self.connection.close()
            self.connection = None
            raise


class Run:
    def __init__(self, args):
        self.args, self.lock = args, threading.Lock()
        self.left = args.demandes
        self.until = time.monotonic() + args.secondes if args.secondes else None
        self.seen, self.slowest, self.acknowledged = Counter(), 0.0, []

    def goes_on(self) -> bool:
        with self.lock:
            self.left -= 1
            return time.monotonic() < self.until if self.until else self.left >= 0

    def ask(self, client, path, data=None) -> tuple[int, str]:
        began = time.monotonic()
        try:
            status, text = client.ask(path, data)
        except (OSError, http.client.HTTPException) as error:
            status, text = 0, ""
            self.note(f"{'GET' if data is None else 'POST'} {type(error).__name__}", began)
        else:
            self.note(f"{'GET' if data is None else 'POST'} {status}", began)
        return status, text

    def note(self, what, began):
        with self.lock:
            self.seen[what] += 1
            self.slowest = max(self.slowest, time.monotonic() - began)

    def read(self, number):
        client, turn = Client(self.args.site, number), number
        while self.goes_on():
            turn += 1
            if turn % 10 == 0:
                self.ask(client, FORM, {"nom": ""})
            else:
                self.ask(client, PAGES[turn % len(PAGES)])

    def write(self, number):
        turn = 0
        while self.until and time.monotonic() < self.until:
            turn += 1
            client = Client(self.args.site, 1000 + number * 100 + turn // 15)
            status, page = self.ask(client, FORM)
            time.sleep(3.5)  # the form says that nobody types faster
            if status != 200:
                continue
            text = f"Essai de panne {os.getpid()}, {number}, {turn}"
            said = {"nom": "Nolwenn", "courriel": "nolwenn@exemple.bzh", "texte": text, "consentement": "on"}
            status, _ = self.ask(client, FORM, said | {"cle": KEY.search(page)[1]})
            if status == 302:
                self.acknowledged.append(text)

    def reload(self):
        for _ in range(self.args.rechargements):
            time.sleep(self.args.pause)
            os.kill(self.args.pid, signal.SIGHUP)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site")
    parser.add_argument("--demandes", type=int, default=10_000)
    parser.add_argument("--secondes", type=int, default=0)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--ecrivains", type=int, default=0)
    parser.add_argument("--base", help="where acknowledged messages must be")
    parser.add_argument("--pid", type=int, help="of gunicorn")
    parser.add_argument("--rechargements", type=int, default=5)
    parser.add_argument("--pause", type=float, default=12, help="seconds before each")
    args = parser.parse_args()
    run, began = Run(args), time.monotonic()
    threads = [threading.Thread(target=run.read, args=(number,)) for number in range(args.clients)]
    threads += [threading.Thread(target=run.write, args=(number,)) for number in range(args.ecrivains)]
    threads += [threading.Thread(target=run.reload)] if args.pid else []
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{run.seen.total()} requests in {time.monotonic() - began:.0f} s, slowest {run.slowest:.1f} s")
    for what, count in sorted(run.seen.items()):
        print(f"  {what}: {count}")
    lost = []
    if args.base:
        with psycopg.connect(args.base) as base:
            kept = {text for (text,) in base.execute("SELECT texte FROM contacter_message")}
        lost = [text for text in run.acknowledged if text not in kept]
        print(f"{len(run.acknowledged)} writes acknowledged, {len(lost)} lost")
    # 429: the site bounds the forms of one network. 503 says that it will pass; a reload gives none.
    good = {"200", "302", "429"} | (set() if args.pid else {"503"})
    sys.exit(bool(lost) or any(what.split()[1] not in good for what in run.seen))


if __name__ == "__main__":
    main()
