"""Columns that the exports of all record types share."""

from collections.abc import Callable

from django.conf import settings
from django.db import models

from fiches.lieux import Situee
from fiches.models import Fiche
from socle.catalogue.columns import Column
from socle.francais.valeurs import FILE, as_words
from socle.medias.fichiers import address
from socle.territoires.models import Commune, Departement, Intercommunalite

_NUMBERS = models.IntegerField | models.FloatField | models.DecimalField


def texte(name: str) -> Column:
    """A text."""
    return Column(name, lambda fiche: getattr(fiche, name))


def champ(name: str) -> Column:
    """What a field says as files write it: names joined by " | ", a moment in ISO 8601 with its offset.

    To the microsecond: a later import compares it.
    """
    return Column(name, _filed(name))


def nombre(name: str, *, titre: str = "") -> Column:
    """A number, empty if unknown."""
    return Column(name, _filed(name), numeric=True, titre=titre)


def _filed(name: str) -> Callable[[Fiche], str]:
    """What a field of a record says, as files write it."""
    return lambda fiche: as_words(fiche._meta.get_field(name), getattr(fiche, name), FILE)


IDENTIFIANT = Column("identifiant", lambda fiche: str(fiche.pk), numeric=True)
TITRE = texte("titre")
FAIT = texte("fait")
THEMES = champ("themes")
STATUT = Column("statut", _filed("statut"), titre="État de publication")
DEPARTEMENT_CODE = Column("departement_code", lambda fiche: fiche.departement_id or "", titre="Code du département")
DEPARTEMENT = champ("departement")
COMMUNE = Column("commune", lambda fiche: fiche.commune.nom if fiche.commune_id else "")
COMMUNE_INSEE = Column("commune_insee", lambda fiche: fiche.commune_id or "", titre="Code INSEE de la commune")
INTERCOMMUNALITE = Column("intercommunalite", lambda fiche: getattr(_group(fiche), "nom", ""), titre="Intercommunalité")
# Where a `Situee` is (fiches/lieux.py).
LIEU = [DEPARTEMENT_CODE, DEPARTEMENT, COMMUNE, COMMUNE_INSEE, INTERCOMMUNALITE]
PUBLIEE_LE = champ("publiee_le")
# Empty where only the takeover wrote the record: its conflict with a later change is seen all the same.
MODIFIEE_LE = Column("modifiee_le", lambda fiche: _filed("modifiee_le")(fiche) if fiche.datee else "")
URL = Column("url", lambda fiche: settings.SITE_URL + fiche.get_absolute_url(), titre="Adresse de la page")


def lien_fichier(name: str = "fichier") -> Column:
    """Where the file of a field is downloaded."""
    return Column(f"{name}_url", lambda fiche: address(getattr(fiche, name)), titre="Adresse du fichier")


def _group(fiche):
    """The intercommunalité of a record: its own, or that of its commune; None if neither is known."""
    return getattr(fiche, "intercommunalite", None) or (fiche.commune and fiche.commune.intercommunalite)


def colonnes_de(model: type[Fiche]) -> list[Column]:
    """Columns of a record type that has no list of its own: its fields in their order, the free texts last."""
    common = {field.name for field in (*Fiche._meta.get_fields(), *Fiche._meta.local_many_to_many)}
    meta = model._meta
    own = [field for field in (*meta.local_fields, *meta.local_many_to_many) if field.name not in common]
    short = [column for field in own if field.name not in model.textes for column in _columns(field)]
    texts = [texte(name) for name in model.textes]
    return [IDENTIFIANT, TITRE, *short, FAIT, THEMES, PUBLIEE_LE, MODIFIEE_LE, URL, *texts]


def _columns(field) -> list[Column]:
    """What one field prints: one column, several for a place, as in every file."""
    name = field.name
    if field.related_model is Departement:
        return LIEU if issubclass(field.model, Situee) else [DEPARTEMENT_CODE, DEPARTEMENT]
    if field.related_model in (Commune, Intercommunalite):
        return []  # the département tells them
    if isinstance(field, models.FileField):
        return [lien_fichier(name)]
    if isinstance(field, models.CharField | models.TextField):
        return [champ(name) if field.choices else texte(name)]
    return [nombre(name) if isinstance(field, _NUMBERS) else champ(name)]
