"""The desk's journal: who changed what and when, from versions and the admin's log.

Versions give records and pages; the log gives what has none, and erased records. A person sees only lists that they may
open, and numbers for visitors' rows. A record in the bin is named to them, without its content.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_

from django import forms
from django.apps import apps
from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, TextChoices, TextField, Value, When
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst

from fiches import registre
from fiches.acces import admin_url, visible_types
from fiches.models import Fiche
from fiches.suivi.historique import name_of
from fiches.suivi.imports import number_in
from fiches.suivi.lots import SUR_LA_LISTE
from socle.annuaire.models import Entree, Statut
from socle.francais.texte import fold
from socle.francais.wording import pluriel
from socle.vie_privee import conservation as personnes

PAGE = 50  # changes on one page
LAST = 10  # changes on the desk's home
READ = 300  # versions read for the home
TOGETHER = timedelta(minutes=10)  # longest time of one action on a list
NOBODY = "aucune"  # changes made by no person
COLUMNS = ("quand", "par", "quoi", "raison", "objet", "titre", "liste", "rang")


class Quoi(TextChoices):
    CREATION = "+", "création"
    MODIFICATION = "~", "modification"
    SUPPRESSION = "-", "suppression"


@dataclass(frozen=True)
class Changement:
    """`adresse`: "" if the row is gone. `historique`: the page that shows what changed."""

    titre: str
    type: str
    quoi: str
    qui: str
    quand: datetime
    adresse: str
    historique: str = ""


class JourField(forms.DateField):
    """A day between 2000 and 2100."""

    widget = forms.DateInput(attrs={"type": "date"})
    message = "Donnez une date entre 2000 et 2100."
    default_validators = [
        MinValueValidator(date(2000, 1, 1), message),
        MaxValueValidator(date(2100, 12, 31), message),
    ]


class JournalForm(forms.Form):
    """Filters; an empty field filters nothing."""

    mot = forms.CharField(label="mot du titre ou du motif", required=False, max_length=100)
    par = forms.ChoiceField(label="personne", required=False)
    liste = forms.ChoiceField(label="liste", required=False)
    quoi = forms.ChoiceField(label="action", required=False, choices=[("", "toutes"), *Quoi.choices])
    du = JourField(label="du", required=False)
    au = JourField(label="au", required=False)

    def __init__(self, data, models: Iterable[type], users: dict):
        super().__init__(data)
        names = sorted(((str(pk), name_of(user)) for pk, user in users.items()), key=lambda pair: fold(pair[1]))
        self.fields["par"].choices = [("", "toutes"), *names, (NOBODY, name_of(None))]
        lists = [(model._meta.label, capfirst(str(model._meta.verbose_name_plural))) for model in models]
        self.fields["liste"].choices = [("", "toutes"), *lists]


def visible_models(site, request: HttpRequest) -> list[type]:
    """The models of lists that this person may open, records first."""
    records = [declaration.model for declaration, _ in visible_types(site, request)]
    every = {declaration.model for declaration in registre.types()}
    others = [model for model, admin in site._registry.items() if admin.has_view_permission(request)]
    return records + sorted(
        (model for model in others if model not in every), key=lambda model: fold(str(model._meta.verbose_name_plural))
    )


def _has_versions(model) -> bool:
    return hasattr(model, "history")


def _versions(model) -> QuerySet:
    """COLUMNS of a model's versions, and `entree_id` of records. A move to the bin counts as a deletion."""
    binned = [When(statut=Statut.CORBEILLE, then=Value(Quoi.SUPPRESSION.value))] if issubclass(model, Fiche) else []
    return model.history.order_by().annotate(
        rang=F("history_id"),
        quand=F("history_date"),
        par=F("history_user_id"),
        quoi=Case(*binned, default=F("history_type"), output_field=CharField()),
        raison=Cast(F("history_change_reason"), TextField()),
        objet=Cast(F(model._meta.pk.attname), TextField()),
        liste=Value(model._meta.label, output_field=TextField()),
    )


