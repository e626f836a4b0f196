"""Makes two records one: the kept one takes the values that the editor picks, and the rows of the other.

The other stays, withdrawn, with its text and history. Its slugs, its old names and `/p/<id>` lead to the kept record,
which also takes what the old site still says of it. `undo` takes all of it back.
"""

import re
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models

from fiches import registre
from fiches.attached import Contact
from fiches.indexation import together
from fiches.models import Fiche
from fiches.mots_prives import newly_shown, persons_of
from fiches.signals import fiches_fusionnees, fusion_defaite
from fiches.suivi.comparaison import compared_fields
from fiches.suivi.historique import restore
from fiches.suivi.lots import locked
from fiches.suivi.models import Fusion, VersionMasquee
from socle.annuaire.models import AncienneAdresse, Entree, Statut, inscrire_fiches
from socle.francais.valeurs import as_words
from socle.journal.models import Nature
from socle.journal.writing import inscrire
from socle.vie_privee.public_text import hidden_names, kept_of, public_texts
from socle.vie_privee.questions import decisions

# Reasons in the history of a merged record, then of a separated one.
FUSIONNEE, DEFAITE = "Fusionnée dans la fiche {}", "Fusion avec la fiche {} défaite"
GARDEE, PERDUE, DEUX = "gardee", "perdue", "deux"
NOT_MERGED = ("statut", "slug")
ADRESSE = "adresse"  # key in Fusion.deplaces: the old address made from the lost record's slug


class FusionImpossible(Exception):
    """The records cannot be merged as they are. The message, in French, gives the reason."""


@dataclass(frozen=True)
class ChampDeFusion:
    nom: str
    label: str
    gardee: str
    perdue: str
    choix: str
    unissable: bool


def says(reason: str | None, said: str) -> bool:
    """`said`: FUSIONNEE or DEFAITE."""
    return bool(re.fullmatch(said.format(r"\d+"), reason or ""))


def fields_of(model: type[Fiche]) -> list[models.Field]:
    """The fields that a merge decides on, in the order of the form, several choices last."""
    return [field for field in compared_fields(model) if field.name not in NOT_MERGED]


def differing(kept: Fiche, lost: Fiche) -> list[ChampDeFusion]:
    found = []
    for field in fields_of(type(kept)):
        texts = [as_words(field, getattr(fiche, field.name)) for fiche in (kept, lost)]
        if texts[0] == texts[1]:
            continue
        unissable = field.many_to_many or (isinstance(field, models.TextField) and all(text.strip() for text in texts))
        found.append(
            ChampDeFusion(field.name, str(field.verbose_name), *texts, _default(field, kept, lost, texts), unissable)
        )
    return found


def _default(field, kept, lost, texts) -> str:
    if field.many_to_many:
        automatic = field.name == "themes" and kept.themes_automatiques and lost.themes_automatiques
        return GARDEE if automatic else DEUX
    if not texts[0].strip() and texts[1].strip():
        return PERDUE
    return DEUX if field.name in kept.par_lignes and texts[1].strip() else GARDEE


