"""`manage.py personne exporter|effacer ADRESSE`: copies or erases what the site keeps of a person."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from socle.vie_privee import personnes
from socle.vie_privee.personal_copy import as_json
from socle.vie_privee.purge import compact


class Command(BaseCommand):
    help = "Exporte (en JSON) ou efface tout ce que le site garde d’une personne, d’après son adresse électronique."

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["exporter", "effacer"])
        parser.add_argument("adresse", help="adresse électronique de la personne")
        parser.add_argument(
            "--garder-noms",
            action="store_true",
            help="avec effacer : laisse son nom dans les textes des fiches (homonymes), n’y retire que son adresse",
        )
        parser.add_argument("--simulation", action="store_true", help="avec effacer : compte seulement, ne change rien")

    def handle(self, *, action, adresse, garder_noms, simulation, **options):
        try:
            validate_email(adresse.strip())
        except ValidationError:
            raise CommandError(f"« {adresse} » n’est pas une adresse électronique.") from None
        if action == "exporter":
            self.stdout.write(as_json(personnes.export(adresse)))
            return
        if simulation:
            found = personnes.find(adresse, noms=not garder_noms)
            self._tell([(one.titre, len(rows)) for one, rows in found.lignes], len(found.mentions))
            self.stdout.write("Simulation : rien n’a été changé.")
            return
        try:
            bilan = personnes.forget(adresse, noms=not garder_noms)
        except personnes.CompteOuvert:
            raise CommandError(
                "Cette adresse est celle d’un compte de l’équipe encore ouvert : fermez d’abord ce compte. "
                "Rien n’a été changé."
            ) from None
        compact()
        self._tell(bilan.lignes, bilan.mentions)
        self.stdout.write("C’est effacé, et inscrit sur la liste que rejoue une sauvegarde restaurée.")

    def _tell(self, lignes, mentions):
        for titre, number in lignes:
            self.stdout.write(f"{titre} : {number}")
        self.stdout.write(f"Mentions dans d’autres textes : {mentions}")
