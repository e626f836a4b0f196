"""`manage.py envoyer_alertes`: mails the news. Run it each day or more often; two runs at once do no harm."""

from django.core.management.base import BaseCommand, CommandError

from participants.alertes.sending import run
from socle.francais.wording import pluriel


class Command(BaseCommand):
    help = (
        "Met en file les courriels de qui suit une liste, s’il y a du nouveau. À lancer chaque matin ou chaque heure "
        "(docs/taches.md) ; l’interrompre ou la lancer deux fois ensemble ne perd rien."
    )

    def handle(self, *, verbosity, **options):
        bilan = run()
        if verbosity and not (bilan.regardees or bilan.echecs):
            self.stdout.write("Aucune alerte à regarder pour le moment.")
        elif verbosity:
            seen = pluriel(bilan.regardees, "alerte regardée", "alertes regardées")
            mails = pluriel(bilan.courriels, "courriel mis en file", "courriels mis en file")
            gone = f", {pluriel(bilan.suspendues, 'suspendue', 'suspendues')}" if bilan.suspendues else ""
            self.stdout.write(f"{seen}{gone} : {mails}.")
        if bilan.echecs:
            failed = pluriel(bilan.echecs, "alerte n’a pas pu", "alertes n’ont pas pu")
            raise CommandError(f"{failed} être regardées (voir le journal). Rien n’est perdu : relancez.")