@together()
def merge(kept: Fiche, lost: Fiche, choix: dict[str, str], *, user=None) -> Fiche:
    """Merges `lost` into `kept`; returns the kept record, saved.

    `choix`: {field: GARDEE, PERDUE or DEUX}, GARDEE by default. Raises FusionImpossible, with nothing changed, if a
    record has a newer version than the editor saw, or cannot be merged.
    """
    model, seen = type(kept), {kept.pk: kept.version, lost.pk: lost.version}
    rows = {fiche.pk: fiche for fiche in locked(model, list(seen))}
    if {pk: fiche.version for pk, fiche in rows.items()} != seen or len(seen) < 2:
        raise FusionImpossible("l’une des deux a changé entre-temps. Relisez-les, puis choisissez à nouveau.")
    kept, lost = rows[kept.pk], rows[lost.pk]
    if Statut.CORBEILLE in (kept.statut, lost.statut):
        raise FusionImpossible("l’une des deux est à la corbeille. Sortez-la d’abord.")
    if Entree.objects.filter(pk__in=seen, fusionnee_dans__isnull=False).exists():
        raise FusionImpossible("l’une des deux a déjà été fusionnée dans une autre.")
    fusion = Fusion(perdue_id=lost.pk, gardee_id=kept.pk, statut=lost.statut, version=kept.version, par=user)
    _refuse_circles(kept, lost)
    several = _choose(kept, lost, choix)
    kept.absorb(lost)
    try:
        kept.clean()
        kept.validate_constraints(exclude={"entree", "slug"})
    except ValidationError as error:
        raise FusionImpossible(" ".join(error.messages)) from error
    persons = [*persons_of(kept), *persons_of(lost), *hidden_names(kept_of([lost])[lost.pk])]  # it may take their words
    mots = newly_shown(kept, contacts=persons) if kept.is_publiee else []  # masked, as nobody is asked here
    kept.change(several, reason=f"Fusion avec la fiche {lost.pk}", user=user, decisions=decisions(mots))
    before = lost.slug if lost.was_public_at(lost.slug, lost.statut) else ""
    lost.statut = Statut.RETIREE
    lost.change({}, reason=FUSIONNEE.format(kept.pk), user=user)
    Entree.objects.filter(pk=lost.pk).update(fusionnee_dans=kept.pk)
    if fusion.statut == Statut.PUBLIEE:
        inscrire(registre.for_model(model).cle, lost.pk, Nature.RETIREE, vers=kept.pk)
    try:
        _move_all(fusion, kept, lost, user)
    except IntegrityError as error:
        raise FusionImpossible(
            "une ligne de l’une existe déjà dans l’autre et ne peut pas y être deux fois."
        ) from error
    if before:
        cle = registre.for_model(model).cle
        AncienneAdresse.objects.update_or_create(type=cle, slug=before, defaults={"entree_id": kept.pk})
        fusion.deplaces[ADRESSE] = before
    fiches_fusionnees.send(Fusion, fusion=fusion, kept=kept, lost=lost, user=user)
    fusion.save()
    return kept


def _refuse_circles(kept, lost) -> None:
    """Refuses records tied through a third one: the merged record would point to itself."""
    for field in _self_references(type(kept)):
        for start, end in ((kept, lost), (lost, kept)):
            row, seen = getattr(start, field.name), set()
            between = row is not None and row.pk != end.pk
            while row is not None and row.pk not in seen:
                seen.add(row.pk)
                if row.pk == end.pk and between:
                    raise FusionImpossible(
                        f"« {field.verbose_name} » mène de l’une à l’autre par une troisième. Corrigez d’abord ce lien."
                    )
                row = getattr(row, field.name)


def _self_references(model) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if field.is_relation and field.related_model is model]


def _choose(kept, lost, choix: dict[str, str]) -> dict[str, list]:
    """Puts the picked values into the kept record; returns {field: rows} of several choices to change."""
    several = {}
    for field in fields_of(type(kept)):
        picked = choix.get(field.name, GARDEE)
        if field.many_to_many:
            ours, theirs = ([*getattr(fiche, field.name).all()] for fiche in (kept, lost))
            if picked != GARDEE and (rows := list(dict.fromkeys([*(ours if picked == DEUX else []), *theirs]))) != ours:
                several[field.name] = rows
        elif picked == PERDUE:
            setattr(kept, field.attname, getattr(lost, field.attname))
        elif picked == DEUX and isinstance(field, models.TextField):
            texts = [getattr(fiche, field.name) for fiche in (kept, lost)]
            setattr(kept, field.name, "\n\n".join(filter(None, texts)))
    for field in _self_references(type(kept)):
        if getattr(kept, field.attname) == lost.pk:
            setattr(kept, field.attname, getattr(lost, field.attname))
        if getattr(kept, field.attname) == kept.pk:
            setattr(kept, field.attname, None)
    return several


# The rows that depend on a record: those that point to its entry, with a `related_name`.


def _move_all(fusion, kept, lost, user) -> None:
    same = {_person(contact) for contact in Contact.objects.filter(entree=kept.pk)}
    others = [c.pk for c in Contact.objects.filter(entree=lost.pk) if _person(c) not in same]
    _move(fusion, Contact.objects.filter(pk__in=others), "entree", kept)
    for relation in Entree._meta.related_objects:
        model = relation.related_model
        # A hidden version stays with its record: the kept record has another version of that number.
        if relation.one_to_many and model not in (Contact, Entree, VersionMasquee):
            _move(fusion, _movable(model, relation.field.name, kept, lost), relation.field.name, kept)
    for relation in type(kept)._meta.get_fields(include_hidden=True):
        model = relation.related_model
        # Leaves out rows of several choices, versions (they tell the past), and rows computed from each record.
        if not (relation.one_to_many and relation.auto_created) or model._meta.auto_created:
            continue
        if not (hasattr(model, "instance_type") or hasattr(model, "suit_la_fiche")):
            rows = model._base_manager.filter(**{relation.field.name: lost.pk})
            _move(fusion, rows, relation.field.name, kept, user)  # the kept record itself no longer points to the other


