"""`manage.py envoyer_courriels`: sends the due mails, every minute; two runs at once do no harm."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from socle.courrier import EN_FICHIERS
from socle.courrier.mailboxes import AdresseInvalide
from socle.courrier.models import Courriel
from socle.courrier.outbox import deposit
from socle.courrier.sending import send
from socle.francais.wording import pluriel
from socle.taches.passage import EchecDejaDit


class Command(BaseCommand):
    help = (
        "Envoie les courriels dont l’heure est venue. À lancer chaque minute (docs/taches.md) ; l’interrompre ou "
        "le lancer deux fois ensemble ne perd rien."
    )

    def add_arguments(self, parser):
        parser.add_argument("--nombre", type=int, metavar="N", help="au plus N courriels (tous, par défaut)")
        parser.add_argument("--essai", metavar="ADRESSE", help="envoie d’abord un courriel d’essai à cette adresse")

    def handle(self, *, nombre, essai, verbosity, **options):
        if nombre is not None and nombre < 1:
            raise CommandError("--nombre attend un nombre de courriels, 1 au moins.")
        try:
            if essai:
                deposit("essai", essai, {}, objet="Courriel d’essai de LabAccès")
            bilan = send(nombre)
            left = Courriel.objects.waiting().count() if verbosity else 0
        except AdresseInvalide as error:
            raise CommandError(f"{essai} : {error.messages[0]}") from None
        except OperationalError as error:
            raise CommandError(f"La base de données ne répond pas ({error}). Rien n’est perdu : relancez.") from None
        if verbosity and (bilan.total or left or verbosity > 1):
            self.stdout.write(_phrase(bilan, left))
        if bilan.panne:
            raise EchecDejaDit(
                f"Le serveur de courriel ne nous laisse pas entrer : {bilan.panne}\n"
                "Rien n’est perdu : les courriels attendent. Vérifiez EMAIL_URL (.env.example) et le réseau."
            )
        if verbosity and (bilan.envoyes or essai) and settings.EMAIL_BACKEND == EN_FICHIERS:
            self.stdout.write(
                f"Sans EMAIL_URL, les courriels sont des fichiers dans {settings.COURRIELS} : personne ne les reçoit."
            )


def _phrase(bilan, left: int) -> str:
    parts = [pluriel(bilan.envoyes, "courriel envoyé", "courriels envoyés")]
    if bilan.remis:
        parts.append(f"{bilan.remis} à réessayer plus tard")
    if bilan.echecs:
        parts.append(f"{bilan.echecs} en échec")
    waiting = f" ; {pluriel(left, 'attend', 'attendent')}" if left else ""
    return f"{', '.join(parts)}{waiting}."
