"""A column holds what the public may read of a text: the rest is taken out when it is written, never when it is read.

A model with public texts extends `TextesPublics`; one with a save of its own calls `Ecriture` from it. The text as
written stands in `TexteIntegral`, for staff. A value that equals what the column holds is « unchanged »: then the text
as written goes on, unless the row was read `for_editors`. So the column always follows from that text, and nothing is
ever put back by itself: words that were taken out stay out, even when their person has left, until staff say otherwise.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from functools import cache, partial
from pathlib import PurePosixPath

from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.db.models.signals import class_prepared, post_delete
from django.utils import timezone
from django.utils.text import slugify

from socle.vie_privee import noms_tenus
from socle.vie_privee.masking import MASQUES, NOM_MASQUE, Names
from socle.vie_privee.mentions import EFFACE, MASQUE_DE, Genre, find
from socle.vie_privee.models import TexteIntegral
from socle.vie_privee.spellings import same_words

JOIGNABLES = (Genre.COURRIEL, Genre.TELEPHONE)  # words by which anybody may be reached


@dataclass(frozen=True)
class Laisse:
    """Words of a field that staff say to leave; `raison`: one of TexteIntegral.Raison, or "" if nobody has
    decided and this save alone leaves them; `par`: who says so.
    """

    champ: str
    mots: str
    raison: str
    par: str = ""


@dataclass(frozen=True)
class Masque:
    """Words of a field that staff say to take out, as they stand in it."""

    champ: str
    mots: str


@cache
def public_fields(model: type[models.Model]) -> tuple[models.Field, ...]:
    """The fields of a model in which people write what the public reads: not choices, nor what follows from others."""
    return tuple(
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and field.editable
        and not (field.primary_key or field.choices or isinstance(field, models.SlugField))
        and field.name not in model.textes_prives
    )


def beside(row: models.Model) -> dict[str, str]:
    """{column: words} of what a row shows besides its texts: its address, the names of its files."""
    found = {}
    for field in row._meta.concrete_fields:
        if isinstance(field, models.SlugField | models.FileField) and (value := str(getattr(row, field.attname) or "")):
            found[field.attname] = PurePosixPath(value).stem.replace("_", "-")
    return found


def without_masks(text: str) -> str:
    """What a text says by itself: « nom masqué » makes no part of an address, finds no record and is like no other."""
    for mask in (*MASQUES, EFFACE):
        text = text.replace(mask, " ")
    return text


def beyond_masks(text: str) -> str:
    """A text that heads something: as it is, or "" if it holds nothing but « [nom masqué] & [nom masqué] »."""
    rest = without_masks(text)
    return text if rest == text or any(map(str.isalnum, rest)) else ""


class Ecriture:
    """The texts of one row on their way into its columns: `take_out` before the row is saved, `keep` after it."""

    def __init__(self, row: "TextesPublics", before: dict | None = None):
        """`before`: what the public read in the row's columns until now, {} if nothing; None: look there if need be."""
        self.row, self.fields, self._before = row, public_fields(type(row)), before
        self.label = type(row)._meta.label
        self.kept = {} if row._state.adding else kept_of([row])[row.pk]
        self.written: dict[str, TexteIntegral | None] = {}  # what is to be kept of each field; None: nothing
        self.finders: dict[str, Names] = {}  # of the fields of which something is taken out that was not before
        self.hidden: dict[str, list[str]] = {}  # what is taken out as it was written, since somebody said so
        self.names: list[str] = []  # those that the row may show

    def take_out(self) -> set[str]:
        """Let the row's texts be what the public may read; the names of the fields that this changed.

        A query more where a text of the row is kept as written, to know what its column holds.
        """
        row, public, stored = self.row, self.row.is_read_by_public, {}
        if self.kept:
            stored = type(row)._base_manager.filter(pk=row.pk).values(*self.kept).first() or {}
        leave, hide = [*row.a_laisser], [*row.a_masquer]
        said = {*self.kept, *(one.champ for one in (*leave, *hide))}
        fields = self.fields if public else [field for field in self.fields if field.name in said]
        texts = {field.name: self._as_written(field, stored) for field in fields}
        own = (self.label, str(row.pk))
        words = [*filter(None, texts.values()), *beside(row).values()]
        self.names = noms_tenus.names_in(words, of=own) if public and words else []
        changed = set()
        for field in fields:
            mine = ([one for one in some if one.champ == field.name] for some in (leave, hide))
            text = self._public(field, texts[field.name], *mine)
            if text != getattr(row, field.attname):
                setattr(row, field.attname, text)
                changed.add(field.name)
        row.a_laisser, row.a_masquer, row.lus_en_public = (), (), {}
        return changed

    @property
    def before(self) -> dict[str, str]:
        """{column: what the public read there until now}; nothing of a row that it did not read."""
        if self._before is None:
            old = None if self.row._state.adding else type(self.row)._base_manager.filter(pk=self.row.pk).first()
            public = old is not None and old.is_read_by_public
            self._before = {one.attname: getattr(old, one.attname) or "" for one in self.fields} if public else {}
        return self._before

    def _unasked(self, text: str, left: set[str]) -> list[str]:
        """The addresses and numbers of a text that nobody has looked at: not public yet, and not left."""
        found = [one for one in find(text) if one.genre in JOIGNABLES and same_words(one.mots) not in left]
        known = {one.cle for words in self.before.values() for one in find(words)} if found else set()
        return [one.mots for one in found if one.cle not in known]

    def gone(self) -> dict[str, list[str]]:
        """{field: addresses and numbers that the public read there, and reads in the row no more}, after `take_out`."""
        changed = [
            one for one in self.fields if self.before.get(one.attname, "") not in ("", getattr(self.row, one.attname))
        ]
        found: dict[str, list[str]] = dict(self.hidden)
        if not changed:
            return found
        still = {one.cle for field in self.fields for one in find(getattr(self.row, field.attname) or "")}
        for field in changed:
            seen = find(self.before[field.attname])
            if words := [one.mots for one in seen if one.genre in JOIGNABLES and one.cle not in still]:
                found[field.name] = [*found.get(field.name, ()), *words]
        return found

    def _as_written(self, field: models.Field, stored: dict) -> str:
        given, kept = getattr(self.row, field.attname) or "", self.kept.get(field.name)
        unchanged = kept and field.name not in self.row.lus_en_public and given == stored.get(field.attname, "")
        return kept.texte if unchanged else str(given)

    def _public(self, field: models.Field, text: str, leave: list[Laisse], hide: list[Masque]) -> str:
        kept, hidden = self.kept.get(field.name), {same_words(one.mots) for one in hide}
        before = kept.retires if kept else ()
        laisses = [one for one in (kept.laisses if kept else ()) if same_words(one["mots"]) not in hidden]
        laisses += [{"mots": one.mots, "raison": one.raison, "par": one.par} for one in leave if one.raison]
        left = {same_words(mots) for mots in (*(one["mots"] for one in laisses), *(one.mots for one in leave))}
        finder = Names(self.names, out=before, left=left)
        unasked = self._unasked(text, left) if self.row.hides_addresses else []
        said = [*(one.mots for one in hide), *unasked]
        public, taken = Names(out=said, left=left).redact(text, addresses=False)
        if taken:
            self.hidden[field.name] = taken
        public, found = finder.redact(public, addresses=self.row.hides_addresses)
        if self.row.masque_ensemble and NOM_MASQUE in public:
            persons = [one.mots for one in find(public) if MASQUE_DE[one.genre] == NOM_MASQUE]
            public, more = Names(out=persons, left=left).redact(public, addresses=False)
            found = [*found, *more]
        taken = list(dict.fromkeys([*taken, *found]))
        if not taken and not laisses:
            if kept:
                self.written[field.name] = None
            return text
        if taken:
            if isinstance(field, models.URLField):  # what is left of a link leads nowhere
                public = ""
            public = self.row.make_unlike_others(field.name, public[: field.max_length])
        if {*found, *unasked}.difference(before):
            self.finders[field.name] = finder
        one = kept or TexteIntegral(modele=self.label, champ=field.name)
        if kept is None or (one.texte, one.retires, one.laisses) != (text, taken, laisses):
            one.texte, one.retires, one.laisses, one.ecrit_le = text, taken, laisses, timezone.now()
            self.written[field.name] = one
        return public

    def text(self, champ: str) -> str:
        """The text of a field as written."""
        one = self.written.get(champ) or self.kept.get(champ)
        return one.texte if one else getattr(self.row, champ)

    def shows_in_address(self, champ: str) -> bool:
        """Whether the row's address shows a name, after `take_out`; not one that staff leave in the field `champ`.

        So does one that was made of all that field says, « j-quemener », once something is taken out of it.
        """
        one = self.written.get(champ) or self.kept.get(champ)
        left = [same_words(said["mots"]) for said in (one.laisses if one else ())]
        words = beside(self.row).get("slug", "")
        made = slugify(one.texte) if one and one.texte != getattr(self.row, champ) else ""
        return Names(self.names, left=left).mask(words) != words or bool(made and words.startswith(made))

    def rename_files(self) -> set[str]:
        """Give files that are called after somebody another name, after `take_out`; the names of their fields.

        A new one loses addresses and numbers too: on the disk, nothing tells any more where they start and end.
        """
        changed = set()
        for champ, words in beside(self.row).items():
            file = getattr(self.row, champ)
            if not isinstance(file, FieldFile):
                continue
            new = [] if file._committed else [one.mots for one in find(words) if one.genre in JOIGNABLES]
            public = Names(self.names).mask(Names(out=new).mask(words))
            if public == words:
                continue
            nom = f"{slugify(without_masks(public)) or 'document'}{PurePosixPath(file.name).suffix}"
            if file._committed:
                _move(file, nom)
            else:
                file.name = nom
            changed.add(champ)
        return changed

    def mask(self, champ: str, text: str) -> str:
        """Another text of a field, an earlier version of it, without what is taken out of it now."""
        public, taken = self.finders[champ].redact(text or "", addresses=self.row.hides_addresses)
        is_link = isinstance(self.row._meta.get_field(champ), models.URLField)
        return "" if is_link and taken else public[: self.row._meta.get_field(champ).max_length]

    def keep(self) -> None:
        """Keep the texts as written of a row that is saved."""
        gone = [name for name, one in self.written.items() if one is None]
        if gone:
            TexteIntegral.objects.filter(modele=self.label, cle=str(self.row.pk), champ__in=gone).delete()
        for one in filter(None, self.written.values()):
            one.cle = str(self.row.pk)
            one.save()
        if self.finders and hasattr(type(self.row), "history"):
            self._clean_versions()

    def _clean_versions(self) -> None:
        """What is taken out of a text from now on leaves its earlier versions too, and what followed from it there."""
        versions = self.row.history.model.objects.filter(**{self.row._meta.pk.attname: self.row.pk})
        derived = [
            field.attname
            for field in self.row._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField) and not (field.editable or field.choices)
        ]
        for pk, *texts in versions.values_list("pk", *self.finders, *derived).order_by():
            before = dict(zip((*self.finders, *derived), texts, strict=True))
            after = {name: self.mask(name, before[name]) for name in self.finders}
            for name in derived:
                after[name] = before[name]
                for finder in self.finders.values():
                    after[name] = finder.redact(after[name] or "", addresses=self.row.hides_addresses)[0]
                after[name] = after[name][: self.row._meta.get_field(name).max_length]
            if after != before:
                versions.filter(pk=pk).update(**after)


