"""What an editor decides of a text that the takeover left aside: it is put into its field, in one version, and settled.

Texts are those that `as_text` writes.
"""

from contextlib import suppress
from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models

from fiches.indexation import together
from fiches.models import Fiche
from fiches.suivi.comparaison import ADDED, REMOVED, Fragment, compare_texts
from fiches.suivi.historique import MovedOn
from fiches.textes import SEPARATEUR, as_text
from reprise import formulaires
from reprise.masking import words_of_source
from reprise.models import Anomalie, Origine
from socle.francais.valeurs import TYPED, Illisible, as_words, read_words


class DecisionRefusee(Exception):
    """Texts that their fields cannot hold; the message, in French, says why. Nothing is changed."""


@dataclass(frozen=True)
class Ecart:
    """A field that says one thing here and another on the old site, each with the words that only it says marked."""

    label: str
    ici: list[Fragment]
    ancien_site: list[Fragment]


def ecarts(row: models.Model, valeurs: dict[str, str]) -> list[Ecart]:
    """What a record or a person says, beside what the old site says otherwise, in the order of the form."""
    model, found = type(row), []
    for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
        champ = field.name if field.name in valeurs else field.attname
        if champ not in valeurs or as_text(getattr(row, champ)) == valeurs[champ]:
            continue
        texts = (readable(model, champ, text) for text in (as_text(getattr(row, champ)), valeurs[champ]))
        pieces = compare_texts(*texts)
        ici, ancien_site = ([one for one in pieces if one.kind != other] for other in (ADDED, REMOVED))
        found.append(Ecart(label_of(model, champ), ici, ancien_site))
    return found


def in_words(model: type[models.Model], valeurs: dict[str, str]) -> str:
    """Texts of several fields as one, each behind what people call its field."""
    return "\n\n".join(f"{label_of(model, champ)} : {readable(model, champ, t)}" for champ, t in valeurs.items())


def readable(model: type[models.Model], champ: str, texte: str) -> str:
    """A text of the takeover as people read it: names for keys, a line for each of several values."""
    try:
        field = model._meta.get_field(champ)
    except FieldDoesNotExist:
        return texte
    if field.many_to_many:
        return "\n".join(texte.split(SEPARATEUR))
    if field.is_relation and texte and champ == field.attname:
        return as_words(field, texte, TYPED)
    if isinstance(field, models.DateTimeField | models.DecimalField):
        with suppress(Illisible):
            return as_words(field, read_words(field, texte))
    return str(dict(field.flatchoices).get(texte, texte)) if field.choices else texte


@together()
def take_theirs(anomalie: Anomalie, *, seen: int | None, user=None) -> Fiche:
    """Let a record say what the old site says, all of it, in one version; it follows the old site again.

    `seen`: the version that the editor looked at. MovedOn if it is another since; DecisionRefusee if a field cannot
    hold a text. Nothing is changed then.
    """
    fiche = _locked(anomalie.entree.fiche)
    if seen != fiche.version:
        raise MovedOn(fiche)
    values = values_of(fiche, anomalie.valeurs)
    _check(fiche, values)
    names = ", ".join(label_of(type(fiche), champ) for champ in values)
    reason, masked = f"Texte de l’ancien site repris : {names}"[:100], words_of_source(fiche, values)
    fiche.change(values, reason=reason, user=user, decisions=masked)
    Anomalie.objects.filter(pk=anomalie.pk).settle(user)
    origine = Origine.objects.select_for_update().filter(pk=fiche.pk).first()
    if origine:
        origine.valeurs |= anomalie.valeurs
        origine.save(update_fields=["valeurs"])
    return fiche


def _check(fiche: Fiche, values: dict) -> None:
    for name, value in values.items():
        if not isinstance(value, list):
            setattr(fiche, name, value)
    try:
        fiche.clean()
        fiche.validate_constraints(exclude={"entree", "slug"})
    except ValidationError as error:
        raise DecisionRefusee(" ".join(error.messages)) from error


def field_of(anomalie: Anomalie) -> str:
    """The field of its record that a text taken out goes back to; "" if no field is known to have held it."""
    reprise = formulaires.get(anomalie.entree.type) if anomalie.entree else None
    return reprise.field_of(anomalie.champ) if reprise else ""


@together()
def put_back(anomalie: Anomalie, *, user=None) -> Fiche:
    """Put a discarded text back where it stood in its field, at the end if nobody knows, and settle the anomaly.

    Illisible, and nothing is changed, if the text belongs to no field.
    """
    champ = field_of(anomalie)
    if not champ:
        raise Illisible("ce texte ne vient d’aucun champ connu de la fiche. Copiez-le vous-même si vous le gardez")
    fiche = _locked(anomalie.entree.fiche)
    values = {champ: value_of(fiche, champ, _with(fiche, champ, anomalie))}
    fiche.change(values, reason="Texte écarté remis", user=user, decisions=words_of_source(fiche, values))
    Anomalie.objects.filter(pk=anomalie.pk).settle(user)
    return fiche


def _with(fiche: Fiche, champ: str, anomalie: Anomalie) -> str:
    """What the field says, with the discarded text."""
    piece, texte = anomalie.texte, getattr(fiche, champ)
    if not isinstance(fiche._meta.get_field(champ), models.TextField):
        return " ".join(filter(None, (texte, piece)))
    if anomalie.avant == "\n":
        return "\n".join(filter(None, (piece, texte)))
    line = anomalie.avant.rstrip()
    lines = texte.split("\n")
    where = next((n for n, found in enumerate(lines) if line and found.strip() == line), None)
    if where is None:
        return "\n".join(filter(None, (texte, piece)))
    lines[where] = f"{lines[where].rstrip()}{anomalie.avant[len(line) :]}{piece}"
    return "\n".join(lines)


def _locked(fiche: Fiche) -> Fiche:
    return type(fiche)._default_manager.select_for_update(of=("self",)).get(pk=fiche.pk)


def label_of(model: type[models.Model], champ: str) -> str:
    """What people call a field, by its name or its column; `champ` if it is gone."""
    try:
        return str(model._meta.get_field(champ).verbose_name)
    except FieldDoesNotExist:
        return champ


def value_of(record: models.Model, champ: str, texte: str):
    """The value that `texte` says of a field: rows of a several-choice one, the key of a foreign key by its column.

    Illisible if the field cannot hold that text.
    """
    try:
        field = record._meta.get_field(champ)
    except FieldDoesNotExist as error:
        raise Illisible("ce champ n’existe plus") from error
    value = read_words(field, texte)
    return value.pk if isinstance(value, models.Model) and champ == field.attname else value


def values_of(record: models.Model, texts: dict[str, str]) -> dict:
    """The values that texts say of fields, {field: text}; those of fields that are gone are left out.

    DecisionRefusee if a field cannot hold its text.
    """
    held = {name for field in record._meta.get_fields() if field.concrete for name in (field.name, field.attname)}
    values, refused = {}, []
    for champ, texte in texts.items():
        try:
            values |= {champ: value_of(record, champ, texte)} if champ in held else {}
        except Illisible as error:
            refused.append(f"{label_of(type(record), champ)} : {error}")
    if refused:
        raise DecisionRefusee(" ; ".join(refused))
    return values
