"""Filters for the lists of the desk, each described by its cases."""

from collections.abc import Callable

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices

# The rows that a case keeps: a condition, or a function of the queryset.
Kept = Q | Callable[[QuerySet], QuerySet]


class CaseListFilter(admin.SimpleListFilter):
    """A filter defined by its `cases`: [(value in the address, label, rows it keeps)]. Any other value keeps all rows.

    « suite=ouverte » means, in every list that has it, the rows that wait for somebody.
    """

    cases: list[tuple[str, str, Kept]] = []

    def cases_of(self, model) -> list[tuple[str, str, Kept]]:
        """The cases, for a subclass in which they depend on the list or on the moment."""
        return self.cases

    def lookups(self, request, model_admin):
        return [(value, label) for value, label, _ in self.cases_of(model_admin.model)]

    def queryset(self, request, queryset):
        kept = {value: kept for value, _, kept in self.cases_of(queryset.model)}.get(self.value())
        if kept is None:
            return queryset
        return kept(queryset) if callable(kept) else queryset.filter(kept)


class StateListFilter(CaseListFilter):
    """A filter by state.

    A subclass sets `attend`, the state of waiting rows, and `champ` if the field is not `etat`.
    """

    title = "état"
    parameter_name = "suite"
    champ = "etat"
    attend: TextChoices

    def cases_of(self, model):
        others = [etat for etat in type(self.attend) if etat != self.attend]
        names = [("ouverte", self.attend), *((etat.value, etat) for etat in others)]
        return [(value, etat.label, Q(**{self.champ: etat})) for value, etat in names]


class UsedListFilter(admin.RelatedFieldListFilter):
    """A filter by a related row. It finds the used ones by one EXISTS each, where Django reads all rows."""

    def field_choices(self, field, request, model_admin):
        held = model_admin.get_queryset(request).order_by().filter(**{field.name: OuterRef("pk")})
        used = field.related_model._default_manager.filter(Exists(held))
        ordering = self.field_admin_ordering(field, request, model_admin)
        return [(row.pk, str(row)) for row in used.order_by(*ordering or field.related_model._meta.ordering)]
