"""`manage.py purger`: every night, empties or erases rows kept long enough."""

from django.core.management.base import BaseCommand

from socle.vie_privee.conservation import Action
from socle.vie_privee.erasure_list import complete_file
from socle.vie_privee.purge import compact, run

DONE = {
    Action.EFFACER: ("effacée", "effacées"),
    Action.SUPPRIMER: ("supprimée", "supprimées"),
    Action.VIDER: ("vidée", "vidées"),
    Action.ANONYMISER: ("anonymisée", "anonymisées"),
}


class Command(BaseCommand):
    help = (
        "Efface ou anonymise les données personnelles dont la durée de conservation est passée. À lancer chaque nuit."
    )

    def add_arguments(self, parser):
        parser.add_argument("--simulation", action="store_true", help="compte seulement, ne change rien")

    def handle(self, *, simulation, **options):
        total = 0
        for entry, number in run(simulation=simulation):
            total += number
            if not (number or simulation):
                continue
            one, several = DONE[entry.action]
            self.stdout.write(f"{entry.titre} ({entry.duree}) : {number} {several if number > 1 else one}")
        if simulation:
            self.stdout.write("Simulation : rien n’a été changé.")
            return
        complete_file()
        if total:
            compact()
        else:
            self.stdout.write("Rien à purger.")