def _logged(models: list[type]) -> QuerySet:
    """COLUMNS of the admin's log; of records only deletions, since versions give the rest."""
    types = ContentType.objects.get_for_models(*models)
    lists = [When(content_type=found.pk, then=Value(model._meta.label)) for model, found in types.items()]
    records = [found.pk for model, found in types.items() if issubclass(model, Fiche)]
    kinds = {ADDITION: Quoi.CREATION, DELETION: Quoi.SUPPRESSION}
    done = [When(action_flag=flag, then=Value(kind.value)) for flag, kind in kinds.items()]
    return (
        LogEntry.objects.order_by()
        .filter(content_type__in=[found.pk for found in types.values()])
        .exclude(~Q(action_flag=DELETION), content_type__in=records)
        .annotate(
            rang=F("pk"),
            quand=F("action_time"),
            par=F("user_id"),
            quoi=Case(*done, default=Value(Quoi.MODIFICATION.value), output_field=CharField()),
            raison=F("change_message"),
            objet=Cast(F("object_id"), TextField()),
            titre=F("object_repr"),
            liste=Case(*lists, default=Value(""), output_field=TextField()),
        )
    )


def _arms(models: Iterable[type]) -> list[tuple[QuerySet, type | None]]:
    """(rows, model) of each source; the model is None for the log."""
    logged = [model for model in models if issubclass(model, Fiche) or not _has_versions(model)]
    arms = [(_versions(model), model) for model in models if _has_versions(model)]
    if logged:
        arms.append((_logged(logged), None))
    return arms


def rows(models: Iterable[type], asked: dict | None = None) -> QuerySet:
    """Changes, latest first, in one query. `asked`: cleaned data of a JournalForm, or {"depuis": moment}."""
    asked = asked or {}
    wanted = [model for model in models if asked.get("liste") in (None, "", model._meta.label)]
    arms = [_narrowed(arm, asked, model).values_list(*COLUMNS, named=True) for arm, model in _arms(wanted)]
    if not arms:
        return LogEntry.objects.none()
    return arms[0].union(*arms[1:], all=True).order_by("-quand", "-rang")


def _narrowed(found: QuerySet, asked: dict, model) -> QuerySet:
    """Rows of one source, filtered. `model`: None for the log."""
    if who := asked.get("par"):
        found = found.filter(par=None) if who == NOBODY else found.filter(par=int(who))
    if asked.get("quoi"):
        found = found.filter(quoi=asked["quoi"])
    if since := asked.get("depuis") or _midnight(asked.get("du")):
        found = found.filter(quand__gte=since)
    if day := asked.get("au"):
        found = found.filter(quand__lt=_midnight(day + timedelta(days=1)))
    if word := asked.get("mot", "").replace("\0", " ").strip():
        if model is None:
            hidden = ContentType.objects.get_for_models(*_of_persons()).values()
            return found.filter(titre__icontains=word).exclude(content_type__in=[one.pk for one in hidden])
        said = Q(titre__icontains=word) | Q(raison__icontains=word)
        if hasattr(model, "entree"):
            said |= Q(entree_id__in=Entree.objects.filter(tri__contains=fold(word)).order_by().values("pk"))
        found = found.filter(said)
    return found


def _midnight(day: date | None) -> datetime | None:
    return day and timezone.make_aware(datetime.combine(day, time.min))


def _of_persons() -> list[type]:
    """The models of visitors and their data, of which the journal gives only numbers."""
    return [one.model for one in personnes.traitements() if one.model is not get_user_model()]


