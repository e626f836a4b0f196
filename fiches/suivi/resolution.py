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
    return fiche


@transaction.atomic
def put_back(anomalie: Anomalie, *, user=None) -> Fiche:
    """Append a discarded text to the field it stood in, on a line of its own, and settle the anomaly.

    What the old site says of that field is kept as a settled conflict: the next takeover knows that it was decided.
    Illisible, and nothing is changed, if the text belongs to no field.
    """
    reprise = registre.reprises().get(anomalie.entree.type)
    champ = reprise.textes.get(anomalie.champ) if reprise else None
    if champ is None:
        raise Illisible("ce texte ne vient d’aucun champ connu de la fiche. Copiez-le vous-même si vous le gardez")
    fiche = _locked(anomalie.entree.fiche)
    texte = "\n".join(filter(None, (getattr(fiche, champ), anomalie.texte)))
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


def _locked(fiche: Fiche) -> Fiche:
    return type(fiche)._default_manager.select_for_update(of=("self",)).get(pk=fiche.pk)


def _put(fiche: Fiche, champ: str, texte: str, reason: str, user) -> None:
    try:
        field = fiche._meta.get_field(champ)
    except FieldDoesNotExist as error:
        raise Illisible("ce champ n’existe plus") from error
    rows = None
    if field.many_to_many:
        rows = [_row(field, name) for name in texte.split(SEPARATEUR) if name]
    elif field.is_relation:
        setattr(fiche, field.name, _row(field, texte, by_key=champ == field.attname) if texte else None)
        if not texte and not field.null:
            raise Illisible("ce champ ne peut pas être vide")
    else:
        try:
            value = field.clean(None if field.null and not texte else texte, fiche)
        except ValidationError as error:
            raise Illisible(" ".join(error.messages).rstrip(".")) from error
        setattr(fiche, field.name, value)
    fiche._change_reason = reason
    if user:
        fiche._history_user = user
    fiche.save(finish=False)
    if rows is not None:
        getattr(fiche, field.name).set(rows)
    fiche.finish()


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