class TextesPublics(models.Model):
    """A model with texts that the public reads. `textes_prives`: those that no page, file or search shows."""

    textes_prives: tuple[str, ...] = ()
    hides_addresses = True  # anybody's e-mail address is taken out
    # What staff say of words of the next save: that they stay, or go.
    a_laisser: Iterable[Laisse] = ()
    a_masquer: Iterable[Masque] = ()
    masque_ensemble = False  # where one person of a text is masked, all whom it names are (a takeover)
    # Of a row read `for_editors`: {field: what the public reads}. What it holds of these was written, not read.
    lus_en_public: dict[str, str] = {}

    class Meta:
        abstract = True

    @property
    def is_read_by_public(self) -> bool:
        """Whether the public reads the row now: until then nobody learns from it which names are held."""
        return True

    def make_unlike_others(self, champ: str, text: str) -> str:
        """The public text of a field of which no two rows may have the same."""
        return text

    def complete(self) -> None:
        """Fill what follows from the texts, before a save: an address."""

    def save(self, *args, **kwargs):
        with transaction.atomic():
            ecriture = Ecriture(self)
            changed = ecriture.take_out() | ecriture.rename_files()
            if ecriture.shows_in_address("nom"):
                self.slug = ""  # another is made of what is left of its name
            self.complete()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], *changed}
            super().save(*args, **kwargs)
            ecriture.keep()


