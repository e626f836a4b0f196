"""Which texts the public reads, and what was masked in them.

A save changes no text. A decision or a takeover masks words: `take_out` masks them in the row's texts, the caller saves
the row, `Retrait.keep` stores the text as written in `TexteIntegral`, all in one transaction.
"""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cache

from django.db import models
from django.utils import timezone

from socle.vie_privee.mentions import EFFACE, JOIGNABLES, MASQUES, find, is_name, mask, same_words
from socle.vie_privee.models import TexteIntegral


class TextesPublics(models.Model):
    """A model with public texts. `textes_prives`: those that no page, file or search shows."""

    textes_prives: tuple[str, ...] = ()

    class Meta:
        abstract = True

    @property
    def is_read_by_public(self) -> bool:
        return True


@cache
def public_fields(model: type[models.Model]) -> tuple[models.Field, ...]:
    """Fields whose text people write: no choices, no computed fields."""
    return tuple(
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and field.editable
        and not (field.primary_key or field.choices or isinstance(field, models.SlugField))
        and field.name not in model.textes_prives
    )


def public_texts(row: models.Model) -> dict[str, str]:
    """{column: text} of the public fields, published or not."""
    return {one.attname: getattr(row, one.attname) or "" for one in public_fields(type(row))}


def public_texts_now(row: models.Model) -> dict[str, str]:
    """{column: text} that the public reads now, from the database; {} if nothing. One query."""
    stored = None if row._state.adding else type(row)._base_manager.filter(pk=row.pk).first()
    return public_texts(stored) if stored and stored.is_read_by_public else {}


def without_masks(text: str) -> str:
    """A text for comparisons: « nom masqué » is no part of an address or search."""
    for one in (*MASQUES, EFFACE):
        text = text.replace(one, " ")
    return text


def beyond_masks(text: str) -> str:
    """A title as it is, or "" if it holds only masks: « [nom masqué] & [nom masqué] »."""
    rest = without_masks(text)
    return text if rest == text or any(map(str.isalnum, rest)) else ""


# Taking words out


@dataclass(frozen=True)
class Decision:
    """A decision about words of a field. `garder`: why they stay (`TexteIntegral.Raison`), "" to mask them; `par`: who
    decided.
    """

    champ: str
    mots: str
    garder: str = ""
    par: str = ""


@dataclass
class Retrait:
    """The words masked in a row that the caller saves. `mots`: words as written."""

    row: models.Model
    textes: list[TexteIntegral] = field(default_factory=list)
    mots: list[str] = field(default_factory=list)

    def keep(self) -> None:
        """Store the texts as written; call it once the row is saved."""
        for one in self.textes:
            one.cle = str(self.row.pk)
            one.save()


def take_out(row: TextesPublics, decisions: Iterable[Decision]) -> Retrait:
    """Mask words in memory, and note those that stay. One query if there is a decision."""
    retrait, by_field = Retrait(row), dict[str, list[Decision]]()
    for one in decisions:
        by_field.setdefault(one.champ, []).append(one)
    kept = kept_of([row])[row.pk] if by_field and row.pk else {}
    for champ, said in by_field.items():
        column = row._meta.get_field(champ)
        written = getattr(row, column.attname) or ""
        public, taken = mask(written, [one.mots for one in said if not one.garder])
        stay = [{"mots": one.mots, "raison": one.garder, "par": one.par} for one in said if one.garder]
        if not taken and not stay:
            continue
        one = kept.get(champ) or TexteIntegral(modele=row._meta.label, champ=champ)
        gone = {same_words(mots) for mots in taken}
        one.laisses = [*(left for left in one.laisses if same_words(left["mots"]) not in gone), *stay]
        if taken:
            if isinstance(column, models.URLField):  # the rest of a link leads nowhere
                public = ""
            public = public[: column.max_length]
            if getattr(row, column.attname) != one.public:  # if equal, the text had masks already: its first form stays
                one.texte = written
            one.retires, one.public = list(dict.fromkeys([*one.retires, *taken])), public
            one.ecrit_le = timezone.now()
            setattr(row, column.attname, public)
        retrait.textes.append(one)
        retrait.mots += taken
    return retrait


def no_more_read(before: Mapping[str, str], row: models.Model) -> list[str]:
    """Addresses and numbers that were public in `before` and no longer are."""
    now = public_texts(row)
    changed = [text for column, text in before.items() if text and text != now[column]]
    still = {one.cle for text in now.values() for one in find(text)} if changed else set()
    return [one.mots for text in changed for one in find(text) if one.genre in JOIGNABLES and one.cle not in still]


# Reading back, for staff


def kept_of(rows: Iterable[models.Model]) -> dict[object, dict[str, TexteIntegral]]:
    """{key: {field: what was masked}} for rows of one model. One query."""
    rows = list(rows)
    found: dict[object, dict[str, TexteIntegral]] = {row.pk: {} for row in rows}
    if rows:
        pk, label = rows[0]._meta.pk, rows[0]._meta.label
        for one in TexteIntegral.objects.filter(modele=label, cle__in=list(map(str, found))):
            found[pk.to_python(one.cle)][one.champ] = one
    return found


def hidden_names(kept: Mapping[str, TexteIntegral]) -> list[str]:
    """Masked names of a row: an editor who types one again is asked about it."""
    return [mots for one in kept.values() for mots in one.retires if is_name(mots)]


def written(model: type[models.Model], champ: str) -> dict[object, str]:
    """{key: text as written} of a field, where words were masked."""
    rows = TexteIntegral.objects.filter(modele=model._meta.label, champ=champ).exclude(texte="").order_by("pk")
    return {model._meta.pk.to_python(cle): texte for cle, texte in rows.values_list("cle", "texte")}


def as_written(row: models.Model) -> models.Model:
    """A copy with texts as written, if nobody edited them after the masks. Never save it. One query.

    A takeover compares its source with it.
    """
    told = copy(row)
    for champ, one in kept_of([row])[row.pk].items():
        if one.texte and getattr(row, champ) == one.public:
            setattr(told, champ, one.texte)
    return told


def forget(sender, instance, **kwargs):
    """Delete what was masked in a row, with the row (apps.py)."""
    TexteIntegral.objects.filter(modele=sender._meta.label, cle=str(instance.pk)).delete()
