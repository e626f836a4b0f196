"""Links for one person. A token is random, for one usage, until a date; only its digest is kept.

Reading a token changes nothing, so a mail scanner that follows links does no harm. Only a POST acts
(`socle.courrier.views.PageALien`).
"""

from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from socle.courrier.models import Lien
from socle.courrier.texte import JETON, draw


class LienInvalide(Exception):
    """Forged, expired, revoked, of another usage, or its subject is gone: no answer says which."""


def issue(usage: str, sujet, *, duree: timedelta) -> str:
    """A new token that opens `sujet` for `usage` during `duree`. Only its digest is kept."""
    jeton = draw()
    Lien.objects.create(empreinte=_digest(usage, jeton), usage=usage, sujet=sujet, expire_le=timezone.now() + duree)
    return jeton


def read(usage: str, jeton: str):
    """What a token opens. Raises LienInvalide."""
    if not JETON.fullmatch(jeton):
        raise LienInvalide
    lien = Lien.objects.valid().filter(empreinte=_digest(usage, jeton)).first()
    if lien is None or lien.sujet is None:
        raise LienInvalide
    return lien.sujet


def revoke(sujet, usage: str = "") -> int:
    """Make tokens of `sujet` invalid, for one usage or all; return how many."""
    links = Lien.objects.filter(sujet_type=ContentType.objects.get_for_model(sujet), sujet_id=sujet.pk)
    return (links.filter(usage=usage) if usage else links).delete()[0]


def adresse(nom_de_route: str, jeton: str) -> str:
    """The full address of a route `<str:jeton>`, from SITE_URL: the host of a request can be forged."""
    return settings.SITE_URL + reverse(nom_de_route, kwargs={"jeton": jeton})


def _digest(usage: str, jeton: str) -> str:
    # A plain digest: safe for 256 random bits, and a new SECRET_KEY breaks no link.
    return sha256(f"{usage}\n{jeton}".encode()).hexdigest()
