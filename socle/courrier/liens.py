"""Links that open something to whoever received them: random, kept as digests, each for one usage and a time.

A token names nothing and nobody. Reading it changes nothing, so that a mail scanner that follows each link of a mail
does no harm: what acts is a POST (`socle.courrier.views.PageALien`).
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
    """Forged, expired, revoked, of another usage, or its subject is gone: nobody is told which."""


def issue(usage: str, sujet, *, duree: timedelta) -> str:
    """A new token that opens `sujet` for `usage` during `duree`. It is shown this once: only its digest is kept."""
    jeton = draw()
    Lien.objects.create(empreinte=_digest(usage, jeton), usage=usage, sujet=sujet, expire_le=timezone.now() + duree)
    return jeton


def read(usage: str, jeton: str):
    """What the token opens. LienInvalide. Changes nothing."""
    if not JETON.fullmatch(jeton):
        raise LienInvalide
    lien = Lien.objects.valid().filter(empreinte=_digest(usage, jeton)).first()
    if lien is None or lien.sujet is None:
        raise LienInvalide
    return lien.sujet


def revoke(sujet, usage: str = "") -> int:
    """Make the tokens of `sujet` (for `usage`, or all) invalid; how many there were."""
    links = Lien.objects.filter(sujet_type=ContentType.objects.get_for_model(sujet), sujet_id=sujet.pk)
    return (links.filter(usage=usage) if usage else links).delete()[0]


def adresse(nom_de_route: str, jeton: str) -> str:
    """The absolute address of a route `<str:jeton>`, from SITE_URL: never from a request, whose host can be forged."""
    return settings.SITE_URL + reverse(nom_de_route, kwargs={"jeton": jeton})


def _digest(usage: str, jeton: str) -> str:
    # 256 random bits: a plain digest cannot be guessed back, and a change of SECRET_KEY breaks no link.
    return sha256(f"{usage}\n{jeton}".encode()).hexdigest()
