"""Columns that the lists and files of all record types share. Each type's columns.py picks from them."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db import models
from django.utils import timezone

from fiches.lieux import Situee
from fiches.models import Fiche, sentence_of
from socle.catalogue.columns import Column
from socle.francais.typographie import bas_de_casse
from socle.francais.valeurs import file_moment
from socle.medias.fichiers import address
from socle.territoires.models import Commune, Departement, Intercommunalite
from socle.vues.vue import address_of


def _group(model: type[Fiche]):
    """The record's own intercommunalité, if its type has one, or its commune's."""
    of_commune = "commune__intercommunalite__nom"
    if all(field.name != "intercommunalite" for field in model._meta.fields):
        return (of_commune,), None
    return ("intercommunalite__nom", of_commune), lambda own, other: own or other


def _where(model: type[Fiche]):
    """Where a record is: hall, commune or town, département; or else its address."""
    held = {field.name for field in model._meta.fields}
    paths = {"lieu": "lieu", "commune": "commune__nom", "ville": "ville", "departement": "departement__nom"}
    paths = {name: path for name, path in (paths | {"adresse": "adresse"}).items() if name in held}

    def says(*values):
        said = dict(zip(paths, values, strict=True))
        lieu, ville = (bas_de_casse(said.get(name, ""), noms=True) for name in ("lieu", "ville"))
        words = [one for one in (lieu, said["commune"] or ville, said["departement"]) if one]
        return ", ".join(words) or said.get("adresse", "")

    return tuple(paths.values()), says


def page_address(model: type[Fiche]) -> Callable[[str], str]:
    """(slug) → full address of the page."""
    name = f"{model._meta.app_label}:list"
    return lambda slug: f"{settings.SITE_URL}{address_of(name)}{slug}/"


def named(nom: str, path: str = "") -> Column:
    """A name of a place or organisation: pages lower its capitals, files keep them."""
    paths = (path or nom,)
    return Column(nom, paths, page=Column(nom, paths, partial(bas_de_casse, noms=True)))


IDENTIFIANT = Column("identifiant", ("pk",), str, numeric=True)
TITRE = Column("titre")
# The import takes a cell for an editor's only if it differs from the first sentence of the texts.
FAIT = Column("fait", made=lambda model: (("fait", *model.textes_du_fait()), sentence_of))
THEMES = Column("themes")
STATUT = Column("statut", titre="État de publication")
DEPARTEMENT_CODE = Column("departement_code", ("departement_id",), titre="Code du département")
DEPARTEMENT = Column("departement")
COMMUNE = Column("commune")
COMMUNE_INSEE = Column("commune_insee", ("commune_id",), titre="Code INSEE de la commune")
INTERCOMMUNALITE = Column("intercommunalite", made=_group, titre="Intercommunalité")
# Places of a `Situee` (fiches/lieux.py).
LIEU = [DEPARTEMENT_CODE, DEPARTEMENT, COMMUNE, COMMUNE_INSEE, INTERCOMMUNALITE]
# Files give microseconds, spreadsheets the day.
PUBLIEE_LE = Column("publiee_le", moment=lambda when: when and timezone.localtime(when).date())
# Empty if only the takeover wrote the record; the import still detects a later change.
MODIFIEE_LE = Column("modifiee_le", ("modifiee_le", "datee"), lambda when, known: file_moment(when) if known else "")
URL = Column("url", made=lambda model: (("slug",), page_address(model)), titre="Adresse de la page")

# Groups of columns in tables.
GROUPES = {
    "Lieu": (
        *("region", "departement", "commune", "intercommunalite", "departement_code", "commune_insee"),
        *("ville", "lieu", "adresse", "latitude", "longitude", "position_approchee"),
    ),
    "Repères du site": ("identifiant", "publiee_le", "modifiee_le"),
}

# A comparison shows one line (`OU`) in place of these columns.
POSITION = GROUPES["Lieu"]
OU = Column("ou", made=_where, titre="Où")

# Columns about the site more than the record.
DU_SITE = [IDENTIFIANT, DEPARTEMENT_CODE, COMMUNE_INSEE, PUBLIEE_LE, MODIFIEE_LE]


def lien_fichier(name: str = "fichier") -> Column:
    """The address of a field's file."""
    return Column(f"{name}_url", (name,), address, titre="Adresse du fichier")


def colonnes_de(model: type[Fiche]) -> list[Column]:
    """Default columns of a type: its fields in order, long texts last."""
    common = {field.name for field in (*Fiche._meta.get_fields(), *Fiche._meta.local_many_to_many)}
    meta = model._meta
    own = [field for field in (*meta.local_fields, *meta.local_many_to_many) if field.name not in common]
    short = [column for field in own if field.name not in model.textes for column in _columns(field)]
    texts = [Column(name) for name in model.textes]
    return [IDENTIFIANT, TITRE, *short, FAIT, THEMES, PUBLIEE_LE, MODIFIEE_LE, URL, *texts]


def _columns(field) -> list[Column]:
    """The columns of one field; a place has several."""
    if field.related_model is Departement:
        return LIEU if issubclass(field.model, Situee) else [DEPARTEMENT_CODE, DEPARTEMENT]
    if field.related_model in (Commune, Intercommunalite):
        return []  # LIEU has them
    return [lien_fichier(field.name) if isinstance(field, models.FileField) else Column(field.name)]
