"""Rebuild the directory and the search index from the records, or say where they differ."""

from collections.abc import Iterator

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from tqdm import tqdm

from fiches import registre
from fiches.indexation import documents, index_fiches, parts
from socle.annuaire.models import Entree, inscrire_fiches
from socle.francais.wording import pluriel
from socle.journal.models import Nature
from socle.journal.writing import alone, inscrire, lot
from socle.recherche.index import forget_lost_words, lost_words, row
from socle.recherche.models import Indexe, Mot

# Records whose entries and rows are written in one transaction: writers wait for one block at most.
BLOCK = 100
SHOWN = 50
READ_WORDS = 10_000  # of a block, looked up at once
COLUMNS = {
    "tete": "titre, lieu ou thèmes",
    "corps": "texte",
    "reperes": "classement de l’en-tête",
    "marques": "classement du texte",
    "longueur": "longueur du titre",
}


class Command(BaseCommand):
    help = (
        "Refait l’annuaire et l’index de recherche à partir des fiches, par petits blocs : le site reste en ligne, "
        "et la recherche trouve tout pendant ce temps."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--verifier",
            action="store_true",
            help="n’écrit rien : compare l’annuaire et l’index aux fiches, et dit ce qui diffère (code de sortie 1)",
        )

    def handle(self, *, verifier, verbosity, **options):
        if verifier:
            return self.verify(verbosity)
        for declaration in registre.types():
            number = 0
            for block in self.blocks(declaration, verbosity):
                self.rebuild(declaration.model.objects.order_by("pk"), block)
                number += len(block)
            self.stdout.write(pluriel(number, declaration.nom, declaration.nom_pluriel))
        lost = Indexe.objects.exclude(entree__in=Entree.objects.published()).delete()[0]
        if lost:
            self.stdout.write(
                pluriel(
                    lost,
                    "entrée de l’index sans fiche publiée, retirée",
                    "entrées de l’index sans fiche publiée, retirées",
                )
            )
        if words := forget_lost_words():
            self.stdout.write(pluriel(words, "mot d’aucune fiche, retiré", "mots d’aucune fiche, retirés"))
        inscrire("reindexation", nature=Nature.RETIREE)  # what somebody wrote past the models is read anew
        return None

    @staticmethod
    def blocks(declaration, verbosity) -> Iterator[list[int]]:
        """The keys of the records of a type; the progress bar moves as each block is done."""
        pks = list(declaration.model.objects.order_by("pk").values_list("pk", flat=True))
        with tqdm(total=len(pks), unit=declaration.nom, disable=None if verbosity else True) as progress:
            for block in parts(pks, BLOCK):
                yield block
                progress.update(len(block))

    @lot()
    def rebuild(self, fiches, pks):
        """One block of records: their entries, then their place in the index. Each block holds by itself."""
        block, mended = fiches.filter(pk__in=pks), set()
        for fiche in block.select_for_update(of=("self",)).select_related("entree"):
            stood = {name: getattr(fiche, name) for name in fiche.derives}
            fiche.derive(fiche)
            derived = {name: getattr(fiche, name) for name in fiche.derives}
            if derived != stood:
                fiches.filter(pk=fiche.pk).update(**derived)
                mended.add(fiche.pk)
            if any(getattr(fiche.entree, name) != value for name, value in fiche.entree_values().items()):
                fiche.save_entree()
                mended.add(fiche.pk)
        inscrire_fiches(mended)
        alone()
        Indexe.objects.filter(entree__in=pks).exclude(entree__in=Entree.objects.published()).delete()
        index_fiches(block.published())

    def verify(self, verbosity):
        """Compare without writing; CommandError, hence exit code 1, if anything differs."""
        found = 0
        for found, difference in enumerate(self.every_difference(verbosity), 1):
            if found <= SHOWN:
                self.stdout.write(difference)
        if found > SHOWN:
            self.stdout.write(f"… et {pluriel(found - SHOWN, 'autre', 'autres')}")
        if found:
            count = pluriel(found, "différence", "différences")
            raise CommandError(f"{count} entre les fiches et l’index. Lancez « manage.py reindexer » pour le refaire.")
        self.stdout.write("L’annuaire et l’index disent ce que disent les fiches.")

    def every_difference(self, verbosity) -> Iterator[str]:
        for declaration in registre.types():
            for block in self.blocks(declaration, verbosity):
                yield from self.differences(declaration, block)
        yield from self.leftovers()

    @transaction.atomic
    def differences(self, declaration, pks) -> list[str]:
        """What differs for a block of records, read at one moment."""
        fiches = declaration.model.objects.filter(pk__in=pks).select_related("entree")
        words: dict[str, str] = {}
        expected = {pk: row(pk, document, words) for pk, document in documents(fiches.published())}
        indexed = Indexe.objects.in_bulk(pks)
        formes = list(words)[:READ_WORDS]
        known = set(Mot.objects.filter(pk__in=formes).values_list("pk", flat=True))
        result = []
        for fiche in fiches:
            name = f"{declaration.nom} {fiche.pk} ({fiche.titre_affiche[:60]})"
            says = fiche.entree_values().items()
            result += [f"{name} : annuaire, {key}" for key, value in says if getattr(fiche.entree, key) != value]
            is_row, wanted = indexed.get(fiche.pk), expected.get(fiche.pk)
            if wanted is None and is_row is not None:
                result.append(f"{name} : dans l’index sans être publiée")
            elif wanted is not None and is_row is None:
                result.append(f"{name} : absente de l’index")
            elif wanted is not None:
                differ = [label for key, label in COLUMNS.items() if getattr(is_row, key) != getattr(wanted, key)]
                result += [f"{name} : index, {label}" for label in differ]
        result += [f"mot « {words[forme]} » : absent des mots des fiches" for forme in formes if forme not in known]
        return result

    def leftovers(self) -> Iterator[str]:
        """Rows of the index without a public record; words that no record holds."""
        for pk in Indexe.objects.exclude(entree__in=Entree.objects.published()).values_list("pk", flat=True):
            yield f"entrée {pk} : dans l’index sans fiche publiée"
        for mot in lost_words():
            yield f"mot « {mot.ecrit} » : dans aucune fiche"