def _move(file: FieldFile, nom: str) -> None:
    """Keep a file under another name, which its row and its versions say; one that is not there keeps its own."""
    row, champ, before = file.instance, file.field.attname, file.name
    try:
        with file.storage.open(before) as content:
            file.name = file.storage.save(file.field.generate_filename(row, nom), content)
    except OSError:
        return
    shared = type(row)._base_manager.filter(**{champ: before}).exclude(pk=row.pk).exists()
    if hasattr(type(row), "history"):
        versions = row.history if shared else type(row).history
        versions.filter(**{champ: before}).update(**{champ: file.name})
    if not shared:
        transaction.on_commit(partial(file.storage.delete, before), robust=True)


# Reading back, for staff


def kept_of(rows: Iterable[models.Model]) -> dict[object, dict[str, TexteIntegral]]:
    """{key: {field: its text as written}} of rows of one model; nothing of what nothing was taken out of. One query."""
    rows = list(rows)
    found: dict[object, dict[str, TexteIntegral]] = {row.pk: {} for row in rows}
    if rows:
        pk, label = rows[0]._meta.pk, rows[0]._meta.label
        for one in TexteIntegral.objects.filter(modele=label, cle__in=list(map(str, found))):
            found[pk.to_python(one.cle)][one.champ] = one
    return found


