"""Ask a site for its answers, one at a time, and reach nothing but public addresses.

A name is resolved once, where the connection is made, and the connection goes to the very address that was checked: no
spelling of an address and no name that changes its mind leads elsewhere. Each hop of a redirect takes the same way.
"""

import socket
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import BinaryIO

import httpcore
import httpx

from reprise.sources import SourceRefusee

MO = 1024**2
MAX_REDIRECTS = 5
MAX_TOTAL = 5 * 1024 * MO  # all that one run asks for
MAX_WAIT = 300  # seconds: a site that asks for more patience is asked another day
CONNECT, READ, WHOLE = 10, 60, 900  # seconds: to connect, between two pieces of an answer, for all of it
ENCODINGS = ("", "identity", "gzip", "deflate")  # one at most: each layer multiplies by a thousand

_LOCAL = [
    ip_network(net) for net in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1", "fc00::/7")
]
_UNICAST = ip_network("2000::/3")
# Tunnels hold the address of another machine; the rest is for documents and protocols. Old Pythons call some global.
_NEITHER = [
    ip_network(net)
    for net in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]


class Refus(SourceRefusee):
    """An address, or an answer, that is not taken, now or later."""


class Coupure(SourceRefusee):
    """The site stopped answering: going on later may help."""


def is_public(ip: IPv4Address | IPv6Address) -> bool:
    """Whether anybody on the Internet may be asked there: nothing private, local, reserved, multicast, or wrapped."""
    if any(ip in net for net in _NEITHER) or not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    return ip.version == 4 or ip in _UNICAST


def is_local(ip: IPv4Address | IPv6Address) -> bool:
    """Whether it is this machine or its network. Link-local is not: where clouds keep their keys."""
    return any(ip in net for net in _LOCAL)


@dataclass
class Reponse:
    """What came: `url` is where it was found in the end; `type` as the site says it, without parameters."""

    url: httpx.URL
    status: int
    type: str
    retry_after: str = ""


def parse_address(text: str) -> httpx.URL:
    """An http or https address of a named host. Raises Refus."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise Refus(f"{text} n’est pas une adresse qui se lit : vérifiez-la.") from error
    return _checked(url, text)


def _checked(url: httpx.URL, text: str) -> httpx.URL:
    if url.scheme not in ("http", "https"):
        raise Refus(f"{text} : seules les adresses en http:// et https:// sont lues.")
    if not url.raw_host or not 0 < (url.port or 80) < 65536:
        raise Refus(f"{text} n’est pas une adresse qui se lit : vérifiez-la.")
    if url.userinfo:
        raise Refus(f"L’adresse de {url.host} contient un nom ou un mot de passe avant « @ » : retirez-les.")
    return url


class Reseau:
    """Answers of one site, politely: one at a time, with a pause, and patience when it is tired.

    `local`: whether the site named by `adresse`, and no other, may be on this machine or its network. `dormir`,
    `resoudre` and `heure` are what tests put their own in place of.
    """

    pause = 0.5  # seconds between two requests
    attentes = (2, 5, 15)  # seconds before each new try
    dormir: Callable[[float], None] = staticmethod(time.sleep)
    heure: Callable[[], float] = staticmethod(time.monotonic)
    resoudre: Callable = staticmethod(socket.getaddrinfo)

    def __init__(self, adresse: httpx.URL, *, agent: str, local: bool = False):
        self.garde = _Garde(self, _origin(adresse) if local else None)
        self.headers = {"User-Agent": agent, "Accept": "*/*", "Accept-Encoding": "gzip"}
        # The transport alone: no proxy or password of the environment, no cookie, no redirect that nobody looked at.
        certificats = httpx.create_ssl_context(trust_env=False)
        self.transport = httpx.HTTPTransport(verify=certificats, trust_env=False)
        # httpx has no other way to say how connections are made; tests fail should the name change.
        self.transport._pool = httpcore.ConnectionPool(
            ssl_context=certificats, max_connections=1, network_backend=self.garde
        )
        self.total = self.requetes = 0

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.transport.close()

    def get(self, url: httpx.URL, *, limit: int, into: BinaryIO) -> Reponse:
        """Ask for `url`; the body of a 200 goes into `into`, up to `limit` bytes. Raises Refus, Coupure.

        Any other status is for the caller to read; a site that fails is asked again a few times before.
        """
        for wait in (*self.attentes, None):
            try:
                reponse = self._follow(url, limit, into)
            except httpx.RequestError as error:
                if "CERTIFICATE_VERIFY_FAILED" in str(error):
                    raise Refus(
                        f"Le certificat de {url.host} n’est pas valable : il peut être périmé, ou celui d’un autre "
                        f"site. Faites-le renouveler, ou donnez l’adresse en http:// si vous acceptez ce risque."
                    ) from error
                if wait is None:
                    raise Coupure(f"{url.host} ne répond pas ({_why(error)}).") from error
            else:
                if reponse.status < 500 and reponse.status != 429:
                    return reponse
                asked = _seconds(reponse.retry_after)
                if asked > MAX_WAIT:
                    raise Coupure(f"{url.host} demande d’attendre {round(asked / 60)} minutes.")
                if wait is None:
                    return reponse
                wait = max(wait, asked)
            self.dormir(wait)
        raise AssertionError("unreachable")

    def _follow(self, url: httpx.URL, limit: int, into: BinaryIO) -> Reponse:
        """One try, through redirects."""
        for _ in range(MAX_REDIRECTS + 1):
            if self.requetes:
                self.dormir(self.pause)
            self.requetes += 1
            self.garde.deadline = self.heure() + WHOLE
            timeout = httpx.Timeout(READ, connect=CONNECT).as_dict()
            request = httpx.Request("GET", url, headers=self.headers, extensions={"timeout": timeout})
            with closing(self.transport.handle_request(request)) as response:
                if not response.has_redirect_location:
                    if response.status_code == 200:
                        self._read(url, response, limit, into)
                    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                    return Reponse(url, response.status_code, kind, response.headers.get("Retry-After", ""))
                location = response.headers["Location"]
            url = _next(url, location)
        raise Refus(
            f"{url.host} renvoie sans fin d’une adresse à l’autre : donnez celle où le wiki se trouve vraiment."
        )

    def _read(self, url: httpx.URL, response: httpx.Response, limit: int, into: BinaryIO) -> None:
        if response.headers.get("Content-Encoding", "").strip().lower() not in ENCODINGS:
            raise Refus(f"{url} répond dans une compression inconnue.")
        declared = response.headers.get("Content-Length", "")
        if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit:
            raise TropGrand(url, limit)
        into.seek(0)
        into.truncate()
        size = 0
        for part in response.iter_bytes():
            size += len(part)
            self.total += len(part)
            if size > limit:
                raise TropGrand(url, limit)
            if self.total > MAX_TOTAL:
                raise Refus(
                    f"{url.host} a déjà donné plus de {MAX_TOTAL // 1024 // MO} Go : c’est trop pour un wiki. "
                    f"Copiez son dossier « files » autrement, et donnez-le avec --fichiers."
                )
            into.write(part)


class TropGrand(Refus):
    """An answer beyond its limit: no more than that was read."""

    def __init__(self, url: httpx.URL, limit: int):
        super().__init__(f"{url} dépasse {limit // MO} Mo.")


def _origin(url: httpx.URL) -> tuple[str, int]:
    return url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80)


def _next(url: httpx.URL, location: str) -> httpx.URL:
    """Where a redirect leads."""
    try:
        found = _checked(url.join(location), f"{url.host} renvoie à « {location[:200]} », qui")
    except (httpx.InvalidURL, ValueError) as error:
        raise Refus(f"{url.host} renvoie à « {location[:200]} », qui ne se lit pas.") from error
    if url.scheme == "https" and found.scheme == "http":
        raise Refus(
            f"{url.host} renvoie de https:// à {found.scheme}://{found.host}, où la lecture n’est plus protégée. "
            f"Si vous l’acceptez, donnez cette adresse-là."
        )
    return found


def _seconds(retry_after: str) -> float:
    """What Retry-After asks for, a number or a date; 0 if it says nothing that can be read."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return int(text[:9])
    try:
        return max(parsedate_to_datetime(text).timestamp() - time.time(), 0)
    except (ValueError, TypeError, OverflowError):
        return 0


