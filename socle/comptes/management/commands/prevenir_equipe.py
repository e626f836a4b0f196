"""`manage.py prevenir_equipe`: mails the team about waiting work. Two runs at once do no harm."""

from django.core.management.base import BaseCommand, CommandError

from socle.comptes import prevenir
from socle.francais.wording import pluriel


class Command(BaseCommand):
    help = (
        "Prévient par courriel, selon le choix de chacun (« Mon compte »), qui peut décider de ce qui attend : de ce "
        "qui vient d’arriver, ou, avec --du-jour, de tout ce qui attend. Sans rien à dire, pas de courriel."
    )

    def add_arguments(self, parser):
        parser.add_argument("--du-jour", action="store_true", help="ce qui attend, pour qui le veut une fois par jour")

    def handle(self, *, du_jour, verbosity, **options):
        bilan = prevenir.tell_waiting() if du_jour else prevenir.tell_new()
        if du_jour:  # once a day: the run of each minute would repeat it
            for compte in bilan.injoignables:
                told = f"{compte} : adresse électronique à corriger, rien ne lui est envoyé."
                self.stderr.write(self.style.WARNING(told))
        if verbosity and (bilan.prevenues or du_jour or verbosity > 1):
            self.stdout.write(f"{pluriel(bilan.prevenues, 'personne prévenue', 'personnes prévenues')}.")
        if bilan.echecs:
            failed = pluriel(bilan.echecs, "personne n’a pas pu", "personnes n’ont pas pu")
            raise CommandError(f"{failed} être prévenues (voir le journal). Rien n’est perdu : relancez.")
