"""Columns that the exports of all record types share."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from fiches.models import Fiche
from socle.catalogue.colonnes import Column
from socle.medias.fichiers import address
from socle.territoires.models import Departement


def moment(value) -> str:
    """ISO 8601 in the time of the site, with its offset, to the microsecond: a later import compares it."""
    return timezone.localtime(value).isoformat() if value else ""


def texte(name: str) -> Column:
    """A text."""
    return Column(name, lambda fiche: getattr(fiche, name))


def choix(name: str) -> Column:
    """The name of what a foreign key chose."""

    return Column(name, lambda fiche: getattr(fiche, name).nom if getattr(fiche, name) else "")


def plusieurs(name: str) -> Column:
    """Names of what a many-to-many field chose, joined by " | "."""

    return Column(name, lambda fiche: " | ".join(chosen.nom for chosen in getattr(fiche, name).all()))


def nombre(name: str) -> Column:
    """A whole number, empty if unknown."""

    def value(fiche) -> str:
        number = getattr(fiche, name)
        return "" if number is None else str(number)

    return Column(name, value, numeric=True)


IDENTIFIANT = Column("identifiant", lambda fiche: str(fiche.pk), numeric=True)
TITRE = texte("titre")
THEMES = plusieurs("themes")
STATUT = Column("statut", lambda fiche: fiche.get_statut_display())
DEPARTEMENT_CODE = Column("departement_code", lambda fiche: fiche.departement_id or "")
PUBLIEE_LE = Column("publiee_le", lambda fiche: moment(fiche.publiee_le))
MODIFIEE_LE = Column("modifiee_le", lambda fiche: moment(fiche.modifiee_le))
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
    if field.many_to_many:
        return [plusieurs(name)]
    if field.related_model is Departement:
        return [Column(f"{name}_code", lambda fiche: getattr(fiche, f"{name}_id") or ""), choix(name)]
    if field.many_to_one:
        return [choix(name)]
    if isinstance(field, models.FileField):
        return [Column(f"{name}_url", lambda fiche: address(getattr(fiche, name)))]
    return [nombre(name) if isinstance(field, models.IntegerField) else texte(name)]
