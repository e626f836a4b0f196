"""The public history of a record: its published versions and their changes, never their authors."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db import models

from fiches import registre
from fiches.models import Fiche
from fiches.suivi.comparaison import Difference, compared_fields, differences, rows_of
from fiches.suivi.historique import revisions, with_changes
from fiches.suivi.models import VersionMasquee
from socle.annuaire.models import Statut
from socle.francais.texte import mask_courriels
from socle.vie_privee.mentions import JOIGNABLES, any_in, find
from socle.vie_privee.public_text import public_fields as texts_of

PER_PAGE = 10


@dataclass(frozen=True)
class RevisionPublique:
    """One version, named by its moment: numbers would count those that were never public.

    `le`: None for the old site, which gave no date. `raison`: why it is hidden, or "". `premiere`: the first public
    one. `differences`: None if no earlier version is shown.
    """

    le: datetime | None
    raison: str = ""
    premiere: bool = False
    differences: list[Difference] | None = None


def public_fields(model: type[Fiche]) -> list[models.Field]:
    """The fields that pages or public files show, in the order of the form."""
    declaration = registre.for_model(model)
    columns = [column.of(model) for column in declaration.liste().get_columns()]
    shown = {path.partition("__")[0].removesuffix("_id") for column in columns for path in column.paths}
    shown |= {*model.textes, *declaration.page.sections}
    fields = [one for one in compared_fields(model) if one.name in shown - {"slug", "statut"}]
    # A relation would show the title of another record, which may not be public.
    return [one for one in fields if not (one.is_relation and issubclass(one.related_model, Fiche))]


def public_revisions(model: type[Fiche], pk: int):
    return revisions(model, pk).filter(statut=Statut.PUBLIEE)


def read(fiche: Fiche, number) -> Page:
    """A page of versions, each compared with the last visible one before it."""
    model = type(fiche)
    page = Paginator(public_revisions(model, fiche.pk), PER_PAGE).get_page(number)
    hidden = {row.version: row.get_raison_display() for row in VersionMasquee.objects.filter(entree=fiche.pk)}
    rows = list(page.object_list)
    shown = [row for row in rows if row.version not in hidden]
    older = public_revisions(model, fiche.pk).exclude(version__in=hidden)
    before = older.filter(history_id__lt=shown[-1].history_id).first() if shown else None
    fields, pairs = public_fields(model), with_changes([*shown, *filter(None, [before])])
    known = rows_of(fields, [now for _, now, _ in pairs])
    changed = {row.pk: was and differences(fields, was, now, known) for row, now, was in pairs[: len(shown)]}
    first = public_revisions(model, fiche.pk).values_list("pk", flat=True).last()
    page.object_list = [
        RevisionPublique(row.history_date if row.datee else None, hidden[row.version])
        if row.version in hidden
        else RevisionPublique(
            row.history_date if row.datee else None,
            premiere=row.pk == first,
            differences=changed[row.pk]
            and [
                replace(one, before=mask_courriels(one.before), after=mask_courriels(one.after))
                for one in changed[row.pk]
            ],
        )
        for row in rows
    ]
    return page


def on_saved(sender, *, fiche: Fiche, before: Fiche | None, gone: list[str], **kwargs) -> None:
    """Hides public versions with words that the public no longer reads. Handler of `fiche_enregistree`."""
    user = getattr(fiche, "_history_user", None)
    if fiche.is_publiee and before and not before.is_publiee:  # it may have been corrected while hidden
        fiche.versions_masquees = hide_outdated(fiche, user=user)
    else:
        fiche.versions_masquees = hide_those_with(fiche, gone, user=user) if gone else 0


def hide_outdated(fiche: Fiche, *, user=None) -> int:
    """Hides public versions with an address or a number that the record no longer shows; returns how many."""
    columns = [field.attname for field in texts_of(type(fiche))]
    revisions_read = public_revisions(type(fiche), fiche.pk).exclude(version=fiche.version).prefetch_related(None)
    rows = list(revisions_read.values_list(*columns))
    if not rows:
        return 0
    now = "\n".join(getattr(fiche, column) or "" for column in columns)
    said, words = {one.cle for one in find(now)}, set()
    for texts in rows:
        seen = find("\n".join(filter(None, texts)))
        words |= {one.mots for one in seen if one.genre in JOIGNABLES and one.cle not in said}
    return hide_those_with(fiche, words, user=user) if words else 0


def hide_those_with(fiche: Fiche, words: Collection[str], *, user) -> int:
    """Hides public versions, except the present one, with any of these words; returns how many."""
    columns = [field.attname for field in texts_of(type(fiche))]
    hidden = set(VersionMasquee.objects.filter(entree=fiche.pk).values_list("version", flat=True))
    rows = public_revisions(type(fiche), fiche.pk).exclude(version=fiche.version).prefetch_related(None)
    found = [
        version
        for version, *texts in rows.values_list("version", *columns)
        if version not in hidden and any_in(words, "\n".join(filter(None, texts)))
    ]
    raison = VersionMasquee.Raison.PERSONNE
    VersionMasquee.objects.bulk_create(
        VersionMasquee(entree_id=fiche.pk, version=version, raison=raison, par=user) for version in found
    )
    return len(found)


def may_be_hidden(fiche: Fiche, record) -> bool:
    """Whether this version is public and not the present one."""
    return record.statut == Statut.PUBLIEE and not (fiche.is_publiee and record.version == fiche.version)


def hide(fiche: Fiche, version: int, raison: str, *, user) -> None:
    """Hides a version for a reason (VersionMasquee.Raison); without one, shows it again."""
    rows = VersionMasquee.objects.filter(entree=fiche.pk, version=version)
    if raison:
        rows.update_or_create(entree_id=fiche.pk, version=version, defaults={"raison": raison, "par": user})
    else:
        rows.delete()
