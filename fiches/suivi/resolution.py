"""What an editor decides of a text that the takeover left aside: it is put into its field, in one version, and settled.

`apply_text` reads texts as `fiches.reprise.as_text` writes them.
"""

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models, transaction
from django.utils import timezone

from fiches import registre
from fiches.models import Fiche
from fiches.reprise import SEPARATEUR
from fiches.suivi.models import Anomalie, Conflit, Origine


class Illisible(ValueError):
    """The field cannot hold this text; the message says why, in French."""


@transaction.atomic
def apply_text(fiche: Fiche, champ: str, texte: str, *, user=None) -> Fiche:
    """Put `texte` into the field `champ` of a record, as one version, and settle its open conflict; the record, saved.

    A foreign key is found by its key (`departement_id`) or by its name, several rows by their names, parted by " | ".
    Illisible, and nothing is changed, if the field cannot hold that text.
    """
    fiche = _locked(fiche)
    _put(fiche, champ, texte, "Texte de l’ancien site repris", user)
    Conflit.objects.open().filter(entree=fiche.pk, champ=champ).update(regle_le=timezone.now(), regle_par=user)
    origine = Origine.objects.select_for_update().filter(pk=fiche.pk).first()
    if origine:  # the field follows the old site again: no edit of ours stands in it
        origine.valeurs[champ] = texte
        origine.save(update_fields=["valeurs"])
    return fiche


def field_of(anomalie: Anomalie) -> str | None:
    """The field of its record that a text taken out goes back to; None if no field is known to have held it."""
    reprise = registre.reprises().get(anomalie.entree.type) if anomalie.entree else None
    return reprise.field_of(anomalie.champ) if reprise else None


@transaction.atomic
def put_back(anomalie: Anomalie, *, user=None) -> Fiche:
    """Put a discarded text back where it stood in its field, at the end if nobody knows, and settle the anomaly.

    What the old site says of that field is kept as a settled conflict: the next takeover knows that it was decided.
    Illisible, and nothing is changed, if the text belongs to no field.
    """
    champ = field_of(anomalie)
    if champ is None:
        raise Illisible("ce texte ne vient d’aucun champ connu de la fiche. Copiez-le vous-même si vous le gardez")
    fiche = _locked(anomalie.entree.fiche)
    texte = _with(fiche, champ, anomalie)
    _put(fiche, champ, texte, "Texte écarté remis", user)
    now = timezone.now()
    Anomalie.objects.open().filter(pk=anomalie.pk).update(reglee_le=now, reglee_par=user)
    origine = Origine.objects.filter(pk=fiche.pk).first()
    if origine and not Conflit.objects.open().filter(entree=fiche.pk, champ=champ).exists():
        Conflit.objects.create(
            entree=fiche.entree,
            champ=champ,
            ici=texte,
            ancien_site=origine.valeurs.get(champ, ""),
            regle_le=now,
            regle_par=user,
        )
    return fiche


def settle_filled(fiche: Fiche) -> None:
    """Settle the open anomalies that say something is missing whose field holds something now."""
    missing = (Anomalie.Type.LIEN_VIDE, Anomalie.Type.FICHIER_MANQUANT, Anomalie.Type.DEFINITION_MANQUANTE)
    reprise = registre.reprises().get(fiche.entree.type)
    filled = [
        anomalie.pk
        for anomalie in Anomalie.objects.open().filter(entree=fiche.pk, type__in=missing)
        if reprise and (champ := reprise.filled_by(anomalie.champ)) and getattr(fiche, champ)
    ]
    if filled:
        Anomalie.objects.filter(pk__in=filled).update(reglee_le=timezone.now())


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


def _put(fiche: Fiche, champ: str, texte: str, reason: str, user) -> None:
    rows = read_into(fiche, champ, texte)
    fiche._change_reason = reason
    if user:
        fiche._history_user = user
    fiche.save(finish=False)
    if rows is not None:
        getattr(fiche, champ).set(rows)
    fiche.finish()


def read_into(record: models.Model, champ: str, texte: str) -> list[models.Model] | None:
    """Give a field the value that `texte` says, unsaved; of a several-choice one, hand back the rows to set instead.

    Illisible if the field cannot hold that text.
    """
    try:
        field = record._meta.get_field(champ)
    except FieldDoesNotExist as error:
        raise Illisible("ce champ n’existe plus") from error
    if field.many_to_many:
        return [_row(field, name) for name in texte.split(SEPARATEUR) if name]
    if field.is_relation:
        setattr(record, field.name, _row(field, texte, by_key=champ == field.attname) if texte else None)
        if not texte and not field.null:
            raise Illisible("ce champ ne peut pas être vide")
        return None
    try:
        value = field.clean(None if field.null and not texte else texte, record)
    except ValidationError as error:
        raise Illisible(" ".join(error.messages).rstrip(".")) from error
    setattr(record, field.name, value)
    return None


def _row(field: models.Field, texte: str, *, by_key: bool = False) -> models.Model:
    """The row that `texte` names, among those that the field may choose."""
    queryset = field.related_model._default_manager.complex_filter(field.get_limit_choices_to())
    if by_key:
        try:
            row = queryset.filter(pk=texte).first()
        except ValueError:
            row = None
    elif any(column.name == "nom" for column in queryset.model._meta.fields):
        row = queryset.filter(nom=texte).first()
    else:
        row = next((row for row in queryset if str(row) == texte), None)
    if row is None:
        raise Illisible(f"« {texte} » n’existe pas dans la liste de ce champ")
    return row
