"""The filter by state of the desk's lists whose rows wait for somebody in one of them."""

from django.contrib import admin
from django.db.models import TextChoices


class EtatListFilter(admin.SimpleListFilter):
    """By state. « suite=ouverte » is what waits for somebody, as in the other lists.

    A subclass gives `attend`, the state in which rows wait, and `champ` if their state is another field.
    """

    title = "état"
    parameter_name = "suite"
    champ = "etat"
    attend: TextChoices

    def lookups(self, request, model_admin):
        others = [(etat.value, etat.label) for etat in type(self.attend) if etat != self.attend]
        return [("ouverte", self.attend.label), *others]

    def queryset(self, request, queryset):
        chosen = self.attend.value if self.value() == "ouverte" else self.value()
        return queryset.filter(**{self.champ: chosen}) if chosen in type(self.attend).values else queryset
