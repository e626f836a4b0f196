"""What one import of a spreadsheet changed, read from the history, and how to take it back.

An import leaves only the reason of its versions, with its number.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Max, OuterRef, Subquery

from fiches.acces import may_change
from fiches.indexation import parts, together
from fiches.models import Fiche
from fiches.suivi.comparaison import Difference, choices_of, compared_fields, differences, rows_of, state
from fiches.suivi.historique import restore
from socle.annuaire.models import Statut

_REASON = re.compile(r"Import n° (\d+) d’un fichier")
_START = "Import n° "
_KNOWN = {"titre", "slug", "statut"}  # not told of a new record
LAST = 10  # imports on a page


def reason(numero: int, format: str) -> str:
    return f"{_START}{numero} d’un fichier {format}"


def number_in(reason: str | None) -> int | None:
    found = _REASON.match(reason or "")
    return int(found[1]) if found else None


def made_by(model: type[Fiche], numero: int):
    """The versions of an import, in the order of the file."""
    rows = model.history.filter(history_change_reason__startswith=reason(numero, ""))
    return rows.select_related("history_user").order_by("history_id")


def is_undone(model: type[Fiche], numero: int) -> bool:
    return model.history.filter(history_change_reason=_undone(numero)).exists()


def _undone(numero: int) -> str:
    return f"{_START}{numero} annulé"


@dataclass(frozen=True)
class ImportFait:
    numero: int
    fiches: int
    le: datetime


def last_imports(model: type[Fiche]) -> list[ImportFait]:
    """The last imports, latest first. One query."""
    rows = model.history.filter(history_change_reason__startswith=_START).order_by()
    rows = rows.values("history_change_reason").annotate(fiches=Count("pk"), le=Max("history_date")).order_by("-le")
    found = ((number_in(row["history_change_reason"]), row["fiches"], row["le"]) for row in rows[: 2 * LAST])
    return [ImportFait(*row) for row in found if row[0]][:LAST]


@dataclass(frozen=True)
class FicheImportee:
    """A record that an import created or changed.

    `existe`: neither erased nor in the bin. `intacte`: unchanged since, so it can go back.
    """

    titre: str
    pk: int
    creee: bool
    existe: bool
    intacte: bool
    differences: list[Difference] = field(default_factory=list)


def told(model: type[Fiche], made: Iterable, *, with_bin: bool) -> list[FicheImportee]:
    """What versions of one import changed. Five queries, one per relation of the type, two more for several choices.

    `with_bin`: tell the changes of records in the bin; their titles are told anyway, as in the journal.
    """
    made = list(made)
    records = model._default_manager.in_use().filter(pk__in=[revision.entree_id for revision in made])
    versions = dict(records.values_list("pk", "version"))
    fields = compared_fields(model)
    read = [revision for revision in made if with_bin or revision.entree_id in versions]
    before = _before(model, read)
    after = _with_choices(model).in_bulk([revision.pk for revision in read])
    before, after = ({pk: state(revision) for pk, revision in found.items()} for found in (before, after))
    nothing = {one.name: frozenset() if one.many_to_many else None for one in fields}
    known = rows_of(fields, [nothing, *before.values(), *after.values()])
    filled = [one for one in fields if one.name not in _KNOWN]

    def said(revision) -> list[Difference]:
        if revision.pk not in after:
            return []
        if revision.pk in before:
            return differences(fields, before[revision.pk], after[revision.pk], known)
        return [one for one in differences(filled, nothing, after[revision.pk], known) if one.after]

    return [
        FicheImportee(
            titre=revision.titre,
            pk=revision.entree_id,
            creee=revision.history_type == "+",
            existe=revision.entree_id in versions,
            intacte=versions.get(revision.entree_id) == revision.version,
            differences=said(revision),
        )
        for revision in made
    ]


def _with_choices(model: type[Fiche]):
    return model.history.prefetch_related(*choices_of(model.history.model))


def _before(model: type[Fiche], made: list) -> dict:
    """{key of a version: the version before it}, except for first versions."""
    earlier = model.history.filter(entree_id=OuterRef("entree_id"), history_id__lt=OuterRef("history_id"))
    previous = Subquery(earlier.order_by("-history_id").values("history_id")[:1])
    rows = model.history.filter(pk__in=[revision.pk for revision in made]).annotate(precedente=previous)
    keys = dict(rows.exclude(history_type="+").values_list("pk", "precedente"))
    found = _with_choices(model).in_bulk([*filter(None, keys.values())])
    return {key: found[previous] for key, previous in keys.items() if previous}


@dataclass
class BilanAnnulation:
    """`gardees`: records left, because they changed or are needed."""

    rendues: int = 0
    jetees: int = 0
    gardees: list[Fiche] = field(default_factory=list)


@together()
def undo(model: type[Fiche], numero: int, *, user) -> BilanAnnulation:
    """Takes an import back: changed records get their former version and dates, created ones go to the bin.

    Records changed, published or withdrawn since stay, and new ones that cannot go to the bin.
    """
    bilan = BilanAnnulation()
    for made in parts(list(made_by(model, numero))):
        before = _before(model, made)
        locked = model._default_manager.in_use().select_for_update(of=("self",)).order_by("pk")
        fiches = {fiche.pk: fiche for fiche in locked.filter(pk__in=[revision.entree_id for revision in made])}
        for revision in made:
            fiche = fiches.get(revision.entree_id)
            if fiche is None:
                continue
            if fiche.version != revision.version or not may_change(user, fiche):
                bilan.gardees.append(fiche)
            elif revision.pk in before:
                restore(model, before[revision.pk], seen=fiche.version, reason=_undone(numero), user=user, dates=True)
                bilan.rendues += 1
            elif revision.history_type == "+" and fiche.statut == Statut.BROUILLON and fiche.is_removable:
                fiche.change({"statut": Statut.CORBEILLE}, reason=_undone(numero), user=user)
                bilan.jetees += 1
            else:
                bilan.gardees.append(fiche)
    return bilan
