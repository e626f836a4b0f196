"""Serves the wiki, its API and its files: `python -m tests.reprise.yeswiki.serveur PORT`."""

import os
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import unquote


class _Quiet(ThreadingHTTPServer):
    """Ignores clients that hang up."""

    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


def saying(answers: dict[str, bytes]) -> Callable:
    """The function that `answering` takes, from answers by path after the root (`ecriture.reponses`)."""

    def answer(path, tries):
        data = answers.get(path, answers.get(f"?{path}"))
        if data is None:
            return 404, {"Content-Type": "text/html; charset=UTF-8"}, b"<!doctype html><title>YesWiki</title>"
        kind = "application/octet-stream" if path.startswith("files/") else "application/json"
        return 200, {"Content-Type": kind}, data

    return answer


@contextmanager
def answering(answer: Callable, port: int = 0):
    """A site with given answers, at an address of this machine.

    `answer(path after the root, how often it was asked)` → (status, headers, bytes or an iterable of them), or None to
    hang up. The site has a `root`, and remembers `asked`, `headers` and how many bytes were `sent`.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            path = unquote(self.path).removeprefix("/")
            server.asked.append(path)
            server.headers.append(self.headers)
            tries[path] += 1
            said = answer(path, tries[path])
            if said is None:
                return
            status, headers, body = said
            self.send_response(status)
            known = {"Content-Length": str(len(body))} if isinstance(body, bytes) else {}
            for name, value in (known | headers).items():
                self.send_header(name, value.encode().decode("latin-1"))
            self.end_headers()
            for part in [body] if isinstance(body, bytes) else body:
                self.wfile.write(part)
                server.sent += len(part)

        def log_message(self, *args):
            """Keeps tests quiet."""

    tries = Counter()
    server = _Quiet(("127.0.0.1", port), Handler)
    server.root = f"http://127.0.0.1:{server.server_port}/"
    server.asked, server.headers, server.sent = [], [], 0
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from tests.reprise.yeswiki.ecriture import reponses
    from tests.reprise.yeswiki.site import fabriquer

    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8090
    answers = reponses(fabriquer())
    sys.stderr.write(f"http://127.0.0.1:{port}/?api/entries, {len(answers)} réponses (Ctrl+C pour arrêter)\n")
    with answering(saying(answers), port):
        Event().wait()


if __name__ == "__main__":
    main()
