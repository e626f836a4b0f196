"""Asks one site for its answers, one at a time, within limits. The operator types its address; no other is asked."""

import logging
import socket
import time
from collections.abc import Callable
from contextlib import closing
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import BinaryIO

import httpx

from reprise.lecture import SourceRefusee
from socle.reseau.public_ips import is_local, is_public

logging.getLogger("httpx").setLevel(logging.WARNING)  # the command itself shows progress

MO = 1024**2
MAX_REDIRECTS = 5
MAX_TOTAL = 5 * 1024 * MO  # bytes in one run
MAX_WAIT = 300  # seconds: a site that asks for more ends the run
CONNECT, READ, WHOLE = 10, 60, 900  # seconds: to connect, between two pieces of an answer, for a whole answer
ENCODINGS = ("", "identity", "gzip", "deflate")  # one at most: each layer multiplies the size by up to a thousand


class RefusDuSite(SourceRefusee):
    """An address, or an answer, that is not accepted."""


class Coupure(SourceRefusee):
    """The site stopped answering: a later run may go on."""


def parse_address(text: str) -> httpx.URL:
    """An http or https address of a named host. Raises RefusDuSite."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise RefusDuSite(f"{text} n’est pas une adresse qui se lit : vérifiez-la.") from error
    return _checked(url, text)


def _checked(url: httpx.URL, text: str) -> httpx.URL:
    if url.scheme not in ("http", "https"):
        raise RefusDuSite(f"{text} : seules les adresses en http:// et https:// sont lues.")
    if not url.raw_host or not 0 < (url.port or 80) < 65536:
        raise RefusDuSite(f"{text} n’est pas une adresse qui se lit : vérifiez-la.")
    if url.userinfo:
        raise RefusDuSite(f"L’adresse de {url.host} contient un nom ou un mot de passe avant « @ » : retirez-les.")
    return url


class Reseau:
    """Requests to one site: one at a time, with pauses, and new tries when it fails.

    `local`: the site may be on this machine or its network. Tests replace `dormir`, `resoudre` and `heure`.
    """

    pause = 0.5  # seconds between two requests
    attentes = (2, 5, 15)  # seconds before each new try
    dormir: Callable[[float], None] = staticmethod(time.sleep)
    heure: Callable[[], float] = staticmethod(time.monotonic)
    resoudre: Callable = staticmethod(socket.getaddrinfo)

    def __init__(self, adresse: httpx.URL, *, agent: str, local: bool = False):
        self.site, self.local = adresse, local
        headers = {"User-Agent": agent, "Accept-Encoding": "gzip"}
        # No proxy or password from the environment; redirects are checked first.
        self.client = httpx.Client(headers=headers, timeout=httpx.Timeout(READ, connect=CONNECT), trust_env=False)
        self.total = self.requetes = 0
        self.checked = False

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.client.close()

    def get(self, url: httpx.URL, *, limit: int, into: BinaryIO) -> httpx.Response:
        """Writes the body of a 200 into `into`, up to `limit` bytes. Raises RefusDuSite, Coupure.

        A failing site is asked again a few times; the caller reads any other status.
        """
        for wait in (*self.attentes, None):
            try:
                self._check_host()
                reponse = self._follow(url, limit, into)
            except httpx.RequestError as error:
                if "CERTIFICATE_VERIFY_FAILED" in str(error):
                    raise RefusDuSite(
                        f"Le certificat de {url.host} n’est pas valable : il peut être périmé, ou celui d’un autre "
                        f"site. Faites-le renouveler, ou donnez l’adresse en http:// si vous acceptez ce risque."
                    ) from error
                if "location header" in str(error):
                    raise RefusDuSite(f"{url.host} renvoie à une adresse qui ne se lit pas.") from error
                if wait is None:
                    raise Coupure(f"{url.host} ne répond pas ({_why(error)}).") from error
            else:
                if reponse.status_code < 500 and reponse.status_code != 429:
                    return reponse
                asked = _seconds(reponse.headers.get("Retry-After", ""))
                if asked > MAX_WAIT:
                    raise Coupure(f"{url.host} demande d’attendre {round(asked / 60)} minutes.")
                if wait is None:
                    return reponse
                wait = max(wait, asked)
            self.dormir(wait)
        raise AssertionError("unreachable")

    def _check_host(self) -> None:
        """Checks that the site is public, or local by the operator's word."""
        if self.checked:
            return
        host = self.site.raw_host.decode("ascii")
        try:
            rows = self.resoudre(host, self.site.port or 80, type=socket.SOCK_STREAM)
        except UnicodeError as error:
            raise RefusDuSite(f"{host} n’est pas un nom de site : vérifiez l’adresse.") from error
        except socket.gaierror as error:
            if error.errno == socket.EAI_AGAIN:
                raise httpx.ConnectError(str(error)) from error
            raise RefusDuSite(f"{host} est introuvable : vérifiez l’adresse et votre connexion.") from error
        for text in dict.fromkeys(row[4][0] for row in rows):
            ip = ip_address(text.partition("%")[0])
            if not is_public(ip) and not (self.local and is_local(ip)):
                advice = " Si l’ancien site est bien là, ajoutez --autoriser-reseau-local." if is_local(ip) else ""
                raise RefusDuSite(
                    f"{host} mène à {text}, qui n’est pas une adresse publique : rien n’y est demandé.{advice}"
                )
        self.checked = True

    def _follow(self, url: httpx.URL, limit: int, into: BinaryIO) -> httpx.Response:
        """One try, with redirects inside the site. The answer is closed; its body is in `into`, or unread."""
        request = self.client.build_request("GET", url)
        for _ in range(MAX_REDIRECTS + 1):
            self._check_site(request.url)
            if self.requetes:
                self.dormir(self.pause)
            self.requetes += 1
            request.headers.pop("Cookie", None)
            end = self.heure() + WHOLE
            with closing(self.client.send(request, stream=True)) as response:
                if response.next_request is None:
                    if response.status_code == 200:
                        self._read(response, limit, into, end)
                    return response
            check_redirect(request.url, response.next_request.url)
            request = response.next_request
        raise RefusDuSite(
            f"{url.host} renvoie sans fin d’une adresse à l’autre : donnez celle où le wiki se trouve vraiment."
        )

    def _check_site(self, url: httpx.URL) -> None:
        """Allows only the operator's host and port, in http or https."""
        secure = url.scheme == "https" and not url.port and not self.site.port
        if url.raw_host != self.site.raw_host or not (url.port == self.site.port or secure):
            raise RefusDuSite(
                f"{self.site.host} renvoie à {url.host}, un autre site : rien n’y est demandé. Si l’ancien site est "
                f"bien là, donnez son adresse, {url.scheme}://{url.netloc.decode('ascii')}/."
            )

    def _read(self, response: httpx.Response, limit: int, into: BinaryIO, end: float) -> None:
        url = response.url
        if response.headers.get("Content-Encoding", "").strip().lower() not in ENCODINGS:
            raise RefusDuSite(f"{url} répond dans une compression inconnue.")
        if int(response.headers.get("Content-Length", 0)) > limit:
            raise TropGrand(url, limit)
        into.seek(0)
        into.truncate()
        before = self.total
        for part in response.iter_bytes():
            self.total += len(part)
            if self.total - before > limit:
                raise TropGrand(url, limit)
            if self.total > MAX_TOTAL:
                raise Coupure(
                    f"{url.host} a déjà donné plus de {MAX_TOTAL // 1024 // MO} Go : c’est trop pour un wiki. "
                    f"Copiez son dossier « files » autrement, et donnez-le avec --fichiers."
                )
            if self.heure() > end:
                raise httpx.ReadTimeout("the whole answer takes too long", request=response.request)
            into.write(part)


class TropGrand(RefusDuSite):
    def __init__(self, url: httpx.URL, limit: int):
        super().__init__(f"{url} dépasse {limit // MO} Mo.")


def check_redirect(url: httpx.URL, found: httpx.URL) -> None:
    """Refuses a redirect that is not the address of a site, or that leaves https."""
    _checked(found, f"{url.host} renvoie à « {str(found)[:200]} », qui")
    if url.scheme == "https" and found.scheme == "http":
        raise RefusDuSite(
            f"{url.host} renvoie de https:// à {found.scheme}://{found.host}, où la lecture n’est plus protégée. "
            f"Si vous l’acceptez, donnez cette adresse-là."
        )


def _seconds(retry_after: str) -> float:
    """The delay in Retry-After, a number or a date; 0 if unreadable."""
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
