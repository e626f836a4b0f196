"""Columns that the exports of all record types share."""

from collections.abc import Callable

from django.conf import settings
from django.db import models

from fiches.models import Fiche
from socle.catalogue.columns import Column
from socle.francais.valeurs import FILE, as_words
from socle.medias.fichiers import address
from socle.territoires.models import Departement


def texte(name: str) -> Column:
    """A text."""
    return Column(name, lambda fiche: getattr(fiche, name))


def champ(name: str) -> Column:
    """What a field says as files write it: names joined by " | ", a moment in ISO 8601 with its offset.

    To the microsecond: a later import compares it.
    """
    return Column(name, _filed(name))


def nombre(name: str) -> Column:
    """A number, empty if unknown."""
    return Column(name, _filed(name), numeric=True)


def _filed(name: str) -> Callable[[Fiche], str]:
    """What a field of a record says, as files write it."""
    return lambda fiche: as_words(fiche._meta.get_field(name), getattr(fiche, name), FILE)


IDENTIFIANT = Column("identifiant", lambda fiche: str(fiche.pk), numeric=True)
TITRE = texte("titre")
THEMES = champ("themes")
STATUT = champ("statut")
DEPARTEMENT_CODE = Column("departement_code", lambda fiche: fiche.departement_id or "")
PUBLIEE_LE = champ("publiee_le")
MODIFIEE_LE = champ("modifiee_le")
URL = Column("url", lambda fiche: settings.SITE_URL + fiche.get_absolute_url())


def colonnes_de(model: type[Fiche]) -> list[Column]:
    """Columns of a record type that has no list of its own: its fields in their order, the free texts last."""
    common = {field.name for field in (*Fiche._meta.get_fields(), *Fiche._meta.local_many_to_many)}
    meta = model._meta
    own = [field for field in (*meta.local_fields, *meta.local_many_to_many) if field.name not in common]
    short = [column for field in own if field.name not in model.textes for column in _columns(field)]
    texts = [texte(name) for name in model.textes]
    return [IDENTIFIANT, TITRE, *short, THEMES, PUBLIEE_LE, MODIFIEE_LE, URL, *texts]


def _columns(field) -> list[Column]:
    """What one field prints: one column, two for a département, as in every file."""
    name = field.name
    if field.related_model is Departement:
        return [Column(f"{name}_code", lambda fiche: getattr(fiche, f"{name}_id") or ""), champ(name)]
    if field.many_to_many or field.many_to_one:
        return [champ(name)]
    if isinstance(field, models.FileField):
        return [Column(f"{name}_url", lambda fiche: address(getattr(fiche, name)))]
    return [nombre(name) if isinstance(field, models.IntegerField | models.FloatField) else texte(name)]
