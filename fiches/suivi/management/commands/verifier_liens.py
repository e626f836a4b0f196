"""`manage.py verifier_liens`: asks the pages that records link to whether they still answer."""

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from fiches.suivi import dead_links
from socle.francais.wording import pluriel


class Command(BaseCommand):
    help = (
        "Demande aux pages d’autres sites, où mènent les fiches publiées, si elles répondent encore : deux cents à la "
        "fois, chacune une fois par semaine. Une fiche dont un lien ne répond plus est à revérifier."
    )

    def handle(self, *, verbosity, **options):
        bilan = dead_links.check(lambda asked: tqdm(asked, unit="lien", disable=None if verbosity else True))
        if bilan.coupe:
            asked = pluriel(bilan.demandes, "lien demandé", "liens demandés")
            raise CommandError(
                f"{asked}, aucune réponse : cette machine n’a sans doute pas accès à Internet. Aucun lien n’est dit "
                "mort pour autant."
            )
        if verbosity:
            asked = pluriel_ou_aucun(bilan.demandes)
            dead = pluriel(bilan.morts, "lien ne répond plus", "liens ne répondent plus")
            self.stdout.write(f"{asked}, {dead}.")


def pluriel_ou_aucun(number: int) -> str:
    return pluriel(number, "lien demandé", "liens demandés") if number else "aucun lien à demander"
