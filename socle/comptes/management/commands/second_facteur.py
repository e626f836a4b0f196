"""`manage.py second_facteur retirer IDENTIFIANT`: for when nobody at the desk can do it."""

from django.core.management.base import BaseCommand, CommandError

from socle.comptes import second_facteur
from socle.comptes.models import Utilisateur


class Command(BaseCommand):
    help = "Retire le second facteur d’un compte (téléphone perdu) et ferme ses connexions."

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["retirer"])
        parser.add_argument("identifiant", help="identifiant du compte")

    def handle(self, *, identifiant, **options):
        user = Utilisateur.objects.filter(username=identifiant).first()
        if user is None:
            raise CommandError(f"Aucun compte n’a l’identifiant « {identifiant} ».")
        if second_facteur.remove(user):
            self.stdout.write("C’est fait : second facteur retiré, connexions fermées.")
        else:
            self.stdout.write("Ce compte n’avait pas de second facteur.")