def _why(error: httpx.RequestError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "il met trop longtemps"
    return "la connexion est coupée ou refusée" if isinstance(error, httpx.TransportError) else "réponse illisible"


# Connections


class _Garde(httpcore.NetworkBackend):
    """Makes connections, to checked addresses only, and ends what goes on beyond `deadline`."""

    def __init__(self, reseau: Reseau, local: tuple[str, int] | None):
        self.reseau, self.local, self.deadline = reseau, local, float("inf")
        self.inner = httpcore.SyncBackend()

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        failed = httpcore.ConnectError(f"{host} has no address")
        for address in self.addresses(host, port):
            try:
                stream = self.inner.connect_tcp(address, port, self.left(timeout), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _Borne(stream, self)
        raise failed

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host, all of them fit to be asked; Refus if one is not."""
        try:
            rows = self.reseau.resoudre(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise Refus(f"{host} n’est pas un nom de site : vérifiez l’adresse.") from error
        except socket.gaierror as error:
            if error.errno != socket.EAI_AGAIN:
                raise Refus(f"{host} est introuvable : vérifiez l’adresse et votre connexion.") from error
            raise httpcore.ConnectError(str(error)) from error
        found = list(dict.fromkeys(row[4][0] for row in rows))
        for text in found:
            ip = ip_address(text.partition("%")[0])
            if is_public(ip) or (self.local == (host, port) and is_local(ip)):
                continue
            # Leave was given for one host and port: a redirect from them leads elsewhere.
            what = "donnez son adresse, port compris" if self.local else "ajoutez --autoriser-reseau-local"
            advice = f" Si l’ancien site est bien là, {what}." if is_local(ip) else ""
            raise Refus(f"{host} mène à {text}, qui n’est pas une adresse publique : rien n’y est demandé.{advice}")
        return found

    def left(self, timeout: float | None) -> float:
        """How long an operation may last."""
        left = self.deadline - self.reseau.heure()
        if left <= 0:
            raise httpcore.ReadTimeout("the whole answer takes too long")
        return left if timeout is None else min(timeout, left)


class _Borne(httpcore.NetworkStream):
    """A connection whose reads and writes end at the deadline: each drop of an answer would begin a new wait."""

    def __init__(self, stream: httpcore.NetworkStream, garde: _Garde):
        self.stream, self.garde = stream, garde

    def read(self, max_bytes, timeout=None):
        return self.stream.read(max_bytes, self.garde.left(timeout))

    def write(self, buffer, timeout=None):
        self.stream.write(buffer, self.garde.left(timeout))

    def close(self):
        self.stream.close()

    def start_tls(self, ssl_context, server_hostname=None, timeout=None):
        return _Borne(self.stream.start_tls(ssl_context, server_hostname, self.garde.left(timeout)), self.garde)

    def get_extra_info(self, info):
        return self.stream.get_extra_info(info)
