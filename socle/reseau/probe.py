"""Whether a page of the Internet still answers. Nobody vouches for the addresses: visitors and old texts gave them.

No connection is made to a private network: a name is resolved once, all its addresses are looked at, and one of those
is connected to, at each redirect too. A page is asked for, and only the head of its answer is read.
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
_AS_IT_IS = "%/:=&?~+!$,;'@()*[]"  # signs of an address that stay


class Constat(NamedTuple):
    """What became of an address. `repond`: None if nobody can tell. `mots`: why not, in French.

    `entendu`: whether its machine answered at all; a refusal may be our own network's. None if nothing was asked there.
    """

    repond: bool | None
    mots: str = ""
    entendu: bool | None = True


class NotPublic(Exception):
    """Nothing is asked there."""


def probe(address: str, *, agent: str) -> Constat:
    """Ask for a page, as `agent` names us. Never raises."""
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
    except (ValueError, http.client.InvalidURL):  # no address at all, or a name that none can be
        return Constat(None, "cette adresse ne se lit pas", None)
    except http.client.HTTPException:
        return Constat(False, "ce site ne répond pas")
    return Constat(None, "ce site renvoie sans fin d’une adresse à l’autre")


def _read(status: int) -> Constat:
    """A page that is refused to us is there for others."""
    if status in (404, 410):
        return Constat(False, f"cette page n’existe plus ({status})")
    return Constat(False, f"ce site est en panne ({status})") if status >= 500 else Constat(True)


def _ask(address: str, agent: str, end: float) -> tuple[int, str | None]:
    """The status of one answer, and where it leads. The time that is left ends it, whatever the other does."""
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
    """A connection to a public address of a host, once all its addresses are known to be public. Raises NotPublic.

    Its addresses share the time, in seconds: a name may have many that do not answer.
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
