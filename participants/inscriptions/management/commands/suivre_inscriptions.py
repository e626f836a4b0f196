from django.core.management.base import BaseCommand

from participants.inscriptions.suivi import follow
from socle.francais.wording import pluriel


class Command(BaseCommand):
    help = "Rappels, délais passés, places proposées à la liste d’attente : à lancer chaque heure."

    def handle(self, *, verbosity, **options):
        bilan = follow()
        if verbosity:
            parts = [
                pluriel(bilan.evenements, "événement suivi", "événements suivis"),
                pluriel(bilan.rappels, "rappel", "rappels"),
                pluriel(bilan.delais, "délai passé", "délais passés"),
                pluriel(bilan.propositions, "place proposée", "places proposées"),
            ]
            self.stdout.write(", ".join(parts) + ".")
