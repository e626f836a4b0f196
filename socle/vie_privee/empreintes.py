"""Telling visitors apart for a day without knowing them: a keyed digest in place of an address of the network.

The key is random, lives in the database for one day and is thrown away: digests of two days cannot be compared, and
nobody can work an address out of one afterwards.
"""

import hashlib
import hmac
import ipaddress
import re
import secrets
from functools import partial

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from socle.vie_privee.models import CleDuJour


def of_the_day(*texts: str) -> bytes:
    """Digest of `texts`, 32 bytes, that nobody can compare with another day's."""
    key = _key()
    return hmac.new(key, "\x1f".join(texts).encode("utf-8", "surrogatepass"), hashlib.sha256).digest()


def _key() -> bytes:
    today = timezone.localdate()
    row, _ = CleDuJour.objects.get_or_create(jour=today, defaults={"cle": partial(secrets.token_bytes, 32)})
    return bytes(row.cle)


def throw_away_keys() -> None:
    """Forget the keys of other days: when today's is made, and every night if nobody needed one."""
    CleDuJour.objects.exclude(jour=timezone.localdate()).delete()


# What a proxy may write around an address: brackets, a port.
_AROUND = re.compile(r"\[(?P<six>[^\[\]]+)\](:\d+)?|(?P<four>\d+(\.\d+){3}):\d+")


def address(request: HttpRequest) -> str:
    """Where a request comes from, the address alone. Never to be stored, never to be logged: count its `reseau`.

    X-Forwarded-For counts only behind the proxy that settings trust, and its last entry only: that proxy wrote it.
    """
    found = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        found = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or found
    match = _AROUND.fullmatch(found)
    return (match["six"] or match["four"]) if match else found


def reseau(request: HttpRequest) -> str:
    """The part of the network that a request comes from, as it counts for one. Never to be stored, nor logged.

    A household or an office of IPv6 has a whole /64, which counts as one. All of IPv4, as a server that listens on
    IPv6 sees it (::ffff:192.0.2.1), is one such /64: each address of it counts for itself.
    """
    found = address(request)
    try:
        ip = ipaddress.ip_address(found)
        if ip.version == 6:
            found = str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
    except ValueError:
        pass
    return found


def visiteur(request: HttpRequest) -> str:
    """The digest of the day of where a request comes from, in the form of a local IPv6 address (fd00::/8)."""
    return str(ipaddress.IPv6Address(b"\xfd" + of_the_day("visiteur", reseau(request))[:15]))
