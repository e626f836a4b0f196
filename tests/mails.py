"""Mails of the outbox, as they would leave now."""

from socle.courrier import composition
from socle.courrier.models import Courriel


def leaving(**which) -> list[Courriel]:
    """Oldest first, written as things stand, without those that have nothing left to say."""
    return [mail for mail in Courriel.objects.filter(**which).order_by("pk") if composition.write(mail)]
