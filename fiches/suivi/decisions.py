"""The open conflicts of one record, field by field, and what an editor decides of several of them at once."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from fiches.models import Fiche
from fiches.reprise import SEPARATEUR, as_text
from fiches.suivi.comparaison import ADDED, REMOVED, compare_texts, display
from fiches.suivi.historique import MovedOn
from fiches.suivi.models import Conflit, Origine
from fiches.suivi.resolution import Illisible, read_into

GARDER, PRENDRE, MODIFIER, PLUS_TARD = "garder", "prendre", "modifier", "plus-tard"
OUI_NON = {"True": "oui", "False": "non"}


@dataclass
class Decision:
    """What an editor decides of one conflict. `texte`: what they typed, as people read it; MODIFIER alone has one."""

    conflit: Conflit
    choix: str = PLUS_TARD
    texte: str = ""


class Refus(Exception):
    """Texts that their fields cannot hold: {key of the conflict: why, in French}. Nothing is changed."""

    def __init__(self, erreurs: dict[int | None, str]):
        super().__init__(" ".join(erreurs.values()))
        self.erreurs = erreurs


@dataclass
class Champ:
    """A field in conflict as its page shows it: ours as it stands now, theirs, words that only one side has marked."""

    conflit: Conflit
    fiche: Fiche
    choix: str = PLUS_TARD
    saisie: str | None = None
    erreur: str = ""
    field: models.Field | None = field(init=False)

    def __post_init__(self):
        self.field = field_of(type(self.fiche), self.conflit.champ)

    @property
    def label(self) -> str:
        return str(self.field.verbose_name) if self.field else self.conflit.champ

    @cached_property
    def ici(self) -> str:
        now = as_text(getattr(self.fiche, self.conflit.champ)) if self.field else self.conflit.ici
        return shown(self.field, self.conflit.champ, now)

    @cached_property
    def ancien_site(self) -> str:
        return shown(self.field, self.conflit.champ, self.conflit.ancien_site)

    @property
    def texte(self) -> str:
        """What the text area holds: ours, until something is typed."""
        return self.ici if self.saisie is None else self.saisie

    @cached_property
    def pieces(self):
        return compare_texts(self.ici, self.ancien_site)

    @property
    def cotes(self):
        """[(title, mark, pieces, whether the side is empty)] of the two sides."""
        ours = [piece for piece in self.pieces if piece.kind != ADDED]
        theirs = [piece for piece in self.pieces if piece.kind != REMOVED]
        return [("Le nôtre", "del", ours, not self.ici), ("L’ancien site", "ins", theirs, not self.ancien_site)]

    @property
    def lu(self) -> str:
        """By which a text of the old site that has changed meanwhile is known."""
        return f"{self.conflit.pk}-{hashlib.sha256(self.conflit.ancien_site.encode()).hexdigest()[:16]}"

    @property
    def lignes(self) -> int:
        return min(20, max(2, len(self.texte) // 60 + self.texte.count("\n") + 1))

    @property
    def aide(self) -> str:
        """How to write in the text area what is no plain text."""
        if self.field is None:
            return ""
        if self.field.many_to_many:
            return "Un nom par ligne, comme dans la liste de ce champ."
        if self.field.is_relation or self.field.choices:
            return "Le nom, comme dans la liste de ce champ."
        return "Écrivez oui ou non." if isinstance(self.field, models.BooleanField) else ""


def open_of(fiche: Fiche) -> list[Conflit]:
    """The open conflicts of a record, in the order of its form."""
    order = [name for one in fiche._meta.get_fields() if one.concrete for name in (one.name, one.attname)]
    rows = Conflit.objects.open().filter(entree=fiche.pk)
    return sorted(rows, key=lambda row: (order.index(row.champ) if row.champ in order else len(order), row.pk))


def field_of(model: type[models.Model], champ: str) -> models.Field | None:
    """The field that a conflict is about, by its name or its column; None if it is gone."""
    try:
        return model._meta.get_field(champ)
    except FieldDoesNotExist:
        return next((one for one in model._meta.concrete_fields if one.attname == champ), None)


def shown(field: models.Field | None, champ: str, texte: str) -> str:
    """A text of the takeover (`as_text`) as people read it: names for keys, a line for each of several values."""
    if field is None or not texte:
        return texte
    if field.many_to_many:
        return "\n".join(texte.split(SEPARATEUR))
    if field.is_relation:
        if champ != field.attname:
            return texte  # a name already
        try:
            row = field.related_model._base_manager.filter(pk=texte).first()
            return str(getattr(row, "nom", row) or texte)  # the name alone: by it an editor finds another
        except ValueError:
            return texte
    if isinstance(field, models.BooleanField):
        return OUI_NON.get(texte, texte)
    if isinstance(field, models.DateTimeField):
        value = parse_datetime(texte)
        return display(field, value) if value else texte
    return str(dict(field.flatchoices).get(texte, texte)) if field.choices else texte


def typed(fiche: Fiche, field: models.Field, champ: str, texte: str) -> tuple[str, str]:
    """(name to read by, text as the takeover would write it) of what somebody typed, as `shown` prints it."""
    texte = texte.replace("\r\n", "\n").replace("\r", "\n")
    if field.many_to_many:
        return field.name, SEPARATEUR.join(line.strip() for line in texte.split("\n") if line.strip())
    if field.is_relation:
        return field.name, texte.strip()
    if isinstance(field, models.BooleanField):
        known = {word: value for value, word in OUI_NON.items()} | {"": ""}
        if texte.strip().casefold() not in known:
            raise Illisible("écrivez oui ou non")
        return champ, known[texte.strip().casefold()]
    if field.choices:
        keys = {str(label).casefold(): str(key) for key, label in field.flatchoices}
        return champ, keys.get(texte.strip().casefold(), texte.strip())
    if isinstance(field, models.DateTimeField | models.DateField) and not (
        parse_datetime(texte.strip()) or parse_date(texte.strip()) or not texte.strip()
    ):
        if texte.strip() == shown(field, champ, as_text(getattr(fiche, champ))):
            return champ, as_text(getattr(fiche, champ))
        raise Illisible("écrivez la date ainsi : 2026-03-12 14:30")
    return champ, texte if isinstance(field, models.TextField) else " ".join(texte.split())


@transaction.atomic
def decide(fiche: Fiche, decisions: list[Decision], *, seen: int, user=None) -> tuple[Fiche, int]:
    """Carry out what was decided of several conflicts of one record, in one version; the record, and how many.

    `seen`: the version that the editor looked at. MovedOn if the record, or what the old site says of a field, is
    another since; Refus if a field cannot hold a text. Nothing is changed then.
    """
    fiche = type(fiche)._default_manager.select_for_update(of=("self",)).get(pk=fiche.pk)
    taken = [decision for decision in decisions if decision.choix in (GARDER, PRENDRE, MODIFIER)]
    still = {row.pk: row.ancien_site for row in Conflit.objects.open().filter(entree=fiche.pk).select_for_update()}
    if fiche.version != seen or any(still.get(d.conflit.pk) != d.conflit.ancien_site for d in taken):
        raise MovedOn(fiche)
    several, followed, changed, erreurs = {}, {}, [], {}
    for decision in taken:
        conflit = decision.conflit
        try:
            if decision.choix == PRENDRE:
                rows = read_into(fiche, conflit.champ, conflit.ancien_site)
                followed[conflit.champ] = conflit.ancien_site
                changed.append(f"{_label(fiche, conflit)} (ancien site)")
            elif decision.choix == MODIFIER:
                rows = _edit(fiche, decision)
                changed.append(f"{_label(fiche, conflit)} (récrit)")
            else:
                continue
        except Illisible as error:
            erreurs[conflit.pk] = f"{error}."
            continue
        if rows is not None:
            several[conflit.champ] = rows
    if changed and not erreurs:
        try:
            fiche.clean()
            fiche.validate_constraints(exclude={"entree", "slug"})
        except ValidationError as error:
            erreurs[None] = " ".join(error.messages)
    if erreurs:
        raise Refus(erreurs)
    if changed:
        _save(fiche, several, f"Conflits réglés : {', '.join(changed)}"[:100], user)
    now, pks = timezone.now(), [decision.conflit.pk for decision in taken]
    Conflit.objects.open().filter(pk__in=pks).update(regle_le=now, regle_par=user)
    origine = Origine.objects.select_for_update().filter(pk=fiche.pk).first() if followed else None
    if origine:  # these fields follow the old site again
        origine.valeurs |= followed
        origine.save(update_fields=["valeurs"])
    return fiche, len(taken)


def _label(fiche, conflit) -> str:
    found = field_of(type(fiche), conflit.champ)
    return str(found.verbose_name) if found else conflit.champ


def _edit(fiche, decision) -> list | None:
    champ = decision.conflit.champ
    found = field_of(type(fiche), champ)
    if found is None:
        raise Illisible("ce champ n’existe plus")
    return read_into(fiche, *typed(fiche, found, champ, decision.texte))


def _save(fiche, several: dict, reason: str, user) -> None:
    fiche._change_reason = reason
    if user:
        fiche._history_user = user
    fiche.save(finish=False)
    for name, rows in several.items():
        getattr(fiche, name).set(rows)
    fiche.finish()
