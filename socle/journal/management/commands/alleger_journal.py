"""`manage.py alleger_journal`: a weekly task that deletes needless rows of the change log."""

from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from socle.francais.wording import pluriel_ou_aucune
from socle.journal.writing import compact

JOURS = 180


class Command(BaseCommand):
    help = (
        f"Retire du journal des changements les lignes de plus de {JOURS} jours que d’autres ont rendues inutiles. "
        "Chaque fiche y garde sa première ligne, sa dernière, et chacun de ses retraits."
    )

    def handle(self, *, verbosity, **options):
        number = compact(timezone.now() - timedelta(days=JOURS))
        if verbosity:
            self.stdout.write(f"{pluriel_ou_aucune(number, 'ligne retirée', 'lignes retirées').capitalize()}.")
