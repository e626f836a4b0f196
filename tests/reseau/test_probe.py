"""Whether a page still answers, asked at addresses that anybody may have written."""

import socket
import time
from contextlib import contextmanager
from threading import Event, Thread
from types import SimpleNamespace

import pytest

from socle.reseau import probe as module
from socle.reseau.probe import Constat
from tests.sampling import mostly_long

# One machine, this one, as an address may be made to look.
ECRITURES = """
127.0.0.1 2130706433 0x7f000001 0x7f.0x0.0x0.0x1 0x7f.1 127.1 127.0.1 017700000001 127.0.0.1. localhost localhost.
LOCALHOST 0 0.0.0.0 [::1] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:0:0:1] [::] 127。0。0。1
localhost%00.exemple.bzh 0177.0.0.1 0177.1 [64:ff9b::127.0.0.1] [2002:7f00:1::] [fe80::1%25lo]
wiki.exemple.bzh@127.0.0.1 wiki.exemple.bzh:80@localhost 127.0.0.1%23@exemple.bzh 127.0.0.1%2f.exemple.bzh ①②⑦.⓪.⓪.①
""".split()  # noqa: SIM905
AGENT = "essai"
PUBLIC = "93.184.215.14"


@contextmanager
def saying(*parts: bytes, pause=0.0):
    """A site on this machine that says the same to all, a part at a time: its `place`, and what it was `asked`."""
    server, stop = socket.create_server(("127.0.0.1", 0)), Event()
    site = SimpleNamespace(place=server.getsockname(), asked=[])

    def serve():
        while not stop.is_set():
            try:
                client, _ = server.accept()
            except OSError:
                return
            with client:
                site.asked.append(client.recv(65536).decode("latin-1"))
                try:
                    for part in parts:
                        client.sendall(part)
                        stop.wait(pause)
                except OSError:
                    pass

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        stop.set()
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


def answer(status: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "Content-Length: 3", "", "Oui"]).encode()


@pytest.fixture
def world(monkeypatch):
    """An Internet of one public address, `site`, and of names: {name: addresses}; who is called is in `called`."""

    class World:
        names = {"exemple.bzh": [PUBLIC]}
        site, called, resolved = None, [], []

        def resolve(self, host, port, **options):
            self.resolved.append(host)
            if host not in self.names:
                raise socket.gaierror(socket.EAI_NONAME, "unknown")
            found = self.names[host]
            if isinstance(found, Exception):
                raise found
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found]

        def connect(self, place, timeout):
            self.called.append(place)
            assert place[0] == PUBLIC, f"{place} was called"
            if isinstance(self.site, Exception):
                raise self.site
            real = socket.socket()
            real.settimeout(timeout)
            real.connect(self.site.place)
            return real

    found = World()
    found.called, found.resolved = [], []
    monkeypatch.setattr(module.socket, "getaddrinfo", found.resolve)
    monkeypatch.setattr(module.socket, "create_connection", found.connect)
    return found


def probe(address="http://exemple.bzh/page"):
    return module.probe(address, agent=AGENT)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("200 OK", Constat(True)),
        ("204 No Content", Constat(True)),
        ("401 Unauthorized", Constat(True)),
        ("403 Forbidden", Constat(True)),
        ("429 Too Many Requests", Constat(True)),
        ("404 Not Found", Constat(False, "cette page n’existe plus (404)")),
        ("410 Gone", Constat(False, "cette page n’existe plus (410)")),
        ("503 Service Unavailable", Constat(False, "ce site est en panne (503)")),
    ],
)
def test_a_page_that_is_gone_is_told_from_one_that_is_refused(world, status, expected):
    with saying(answer(status)) as world.site:
        assert probe("http://exemple.bzh/où ça/?q=à#là") == expected
    [asked] = world.site.asked
    assert asked.startswith("GET /o%C3%B9%20%C3%A7a/?q=%C3%A0 HTTP/1.1\r\nHost: exemple.bzh\r\n")
    assert f"User-Agent: {AGENT}\r\n" in asked


def test_a_site_that_is_no_more_or_does_not_answer_is_dead(world):
    assert probe("http://parti.bzh/") == Constat(False, "ce site n’existe plus", False)
    world.site = ConnectionRefusedError()
    assert probe() == Constat(False, "ce site ne répond pas", False)
    with saying(b"") as world.site:
        assert probe() == Constat(False, "ce site ne répond pas", False)
    with saying(b"SSH-2.0-OpenSSH\r\n") as world.site:
        assert probe() == Constat(False, "ce site ne répond pas")


