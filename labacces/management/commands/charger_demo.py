"""`manage.py charger_demo`: demo data for a new site."""

from django.core.management.base import BaseCommand

from fiches import registre
from fiches.indexation import index_later, index_those
from socle.annuaire.models import Entree
from socle.journal.writing import lot
from socle.rooms import rooms


class Command(BaseCommand):
    help = "Remplit une base vide de fiches de démonstration ; ne touche à rien s’il y a déjà une fiche."

    def handle(self, **options):
        if Entree.objects.exists():
            self.stdout.write("La base contient déjà des fiches : les fiches de démonstration n’ont pas été ajoutées.")
            return
        with lot(), index_later() as saved:
            for declaration in registre.types():
                if declaration.demo:
                    count = declaration.demo()
                    self.stdout.write(f"{count} {declaration.nom_pluriel} de démonstration")
            for room in rooms():
                if room.demo and not room.cle:
                    room.demo()
            index_those(saved)
