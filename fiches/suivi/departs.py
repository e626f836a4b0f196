"""Types that leave the site with their folder, and may come back: what `migrate` does with their records.

The records of a type that is gone stay in its tables, unread. Their entries go to the bin: no list, search or page of
the desk shows them, and their public addresses answer 410. When the type is back in the settings, so are its records;
if somebody was erased meanwhile, the public ones wait to be read again. Rows of the entries (files, texts, names) stay
as long as those of a deleted record.
"""

import sys
from collections.abc import Iterator
from datetime import datetime

from django.apps import apps
from django.core.validators import slug_re
from django.db import DEFAULT_DB_ALIAS, Error, connection
from django.db.models import Count, F, Max, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from fiches import registre
from fiches.attached import FichierInterne, FichierJoint
from fiches.indexation import BLOCK, index_those, parts, together
from fiches.signals import entree_videe
from socle.annuaire.models import AncienneAdresse, Entree, Statut
from socle.annuaire.types import declared
from socle.francais.nombres import whole
from socle.francais.wording import pluriel
from socle.journal.models import Ligne, Nature
from socle.journal.writing import Note, alone, inscrire_ensemble, lot
from socle.recherche.models import Indexe
from socle.vie_privee.models import Effacement, TexteIntegral

LONGEST = Entree._meta.get_field("slug").max_length
RETOUR = "Retour du type : une personne a été effacée du site entre-temps"


def follow(using=DEFAULT_DB_ALIAS, stdout=None, **kwargs) -> None:
    """Makes the directory follow the types of the site. Handler of post_migrate.

    It speaks at any verbosity: nothing else tells the operator that records left or came back.
    """
    tables = {*connection.introspection.table_names()} if using == DEFAULT_DB_ALIAS else set()
    if not {model._meta.db_table for model in (Entree, Ligne, Indexe, Effacement)} <= tables:
        return  # migrated back to a state without them
    for said in _follow(tables):
        (stdout or sys.stdout).write(f"{said}\n")


def _follow(tables: set[str]) -> Iterator[str]:
    for cle, count in leave().items():
        binned = pluriel(count, "fiche mise à la corbeille", "fiches mises à la corbeille")
        yield f"Type « {cle} », que le site n’a plus : {binned}."
    for declaration in registre.types():
        if declaration.model._meta.db_table not in tables:
            continue
        count, doubtful = come_back(declaration.model)
        if count:
            yield f"{declaration.titre} : {pluriel(count, 'fiche de retour', 'fiches de retour')}."
        if doubtful:
            back = pluriel(doubtful, "fiche publique revient", "fiches publiques reviennent")
            yield f"{declaration.titre} : {back} « à relire », des personnes ayant été effacées du site entre-temps."


@lot()
def leave() -> dict[str, int]:
    """Sends the entries of types that are gone to the bin; returns {type: how many}.

    Entries that were public keep a date of publication. For withdrawn ones, the time in the bin counts from their last
    change.
    """
    entrees = Entree.objects.exclude(type__in=declared())
    gone, now = entrees.in_use(), timezone.now()
    public = list(gone.published().order_by("pk").values_list("type", "pk"))
    left = dict(gone.order_by("type").values_list("type").annotate(Count("pk")))
    if not left:
        return left
    binned = {"statut": Statut.CORBEILLE}
    gone.published().update(publiee_le=Coalesce("publiee_le", Value(now)), modifiee_le=now, **binned)
    # Others have no date, so no page tells that they existed.
    gone.filter(statut=Statut.RETIREE).update(publiee_le=None, **binned)
    gone.update(publiee_le=None, modifiee_le=now, **binned)
    alone()
    Indexe.objects.filter(entree__in=entrees).delete()
    inscrire_ensemble(Note(type, pk, Nature.RETIREE) for type, pk in public)
    return left


def come_back(model) -> tuple[int, int]:
    """Takes the entries of a type out of the bin, except those of records that were in the bin themselves.

    Returns (how many, how many of them were public and are now « à relire »), since erasures of persons did not reach
    the tables of the type.
    """
    rows = model.objects.exclude(statut=Statut.CORBEILLE).filter(entree__statut=Statut.CORBEILLE)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    erased = Effacement.objects.filter(genre="").aggregate(last=Max("efface_le"))["last"] if keys else None
    cle, doubtful = registre.for_model(model).cle, 0
    for block in parts(keys, BLOCK):
        with together():
            public, binned = [], dict(Entree.objects.filter(pk__in=block).values_list("pk", "modifiee_le"))
            for fiche in model.objects.filter(pk__in=block):
                if fiche.is_publiee and erased and erased > binned[fiche.pk]:
                    fiche.change({"statut": Statut.A_RELIRE}, reason=RETOUR, touch=False)
                    doubtful += 1
                    continue
                fiche.save_entree()
                public += [fiche.pk] if fiche.is_publiee else []
            index_those({model: block})
            inscrire_ensemble(Note(cle, pk, Nature.PUBLIEE) for pk in public)
    return len(keys), doubtful


def left_at(path: str) -> Entree | None:
    """The entry of a record whose type is gone, by its former address on the site or in the API, or None."""
    here = {one.adresse for one in registre.types()}
    match path.strip("/").split("/"):
        case [first, name] if first not in here and len(name) <= LONGEST and slug_re.match(name):
            before = AncienneAdresse.objects.filter(slug=name).values("entree")
            named = Q(slug=name) | Q(pk__in=before)
        case ["api", "v1", _, number] if pk := whole(number, 9):
            named = Q(pk=pk)
        case _:
            return None
    rows = Entree.objects.exclude(type__in=declared()).filter(named)
    try:  # several types may have had that name: a public record comes first
        found = rows.order_by(F("publiee_le").desc(nulls_last=True), "pk").first()
        return found and found.after_merges()
    except Error:  # a missing page is missing without the database too
        return None


# Rows that belong to the entries


def over(moment: datetime) -> list[Entree]:
    """The entries of types that left before that moment, if something of them is left to delete."""
    rows = Entree.objects.exclude(type__in=declared())
    types = rows.order_by().values("type").annotate(last=Max("modifiee_le")).filter(last__lt=moment).values("type")
    held = ~Q(titre="") | ~Q(lieu="")
    return list(rows.filter(held, type__in=types, statut=Statut.CORBEILLE).order_by("pk"))


@lot()
def empty(entree: Entree) -> None:
    """Deletes the rows of an entry, and all that it says except that its record is gone."""
    for model in (FichierJoint, FichierInterne):
        model.objects.filter(entree=entree.pk).delete()
    here = [model._meta.label for model in apps.get_models()]
    TexteIntegral.objects.filter(cle=str(entree.pk)).exclude(modele__in=here).delete()
    entree_videe.send(Entree, entree=entree)
    Entree.objects.filter(pk=entree.pk).update(titre="", tri="", lieu="", departement=None, commune=None)