def _movable(model, column: str, kept, lost):
    """The rows of `lost` that `kept` can take: one that would double another stays."""
    pks = []
    for row in model._base_manager.filter(**{column: lost.pk}):
        setattr(row, f"{column}_id", kept.pk)
        try:
            row.validate_constraints()
        except ValidationError:
            continue
        pks.append(row.pk)
    return model._base_manager.filter(pk__in=pks)


def _person(contact: Contact) -> tuple:
    return tuple(
        getattr(contact, field.attname) for field in Contact._meta.fields if field.name not in ("id", "entree")
    )


def _move(fusion, rows, column: str, to: Fiche, user=None) -> None:
    """Makes rows point to another record. Records among them are saved, so that their history tells it."""
    pks = list(rows.values_list("pk", flat=True))
    if not pks:
        return
    model = rows.model
    fusion.deplaces[f"{model._meta.label}.{column}"] = pks
    _point(model, pks, column, to, user)


def _point(model, pks, column: str, to: Fiche, user) -> None:
    if issubclass(model, Fiche):
        for fiche in locked(model, pks):
            setattr(fiche, f"{column}_id", to.pk)
            fiche.change({}, reason="Une fiche fusionnée est remplacée par l’autre", user=user)
    else:
        model._base_manager.filter(pk__in=pks).update(**{f"{column}_id": to.pk})


# Undoing


def _last_read(fiche: Fiche) -> dict[str, str]:
    last = fiche.history.filter(statut=Statut.PUBLIEE).order_by("-history_id").first()
    return public_texts(last.instance) if last else {}


@together()
def undo(fusion: Fusion, *, user=None) -> tuple[Fiche, bool]:
    """Separates the two; returns (the lost record, whether the kept one has its former text again).

    The kept record keeps its text if it changed since. Raises FusionImpossible if it was merged itself: its rows are
    now another's.
    """
    model = registre.get(fusion.gardee.type).model
    rows = {fiche.pk: fiche for fiche in locked(model, [fusion.gardee_id, fusion.perdue_id])}
    kept, lost = rows[fusion.gardee_id], rows[fusion.perdue_id]
    if Statut.CORBEILLE in (kept.statut, lost.statut):
        raise FusionImpossible("l’une des deux fiches est à la corbeille. Sortez-la d’abord.")
    if kept.entree.after_merges().pk != kept.pk:
        raise FusionImpossible("la fiche qui l’a gardée a été fusionnée à son tour. Défaites d’abord cette fusion-là.")
    moved = dict(fusion.deplaces)
    address = moved.pop(ADRESSE, "")
    fusion_defaite.send(Fusion, fusion=fusion, kept=kept, lost=lost, user=user)
    if address:
        AncienneAdresse.objects.filter(type=fusion.gardee.type, slug=address, entree=kept.pk).delete()
    Entree.objects.filter(pk=lost.pk).update(fusionnee_dans=None)
    lost.statut = fusion.statut
    mots = newly_shown(lost, before=_last_read(lost)) if lost.is_publiee else []  # typed while it was hidden
    lost.change({}, reason=DEFAITE.format(kept.pk), user=user, decisions=decisions(mots))
    as_it_was = kept.version == fusion.version + 1
    # Before the kept record gets its former text back: the text of one must not fill the gaps of the other.
    for label, pks in moved.items():
        if "." not in label:
            continue
        name, _, column = label.rpartition(".")
        found = apps.get_model(name)
        still = found._base_manager.filter(pk__in=pks, **{column: kept.pk}).values_list("pk", flat=True)
        _point(found, list(still), column, lost, user)
    record = model.history.filter(**{model._meta.pk.attname: kept.pk}, version=fusion.version).first()
    if as_it_was and record:
        restore(model, record, seen=kept.version)
    inscrire_fiches([kept.pk])  # the rows beside it are gone
    fusion.delete()
    return lost, bool(as_it_was and record)
