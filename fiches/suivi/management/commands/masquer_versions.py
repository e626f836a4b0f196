"""`manage.py masquer_versions`: hides public versions with contact details that their records no longer show."""

from django.core.management.base import BaseCommand
from tqdm import tqdm

from fiches import registre
from fiches.suivi.public_history import hide_outdated
from socle.francais.wording import pluriel


class Command(BaseCommand):
    help = (
        "Masque au public les anciennes versions qui donnent une adresse électronique ou un numéro de téléphone que "
        "leur fiche ne donne plus. À lancer une fois, pour les fiches d’avant : depuis, chaque enregistrement le fait."
    )

    def handle(self, *, verbosity, **options):
        hidden = 0
        for declaration in registre.types():
            rows = declaration.model._default_manager.published().filter(version__gt=1)
            for fiche in tqdm(rows.iterator(), unit="fiche", disable=None if verbosity else True):
                hidden += hide_outdated(fiche)
        if verbosity or hidden:
            self.stdout.write(pluriel(hidden, "version masquée", "versions masquées"))
