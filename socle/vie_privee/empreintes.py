"""Counts visitors of one day without knowing them: a keyed digest stands for the IP address.

The key is random, and deleted after a day: digests of two days cannot be compared, and give no address.
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
    """A digest of 32 bytes that cannot be compared with another day's."""
    key = _key()
    return hmac.new(key, "\x1f".join(texts).encode("utf-8", "surrogatepass"), hashlib.sha256).digest()


def _key() -> bytes:
    today = timezone.localdate()
    row, _ = CleDuJour.objects.get_or_create(jour=today, defaults={"cle": partial(secrets.token_bytes, 32)})
    return bytes(row.cle)


def throw_away_keys() -> None:
    """Delete keys of other days: when today's is made, and every night."""
    CleDuJour.objects.exclude(jour=timezone.localdate()).delete()


# What a proxy may add to an address: brackets, a port.
_AROUND = re.compile(r"\[(?P<six>[^\[\]]+)\](:\d+)?|(?P<four>\d+(\.\d+){3}):\d+")


def address(request: HttpRequest) -> str:
    """The IP address. Never store or log it; count by `reseau`.

    X-Forwarded-For counts only behind a trusted proxy, and only the last entry, which that proxy wrote.
    """
    found = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        found = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or found
    match = _AROUND.fullmatch(found)
    return (match["six"] or match["four"]) if match else found


def reseau(request: HttpRequest) -> str:
    """The network that counts as one visitor. Never store or log it.

    In IPv6, a /64: a household or an office. In IPv4, one address, also if a server sees it as IPv6 (::ffff:192.0.2.1).
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
    """The visitor's digest of the day, as a local IPv6 address (fd00::/8)."""
    return str(ipaddress.IPv6Address(b"\xfd" + of_the_day("visiteur", reseau(request))[:15]))
