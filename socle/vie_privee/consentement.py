"""Texts of consent: every text ever shown, by version. A person's row keeps the version, as proof.

    ROOM = Room(consentements={"inscription": {"2026-11": "Vos réponses servent…"}})
    en_vigueur("inscription")         # the text that a form shows
    preuve("inscription")             # the fields to keep: version and time
    texte("inscription", "2026-11")   # the text that this person read

Never change a text that was shown: add a version at the end. A proof needs no IP address.
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
    """Fields of `Consentement` for whoever accepts now. `lue`: the version read, if several are in force."""
    return {"consentement_texte": lue or version(usage), "consentement_le": timezone.now()}


def texte(usage: str, version: str) -> str:
    """The text that was shown under that version; KeyError for one that never was."""
    return textes(usage)[version]


def lu(usage: str, version: str) -> str:
    """What a person read, behind its version; "" if no proof is kept."""
    text = textes(usage).get(version, "")
    return f"{version} : {text}" if text else version


class Consentement(models.Model):
    """A proof of consent on a person's row."""

    consentement_texte = models.CharField("version du texte accepté", max_length=20, blank=True, editable=False)
    consentement_le = models.DateTimeField("consentement donné le", null=True, blank=True, editable=False)

    class Meta:
        abstract = True
