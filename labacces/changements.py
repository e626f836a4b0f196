"""The whole journal of the desk: who changed what and when, as the versions of the records and the admin's log tell it.

Versions speak for records and pages, the log for all that has none, and for records that were erased with theirs. It
tells nobody of a list that they may not open, and nothing of visitors but a number. A record of the bin is named to
all who may open its list, so that a deletion is seen; what it said is not.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_

from django import forms
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
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
from socle.francais.mots import pluriel
from socle.francais.texte import fold
from socle.vie_privee import registre as personnes

PAGE = 50  # changes on one page of the journal
LAST = 10  # changes on the home of the desk
READ = 300  # versions read for them
TOGETHER = timedelta(minutes=10)  # how long one action on a list may take
NOBODY = "aucune"  # who made what no person did
COLUMNS = ("quand", "par", "quoi", "raison", "objet", "titre", "liste", "rang")


class Quoi(TextChoices):
    CREATION = "+", "création"
    MODIFICATION = "~", "modification"
    SUPPRESSION = "-", "suppression"


@dataclass(frozen=True)
class Changement:
    """One thing that somebody did. `adresse` is "" for what is gone; `historique`: where one sees what changed."""

    titre: str
    type: str
    quoi: str
    qui: str
    quand: datetime
    adresse: str
    historique: str = ""


class JourField(forms.DateField):
    """A day that the site can count with."""

    widget = forms.DateInput(attrs={"type": "date"})
    message = "Donnez une date entre 2000 et 2100."
    default_validators = [
        MinValueValidator(date(2000, 1, 1), message),
        MaxValueValidator(date(2100, 12, 31), message),
    ]


class JournalForm(forms.Form):
    """What to read of the journal; each field left empty narrows nothing."""

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
    """The models whose changes this person may read: those of the lists that they may open, records first."""
    records = [declaration.model for declaration, _ in visible_types(site, request)]
    every = {declaration.model for declaration in registre.types()}
    others = [model for model, admin in site._registry.items() if admin.has_view_permission(request)]
    return records + sorted(
        (model for model in others if model not in every), key=lambda model: fold(str(model._meta.verbose_name_plural))
    )


def _has_versions(model) -> bool:
    return hasattr(model, "history")


def _is_record(model) -> bool:
    return issubclass(model, Fiche)


def _versions(model) -> QuerySet:
    """Rows of COLUMNS of the versions of a model; `entree_id` where it is a record. One sent to the bin is deleted."""
    binned = [When(statut=Statut.CORBEILLE, then=Value(Quoi.SUPPRESSION.value))] if _is_record(model) else []
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
    """The same of the log, for these models; of records, whose versions say all else, those that were erased."""
    types = ContentType.objects.get_for_models(*models)
    kinds = {ADDITION: Quoi.CREATION, CHANGE: Quoi.MODIFICATION, DELETION: Quoi.SUPPRESSION}
    lists = [When(content_type=found.pk, then=Value(model._meta.label)) for model, found in types.items()]
    records = [found.pk for model, found in types.items() if _is_record(model)]
    return (
        LogEntry.objects.order_by()
        .filter(content_type__in=[found.pk for found in types.values()])
        .exclude(~Q(action_flag=DELETION), content_type__in=records)
        .annotate(
            rang=F("pk"),
            quand=F("action_time"),
            par=F("user_id"),
            quoi=Case(
                *(When(action_flag=flag, then=Value(kind.value)) for flag, kind in kinds.items()),
                default=Value(Quoi.MODIFICATION.value),
                output_field=CharField(),
            ),
            raison=F("change_message"),
            objet=Cast(F("object_id"), TextField()),
            titre=F("object_repr"),
            liste=Case(*lists, default=Value(""), output_field=TextField()),
        )
    )


def rows(models: list[type], asked: dict | None = None) -> QuerySet:
    """What changed in these models, the latest first, narrowed by the cleaned data of a JournalForm, or to those
    since `depuis`: one query."""
    asked = asked or {}
    if asked.get("liste"):
        models = [model for model in models if model._meta.label == asked["liste"]]
    arms = [_narrowed(arm, asked, model) for arm, model in _arms(models)]
    if not arms:
        return LogEntry.objects.none()
    first, *others = (arm.values_list(*COLUMNS) for arm in arms)
    return first.union(*others, all=True).order_by("-quand", "-rang") if others else first.order_by("-quand", "-rang")


def _arms(models: list[type]) -> Iterator[tuple[QuerySet, type | None]]:
    """(rows, the model whose versions they are) of these models; None for the log."""
    for model in filter(_has_versions, models):
        yield _versions(model), model
    if logged := [model for model in models if _is_record(model) or not _has_versions(model)]:
        yield _logged(logged), None


def _narrowed(found: QuerySet, asked: dict, model) -> QuerySet:
    """`model`: that of versions, None for the log."""
    if who := asked.get("par"):
        found = found.filter(par=None) if who == NOBODY else found.filter(par=int(who))
    if asked.get("quoi"):
        found = found.filter(quoi=asked["quoi"])
    if asked.get("depuis"):
        found = found.filter(quand__gte=asked["depuis"])
    if asked.get("du"):
        found = found.filter(quand__gte=_midnight(asked["du"]))
    if asked.get("au"):
        found = found.filter(quand__lt=_midnight(asked["au"] + timedelta(days=1)))
    if word := asked.get("mot", "").replace("\0", " ").strip():
        if model is None:
            hidden = ContentType.objects.get_for_models(*_of_persons()).values()
            return found.filter(titre__icontains=word).exclude(content_type__in=[one.pk for one in hidden])
        said = Q(titre__icontains=word) | Q(raison__icontains=word)
        if hasattr(model, "entree"):
            said |= Q(entree_id__in=Entree.objects.filter(tri__contains=fold(word)).order_by().values("pk"))
        found = found.filter(said)
    return found


def _midnight(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _of_persons() -> list[type]:
    """The models of whose rows the journal gives the number alone: visitors, and what is kept of them."""
    return [one.model for one in personnes.traitements() if one.model is not get_user_model()]


class Conteur:
    """Tells rows of some models as people read them. `users`: {key: account}. Two queries at most."""

    def __init__(self, found: Iterable[tuple], models: Iterable[type], users: dict):
        self.rows = list(found)
        self.models = {model._meta.label: model for model in models}
        self.users, self.persons = users, {*_of_persons()}
        self.names = {declaration.model: declaration.nom for declaration in registre.types()}
        keys = [row[4] for row in self.rows if self.models[row[6]] in self.names]
        kept = Entree.objects.exclude(statut=Statut.CORBEILLE).filter(pk__in=keys).order_by()
        self.there = {str(pk) for pk in kept.values_list("pk", flat=True)}

    def __iter__(self):
        return map(self.tell, self.rows)

    def _is_there(self, model, cle, quoi) -> bool:
        """Whether a record has a form still: it is there, and not in the bin; of other rows the admin says it."""
        return cle in self.there if model in self.names else quoi != Quoi.SUPPRESSION

    def tell(self, row: tuple) -> Changement:
        quand, par, quoi, raison, cle, titre, liste, _ = row
        model = self.models[liste]
        what = str(Quoi(quoi).label)
        nom = self.names.get(model, str(model._meta.verbose_name))
        there = self._is_there(model, cle, quoi)
        adresse = admin_url(model, "change", cle) if there else ""
        historique = ""
        if _has_versions(model):
            said = raison or what
            historique = admin_url(model, "history", cle) if there and quoi != Quoi.CREATION else ""
            if number := number_in(raison):
                historique = admin_url(model, "importer_fait", number)
        else:
            said = _of_the_log(raison, with_names=model not in self.persons) or what
            titre = f"{capfirst(nom)} n° {cle}" if model in self.persons else titre
        return Changement(titre, nom, said, name_of(self.users.get(par)), quand, adresse, historique)


def _of_the_log(message: str, *, with_names: bool) -> str:
    """What the admin wrote of a change, in words; "" if it says no more than that there was one."""
    if not message.startswith("["):
        return message
    try:
        parts = json.loads(message)
    except ValueError:
        return message
    if not with_names:
        parts = [
            {kind: {k: v for k, v in said.items() if k == "fields"} for kind, said in part.items()} for part in parts
        ]
    parts = [part for part in parts if part != {"added": {}}]
    return LogEntry(change_message=json.dumps(parts)).get_change_message() if parts else ""


def accounts(models: list[type]) -> dict:
    """{key: account} of those who changed something in these models. One query."""
    did = [Q(Exists(arm.filter(par=OuterRef("pk")))) for arm, _ in _arms(models)]
    rows = get_user_model().objects.filter(reduce(or_, did)) if did else get_user_model().objects.none()
    return rows.only("first_name", "last_name", "username").in_bulk()


def last_changes(site, request: HttpRequest) -> list[Changement]:
    """The last thing done to each record that this person may read, the latest first. Three queries at most,
    and one for each type with few versions.

    Records that one action on a list, or one import, changed are one line.
    """
    types = {declaration.model: declaration for declaration, _ in visible_types(site, request)}
    deeds, seen = [], set()
    for row in rows(list(types), {"depuis": _last_read(types)})[:READ]:
        if (row[4], row[6]) not in seen and not any(_is_one_action(last, row) for last in deeds):
            deeds.append(row)
        seen.add((row[4], row[6]))
        if len(deeds) == LAST:
            break
    told = Conteur(deeds, types, accounts(list(types))) if deeds else ()
    return [_together(row, one, types) if _is_of_many(row) else one for row, one in zip(deeds, told, strict=True)]


def _last_read(models: Iterable[type]) -> datetime | None:
    """A moment since which READ versions of one type were made: older ones are not read, nor sorted by PostgreSQL."""
    for model in models:
        moments = model.history.order_by("-history_date").values_list("history_date", flat=True)
        if found := list(moments[READ - 1 : READ]):
            return found[0]
    return None


def _is_of_many(row) -> bool:
    return (row[3] or "").startswith(SUR_LA_LISTE) or number_in(row[3]) is not None


def _is_one_action(last, row) -> bool:
    """Whether `row` is of the action that `last` ended."""
    same = last[1] == row[1] and last[3] == row[3] and last[6] == row[6]
    return same and _is_of_many(last) and last[0] - row[0] < TOGETHER


def _together(row, told: Changement, types) -> Changement:
    """The action that `row` ended, as one line if it changed several records. One query."""
    quand, par, _, raison, _, _, liste, _ = row
    model, declaration = next((model, one) for model, one in types.items() if model._meta.label == liste)
    same = model.history.filter(
        history_user=par, history_change_reason=raison, history_date__gt=quand - TOGETHER, history_date__lte=quand
    )
    count = same.order_by().values("entree_id").distinct().count()
    if count < 2:
        return told
    several = pluriel(count, declaration.nom, declaration.nom_pluriel)
    number = number_in(raison)
    where = admin_url(model, "importer_fait", number) if number else admin_url(model, "changelist")
    return Changement(several, told.type, told.quoi, told.qui, told.quand, where)
