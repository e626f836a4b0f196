"""What an editor decides of a text that the takeover left aside: it is put into its field, in one version, and settled.

Texts are those that `as_text` writes.
"""

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils import timezone

from fiches.indexation import together
from fiches.models import Fiche
from fiches.suivi.historique import MovedOn
from reprise import formulaires
from reprise.masking import words_of_source
from reprise.models import Anomalie, Conflit, Origine
from socle.francais.valeurs import Illisible, read_words


class DecisionRefusee(Exception):
    """Texts that their fields cannot hold: {key of the conflict, None for all: why, in French}. Nothing is changed."""

    def __init__(self, erreurs: dict[int | None, str]):
        super().__init__(" ".join(erreurs.values()))
        self.erreurs = erreurs


@together()
def decide(fiche: Fiche, *, take=(), keep=(), seen: int | None = None, user=None) -> Fiche:
    """Settle open conflicts of one record, in one version; the record, saved if any text is taken.

    `take`, `keep`: conflicts as the editor read them, whose field says from now on what the old site says, or stays.
    `seen`: the version that the editor looked at. MovedOn if it is another since, or what the old site says of a field;
    DecisionRefusee if a field cannot hold a text. Nothing is changed then.
    """
    fiche = _locked(fiche)
    still = dict(Conflit.objects.open().filter(entree=fiche.pk).select_for_update().values_list("pk", "ancien_site"))
    if (seen or fiche.version) != fiche.version or any(still.get(c.pk) != c.ancien_site for c in (*take, *keep)):
        raise MovedOn(fiche)
    values, erreurs = {}, {}
    for conflit in take:
        try:
            values[conflit.champ] = value_of(fiche, conflit.champ, conflit.ancien_site)
        except Illisible as error:
            erreurs[conflit.pk] = f"{error}."
    if not erreurs and values:
        erreurs = _check(fiche, values)
    if erreurs:
        raise DecisionRefusee(erreurs)
    if values:
        names = ", ".join(label_of(type(fiche), champ) for champ in values)
        reason, masked = f"Texte de l’ancien site repris : {names}"[:100], words_of_source(fiche, values)
        fiche.change(values, reason=reason, user=user, decisions=masked)
    Conflit.objects.filter(pk__in=[conflit.pk for conflit in (*take, *keep)]).settle(user)
    origine = Origine.objects.select_for_update().filter(pk=fiche.pk).first() if take else None
    if origine:  # these fields follow the old site again: no edit of ours stands in them
        origine.valeurs |= {conflit.champ: conflit.ancien_site for conflit in take}
        origine.save(update_fields=["valeurs"])
    return fiche


def _check(fiche: Fiche, values: dict) -> dict[None, str]:
    for name, value in values.items():
        if not isinstance(value, list):
            setattr(fiche, name, value)
    try:
        fiche.clean()
        fiche.validate_constraints(exclude={"entree", "slug"})
    except ValidationError as error:
        return {None: " ".join(error.messages)}
    return {}


def field_of(anomalie: Anomalie) -> str:
    """The field of its record that a text taken out goes back to; "" if no field is known to have held it."""
    reprise = formulaires.get(anomalie.entree.type) if anomalie.entree else None
    return reprise.field_of(anomalie.champ) if reprise else ""


@together()
def put_back(anomalie: Anomalie, *, user=None) -> Fiche:
    """Put a discarded text back where it stood in its field, at the end if nobody knows, and settle the anomaly.

    What the old site says of that field is kept as a settled conflict: the next takeover knows that it was decided.
    Illisible, and nothing is changed, if the text belongs to no field.
    """
    champ = field_of(anomalie)
    if not champ:
        raise Illisible("ce texte ne vient d’aucun champ connu de la fiche. Copiez-le vous-même si vous le gardez")
    fiche = _locked(anomalie.entree.fiche)
    texte = _with(fiche, champ, anomalie)
    values = {champ: value_of(fiche, champ, texte)}
    fiche.change(values, reason="Texte écarté remis", user=user, decisions=words_of_source(fiche, values))
    Anomalie.objects.filter(pk=anomalie.pk).settle(user)
    origine = Origine.objects.filter(pk=fiche.pk).first()
    if origine and not Conflit.objects.open().filter(entree=fiche.pk, champ=champ).exists():
        theirs = origine.valeurs.get(champ, "")
        settled = {"ici": texte, "ancien_site": theirs, "regle_le": timezone.now(), "regle_par": user}
        Conflit.objects.create(entree=fiche.entree, champ=champ, **settled)
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