def test_what_may_be_our_own_network_s_fault_says_nothing_of_the_page(world):
    world.names["exemple.bzh"] = socket.gaierror(socket.EAI_AGAIN, "later")
    assert probe().repond is None
    world.names["exemple.bzh"], world.site = [PUBLIC], OSError(101, "no network")
    assert probe().repond is None


def test_a_certificate_that_cannot_be_checked_says_nothing_of_the_page(world):
    with saying(answer("200 OK")) as world.site:
        assert probe("https://exemple.bzh/") == Constat(None, "son certificat n’a pas pu être vérifié")


# Where it never goes


@mostly_long("host", ECRITURES, one_in=4)
def test_no_spelling_reaches_this_machine(monkeypatch, host):
    """Asked for at once, or by a page that may be asked; names are resolved as this machine does."""
    called = []
    monkeypatch.setattr(module.socket, "create_connection", lambda place, timeout: called.append(place))
    assert probe(f"http://{host}/").repond is not True
    assert called == []


@pytest.mark.parametrize(
    "address",
    [
        *("ftp://exemple.bzh/", "file:///etc/passwd", "gopher://exemple.bzh/", "javascript:alert(1)", "//exemple.bzh/"),
        *("http://", "http:///chemin", "http://[", "http://exemple.bzh:x/", "http://exemple.bzh:99999/"),
        *("http://exemple.bzh:22/", "http://exemple.bzh:6379/", "https://exemple.bzh:80/"),
        *("http://awena@exemple.bzh/", "http://awena:mot@exemple.bzh/", "http://@exemple.bzh/", ""),
        *(f"http://exemple.bzh/{'x' * 2000}", f"http://{'x' * 70}.bzh/", "http://exemple..bzh/", "http://\x00.bzh/"),
    ],
)
def test_what_is_no_plain_address_of_a_page_is_never_asked(world, address):
    assert probe(address).repond is None
    assert world.called == []


@pytest.mark.parametrize(
    "private", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "::ffff:10.0.0.8", "fe80::1%lo"]
)
def test_a_name_that_leads_to_a_private_address_is_never_asked(world, private):
    for ips in ([private], [PUBLIC, private]):
        world.names["exemple.bzh"] = ips
        assert probe() == Constat(None, "son adresse n’est pas publique", None)
    assert world.called == []


def test_a_name_is_resolved_once_and_that_very_address_is_called(world):
    """A name that answers something else each time (rebinding) gains nothing."""
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    world.names = type("Names", (dict,), {"__contains__": lambda *_: True, "__getitem__": lambda *_: next(answers)})()
    with saying(answer("200 OK")) as world.site:
        assert probe() == Constat(True)
    assert world.called == [(PUBLIC, 80)]
    assert world.resolved == ["exemple.bzh"]


@pytest.mark.parametrize(
    "target",
    [
        *(
            "http://interne.bzh/",
            "http://127.0.0.1/",
            "//interne.bzh/",
            "http://exemple.bzh:8080/",
            "file:///etc/passwd",
        ),
        *("http://[::1]/", "ftp://exemple.bzh/", "http://awena@exemple.bzh/"),
    ],
)
def test_no_redirect_leads_to_a_private_address(world, target):
    world.names |= {"interne.bzh": ["192.168.1.1"], "127.0.0.1": ["127.0.0.1"], "::1": ["::1"]}
    with saying(answer("302 Found", f"Location: {target}")) as world.site:
        assert probe() == Constat(None, "son adresse n’est pas publique", None)
    assert world.called == [(PUBLIC, 80)]


def test_redirects_are_followed_and_end(world):
    with saying(answer("301 Moved", "Location: /ailleurs")) as world.site:
        assert probe() == Constat(None, "ce site renvoie sans fin d’une adresse à l’autre")
    assert len(world.called) == module.REDIRECTS + 1
    assert world.site.asked[1].startswith("GET /ailleurs ")


# How long, how much


@pytest.mark.long
@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n", b""])
def test_whatever_comes_drop_by_drop_or_not_at_all_is_cut(world, monkeypatch, head):
    monkeypatch.setattr(module, "WHOLE", 2 if head else 0.4)  # a busy machine is late with the first line
    start = time.monotonic()
    with saying(head, *[b"X-Lent: goutte\r\n" if head else b""] * 600, pause=0.1) as world.site:
        assert probe().repond is bool(head)
    assert time.monotonic() - start < 50  # of the minute that the site takes


def test_a_head_without_end_is_refused_and_no_body_is_read(world):
    with saying(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000) as world.site:
        assert probe() == Constat(False, "ce site ne répond pas")
    with saying(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n") as world.site:
        assert probe() == Constat(True)
