"""Who of the staff looked at persons: a journal for each kind of them, its table where their model lives."""

from django.conf import settings
from django.db import models
from django.utils import timezone


def action(liste: str, fiche: str) -> models.CharField:
    """The field `quoi` of a journal, whose words for the list and for one row are these."""
    choices = [("liste", liste), ("fiche", fiche), ("csv", "export CSV"), ("xlsx", "export XLSX")]
    return models.CharField("action", max_length=12, choices=choices)


class ConsultationDePersonnes(models.Model):
    """That somebody of the staff saw persons or took them away: who, when, how many. It holds no datum of theirs.

    A concrete one adds `quoi`: an `action`, or a field whose choices hold the same values.
    """

    le = models.DateTimeField("date", default=timezone.now, db_index=True)
    qui = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="par"
    )
    nombre = models.PositiveIntegerField("nombre de personnes", default=0)

    class Meta:
        abstract = True
        ordering = ["-le", "-pk"]

    def __str__(self):
        return f"Consultation n° {self.pk}"