def told(found: Iterable[tuple], users: dict) -> list[Changement]:
    """Readable rows. `users`: {key: account}. Two queries at most."""
    found, persons = [(row, apps.get_model(row.liste)) for row in found], _of_persons()
    names = {declaration.model: declaration.nom for declaration in registre.types()}
    kept = Entree.objects.exclude(statut=Statut.CORBEILLE).order_by()
    kept = kept.filter(pk__in=[row.objet for row, model in found if model in names])
    there = {str(pk) for pk in kept.values_list("pk", flat=True)}

    def tell(row, model) -> Changement:
        nom, versions = names.get(model, str(model._meta.verbose_name)), _has_versions(model)
        # A record has a form unless it is in the bin or gone; of other rows the log says it.
        is_there = row.objet in there if model in names else row.quoi != Quoi.SUPPRESSION
        adresse = admin_url(model, "change", row.objet) if is_there else ""
        has_past = versions and is_there and row.quoi != Quoi.CREATION
        historique = admin_url(model, "history", row.objet) if has_past else ""
        if versions and (number := number_in(row.raison)):
            historique = admin_url(model, "importer_fait", number)
        said = row.raison if versions else _of_the_log(row.raison, with_names=model not in persons)
        titre = f"{capfirst(nom)} n° {row.objet}" if model in persons else row.titre
        qui = name_of(users.get(row.par))
        return Changement(titre, nom, said or Quoi(row.quoi).label, qui, row.quand, adresse, historique)

    return [tell(*one) for one in found]


def _of_the_log(message: str, *, with_names: bool) -> str:
    """The log's message in words; "" if it only says that something changed."""
    if not message.startswith("["):
        return message
    try:
        parts = [part for part in json.loads(message) if part != {"added": {}}]
    except ValueError:  # a plain message may begin with « [nom masqué] »
        return message
    if not with_names:
        fields = [part["changed"]["fields"] for part in parts if part.get("changed", {}).get("fields")]
        parts = [{"changed": {"fields": names}} for names in fields]
    return LogEntry(change_message=json.dumps(parts)).get_change_message() if parts else ""


def accounts(models: Iterable[type]) -> dict:
    """{key: account} of those who changed something. One query."""
    did = [Q(Exists(arm.filter(par=OuterRef("pk")))) for arm, _ in _arms(models)]
    found = get_user_model().objects.filter(reduce(or_, did, Q(pk__in=[])))
    return found.only("first_name", "last_name", "username").in_bulk()


def last_changes(site, request: HttpRequest) -> list[Changement]:
    """The last change of each record that this person may read, latest first; a list action or import is one line.

    Three queries at most, and one for each type with few versions.
    """
    models = [declaration.model for declaration, _ in visible_types(site, request)]
    deeds, seen = [], set()
    for row in rows(models, {"depuis": _last_read(models)})[:READ]:
        if (row.objet, row.liste) not in seen and not any(_is_one_action(last, row) for last in deeds):
            deeds.append(row)
        seen.add((row.objet, row.liste))
        if len(deeds) == LAST:
            break
    users = accounts(models) if deeds else {}
    return [_together(row, one) for row, one in zip(deeds, told(deeds, users), strict=True)]


def _last_read(models: Iterable[type]) -> datetime | None:
    """The date of a type's READ-th last version: older ones are not read, nor sorted by PostgreSQL."""
    for model in models:
        moments = model.history.order_by("-history_date").values_list("history_date", flat=True)
        if found := list(moments[READ - 1 : READ]):
            return found[0]
    return None


def _is_of_many(row) -> bool:
    return (row.raison or "").startswith(SUR_LA_LISTE) or number_in(row.raison) is not None


def _is_one_action(last, row) -> bool:
    """Whether `row` is of the action that ended with `last`."""
    same = (last.par, last.raison, last.liste) == (row.par, row.raison, row.liste)
    return same and _is_of_many(last) and last.quand - row.quand < TOGETHER


def _together(row, one: Changement) -> Changement:
    """An action on several records as one line, from its last row. One query."""
    if not _is_of_many(row):
        return one
    model, since = apps.get_model(row.liste), row.quand - TOGETHER
    same = model.history.filter(history_date__gt=since, history_date__lte=row.quand)
    same = same.filter(history_user=row.par, history_change_reason=row.raison)
    count = same.order_by().values("entree_id").distinct().count()
    if count < 2:
        return one
    several = pluriel(count, one.type, registre.for_model(model).nom_pluriel)
    adresse = one.historique if number_in(row.raison) else admin_url(model, "changelist")
    return replace(one, titre=several, adresse=adresse, historique="")
