"""Types that leave the site with their folder, and come back with it: what `migrate` does with their records.

The records of a type that is gone stay in its tables, which nothing reads. Their entries go to the bin: no list, search
or page of the desk shows them, and the addresses that the public met answer 410. Back in the settings, the type has its
records as they were.
"""

from functools import cache

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from fiches import registre
from fiches.indexation import BLOCK, index_those, parts
from fiches.suivi.models import CleDeDoublon
from socle.annuaire.models import AncienneAdresse, Entree, Statut, inscrire_fiches
from socle.annuaire.types import declared
from socle.francais.nombres import whole
from socle.journal.models import Ligne, Nature
from socle.journal.writing import Note, alone, inscrire, inscrire_ensemble, lot
from socle.recherche.models import Indexe


def follow(using=DEFAULT_DB_ALIAS, **kwargs) -> None:
    """Let the directory follow the types that the site has. Handler of post_migrate."""
    tables = {*connection.introspection.table_names()} if using == DEFAULT_DB_ALIAS else set()
    if not {model._meta.db_table for model in (Entree, Ligne, Indexe, CleDeDoublon)} <= tables:
        return  # migrated back to before there were some
    leave()
    for declaration in registre.types():
        if declaration.model._meta.db_table in tables:
            come_back(declaration.model)


@lot()
def leave() -> None:
    """Send the entries of types that the site has no longer to the bin. Those that were public tell it by a date."""
    entrees = Entree.objects.exclude(type__in=declared())
    gone, now = entrees.in_use(), timezone.now()
    public = list(gone.published().order_by("pk").values_list("type", "pk"))
    state = {"statut": Statut.CORBEILLE, "modifiee_le": now}
    left = gone.published().update(publiee_le=Coalesce("publiee_le", Value(now)), **state)
    left += gone.update(publiee_le=None, **state)  # the others: no page says that they ever were
    if not left:
        return
    CleDeDoublon.objects.filter(entree__in=entrees).delete()
    alone()
    Indexe.objects.filter(entree__in=entrees).delete()
    inscrire_ensemble(Note(type, pk, Nature.RETIREE) for type, pk in public)
    inscrire("migration", nature=Nature.RETIREE)  # whoever remembers which types are gone asks again


def come_back(model) -> None:
    """Take the entries of a type out of the bin if its records, left as they were, are not in it."""
    rows = model.objects.exclude(statut=Statut.CORBEILLE).filter(entree__statut=Statut.CORBEILLE)
    for block in parts(list(rows.order_by("pk").values_list("pk", flat=True)), BLOCK):
        with lot():
            for fiche in model.objects.filter(pk__in=block):
                fiche.save_entree()
            inscrire_fiches(block)
            index_those({model: block})


def left_at(path: str) -> Entree | None:
    """The entry of the record of a type that is gone, by the address it had on the site or in the API; None if none."""
    first, *others = path.strip("/").split("/")
    if len(others) not in (1, 3):
        return None
    try:
        gone = gone_types()
    except DatabaseError:  # a page that does not exist is none without the database, too
        return None
    if not gone:
        return None
    name, rows = others[-1], Entree.objects.filter(type__in=gone)
    if len(others) == 3:
        pk = whole(name, 9) if [first, others[0]] == ["api", "v1"] else None
        return rows.filter(pk=pk).first() if pk else None
    if entree := rows.filter(slug=name).first():
        return entree
    old = AncienneAdresse.objects.filter(type__in=gone, slug=name).select_related("entree").first()
    return old and old.entree


@cache
def gone_types() -> list[str]:
    """Types that records have and the site has not. Asked once a process: a deployment starts others."""
    found = Entree.objects.exclude(type__in=declared()).order_by().values_list("type", flat=True)
    return list(found.distinct())
