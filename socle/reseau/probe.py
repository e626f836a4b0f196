"""Whether a page of the Internet still answers (`probe`). Addresses come from visitors and old texts: none is trusted.

No connection goes to a private network: a name is resolved once, all its addresses must be public, one of them is used;
the same at each redirect. Only the head of the answer is read.
"""

import errno
import http.client
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import closing, suppress
from ipaddress import ip_address
from threading import Timer
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from socle.reseau.public_ips import is_public

WHOLE = 15  # seconds for all of it, redirects included
REDIRECTS = 4
PORTS = {"http": 80, "https": 443}
LONGEST = 2000  # characters of an address
_AS_IT_IS = "%/:=&?~+!$,;'@()*[]"  # characters that stay in an address


class Constat(NamedTuple):
    """What became of an address. `repond`: None if unknown. `mots`: why not, in French.

    `entendu`: whether the machine answered at all; else our own network may be at fault. None if nothing was asked.
    """

    repond: bool | None
    mots: str = ""
    entendu: bool | None = True


class NotPublic(Exception):
    """The address must not be asked."""


def probe(address: str, *, agent: str) -> Constat:
    """Ask for a page, with `agent` as our name. Never raises."""
    end = time.monotonic() + WHOLE
    try:
        for _ in range(REDIRECTS + 1):
            status, location = _ask(address, agent, end)
            if location is None:
                return _read(status)
            address = urljoin(address, location)
    except NotPublic:
        return Constat(None, "son adresse n’est pas publique", None)
    except ssl.SSLError:
        return Constat(None, "son certificat n’a pas pu être vérifié")
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            return Constat(None, "son nom n’a pas pu être cherché", False)
        return Constat(False, "ce site n’existe plus", False)
    except OSError as error:
        if error.errno in (errno.ENETUNREACH, errno.EMFILE):
            return Constat(None, "le réseau n’a pas répondu", False)
        return Constat(False, "ce site ne répond pas", False)
    except (ValueError, http.client.InvalidURL):  # no address, or an impossible name
        return Constat(None, "cette adresse ne se lit pas", None)
    except http.client.HTTPException:
        return Constat(False, "ce site ne répond pas")
    return Constat(None, "ce site renvoie sans fin d’une adresse à l’autre")


def _read(status: int) -> Constat:
    """A page that is refused to us exists for others."""
    if status in (404, 410):
        return Constat(False, f"cette page n’existe plus ({status})")
    return Constat(False, f"ce site est en panne ({status})") if status >= 500 else Constat(True)


def _ask(address: str, agent: str, end: float) -> tuple[int, str | None]:
    """(status, redirect or None) of one answer. It ends at `end`, whatever the other side does."""
    parts = urlsplit(address)
    host, left = parts.hostname or "", end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    if len(address) > LONGEST or parts.scheme not in PORTS or not host or parts.username is not None:
        raise NotPublic
    port = parts.port or PORTS[parts.scheme]
    if port != PORTS[parts.scheme]:
        raise NotPublic
    if ":" not in host:
        host = host.encode("idna").decode("ascii")
    query = f"?{parts.query}" if parts.query else ""
    target = quote(f"{parts.path or '/'}{query}", safe=_AS_IT_IS)
    with closing(_CONNECTIONS[parts.scheme](host, port, timeout=left)) as connection:
        timer = Timer(left, _cut, [connection])
        timer.start()
        try:
            connection.request("GET", target, headers={"User-Agent": agent, "Accept": "*/*", "Connection": "close"})
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location") if 300 <= answer.status < 400 else None
        finally:
            timer.cancel()


def _cut(connection: http.client.HTTPConnection) -> None:
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _open(host: str, port: int, timeout: float) -> socket.socket:
    """A connection to a host whose addresses are all public. Raises NotPublic.

    The addresses share `timeout`, in seconds: many may not answer.
    """
    end = time.monotonic() + timeout
    found = dict.fromkeys(row[4][0] for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    if not all(is_public(ip_address(ip.partition("%")[0])) for ip in found):
        raise NotPublic
    failed = TimeoutError()
    for ip in found:
        if (left := end - time.monotonic()) <= 0:
            break
        try:
            return socket.create_connection((ip, port), left)
        except OSError as error:
            failed = error
    raise failed


class _Plain(http.client.HTTPConnection):
    def connect(self):
        self.sock = _open(self.host, self.port, self.timeout)


class _Secure(http.client.HTTPSConnection):
    def connect(self):
        raw, context = _open(self.host, self.port, self.timeout), ssl.create_default_context()
        self.sock = context.wrap_socket(raw, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()


_CONNECTIONS: dict[str, Callable] = {"http": _Plain, "https": _Secure}
