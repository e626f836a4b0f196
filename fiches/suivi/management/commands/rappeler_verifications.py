from django.core.management.base import BaseCommand

from fiches.suivi.rappels import remind
from socle.francais.wording import pluriel_ou_aucune


class Command(BaseCommand):
    help = "Demande à chaque personne chargée de fiches de revérifier les plus anciennes : à lancer chaque semaine."

    def handle(self, *, verbosity, **options):
        bilan = remind()
        for compte in bilan.injoignables:
            self.stderr.write(
                self.style.WARNING(f"{compte} : adresse électronique à corriger, rien ne lui est envoyé.")
            )
        if verbosity:
            told = pluriel_ou_aucune(bilan.personnes, "personne prévenue", "personnes prévenues")
            team = "l’équipe prévenue" if bilan.equipe else "rien à rappeler à l’équipe"
            self.stdout.write(f"{told}, {team}.")
