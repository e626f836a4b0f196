"""The names that the site holds and does not show: who announces them, and which of them a text may hold.

A room announces a model whose rows name persons; each save of a row keeps its names (`NomTenu`) in its transaction. A
text that is saved asks for those that have a key in common with its words: one indexed query, however many are held.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from django.apps import apps
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.signals import post_delete, post_save

from socle.vie_privee.models import MotTenu, NomTenu
from socle.vie_privee.spellings import keys_in, keys_of

BLOCK = 500
ASKED = 10_000  # keys in one query

# Rows to (key of a row, a full name, an address or a telephone number of it that no public text may show).
Source = Callable[[QuerySet], Iterable[tuple[object, str]]]
sources: dict[str, Source] = {}


def register(model: str, source: Source) -> None:
    """Announce a model, « app.Model », whose rows name persons."""
    sources[model] = source
    post_save.connect(_saved, sender=model, dispatch_uid=f"held {model}")
    post_delete.connect(_deleted, sender=model, dispatch_uid=f"held {model}")


def _saved(sender, instance, raw=False, **kwargs):
    if not raw:  # a fixture brings them along
        follow(sender._meta.label, [instance.pk])


def _deleted(sender, instance, **kwargs):
    NomTenu.objects.filter(modele=sender._meta.label, cle=str(instance.pk)).delete()


def follow(model: str, pks: Iterable) -> int:
    """Keep the names of these rows as the rows now stand; how many are new. Nothing is done for another model."""
    pks = list(pks)
    if model not in sources or not pks:
        return 0
    wanted = {(str(pk), text[:1000]) for pk, text in sources[model](_rows(model).filter(pk__in=pks))}
    keys = {name: found for name in wanted if (found := keys_of(name[1]))}
    known = {(row.cle, row.texte): row.pk for row in NomTenu.objects.filter(modele=model, cle__in=map(str, pks))}
    gone, new = [known[name] for name in known.keys() - keys.keys()], sorted(keys.keys() - known.keys())
    if gone:
        NomTenu.objects.filter(pk__in=gone).delete()
    if new:
        seen = _seen({text for _, text in new})
        with transaction.atomic():
            rows = NomTenu.objects.bulk_create(
                NomTenu(modele=model, cle=pk, texte=text, **seen.get(text, {})) for pk, text in new
            )
            MotTenu.objects.bulk_create(
                MotTenu(nom=row, mot=key) for row in rows for key in sorted(keys[row.cle, row.texte])
            )
    return len(new)


def _seen(texts: set[str]) -> dict[str, dict]:
    """{text: what its row says} of names that another row has given already: texts were looked at, staff have decided.

    But for an agreement, which is one person's.
    """
    if not texts:
        return {}
    known = NomTenu.objects.filter(texte__in=texts, regarde_le__isnull=False)
    rows = known.exclude(decision=NomTenu.Decision.ACCORD).order_by("decision")
    return {row.texte: {"decision": row.decision, "regarde_le": row.regarde_le} for row in rows}


def _rows(model: str) -> QuerySet:
    return apps.get_model(model)._base_manager.all()


def rebuild() -> tuple[int, int]:
    """Keep the names of all rows, whatever wrote them; how many were missing, how many too many.

    Those that are found by other keys than they were, since the code reads names otherwise, count as missing. All are
    looked for again, but for those that staff have decided to leave or have yet to decide: it may read texts otherwise.
    """
    missing, otherwise, before = 0, 0, NomTenu.objects.count()
    for model in sources:
        pks = list(_rows(model).order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(pks), BLOCK):
            missing += follow(model, pks[start : start + BLOCK])
            otherwise += _find_otherwise(model, pks[start : start + BLOCK])
        kept = set(map(str, pks))
        cles = NomTenu.objects.filter(modele=model).values_list("cle", flat=True).distinct()
        gone = [cle for cle in cles if cle not in kept]
        for start in range(0, len(gone), BLOCK):
            NomTenu.objects.filter(modele=model, cle__in=gone[start : start + BLOCK]).delete()
    NomTenu.objects.exclude(modele__in=sources).delete()
    NomTenu.objects.exclude(decision__in=[NomTenu.Decision.ATTEND, *NomTenu.LAISSES]).update(regarde_le=None)
    return missing + otherwise, before + missing - NomTenu.objects.count()


def _find_otherwise(model: str, pks: list) -> int:
    """Give the names of these rows the keys by which they are found today, and look for those again; how many."""
    rows = NomTenu.objects.filter(modele=model, cle__in=map(str, pks)).prefetch_related("mots")
    changed = [row for row in rows if {one.mot for one in row.mots.all()} != keys_of(row.texte)]
    MotTenu.objects.filter(nom__in=changed).delete()
    MotTenu.objects.bulk_create(MotTenu(nom=row, mot=key) for row in changed for key in sorted(keys_of(row.texte)))
    NomTenu.objects.filter(pk__in=[row.pk for row in changed]).update(regarde_le=None)
    return len(changed)


def names_in(texts: Iterable[str], *, of: tuple[str, str] | None = None) -> list[str]:
    """Held names that these texts may show, most often none. `of`: (model, key) of a row whose own do not count.

    One query. Those that staff said to leave are not among them.
    """
    keys = sorted(set().union(*map(keys_in, texts)))
    found = set()
    for start in range(0, len(keys), ASKED):
        rows = NomTenu.objects.filter(mots__mot__in=keys[start : start + ASKED]).exclude(decision__in=NomTenu.LAISSES)
        if of:
            rows = rows.exclude(Q(modele=of[0], cle=of[1]))
        found.update(rows.order_by().values_list("texte", flat=True).distinct())
    return sorted(found)


def waiting() -> Iterator[tuple[str, list[NomTenu]]]:
    """(text, rows) of the names for which the texts that were there before them have not been looked at."""
    rows: dict[str, list[NomTenu]] = defaultdict(list)
    for row in NomTenu.objects.filter(regarde_le=None).order_by("pk"):
        rows[row.texte].append(row)
    yield from rows.items()


def follow_changed(changed: dict) -> None:
    """After an erasure, which writes past `save`: the names are again those of the rows it changed."""
    for model, keys in changed.items():
        follow(model._meta.label, keys)
