"""Requests over the network: to one site alone, politely, within limits."""

import gzip
import io
import socket
import time
from email.utils import formatdate
from threading import Event

import httpx
import pytest

from reprise import reseau
from reprise.reseau import Coupure, RefusDuSite, Reseau, TropGrand, parse_address
from tests.reprise.yeswiki.serveur import answering
from tests.reseau.test_probe import ECRITURES
from tests.sampling import mostly_long


def resolving(*addresses):
    """A resolver that gives every name these addresses."""
    return lambda host, port, **options: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]


@pytest.fixture
def sleeps(monkeypatch):
    """The length of each wait; nobody waits."""
    found = []
    monkeypatch.setattr(Reseau, "dormir", staticmethod(found.append))
    return found


@pytest.fixture
def get(sleeps):
    """Returns (answer, its body)."""

    def ask(address, *, local=True, limit=10_000, **changes):
        url = parse_address(address)
        with Reseau(url, agent="essai", local=local) as asked:
            for name, value in changes.items():
                setattr(asked, name, value)
            into = io.BytesIO()
            return asked.get(url, limit=limit, into=into), into.getvalue()

    return ask


# Where


@mostly_long("host", ECRITURES, one_in=4)
@pytest.mark.parametrize("redirected", [False, True])
def test_no_spelling_reaches_this_machine(get, host, redirected):
    """Asked for at once, or by a redirect of an allowed site."""
    with answering(lambda path, tries: (200, {}, b"secret")) as inside:
        port = inside.server_port
        address = f"http://{host}:{port}/"
        if not redirected:
            with pytest.raises(RefusDuSite):
                get(address, local=False)
        else:
            with (
                answering(lambda path, tries: (302, {"Location": address}, b"")) as outside,
                pytest.raises(RefusDuSite),
            ):
                get(f"http://127.0.0.1:{outside.server_port}/")
        assert inside.asked == []


def test_a_name_of_a_private_address_says_what_to_do(get):
    with pytest.raises(RefusDuSite, match=r"wiki.exemple.bzh mène à 10.0.0.8, qui n’est pas.*--autoriser-reseau-local"):
        get("http://wiki.exemple.bzh/", local=False, resoudre=resolving("10.0.0.8"))
    with pytest.raises(RefusDuSite, match=r"mène à 169\.254\.169\.254") as told:
        get("http://wiki.exemple.bzh/", resoudre=resolving("169.254.169.254"))
    assert "--autoriser" not in str(told.value)  # it would not help


def test_one_private_address_among_public_ones_is_enough_to_refuse(get):
    with pytest.raises(RefusDuSite, match=r"127\.0\.0\.1"):
        get("http://wiki.exemple.bzh/", local=False, resoudre=resolving("8.8.8.8", "127.0.0.1"))


@pytest.mark.parametrize("local", [False, True])
def test_no_redirect_leads_to_another_site(get, local):
    with (
        answering(lambda path, tries: (200, {}, b"secret")) as other,
        answering(lambda path, tries: (307, {"Location": f"http://127.0.0.1:{other.server_port}/"}, b"")) as wiki,
    ):
        with pytest.raises(RefusDuSite, match="rien n’y est demandé"):
            get(f"http://127.0.0.1:{wiki.server_port}/", local=local)
        assert other.asked == []


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("ftp://wiki.exemple.bzh/", "http://"),
        ("file:///etc/passwd", "http://"),
        ("gopher://127.0.0.1:70/x", "http://"),
        ("http:///chemin", "vérifiez"),
        ("http://", "vérifiez"),
        ("http://[::1", "vérifiez"),
        ("http://exemple.bzh:99999/", "vérifiez"),
        ("http://exemple.bzh:x/", "vérifiez"),
        ("http://awena:secret@exemple.bzh/", "« @ »"),
        ("http://" + "a" * 70_000, "vérifiez"),
    ],
)
def test_an_address_that_is_none_is_refused_in_plain_words(address, why):
    with pytest.raises(RefusDuSite, match=why) as told:
        parse_address(address)
    assert "secret" not in str(told.value)


def test_a_name_that_nobody_knows(get):
    def unknown(*args, **options):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    with pytest.raises(RefusDuSite, match=r"wiki\.exemple\.bzh est introuvable"):
        get("http://wiki.exemple.bzh/", resoudre=unknown)
    with pytest.raises(RefusDuSite, match="n’est pas un nom de site"):
        get(f"http://{'a' * 64}.exemple.bzh/", local=False)


def test_no_proxy_and_no_password_of_the_environment(get, monkeypatch, tmp_path):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login awena password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with answering(lambda path, tries: (200, {}, b"{}")) as server:
        assert get(server.root)[1] == b"{}"
    assert "Authorization" not in server.headers[0]
    assert server.headers[0]["User-Agent"] == "essai"


# Redirects


def test_five_redirects_and_no_more(get, sleeps):
    def hops(path, tries):
        number = int(path or 0)
        return (302, {"Location": f"/{number + 1}"}, b"") if number < last else (200, {}, b"{}")

    last = 5
    with answering(hops) as server:
        reponse, body = get(server.root)
        assert (reponse.url.path, body) == ("/5", b"{}")
        last = 6
        with pytest.raises(RefusDuSite, match="renvoie sans fin"):
            get(server.root)
    assert sleeps == [Reseau.pause] * 10


