"""`manage.py retirer_noms`: take the names of persons who came since the last time out of what is public already."""

from django.core.management.base import BaseCommand
from tqdm import tqdm

from fiches.retrait import look
from socle.francais.mots import pluriel
from socle.vie_privee.noms_tenus import rebuild


class Command(BaseCommand):
    help = (
        "Retire des textes publics les noms des personnes que le site connaît depuis peu et qui n’ont pas accepté "
        "d’être montrées. À lancer toutes les cinq minutes ; deux fois de suite, elle ne fait rien de plus."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--refaire",
            action="store_true",
            help="relit d’abord toutes les personnes que le site connaît, et les cherche toutes à nouveau",
        )

    def handle(self, *, refaire, verbosity, **options):
        if refaire:
            missing, gone = rebuild()
            self.stdout.write(f"{pluriel(missing, 'nom manquait', 'noms manquaient')}, {gone} de trop")
        bilan = look(lambda names: tqdm(names, unit="nom", disable=None if verbosity else True))
        if not verbosity and not bilan.noms:
            return
        fiches = pluriel(bilan.fiches, "fiche corrigée", "fiches corrigées")
        textes = pluriel(bilan.textes, "autre texte corrigé", "autres textes corrigés")
        self.stdout.write(f"{pluriel(bilan.noms, 'nom regardé', 'noms regardés')} : {fiches}, {textes}")
        if bilan.attendent:
            waiting = pluriel(len(bilan.attendent), "nom attend", "noms attendent")
            self.stdout.write(f"{waiting} l’équipe : espace de rédaction, « Noms à regarder »")
