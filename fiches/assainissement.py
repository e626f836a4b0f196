"""Files that were kept before the doors of the site decided as they do now: told one by one, then mended.

A picture is drawn again, an office document is written again without its author's name: in its own place, once the
original is kept for the team (`FichierInterne`) until the purge. A document with macros leaves the public for good, and
the team keeps it. Each file is a step of its own: whatever stops the command, it goes on from there the next time.
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
from socle.francais.mots import pluriel
from socle.journal.writing import lot
from socle.medias import depot, office, pictures, refus
from socle.medias.budget import Budget, Exhausted
from socle.medias.champs import FichierField
from socle.medias.fichiers import extension

RAISON = "Document avec macros retiré du public"
AUTRE = "Ce format n’est plus accepté."
N = FichierInterne.Nature


class Soin(Enum):
    """What a file needs."""

    REDESSINER = auto()  # a picture that is too large, or says more than it shows
    REECRIRE = auto()  # a document that names its author
    RETIRER = auto()  # one with macros
    REGARDER = auto()  # by somebody: nothing here can mend it


@dataclass(frozen=True)
class FichierARevoir:
    """A file that is not as one that comes today. `contenu`: what it is to be, if it can be mended."""

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
        """The entry of its record; None for a file that waits to join one."""
        return getattr(self.row, "entree", None)


def look() -> Iterator[FichierARevoir]:
    """The files that need something, one after the other, each read."""
    for model in apps.get_models():
        fields = [one for one in model._meta.concrete_fields if isinstance(one, FichierField) and not one.prive]
        for one in fields:
            rows = model._base_manager.exclude(**{one.name: ""})
            for pk in list(rows.order_by("pk").values_list("pk", flat=True)):  # whoever looks may change them
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
        return None  # nobody gets it
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
    """Do what a file needs; whether it could be done. OSError if there is no room: it is then as it was."""
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
    """Keep a file as it is for the team, unless a run that was stopped has kept it already."""
    rows = FichierInterne.objects.filter(entree=found.entree, de=found.nom, nature=N.ORIGINAL)
    if not any(default_storage.exists(row.fichier.name) for row in rows):
        with default_storage.open(found.nom) as stored:
            days = pluriel(settings.CONSERVATION["fichiers_originaux"], "jour", "jours")
            raison = f"Original, avant que le site ne l’assainisse. Effacé au bout de {days}."
            _internal(found, N.ORIGINAL, raison, stored.read()).save()


@transaction.atomic
def _withdraw(found: FichierARevoir) -> None:
    """The public has it no more, nor a version that is restored: its name on the disk leaves with it."""
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
    """Take a withdrawn file off the disk, unless a record that got it from another has it still: its turn comes."""
    if not depot.named({name}):
        default_storage.delete(name)


def _internal(found: FichierARevoir, nature: str, raison: str, data: bytes) -> FichierInterne:
    nom = PurePosixPath(found.nom).name
    row = FichierInterne(entree=found.entree, nature=nature, nom=nom, raison=raison[:300], de=found.nom)
    row.fichier.save(nom, ContentFile(data), save=False)
    return row


def tidy() -> int:
    """Take off the disk what a run that was stopped has left: withdrawn files under their old names, copies that no row
    names; how many.
    """
    left = depot.orphans(INTERNES, timezone.now() - timedelta(days=1))
    withdrawn = set(FichierInterne.objects.filter(nature=N.PRIVE).exclude(de="").values_list("de", flat=True))
    left += [name for name in withdrawn - depot.named(withdrawn) if default_storage.exists(name)]
    for name in left:
        default_storage.delete(name)
    return len(left)
