"""Two editors on one row: the second to save learns what the first changed, and keeps what was typed.

The admins of record types and pages use these forms; `HistoriqueAdmin` locks the row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.db.models.base import Model

from fiches import registre
from fiches.models import Fiche
from fiches.mots_prives import newly_shown, typed_persons
from fiches.suivi.comparaison import compared_fields, state
from fiches.suivi.historique import name_of, revisions
from fiches.titre_seul import said_fields, says
from socle.annuaire.models import Statut
from socle.francais.valeurs import as_words, unix
from socle.francais.wording import moment
from socle.vie_privee.forms import TextesPublicsForm
from socle.vie_privee.questions import MotPrive, told


@dataclass(frozen=True)
class Ecart:
    """A field that somebody else changed meanwhile.

    `repris`: untouched by our editor, so the form takes the new value.
    """

    label: str
    maintenant: str
    saisie: str
    repris: bool


@dataclass(frozen=True)
class Concurrence:
    """Who saved a row since our editor opened it, when, and the fields that changed."""

    auteur: str
    le: datetime | None
    ecarts: list[Ecart]
    fichiers: bool


class VersionForm(TextesPublicsForm):
    """An admin form that knows the version it shows.

    If the row has a newer version, nothing is saved: `concurrence` says what changed, the form keeps what was typed,
    shows other fields as they are now and takes the newer version. The caller must lock the row, or a third save could
    slip in.
    """

    version_lue = forms.IntegerField(required=False, widget=forms.HiddenInput)

    concurrence: Concurrence | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["version_lue"] = self.instance.version

    @property
    def fields_changed(self) -> bool:
        return bool({*self.changed_data} - {"version_lue"})

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and self.cleaned_data.get("version_lue") != self.instance.version:
            self.data = self.data.copy()
            self.concurrence = self._reconcile(self.cleaned_data.get("version_lue"))
            self.data[self.add_prefix("version_lue")] = str(self.instance.version)
            self.add_error(None, ValidationError(self._message(), code="concurrence"))
        return cleaned

    def _reconcile(self, seen: int | None) -> Concurrence:
        """What changed since version `seen`. Fields where nothing was typed take their present value."""
        now = state(self.instance)
        then = self._state_at(seen)
        ecarts = []
        for field in compared_fields(type(self.instance)):
            name = field.name
            if name not in self.fields or (then and then[name] == now[name]):
                continue
            typed, printed = self._typed(field)
            if typed == _plain(now[name]):
                continue
            repris = bool(then) and typed == _plain(then[name])
            if repris:
                self._take_over(name, now[name])
            ecarts.append(Ecart(str(field.verbose_name), as_words(field, now[name]), printed, repris))
        auteur, le = self._last_save(seen)
        return Concurrence(auteur, le, ecarts, bool(self.files))

    def _state_at(self, seen: int | None) -> dict | None:
        """The state that the editor was shown; None if no version tells."""
        if seen is None:
            return None
        record = revisions(type(self.instance), self.instance.pk).filter(version__lte=seen).first()
        return state(record) if record else None

    def _typed(self, field) -> tuple[object, str]:
        """(what was typed, comparable with a state; the same as people read it). A refused value stays as typed."""
        if field.name not in self.cleaned_data:
            raw = self[field.name].data
            return raw, ", ".join(raw) if isinstance(raw, list) else str(raw or "")
        value = self.cleaned_data[field.name]
        if isinstance(value, QuerySet):
            value = frozenset(row.pk for row in value)
        elif isinstance(value, Model):
            value = value.pk
        return _plain(value), as_words(field, value)

    def _take_over(self, name: str, value) -> None:
        values = value if isinstance(value, frozenset) else [] if value is None else [value]
        self.data.setlist(self.add_prefix(name), [str(item) for item in values])

    def _last_save(self, seen: int | None) -> tuple[str, datetime | None]:
        """(who saved last, when). Persons and files leave no version: the log of the admin tells of them."""
        row = self.instance
        record = revisions(type(row), row.pk).filter(version__gt=seen or 0).first()
        if record:
            return name_of(record.history_user), record.history_date
        content_type = get_content_type_for_model(row)
        entry = LogEntry.objects.filter(content_type=content_type, object_id=str(row.pk)).select_related("user").first()
        return (name_of(entry.user), entry.action_time) if entry else (name_of(None), None)

    def _message(self) -> str:
        quand = f" le {moment(self.concurrence.le)}" if self.concurrence.le else ""
        return (
            f"Cette {self.instance.mot} a été modifiée{quand} par {self.concurrence.auteur}, pendant que vous y "
            "travailliez. Rien n’a été enregistré cette fois, et rien de ce que vous avez saisi n’est perdu."
        )


class AccordField(forms.BooleanField):
    """A box that answers a question of the form, not a field of the row."""

    def has_changed(self, initial, data):
        return False


class FicheForm(VersionForm):
    """The form of a record. It asks before a title alone, or private words, become public."""

    titre_seul = AccordField(label="Publier avec son titre seul", required=False)

    demande = ""  # about a record with only a title

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.before = self.instance.statut if self.instance.pk else ""

    def _post_clean(self):
        super()._post_clean()
        publishing = self.instance.is_publiee and self.before != Statut.PUBLIEE
        said = said_fields(type(self.instance))
        if publishing and not self.cleaned_data.get("titre_seul") and not any(map(self._says, said)):
            missing = ", ".join(registre.for_model(type(self.instance)).attendus.values())
            self.demande = f"Cette fiche n’a qu’un titre{f' : elle est {missing}' if missing else ''}."
            message = "Rien n’est encore enregistré : cette fiche serait publiée avec son titre seul."
            self.add_error(None, ValidationError(message, code="titre_seul"))
        if self.errors:
            self.instance.statut = self.before  # the page that asks must not look like that of a public record

    def new_words(self):
        return newly_shown(self.instance, contacts=typed_persons(self.data), kept=self.retires)

    def ask(self, mots: Iterable[MotPrive]) -> None:
        message = (
            f"Rien n’est encore enregistré : cette fiche montrerait à tout le monde {told(mots)}. "
            "Dites plus haut ce que devient chacun de ces mots."
        )
        self.add_error(None, ValidationError(message, code="prives"))

    def _says(self, name: str) -> bool:
        """Whether this field holds something, in the form or, if the form lacks it, in the record."""
        return bool(self.cleaned_data[name]) if name in self.cleaned_data else says(self.instance, name)


def bump(fiche: Fiche) -> None:
    """Raises the version, so that open forms notice a change of persons or files."""
    type(fiche)._base_manager.filter(pk=fiche.pk).update(version=F("version") + 1)


def _plain(value):
    """The value with line ends and edges as a form gives them."""
    return unix(value).strip() if isinstance(value, str) else value


def what_was_typed(form, formsets) -> list[tuple[str, str]]:
    """(label, value as people read it) of filled fields in a bound form and its formsets."""
    typed = [(field.label, readable(field)) for field in form if field.name != "version_lue"]
    for formset in formsets:
        if not formset.management_form.is_valid():
            continue
        name = formset.model._meta.verbose_name
        for row in formset.forms[:100]:
            values = [(field, readable(field)) for field in row if field.name not in ("DELETE", formset.fk.name)]
            # An untouched row holds the first choice of each list.
            if any(value and not hasattr(field.field, "choices") for field, value in values):
                typed += [(f"{name}, {field.label}", value) for field, value in values if not field.is_hidden]
    return [(str(label), value) for label, value in typed if value]


def readable(bound) -> str:
    """What was sent for a field, with names in place of keys."""
    field, raw = bound.field, bound.data
    values = [str(value) for value in (raw if isinstance(raw, list | tuple) else [raw]) if value not in (None, "")]
    if hasattr(field, "queryset"):
        keys = [value for value in values if len(value) < 19]
        found = []
        for key in keys:
            try:
                found += field.queryset.filter(pk=key)[:1]
            except ValueError:
                continue
        return ", ".join(map(str, found))
    if isinstance(field, forms.BooleanField):
        return "oui" if field.to_python(raw) else ""  # an unticked box is not sent
    names = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    return ", ".join(names.get(value, value) for value in values)
