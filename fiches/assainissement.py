"""Cleans files stored before today's rules on uploads, for `manage.py assainir_fichiers`.

A picture is redrawn; an office document loses its author's name. The team keeps the original (`FichierInterne`) until
the purge. A document with macros leaves the public site; the team keeps it. Each file is one step: after a stop, the
command goes on from there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from functools import partial
from pathlib import PurePosixPath

from django.apps import apps
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone

from fiches.attached import INTERNES, FichierInterne
from fiches.models import Fiche
from socle.annuaire.models import inscrire_fiches
from socle.francais.wording import pluriel
from socle.journal.writing import lot
from socle.medias import depot, office, pictures, refus
from socle.medias.budget import Budget, Exhausted
from socle.medias.champs import FichierField
from socle.medias.fichiers import extension

RAISON = "Document avec macros retiré du public"
AUTRE = "Ce format n’est plus accepté."
N = FichierInterne.Nature


class Soin(Enum):
    REDESSINER = auto()  # a picture that is too large or holds metadata
    REECRIRE = auto()  # a document that names its author
    RETIRER = auto()  # a document with macros
    REGARDER = auto()  # nothing here can clean it: somebody must look


@dataclass(frozen=True)
class FichierARevoir:
    """A file that today's rules would change or refuse. `contenu`: its clean content, if any."""

    row: models.Model
    champ: str
    soin: Soin
    raison: str = ""
    contenu: bytes = b""

    @property
    def nom(self) -> str:
        return getattr(self.row, self.champ).name

    @property
    def entree(self):
        """The entry of its record; None if it has no record yet."""
        return getattr(self.row, "entree", None)


def look() -> Iterator[FichierARevoir]:
    """Read all public files and yield those that need something."""
    for model in apps.get_models():
        fields = [one for one in model._meta.concrete_fields if isinstance(one, FichierField) and not one.prive]
        for one in fields:
            rows = model._base_manager.exclude(**{one.name: ""})
            for pk in list(rows.order_by("pk").values_list("pk", flat=True)):  # the caller may change rows
                if (row := rows.filter(pk=pk).first()) and (found := _look_at(row, one.name)):
                    yield found


def _look_at(row: models.Model, champ: str) -> FichierARevoir | None:
    file = getattr(row, champ)
    name = extension(file.name)
    if name in ("pdf", *depot.SONS):
        return None  # kept as they came
    try:
        with default_storage.open(file.name) as stored:
            data = stored.read()
    except (FileNotFoundError, SuspiciousFileOperation):
        return None  # nobody can download it
    kind, budget = depot.KINDS.get(name), Budget.for_command()
    if kind and pictures.is_bare(data, kind):
        return None
    try:
        if office.has_macros(data):
            raise ValidationError(refus.MACROS, code="macros")
        new = pictures.drawn_again(data, kind, budget) if kind else office.without_authors(data, budget)
    except Exhausted:
        return FichierARevoir(row, champ, Soin.REGARDER, "Ce fichier est trop grand pour être lu.")
    except ValidationError as error:
        if error.code == "macros":
            return FichierARevoir(row, champ, Soin.RETIRER, " ".join(error.messages))
        said = " ".join(error.messages) if name in depot.READ else AUTRE
        return FichierARevoir(row, champ, Soin.REGARDER, said)
    if name not in depot.READ:
        return FichierARevoir(row, champ, Soin.REGARDER, AUTRE)
    if not kind and office.same_parts(data, new):
        return None
    return FichierARevoir(row, champ, Soin.REDESSINER if kind else Soin.REECRIRE, contenu=new)


def mend(found: FichierARevoir) -> bool:
    """Do what a file needs; return whether it was done. OSError if the disk is full: nothing has changed."""
    if found.soin == Soin.RETIRER and found.entree is not None:
        _withdraw(found)
    elif found.contenu and depot.named({found.nom}):  # nobody has replaced it since
        if found.entree is not None:
            _keep_original(found)
        default_storage.replace(found.nom, found.contenu)
        with lot():
            if hasattr(found.row, "poids"):
                type(found.row)._base_manager.filter(pk=found.row.pk).update(poids=len(found.contenu))
            if found.entree is not None:
                inscrire_fiches([found.entree.pk])
    else:
        return False
    return True


def _keep_original(found: FichierARevoir) -> None:
    """Keep the original for the team, unless an earlier run did."""
    rows = FichierInterne.objects.filter(entree=found.entree, de=found.nom, nature=N.ORIGINAL)
    if not any(default_storage.exists(row.fichier.name) for row in rows):
        with default_storage.open(found.nom) as stored:
            days = pluriel(settings.CONSERVATION["fichiers_originaux"], "jour", "jours")
            raison = f"Original, avant que le site ne l’assainisse. Effacé au bout de {days}."
            _internal(found, N.ORIGINAL, raison, stored.read()).save()


@transaction.atomic
def _withdraw(found: FichierARevoir) -> None:
    """Take a file from the public and from restored versions: its old name is deleted."""
    row = type(found.row)._base_manager.select_for_update(of=("self",)).get(pk=found.row.pk)
    if getattr(row, found.champ).name != found.nom:
        return  # somebody has just replaced it
    with default_storage.open(found.nom) as stored:
        kept = _internal(found, N.PRIVE, f"Retiré du public. {found.raison}", stored.read())
    try:
        kept.save()
        if isinstance(row, Fiche):
            row.change({found.champ: ""}, reason=RAISON, touch=False)
        else:
            type(row)._base_manager.filter(pk=row.pk).update(**{found.champ: ""})
            inscrire_fiches([found.entree.pk])
    except BaseException:
        default_storage.delete(kept.fichier.name)
        raise
    transaction.on_commit(partial(_throw_away, found.nom))


def _throw_away(name: str) -> None:
    """Delete a withdrawn file, unless another record still names it: that one gets its own step."""
    if not depot.named({name}):
        default_storage.delete(name)


def _internal(found: FichierARevoir, nature: str, raison: str, data: bytes) -> FichierInterne:
    nom = PurePosixPath(found.nom).name
    row = FichierInterne(entree=found.entree, nature=nature, nom=nom, raison=raison[:300], de=found.nom)
    row.fichier.save(nom, ContentFile(data), save=False)
    return row


def tidy() -> int:
    """Delete what stopped runs left: withdrawn files, copies without a row. Returns how many."""
    left = depot.orphans(INTERNES, timezone.now() - timedelta(days=1))
    withdrawn = set(FichierInterne.objects.filter(nature=N.PRIVE).exclude(de="").values_list("de", flat=True))
    left += [name for name in withdrawn - depot.named(withdrawn) if default_storage.exists(name)]
    for name in left:
        default_storage.delete(name)
    return len(left)
