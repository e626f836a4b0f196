"""Undo a takeover: first say what that does and what stands in its way, then put every row back in one transaction.

It is possible as long as all that the takeover wrote is as it left it. Rows are put back as they were, without a save:
the database is as before, but for the history, which tells of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from fiches import registre
from fiches.indexation import index_fiches, index_those
from fiches.models import HISTORIQUE, Contact, Fiche
from fiches.suivi.models import Reprise
from fiches.suivi.reprise import RAISON
from fiches.suivi.trace import BLOCK, columns, decode, digest, hold_writers, is_history, read, references, watched
from socle.annuaire.models import Entree
from socle.francais.mots import pluriel
from socle.recherche.index import remove
from socle.recherche.models import Mot
from socle.vie_privee import held

LISTED = 100  # records that a plan names
MODIFIEE, SUPPRIMEE, AJOUT = "modifiée depuis", "supprimée depuis", "ajouté depuis : {}"  # what happened to one


class AnnulationImpossible(Exception):
    """A takeover that cannot be undone. `plan` says why; so does the message, in French."""

    def __init__(self, message: str, plan: "Plan | None" = None):
        super().__init__(message)
        self.plan = plan


@dataclass
class Lignes:
    """What undoing does to the rows of one model: keys to delete, {key: values} to put back and to restore.

    `colonnes`: names of the values. `maintenant`: {key: values} of the rows that stand.
    """

    model: type[models.Model]
    colonnes: list[str]
    creees: list = field(default_factory=list)
    effacees: dict = field(default_factory=dict)
    modifiees: dict = field(default_factory=dict)
    maintenant: dict = field(default_factory=dict)

    @property
    def standing(self) -> dict:
        return dict.fromkeys([*self.creees, *self.modifiees])

    @property
    def put_back(self) -> dict:
        return self.effacees | self.modifiees

    @property
    def fichiers(self) -> Iterator[tuple]:
        """(storage, name) of the files that the takeover attached."""
        for one in self.model._meta.concrete_fields:
            if not isinstance(one, models.FileField):
                continue
            here = columns(self.model).index(one.attname)
            there = self.colonnes.index(one.attname)
            for pk in self.standing:
                now, then = self.maintenant[pk][here], self.modifiees[pk][there] if pk in self.modifiees else ""
                if now and now != then:
                    yield one.storage, now


@dataclass(frozen=True)
class Touche:
    """What stands in the way: whose it is, its type and key if it is a record that stands, and what happened."""

    titre: str
    quoi: str
    type: str = ""
    pk: int | None = None


@dataclass
class Plan:
    """What undoing a takeover does, and what stands in its way."""

    reprise: Reprise
    lignes: list[Lignes] = field(default_factory=list)
    raison: str = ""  # why it cannot be undone at all; "" if nothing but `touchees` stands in the way
    touchees: list[Touche] = field(default_factory=list)

    @property
    def possible(self) -> bool:
        return not self.raison and not self.touchees

    @property
    def actions(self) -> list[tuple[str, int]]:
        """[(words, number)] of all that is done, records first."""
        found = []
        for rows in self.lignes:
            if rows.model is Entree:  # goes with its record
                continue
            for number, what in (
                (len(rows.creees), "à supprimer"),
                (len(rows.effacees), "à remettre"),
                (len(rows.modifiees), "à rendre à l’état d’avant"),
            ):
                if number:
                    found.append((f"{name_of(rows.model, number)}, {what}", number))
        if number := len(self.fichiers):
            found.append((f"{'fichier' if number == 1 else 'fichiers'} à retirer du disque", number))
        return found

    @property
    def fichiers(self) -> list[tuple]:
        return [one for rows in self.lignes for one in rows.fichiers]

    @property
    def fiches(self) -> list[tuple[str, list[str]]]:
        """[(what becomes of them, titles)] of the records of every public type, the first LISTED of each."""
        told = {"Supprimées": [], "Remises": [], "Rendues à ce qu’elles étaient": []}
        for rows in self.lignes:
            if issubclass(rows.model, Fiche):
                now, then = columns(rows.model).index("titre"), rows.colonnes.index("titre")
                told["Supprimées"] += [rows.maintenant[pk][now] for pk in rows.creees if pk in rows.maintenant]
                told["Remises"] += [values[then] for values in rows.effacees.values()]
                told["Rendues à ce qu’elles étaient"] += [values[then] for values in rows.modifiees.values()]
        return [(what, short(sorted(titles))) for what, titles in told.items() if titles]


def short(titles: list[str]) -> list[str]:
    more = len(titles) - LISTED
    return [*titles[:LISTED], *([f"… et {pluriel(more, 'autre', 'autres')}"] if more > 0 else [])]


def name_of(model, number: int) -> str:
    """What so many rows of a model are called; those of a several-choice field by its name."""
    if owner := model._meta.auto_created:
        field = next(one for one in owner._meta.many_to_many if one.remote_field.through is model)
        return f"choix de « {field.verbose_name} » ({owner._meta.verbose_name_plural})"
    return str(model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural)


# What would be done


def prepare(reprise: Reprise) -> Plan:
    """What undoing does, and whether it can be done. It writes nothing."""
    plan = Plan(reprise)
    if reprise.etat == Reprise.Etat.ANNULEE:
        plan.raison = "Cette reprise est déjà annulée."
    elif not reprise.changements:
        plan.raison = "Cette reprise n’a rien changé : il n’y a rien à annuler."
    elif not reprise.traces.exists():
        plan.raison = "Cette reprise est trop ancienne : ce qu’il faudrait pour l’annuler n’est plus gardé."
    elif later := Reprise.objects.filter(pk__gt=reprise.pk, etat=Reprise.Etat.FAITE, changements__gt=0).first():
        plan.raison = f"Une reprise plus récente a été faite : annulez d’abord la {str(later).lower()}."
    if plan.raison:
        return plan
    try:
        plan.lignes = sorted(
            map(_lines, reprise.traces.exclude(modele=Mot._meta.label)), key=lambda rows: watched().index(rows.model)
        )
    except (LookupError, ValueError):
        plan.raison = "Le site a changé de forme depuis cette reprise : elle ne peut plus être annulée."
        return plan
    touched = dict.fromkeys(_edited(reprise, plan.lignes))
    plan.touchees = list(touched | dict.fromkeys(_hanging(plan.lignes)))
    return plan


def _lines(trace) -> Lignes:
    """The rows of one trace. LookupError or ValueError if their model is no longer what it was."""
    model = apps.get_model(trace.modele)
    if sorted(trace.colonnes) != sorted(columns(model)):
        raise ValueError(trace.modele)
    rows, key = Lignes(model, trace.colonnes), model._meta.pk.to_python
    for text, (before, after) in trace.lignes.items():
        if before is None:
            rows.creees.append(key(text))
        elif after is None:
            rows.effacees[key(text)] = before
        else:
            rows.modifiees[key(text)] = before
    rows.maintenant = read(model, [*rows.standing, *rows.effacees])
    return rows


def _edited(reprise: Reprise, lines: list[Lignes]) -> Iterator[Touche]:
    """Rows that are no longer as the takeover left them."""
    after = {trace.modele: trace.lignes for trace in reprise.traces.all()}
    gone = any(issubclass(rows.model, Fiche) and rows.standing.keys() - rows.maintenant.keys() for rows in lines)
    for rows in lines:
        key, same_order = rows.model._meta.pk.to_python, [columns(rows.model).index(name) for name in rows.colonnes]
        for text, (_, left) in after[rows.model._meta.label].items():
            now = rows.maintenant.get(key(text))
            if digest(now and [now[place] for place in same_order]) == left:
                continue
            if now is None and gone and _is_part(rows.model):
                continue  # it went with its record, which is told
            yield _touched(rows.model, key(text), SUPPRIMEE if now is None else MODIFIEE)


def _hanging(lines: list[Lignes]) -> Iterator[Touche]:
    """Rows made since that point to what would be deleted."""
    created = {rows.model: set(rows.creees) for rows in lines if rows.creees}
    known = {rows.model: {*rows.standing, *rows.effacees} for rows in lines}
    for model in apps.get_models(include_auto_created=True):
        if is_history(model) or model._meta.label == "recherche.Indexe":
            continue
        for key, target in references(model):
            if target not in created:
                continue
            pks = sorted(created[target])
            for start in range(0, len(pks), BLOCK):
                found = model._base_manager.filter(**{f"{key.name}__in": pks[start : start + BLOCK]})
                for pk, pointed in found.order_by().values_list("pk", key.attname):
                    if pk not in known.get(model, ()):
                        what = AJOUT.format(model._meta.verbose_name) if not model._meta.auto_created else MODIFIEE
                        yield _touched(target, pointed, what)


def _touched(model, pk, what: str) -> Touche:
    """Names the record that a row belongs to, or the row itself; never a person."""
    owner, key = _owner(model, pk)
    if owner is None:
        return Touche(f"{model._meta.verbose_name} n° {pk}", what)
    entree = Entree.objects.filter(pk=key).first()
    if entree is None:
        last = owner.history.filter(entree_id=key).first() if owner is not Entree else None
        return Touche(last.titre if last else f"fiche n° {key}", SUPPRIMEE)
    return Touche(entree.titre, MODIFIEE if (owner, key) != (model, pk) else what, entree.type, key)


def _is_part(model) -> bool:
    """Whether rows of a model go with a record that is deleted."""
    return not issubclass(model, Fiche) and (
        model is Entree
        or any(
            issubclass(target, Fiche | Entree) and key.remote_field.on_delete is models.CASCADE
            for key, target in references(model)
        )
    )


def _owner(model, pk):
    """(model, key) of the record that a row is part of; (None, None) if it is part of none."""
    if issubclass(model, Fiche | Entree):
        return model, pk
    for key, target in references(model):
        if issubclass(target, Fiche | Entree) and key.remote_field.on_delete is models.CASCADE:
            value = model._base_manager.filter(pk=pk).values_list(key.attname, flat=True).first()
            return (target, value) if value else (None, None)
    return None, None


# Doing it


@transaction.atomic
def annuler(reprise: Reprise, *, user=None) -> Plan:
    """Undo a takeover; what was done. AnnulationImpossible, and nothing is changed, if something stands in the way."""
    hold_writers()
    reprise = Reprise.objects.select_for_update(of=("self",)).get(pk=reprise.pk)
    plan = prepare(reprise)
    if not plan.possible:
        raise AnnulationImpossible(plan.raison or "Quelqu’un a travaillé depuis sur ce qu’elle avait écrit.", plan)
    reason = f"{RAISON} annulée (n° {reprise.pk})"
    _tell([fiche for rows in plan.lignes for fiche in _records(rows, rows.creees)], "-", reason, user)
    fichiers, spelt = plan.fichiers, dict(Mot.objects.values_list("forme", "ecrit"))
    try:
        with transaction.atomic():
            _put_rows_back(plan.lignes)
            connection.check_constraints()
    except IntegrityError as error:
        message = (
            "Quelque chose dont ces fiches ont besoin n’est plus là, ou leur adresse est prise : rien n’a été changé."
        )
        raise AnnulationImpossible(message, plan) from error
    for rows in plan.lignes:
        _tell(_records(rows, rows.modifiees), "~", reason, user)
        _tell(_records(rows, rows.effacees), "+", reason, user)
    _index_again(plan.lignes)
    _spell_again(reprise, spelt)
    for storage, name in fichiers:
        transaction.on_commit(partial(storage.delete, name), robust=True)
    reprise.etat, reprise.annulee_le, reprise.annulee_par = Reprise.Etat.ANNULEE, timezone.now(), user
    reprise.save()
    reprise.traces.all().delete()  # they may name persons
    return plan


def _records(rows: Lignes, pks: Iterable) -> list[Fiche]:
    if not issubclass(rows.model, Fiche):
        return []
    return [fiche for pk in pks if (fiche := rows.model._base_manager.filter(pk=pk).first())]


def _tell(fiches: list[Fiche], kind: str, reason: str, user) -> None:
    """One version in the history of each record."""
    for fiche in fiches:
        fiche._change_reason = reason
        if user:
            fiche._history_user = user
        HISTORIQUE.create_historical_record(fiche, kind)


def _put_rows_back(lines: list[Lignes]) -> None:
    for rows in lines:
        if rows.model is Entree:
            for pk in rows.creees:
                remove(pk)
    using = connection.alias
    for rows in lines:  # no signal: nothing follows, nobody is left out, nothing cascades
        standing = list(rows.standing)
        for start in range(0, len(standing), BLOCK):
            rows.model._base_manager.filter(pk__in=standing[start : start + BLOCK])._raw_delete(using)
    for rows in lines:
        made = [decode(rows.model, rows.colonnes, values) for values in rows.put_back.values()]
        rows.model._base_manager.bulk_create(made, batch_size=BLOCK)


def _index_again(lines: list[Lignes]) -> None:
    """The index says what the records say again; all of them if other persons are held now, whose names it hides."""
    held.rebuild()
    persons = {Contact} | {one.model for one in registre.reprises().values() if not issubclass(one.model, Fiche)}
    if any(rows.model in persons for rows in lines):
        for declaration in registre.types():
            index_fiches(declaration.model.objects.published())
    index_those({rows.model: rows.put_back for rows in lines if issubclass(rows.model, Fiche)})


def _spell_again(reprise: Reprise, spelt: dict[str, str]) -> None:
    """Words that the index knew before are written as they were: several spellings are one word to it."""
    for trace in reprise.traces.filter(modele=Mot._meta.label):
        place = trace.colonnes.index("ecrit")
        spelt |= {forme: before[place] for forme, (before, _) in trace.lignes.items() if before}
    changed = [word for word in Mot.objects.all() if spelt.get(word.forme, word.ecrit) != word.ecrit]
    for word in changed:
        word.ecrit = spelt[word.forme]
    Mot.objects.bulk_update(changed, ["ecrit"], batch_size=BLOCK)
