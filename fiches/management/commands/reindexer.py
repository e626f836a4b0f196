"""Rebuild the directory and the search index from the records."""

from django.core.management.base import BaseCommand
from django.db import transaction
from tqdm import tqdm

from fiches import registre
from fiches.annuaire import index_fiches
from fiches.models import Entree
from fiches.recherche.models import Indexe

BLOCK = 500


class Command(BaseCommand):
    help = "Refait l’annuaire et l’index de recherche à partir des fiches. Le site reste en ligne pendant ce temps."

    def handle(self, *, verbosity, **options):
        for declaration in registre.types():
            fiches = declaration.model.objects.order_by("pk")
            pks = list(fiches.values_list("pk", flat=True))
            with tqdm(total=len(pks), unit=declaration.nom, disable=None if verbosity else True) as progress:
                for start in range(0, len(pks), BLOCK):
                    self.rebuild(fiches, pks[start : start + BLOCK])
                    progress.update(len(pks[start : start + BLOCK]))
            self.stdout.write(f"{len(pks)} {declaration.nom if len(pks) < 2 else declaration.nom_pluriel}")
        lost = Indexe.objects.exclude(entree__in=Entree.objects.published()).delete()[0]
        if lost:
            self.stdout.write(f"{lost} entrées de l’index ne correspondaient à aucune fiche publiée : retirées")

    @transaction.atomic
    def rebuild(self, fiches, pks):
        """One block of records: their entries, then their place in the index. Each block holds by itself."""
        block = fiches.filter(pk__in=pks)
        for fiche in block.select_for_update(of=("self",)):
            fiche.derive()
            derived = {name: getattr(fiche, name) for name in fiche.derives}
            if derived:
                fiches.filter(pk=fiche.pk).update(**derived)
            fiche.save_entree()
        Indexe.objects.filter(entree__in=pks).exclude(entree__in=Entree.objects.published()).delete()
        index_fiches(block.published())
