"""What the site keeps of persons: one entry for each kind of row, declared where the model lives.

From these entries come the nightly purge, the block of the public page on personal data, the export and the erasure of
everything about an address, and the test that no field about a person is left out. Declaring one, in the
`declaration.py` of its room:

    ROOM = Room(traitements=(Traitement(cle="inscriptions", modele="inscriptions.Inscription", …),))

An entry that is purged has a row in tests/vie_privee/test_horloge.py, which sees it leave on its day.

A text field that holds nothing of a person is said to be one, with the reason:

    ROOM = Room(sans_personne={"projets.Annexe.nom_origine": "nom d’un document"})
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from functools import cache, partial
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from socle.rooms import rooms
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
    """What is kept of persons; as it stands, what is outside the tables, files most of all."""

    #: The key of its duration in settings.CONSERVATION, in days.
    cle: str

    # What the public page says
    titre: str
    donnees: str
    finalite: str
    base: str
    #: Since when time counts, « après la fin de la rencontre »; how long it is kept, if nothing is purged.
    depart: str
    #: Its place there.
    ordre: int = 50

    # Its end
    #: (moment) to what is older than that; None: there is no purge.
    echues: Callable | None
    #: What becomes of it.
    action: Action = Action.SUPPRIMER
    #: Erases one of these.
    effacer: Callable[[Any], None]

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
    """One kind of row about persons."""

    modele: str
    #: Its fields about the person.
    champs: tuple[str, ...]
    #: (model, fields) of rows that point to one of these and leave with it.
    avec: tuple[tuple[str, tuple[str, ...]], ...] = ()

    # Whom it is about
    #: The field that holds the person's address.
    courriel: str = ""
    #: (rows, address) to the rows about it, for another way to find them.
    de: Callable[[QuerySet, str], QuerySet] | None = None
    #: A row to the full names that it knows the person by.
    noms: Callable[[models.Model], Iterable[str]] = _nobody
    #: A row to the person's telephones.
    numeros: Callable[[models.Model], Iterable[str]] = _nobody
    #: The usage of `consentement` whose text the person accepted.
    accord: str = ""

    # Its end
    #: (rows, moment) to the rows whose time started before that moment.
    echues: Callable[[QuerySet, datetime], QuerySet] | None = None
    action: Action = Action.EFFACER
    effacer: Callable[[models.Model], None] = models.Model.delete
    #: Called with a row before it is emptied.
    avant: Callable[[models.Model], None] | None = None

    # A copy for the person (personal_copy.py)
    #: The fields that it leaves out: secrets, numbers of ours, what only repeats another.
    tus: tuple[str, ...] = ()
    #: {field: words for its label}.
    libelles: dict[str, str] = field(default_factory=dict)
    #: {field: (value) to what is read of it}.
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


def unconfirmed(one: Traitement, *, depart: str, echues: Callable[[QuerySet, datetime], QuerySet]) -> Traitement:
    """An entry for those rows of another whose address nobody has confirmed. They are kept a shorter time."""
    return replace(
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


def older(rows: QuerySet, moment: datetime, *dates: str) -> QuerySet:
    """Rows whose time started before `moment`. The time of a row starts on the first of `dates` that it has."""
    return rows.alias(compte_du=Coalesce(*dates)).filter(compte_du__lt=moment)


# What is declared


@cache
def declared() -> list[Ensemble]:
    """Everything that is declared, in the order of the page."""
    return sorted((_whole(one) for room in rooms() for one in room.traitements), key=lambda one: one.ordre)


def _whole(one: Ensemble) -> Ensemble:
    """With the text that its person accepted, and the rows of other rooms that leave with its own."""
    if not isinstance(one, Traitement):
        return one
    avec = (*one.avec, *(room.rattaches[one.cle] for room in rooms() if one.cle in room.rattaches))
    if not one.accord:
        return replace(one, avec=avec)
    libelles = {"consentement_texte": "texte accepté"} | one.libelles
    return replace(one, avec=avec, libelles=libelles, mots={"consentement_texte": partial(lu, one.accord)} | one.mots)


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
    left_alone = {".".join(name.split(".")[:2]) for room in rooms() for name in room.hors_saisie}
    for model in stored():
        if source(model)._meta.label not in left_alone and texts(model):
            yield model


def source(model: type[models.Model]) -> type[models.Model]:
    """The model that a table of versions was made from; any other one is its own."""
    return getattr(model, "instance_type", model)


def undeclared() -> list[str]:
    """« app.Model.field » of each text that nobody declared, neither as personal nor as none."""
    known = {f"{one.modele}.{champ}" for one in traitements() for champ in one.champs}
    known |= {f"{one.modele}.consentement_texte" for one in traitements() if one.accord}
    known |= {f"{label}.{champ}" for one in traitements() for label, champs in one.avec for champ in champs}
    known |= {name for room in rooms() for name in (*room.sans_personne, *room.hors_saisie)}
    rules, found = [room.regle for room in rooms() if room.regle], []
    for model in stored():
        label = source(model)._meta.label
        for text in texts(model):
            if known.isdisjoint((label, f"{label}.{text.name}")) and (
                _SUSPECT.search(text.name) or not any(rule(source(model), text) for rule in rules)
            ):
                found.append(f"{model._meta.label}.{text.name}")
    return found


def for_rows_of(model: type[models.Model]) -> Traitement | None:
    """The entry whose rows are of that model."""
    return next((one for one in traitements() if one.modele == model._meta.label), None)
