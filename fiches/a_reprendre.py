"""What a list of records may have to mend: titles that two records share, public ones long unchanged."""

import re
from collections import defaultdict
from datetime import timedelta

from django.contrib import admin
from django.utils import timezone

from fiches.models import Statut
from fiches.texte import fold

OLD = timedelta(days=2 * 365)
LISTED = 10_000  # keys that one filter hands back to the database

_NO_WORD = re.compile(r"[\W_]+")


def possible_duplicates(queryset) -> list[int]:
    """Keys of the records of `queryset` whose title another one has, but for accents, capitals and punctuation.

    Withdrawn ones are no trouble to anyone. One query; every title is folded here, a few milliseconds a thousand.
    """
    rows = defaultdict(list)
    for pk, titre in queryset.exclude(statut=Statut.RETIREE).order_by().values_list("pk", "titre"):
        rows[_NO_WORD.sub(" ", fold(titre)).strip()].append(pk)
    return [pk for pks in rows.values() if len(pks) > 1 for pk in pks][:LISTED]


class AReprendreListFilter(admin.SimpleListFilter):
    title = "entretien"
    parameter_name = "a_reprendre"

    def lookups(self, request, model_admin):
        return [("doublon", "doublons possibles"), ("ancienne", "publiées, inchangées depuis deux ans")]

    def queryset(self, request, queryset):
        if self.value() == "doublon":
            # Among all records, not those that the other filters leave: a draft may double what is published.
            return queryset.filter(pk__in=possible_duplicates(queryset.model._default_manager.all()))
        if self.value() == "ancienne":
            return queryset.filter(statut=Statut.PUBLIEE, modifiee_le__lt=timezone.now() - OLD)
        return queryset
