"""Mails of the outbox, as they would leave now."""

from socle.courrier import composition
from socle.courrier.models import Courriel


def leaving(**which) -> list[Courriel]:
    """Those of the outbox, oldest first, written as things stand; one that has nothing left to say is left out."""
    return [mail for mail in Courriel.objects.filter(**which).order_by("pk") if composition.write(mail)]