def test_what_is_read_in_private_goes_on_in_private():
    with pytest.raises(RefusDuSite, match="n’est plus protégée"):
        reseau.check_redirect(httpx.URL("https://wiki.exemple.bzh/"), httpx.URL("http://autre.exemple.bzh/"))
    reseau.check_redirect(httpx.URL("http://wiki.exemple.bzh/"), httpx.URL("https://wiki.exemple.bzh/"))


# Limits


def test_a_body_that_says_it_is_too_large_is_not_read(get):
    with (
        answering(lambda path, tries: (200, {"Content-Length": str(2 * 1024**3)}, b"x" * 100)) as server,
        pytest.raises(TropGrand),
    ):
        get(server.root)


@pytest.mark.parametrize("limit", [10_000, 1_000_000])
def test_a_body_without_end_stops_at_the_limit(get, limit):
    def endless():
        for _ in range(2 * 1024**3 // 65536):
            yield b"x" * 65536

    with (
        answering(lambda path, tries: (200, {}, endless())) as server,
        pytest.raises(TropGrand),
    ):
        get(server.root, limit=limit)
    assert server.sent < limit + 8_000_000  # what the sockets hold


def test_the_limit_counts_what_is_unpacked(get):
    packed = gzip.compress(b"x" * 1_000_000)
    with answering(lambda path, tries: (200, {"Content-Encoding": "gzip"}, packed)) as server:
        assert len(packed) < 10_000
        with pytest.raises(TropGrand):
            get(server.root)
        assert len(get(server.root, limit=1_000_000)[1]) == 1_000_000
    twice = gzip.compress(packed)
    with (
        answering(lambda path, tries: (200, {"Content-Encoding": "gzip, gzip"}, twice)) as server,
        pytest.raises(RefusDuSite, match="compression"),
    ):
        get(server.root)


def test_all_answers_together_have_a_limit(get, monkeypatch):
    monkeypatch.setattr(reseau, "MAX_TOTAL", 50)
    with (
        answering(lambda path, tries: (200, {}, b"x" * 100)) as server,
        pytest.raises(Coupure, match="--fichiers"),
    ):
        get(server.root)


def test_an_answer_drop_by_drop_ends_at_the_deadline(get):
    """Each drop comes in time, but the clock of the whole answer goes on."""
    now = [0.0]

    def drops():
        for _ in range(1000):
            now[0] += 30
            yield b"x"

    with (
        answering(lambda path, tries: (200, {}, drops())) as server,
        pytest.raises(Coupure, match="trop longtemps"),
    ):
        get(server.root, heure=lambda: now[0], attentes=())


def test_a_silent_site_is_asked_again_then_left(get, sleeps, monkeypatch):
    monkeypatch.setattr(reseau, "READ", 0.05)
    left = Event()
    with (
        answering(lambda path, tries: left.wait() and None) as server,
        pytest.raises(Coupure, match="ne répond pas"),
    ):
        get(server.root, attentes=(2,))
    left.set()
    assert sleeps == [2, Reseau.pause]


# Manners


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_site_that_fails_then_answers_has_answered(get, sleeps, status):
    with answering(lambda path, tries: (status, {}, b"no") if tries < 3 else (200, {}, b"{}")) as server:
        assert get(server.root)[1] == b"{}"
    assert sleeps == [2, Reseau.pause, 5, Reseau.pause]


def test_a_connection_cut_in_the_middle_begins_again(get):
    def cut(path, tries):
        return (200, {"Content-Length": "5"}, b"ab" if tries < 2 else b"abcde")

    with answering(cut) as server:
        assert get(server.root)[1] == b"abcde"


@pytest.mark.parametrize(
    ("said", "waited"),
    [("7", 7), ("0", 2), ("demain", 2), ("-5", 2), ("²", 2), (formatdate(0), 2), ("1e9", 2), ("", 2)],
)
def test_a_site_that_asks_for_patience_gets_it(get, sleeps, said, waited):
    def tired(path, tries):
        return (503, {"Retry-After": said}, b"") if tries < 2 else (200, {}, b"{}")

    with answering(tired) as server:
        assert get(server.root)[1] == b"{}"
    assert sleeps[0] == waited


@pytest.mark.parametrize("said", ["3600", "9" * 400, "in two hours"])
def test_too_much_patience_is_for_another_day(get, sleeps, said):
    said = formatdate(time.time() + 7200) if said == "in two hours" else said
    with (
        answering(lambda path, tries: (429, {"Retry-After": said}, b"")) as server,
        pytest.raises(Coupure, match="minutes"),
    ):
        get(server.root)
    assert sleeps == []


def test_cookies_are_not_sent_back(get):
    def setting(path, tries):
        return (200, {}, b"{}") if path else (302, {"Location": "/b", "Set-Cookie": "a=1"}, b"")

    with answering(setting) as server:
        get(server.root)
    assert "Cookie" not in server.headers[-1]