def written(model: type[models.Model], champ: str) -> dict[object, str]:
    """{key: text as written} of one field of all rows of a model of which something was taken out."""
    rows = TexteIntegral.objects.filter(modele=model._meta.label, champ=champ).order_by("pk")
    return {model._meta.pk.to_python(cle): texte for cle, texte in rows.values_list("cle", "texte")}


def for_editors(rows: Iterable[models.Model]) -> list:
    """Rows whose texts are as written; see `public_copy`. One query more."""
    rows = list(rows)
    found = kept_of(rows)
    for row in rows:
        row.textes_ecrits = found[row.pk]
        if kept := found[row.pk]:
            row.lus_en_public = {name: getattr(row, name) for name in kept}
            row.__dict__ |= {name: one.texte for name, one in kept.items()}
    return rows


def public_copy(row: models.Model) -> models.Model:
    """A row read `for_editors` as the public reads it."""
    shown = copy(row)
    shown.__dict__ |= row.lus_en_public
    return shown


# A row takes its texts along


def _follow(sender, **kwargs):
    if issubclass(sender, TextesPublics) and not sender._meta.abstract:
        post_delete.connect(_deleted, sender=sender, dispatch_uid=f"texts as written {sender._meta.label}")


def _deleted(sender, instance, **kwargs):
    TexteIntegral.objects.filter(modele=sender._meta.label, cle=str(instance.pk)).delete()


class_prepared.connect(_follow)
