"""Undo a takeover: `manage.py annuler_reprise ID`."""

from django.core.management.base import BaseCommand, CommandError

from fiches.suivi.annulation import AnnulationImpossible, Plan, annuler, prepare
from fiches.suivi.models import Reprise
from fiches.suivi.trace import Occupee, forget_old

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Annule une reprise de l’ancien site : la base redevient ce qu’elle était avant elle. Sans numéro, montre les "
        "dernières reprises et oublie ce qu’il fallait pour annuler celles de plus de 30 jours."
    )

    def add_arguments(self, parser):
        parser.add_argument("numero", metavar="ID", type=int, nargs="?", help="numéro de la reprise")
        parser.add_argument("--simulation", action="store_true", help="dit ce qui serait fait, ne change rien")

    def handle(self, *, numero, simulation, **options):
        if not simulation:
            forget_old()
        if numero is None:
            self.list_runs()
            return
        reprise = Reprise.objects.filter(pk=numero).first() if abs(numero) < 2**63 else None
        if reprise is None:
            raise CommandError(f"Il n’y a pas de reprise n° {numero}. Sans numéro, la commande dit lesquelles il y a.")
        try:
            plan = prepare(reprise) if simulation else annuler(reprise)
        except AnnulationImpossible as error:
            if error.plan:
                self.tell_touched(error.plan)
            raise CommandError(f"La reprise n° {numero} n’a pas été annulée. {error}") from error
        except Occupee as error:
            raise CommandError(str(error)) from error
        self.tell(plan)
        if simulation and not plan.possible:
            self.tell_touched(plan)
            raise CommandError(f"La reprise n° {numero} ne peut pas être annulée. {plan.raison}".rstrip())
        self.stdout.write("Simulation : rien n’a été changé." if simulation else f"La reprise n° {numero} est annulée.")

    def list_runs(self):
        for reprise in Reprise.objects.all()[:SHOWN]:
            done = f"{reprise.get_etat_display()}, {reprise.changements} lignes changées"
            self.stdout.write(f"{reprise.pk} : {reprise.le:%d/%m/%Y %H:%M}, {reprise.site}, {done}")

    def tell(self, plan: Plan):
        for words, number in plan.actions:
            self.stdout.write(f"  {number} {words}")
        for what, titles in plan.fiches:
            self.stdout.write(f"{what} :")
            for title in titles:
                self.stdout.write(f"    {title}")

    def tell_touched(self, plan: Plan):
        for one in plan.touchees:
            self.stderr.write(self.style.WARNING(f"  {one.titre} : {one.quoi}"))
