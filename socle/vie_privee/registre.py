"""What the site keeps of persons: one entry for each kind of row, declared where the model lives.

From these entries come the nightly purge, the block of the public page on personal data, the export and the erasure of
everything about an address, and the test that no field about a person is left out. Declaring one, in the
`declaration.py` of its app:

    registre.declare(Traitement(cle="inscriptions", modele="inscriptions.Inscription", …))

An entry that is purged has a row in tests/vie_privee/test_horloge.py, which sees it leave on its day.

A text field that holds nothing of a person is said to be one, with the reason:

    registre.sans_personne("projets.Annexe", "titre", "nom_origine", raison="nom d’un document")
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from socle.vie_privee.consentement import lu


class Action(Enum):
    """What becomes of a row once its time is over, as the public page says it."""

    EFFACER = "la ligne est effacée"
    SUPPRIMER = "tout est supprimé"
    VIDER = "ces champs sont vidés"
    ANONYMISER = "ces champs sont vidés, il reste de quoi compter"


def _nobody(row) -> Iterable[str]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Ensemble:
    """What is kept of persons; as it stands, what is outside the tables, files most of all.

    `cle`: key of its duration in settings.CONSERVATION, in days.
    `donnees`, `finalite`, `base`, `depart` (« après la fin de la rencontre »): what the public page says; `ordre`:
    where. `echues`: (moment) to what is older than that; None: kept as long as `depart` says, and no purge.
    `effacer`: erases one of these.
    """

    cle: str
    titre: str
    donnees: str
    finalite: str
    base: str
    depart: str
    action: Action = Action.SUPPRIMER
    echues: Callable | None
    effacer: Callable[[Any], None]
    ordre: int = 50

    @property
    def jours(self) -> int | None:
        return settings.CONSERVATION[self.cle] if self.echues else None

    @property
    def duree(self) -> str:
        """« 90 jours après la fin de la rencontre »."""
        return f"{en_mots(self.jours)} {self.depart}" if self.jours else self.depart

    @property
    def moment(self) -> datetime:
        """What began before it is over."""
        return timezone.now() - timedelta(days=self.jours)

    def due(self) -> Sequence:
        """What is over."""
        return self.echues(self.moment)


@dataclass(frozen=True, kw_only=True)
class Traitement(Ensemble):
    """One kind of row about persons.

    `champs`: its fields about the person. `echues`: (rows, moment) to the rows whose time started before that moment.
    `courriel`: the field that holds the person's address. `de`: (rows, address) to the rows about it, for another way
    to find them. `noms`, `numeros`: a row to the full names it knows the person by, to their telephones. `avec`:
    {model: fields} of rows that point to this one and leave with it. `avant`: called with a row before it is emptied.
    `accord`: the usage of `consentement` whose text the person accepted.
    Of a copy for the person (`copie.py`): `tus`, the fields that it leaves out: secrets, numbers of ours, what only
    repeats another; `libelles`, {field: words for its label}; `mots`, {field: (value) to what is read of it}.
    """

    modele: str
    champs: tuple[str, ...]
    action: Action = Action.EFFACER
    echues: Callable[[QuerySet, datetime], QuerySet] | None = None
    effacer: Callable[[models.Model], None] = models.Model.delete
    courriel: str = ""
    de: Callable[[QuerySet, str], QuerySet] | None = None
    noms: Callable[[models.Model], Iterable[str]] = _nobody
    numeros: Callable[[models.Model], Iterable[str]] = _nobody
    avec: tuple[tuple[str, tuple[str, ...]], ...] = ()
    avant: Callable[[models.Model], None] | None = None
    accord: str = ""
    tus: tuple[str, ...] = ()
    libelles: dict[str, str] = field(default_factory=dict)
    mots: dict[str, Callable[[Any], Any]] = field(default_factory=dict)

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.modele)

    @property
    def rows(self) -> QuerySet:
        return self.model._base_manager.all()

    def due(self) -> QuerySet:
        """The rows whose time is over and that still hold something, in the order of their keys."""
        found = self.echues(self.rows, self.moment)
        return (found if self.action is Action.EFFACER else found.exclude(**self.empty())).order_by("pk")

    def about(self, adresse: str) -> QuerySet:
        """The rows about the person who has that address."""
        if self.de:
            return self.de(self.rows, adresse).order_by("pk")
        if self.courriel:
            return self.rows.filter(**{f"{self.courriel}__iexact": adresse}).order_by("pk")
        return self.rows.none()

    def beside(self, label: str, keys: Iterable) -> QuerySet:
        """The rows of a model of `avec` that point to these."""
        other = apps.get_model(label)
        key = next(one.name for one in other._meta.concrete_fields if one.related_model is self.model)
        return other._base_manager.filter(**{f"{key}__in": keys}).order_by("pk")

    def empty(self) -> dict:
        """{field: what it holds once emptied}."""
        return {name: _empty(self.model._meta.get_field(name)) for name in self.champs}


def _empty(field: models.Field):
    if field.null:
        return None
    return field.get_default() if isinstance(field, models.JSONField) else ""


def en_mots(jours: int) -> str:
    """« 90 jours », « un an », « 3 ans »."""
    if jours % 365 == 0:
        return "un an" if jours == 365 else f"{jours // 365} ans"
    return "un jour" if jours == 1 else f"{jours} jours"


# What is declared

_declared: dict[str, Ensemble] = {}
_none: dict[tuple[str, str], str] = {}  # (model, field or "") → why it holds nothing of a person
_left_alone: set[str] = set()
_rules: list[Callable[[type[models.Model], models.Field], str]] = []
after: list[Callable[[dict], None]] = []
origines: dict[str, Callable[[models.Model], bool]] = {}


def declare(one: Ensemble) -> None:
    """Declare what is kept of persons, in one model if it is a `Traitement`."""
    if isinstance(one, Traitement) and one.accord:
        libelles = {"consentement_texte": "texte accepté"} | one.libelles
        one = replace(one, libelles=libelles, mots={"consentement_texte": partial(lu, one.accord)} | one.mots)
        sans_personne(one.modele, "consentement_texte", raison="version du texte accepté")
    _declared[one.cle] = one


def declare_unconfirmed(one: Traitement, *, depart: str, echues: Callable[[QuerySet, datetime], QuerySet]) -> None:
    """Declare, beside an entry, those of its rows whose address nobody has confirmed. They are kept a shorter time."""
    shorter = replace(
        one,
        cle=f"{one.cle}_non_confirmees",
        ordre=one.ordre + 1,
        titre=f"{one.titre} : adresse non confirmée",
        donnees="les mêmes, tant que personne n’a confirmé depuis le courriel envoyé à l’adresse",
        finalite="laisser à la personne le temps de confirmer",
        depart=depart,
        echues=echues,
        courriel="",  # what is about an address is found, and copied, by the other entry
        noms=_nobody,
        tus=(),
    )
    declare(shorter)


def older(rows: QuerySet, moment: datetime, *dates: str) -> QuerySet:
    """Rows whose time started before `moment`. The time of a row starts on the first of `dates` that it has."""
    return rows.alias(compte_du=Coalesce(*dates)).filter(compte_du__lt=moment)


def attach(cle: str, modele: str, *champs: str) -> None:
    """Say that rows of `modele`, of another app, point to those of a declared entry and leave with them."""
    _declared[cle] = replace(_declared[cle], avec=(*_declared[cle].avec, (modele, champs)))


def sans_personne(modele: str, *champs: str, raison: str, balayer: bool = True) -> None:
    """Say that text fields of a model (all, if none is named) are not about persons.

    People may still write a name there: an erasure looks for it, unless `balayer` is False.
    """
    for champ in champs or ("",):
        _none[modele, champ] = raison
    if not balayer:
        _left_alone.add(modele)


def regle(rule: Callable[[type[models.Model], models.Field], str]) -> None:
    """Say the same of a family of models: `rule` gives the reason for a field, "" if it has none."""
    _rules.append(rule)


def after_effacement(handler: Callable[[dict], None]) -> None:
    """Have `handler` called in the transaction of an erasure, with {model: keys} of the rows it changed."""
    after.append(handler)


def declare_origine(modele: str, rule: Callable[[models.Model], bool]) -> None:
    """Say how a row of a model is known to come from the old site; one that belongs to it comes from there too."""
    origines[modele] = rule


def declared() -> list[Ensemble]:
    """Everything that is declared, in the order of the page."""
    return sorted(_declared.values(), key=lambda one: one.ordre)


def traitements() -> list[Traitement]:
    """What is declared of rows."""
    return [one for one in declared() if isinstance(one, Traitement)]


# What every text of the database is

_TEXTS = (models.CharField, models.TextField, models.JSONField, models.FileField, models.GenericIPAddressField)
# A field of such a name is about somebody unless its own app says otherwise, whatever the rules say.
_SUSPECT = re.compile(
    r"(^|_)(prenoms?|noms?|name|courriels?|e?mail|telephones?|tel|phone|auteurs?|author|contacts?|referente?s?|personnes?"
    r"|signataires?|username|ip|ip_address|user_agent)(_|$)"
)


def texts(model: type[models.Model]) -> list[models.Field]:
    """Fields of a model in which somebody can write; those that choose among given values are none."""
    return [field for field in model._meta.local_concrete_fields if isinstance(field, _TEXTS) and not field.choices]


def stored() -> Iterator[type[models.Model]]:
    """Every model that has a table."""
    return (model for model in apps.get_models(include_auto_created=True) if model._meta.managed)


def swept() -> Iterator[type[models.Model]]:
    """Models whose texts an erasure reads."""
    for model in stored():
        if source(model)._meta.label not in _left_alone and texts(model):
            yield model


def source(model: type[models.Model]) -> type[models.Model]:
    """The model that a table of versions was made from; any other one is its own."""
    return getattr(model, "instance_type", model)


def undeclared() -> list[str]:
    """« app.Model.field » of each text that nobody declared, neither as personal nor as none."""
    known = {(traitement.modele, champ) for traitement in traitements() for champ in traitement.champs}
    known |= {(label, champ) for t in traitements() for label, champs in t.avec for champ in champs}
    known |= set(_none)
    found = []
    for model in stored():
        label = source(model)._meta.label
        for text in texts(model):
            if (label, text.name) in known or (label, "") in known:
                continue
            if _SUSPECT.search(text.name) or not any(rule(source(model), text) for rule in _rules):
                found.append(f"{model._meta.label}.{text.name}")
    return found


def for_rows_of(model: type[models.Model]) -> Traitement | None:
    """The entry whose rows are of that model."""
    return next((one for one in traitements() if one.modele == model._meta.label), None)
