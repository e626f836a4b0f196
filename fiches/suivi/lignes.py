"""Rows edited inside the form of a record, perhaps by two editors at once: persons, files."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet

from socle.annuaire.models import Entree
from socle.vie_privee.forms import read_kept
from socle.vie_privee.public_text import TextesPublics


class LignesFormSet(BaseInlineFormSet):
    """Brings back, as a new row and with a message, a row that somebody else deleted meanwhile.

    Otherwise the form could never be saved.
    """

    gone = 0

    def __init__(self, data=None, files=None, **kwargs):
        super().__init__(data, files, **kwargs)
        if self.is_bound:
            self._free_gone_rows()

    def get_queryset(self):
        if hasattr(self, "_queryset"):
            return self._queryset
        rows = super().get_queryset()
        if issubclass(self.model, TextesPublics):
            read_kept(rows)
        return rows

    def _free_gone_rows(self) -> None:
        """Renumbers posted rows: existing ones first, then deleted ones, without keys."""
        key = self.model._meta.pk.name
        try:
            initial, total = (int(self.data[f"{self.prefix}-{name}_FORMS"]) for name in ("INITIAL", "TOTAL"))
        except (KeyError, ValueError):
            return  # the management form reports it
        posted = [self.data.get(f"{self.prefix}-{row}-{key}", "") for row in range(min(initial, total, 1000))]
        known = {str(pk) for pk in self.get_queryset().values_list("pk", flat=True)} if posted else set()
        lost = [row for row, pk in enumerate(posted) if pk and pk not in known]
        if not lost:
            return
        self.gone = sum(f"{self.prefix}-{row}-DELETE" not in self.data for row in lost)
        kept = [row for row in range(min(total, 1000)) if row not in lost]
        order = [row for row in kept if row < initial] + lost + [row for row in kept if row >= initial]
        self.data = self._renumbered(self.data, order)
        self.files = self._renumbered(self.files, order)
        for row in range(initial - len(lost), initial):
            self.data[f"{self.prefix}-{row}-{key}"] = ""
        self.data[f"{self.prefix}-INITIAL_FORMS"] = str(initial - len(lost))

    def _renumbered(self, data, order: list[int]):
        """Copies posted data so that row `order[n]` becomes row n."""
        result = data.copy()
        for new, old in enumerate(order):
            before, after = f"{self.prefix}-{old}-", f"{self.prefix}-{new}-"
            for name in [name for name in result if name.startswith(after)]:
                del result[name]
            for name in [name for name in data if name.startswith(before)]:
                result.setlist(after + name.removeprefix(before), data.getlist(name))
        return result

    def clean(self):
        super().clean()
        if self.gone:
            raise ValidationError(
                "Une ligne a été supprimée par quelqu’un d’autre pendant que vous y travailliez. Elle est encore "
                "ci-dessous : enregistrez pour la recréer, ou videz-la."
            )


class EntreeFormSet(LignesFormSet):
    """Rows of a record's entry, edited with the record."""

    def __init__(self, data=None, files=None, instance=None, **kwargs):
        self.fiche = instance
        entree = Entree(pk=instance.pk) if instance is not None and instance.pk else None
        super().__init__(data, files, instance=entree, **kwargs)

    def save(self, commit=True):
        self.instance = self.fiche.entree  # a new record has its entry only now
        return super().save(commit)


class EntreeInline(admin.TabularInline):
    """An inline for a model with a foreign key to Entree."""

    formset = EntreeFormSet
    extra = 1  # for browsers without JavaScript

    def __init__(self, parent_model, admin_site):
        self.record_model = parent_model
        super().__init__(Entree, admin_site)
