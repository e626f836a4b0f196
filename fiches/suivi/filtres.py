"""Filters of the admin's lists of records: what is left to do on them."""

from django.contrib import admin
from django.db.models import Exists, OuterRef


class ClassementListFilter(admin.SimpleListFilter):
    title = "classement"
    parameter_name = "classement"

    def lookups(self, request, model_admin):
        return [
            ("aucun", "sans thème"),
            ("automatique", "thèmes proposés automatiquement"),
            ("choisi", "thèmes choisis par la rédaction"),
        ]

    def queryset(self, request, queryset):
        themed = Exists(
            queryset.model.themes.through.objects.filter(**{queryset.model._meta.model_name: OuterRef("pk")})
        )
        if self.value() == "aucun":
            return queryset.exclude(themed)
        if self.value() in ("automatique", "choisi"):
            return queryset.filter(themed, themes_automatiques=self.value() == "automatique")
        return queryset
