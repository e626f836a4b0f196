"""Texts of consent: every text ever shown, by version. A person's row keeps the version, as proof.

    declare("inscription", {"2026-11": "Vos réponses servent…"})
    en_vigueur("inscription")         # the text that a form shows
    preuve("inscription")             # the fields to keep: version and time
    texte("inscription", "2026-11")   # the text that this person read

Never change a text that was shown: add a version at the end. A proof needs no IP address.
"""

from django.db import models
from django.utils import timezone

_textes: dict[str, dict[str, str]] = {}


def declare(usage: str, textes: dict[str, str]) -> None:
    """Declare the texts of a usage by version, the one in force last."""
    _textes[usage] = textes


def version(usage: str) -> str:
    """The version in force."""
    return next(reversed(_textes[usage]))


def en_vigueur(usage: str) -> str:
    """The text in force."""
    return texte(usage, version(usage))


def preuve(usage: str, lue: str = "") -> dict:
    """Fields of `Consentement` for whoever accepts now. `lue`: the version read, if several are in force."""
    return {"consentement_texte": lue or version(usage), "consentement_le": timezone.now()}


def texte(usage: str, version: str) -> str:
    """The text of this version; KeyError if there is none."""
    return _textes[usage][version]


def lu(usage: str, version: str) -> str:
    """« version : text »; "" without a proof."""
    text = _textes[usage].get(version, "")
    return f"{version} : {text}" if text else version


class Consentement(models.Model):
    """A proof of consent on a person's row."""

    consentement_texte = models.CharField("version du texte accepté", max_length=20, blank=True, editable=False)
    consentement_le = models.DateTimeField("consentement donné le", null=True, blank=True, editable=False)

    class Meta:
        abstract = True
