"""`manage.py rejouer_effacements`: after a backup was restored, erase again who was erased since."""

from django.core.management.base import BaseCommand

from vie_privee import effacements, personnes
from vie_privee.models import Effacement
from vie_privee.purge import compact


class Command(BaseCommand):
    help = (
        "Après la restauration d’une sauvegarde, efface de nouveau les personnes effacées depuis. "
        "Après une reprise de l’ancien site, ajoutez --tout."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--tout",
            action="store_true",
            help="rejoue toute la liste, même ce que cette base a déjà effacé (après une reprise de l’ancien site)",
        )

    def handle(self, *, tout, **options):
        wanted = effacements.missed()
        if tout:
            wanted |= effacements.on_file() | set(Effacement.objects.values_list("empreinte", flat=True))
        done = refused = 0
        for adresse in list(effacements.addresses(wanted)) if wanted else ():
            try:
                done += bool(personnes.forget(adresse).total)
            except personnes.CompteOuvert:
                refused += 1
        known = set(Effacement.objects.values_list("empreinte", flat=True))
        Effacement.objects.bulk_create(Effacement(empreinte=one) for one in sorted(wanted - known))
        if done:
            compact()
        self.stdout.write(f"{len(wanted)} effacements à rejouer, {done} personnes retrouvées et effacées.")
        if refused:
            self.stderr.write(
                self.style.WARNING(f"{refused} non effacées : leur adresse est celle d’un compte encore ouvert.")
            )
