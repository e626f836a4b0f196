"""What persons agree to: each text that was ever shown, by its version. A row keeps the version, hence the proof.

    ROOM = Room(consentements={"inscription": {"2026-11": "Vos réponses servent…"}})
    en_vigueur("inscription")         # the text that a form shows
    preuve("inscription")             # what the row of who agrees keeps: the version, and when
    texte("inscription", "2026-11")   # what that person read

A text that was shown is never changed: a new one gets a new version, at the end. A proof needs no address of the
network: what was agreed to, when, by which form.
"""

from collections import ChainMap
from collections.abc import Mapping

from django.db import models
from django.utils import timezone

from socle.rooms import rooms


def textes(usage: str) -> Mapping[str, str]:
    """The texts of one usage by version, the one in force last."""
    return ChainMap(*(room.consentements for room in rooms()))[usage]


def version(usage: str) -> str:
    """The version in force."""
    return next(reversed(textes(usage)))


def en_vigueur(usage: str) -> str:
    """The text in force."""
    return texte(usage, version(usage))


def preuve(usage: str, lue: str = "") -> dict:
    """The fields of `Consentement` on the row of somebody who accepts it now. `lue`: the version they read, where
    several are in force.
    """
    return {"consentement_texte": lue or version(usage), "consentement_le": timezone.now()}


def texte(usage: str, version: str) -> str:
    """The text that was shown under that version; KeyError for one that never was."""
    return textes(usage)[version]


def lu(usage: str, version: str) -> str:
    """What a person read, behind its version; "" if no proof is kept."""
    text = textes(usage).get(version, "")
    return f"{version} : {text}" if text else version


class Consentement(models.Model):
    """A proof of consent, on the row of the person: the version of the text, and when."""

    consentement_texte = models.CharField("version du texte accepté", max_length=20, blank=True, editable=False)
    consentement_le = models.DateTimeField("consentement donné le", null=True, blank=True, editable=False)

    class Meta:
        abstract = True
