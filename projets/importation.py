"""What only projects need to be read back: places from the authority's name, amounts, versions."""

from fiches.tableur.cellules import Cellule, LigneRefusee
from fiches.tableur.importation import COMMUNE, Importation, number_of
from projets.models import Projet
from projets.montant import parse_montant
from socle.francais.texte import fold


class Montant(Cellule):
    """An amount with decimal point or comma. Zero means unknown."""

    def read(self, cell, fiche, places):
        cell = cell.strip()
        if not cell:
            return None
        montant = parse_montant(cell)
        if montant.eur is None or montant.douteux:
            raise LigneRefusee(f"montant « {cell[:40]} » illisible : écrivez un nombre, par exemple 15000 ou 15000,50.")
        return montant.eur or None


class Remplace(Cellule):
    """The number of the project that this one replaces. Circles are refused."""

    def read(self, cell, fiche, places):
        number = number_of(cell)
        if number is None:
            return None
        if number == fiche.pk:
            raise LigneRefusee("une fiche ne peut pas se remplacer elle-même.")
        earlier = Projet.objects.values_list("remplace_id", flat=True)
        chain = list(earlier.filter(pk=number))
        if not chain:
            raise LigneRefusee(f"{self.titre} : il n’y a pas de fiche {number}.")
        while chain[-1] is not None and chain[-1] not in chain[:-1]:
            if chain[-1] == fiche.pk:
                raise LigneRefusee(
                    f"{self.titre} : la fiche {number} remplace déjà la fiche {fiche.pk}, directement ou par d’autres. "
                    "Gardez un seul des deux sens."
                )
            chain.append(earlier.get(pk=chain[-1]))
        return number


class ImportationProjets(Importation):
    genres = {"montant_eur": Montant, "remplace": Remplace}

    def key(self, fiche):
        return fold(fiche.titre), fold(fiche.collectivite), fiche.departement_id

    def changes(self, fiche, cells):
        changed = super().changes(fiche, cells)
        if "departement_code" in changed and self._comes_back(fiche, cells):
            changed.remove("departement_code")
        return changed

    def _comes_back(self, projet, cells) -> bool:
        """Whether an emptied département would come back, from the authority's name or the commune."""
        if cells["departement_code"].strip():
            return False
        bare = Projet(collectivite=" ".join(cells.get("collectivite", projet.collectivite).split()))
        if not projet.is_where_named(self.places):
            bare.commune, bare.intercommunalite_id = projet.commune, projet.intercommunalite_id
        bare.locate(self.places)
        return bare.departement_id == projet.departement_id

    def complete(self, fiche, before, changed, cells):
        if before is None:
            if "montant_eur" not in cells and fiche.montant_source:
                fiche.montant_eur = parse_montant(fiche.montant_source).eur
            fiche.locate(self.places)
        elif changed & {"collectivite", "departement_code"} and not changed & COMMUNE:
            if before.is_where_named(self.places) or fiche.is_elsewhere:
                fiche.commune = fiche.intercommunalite = None
            fiche.locate(self.places)

    def clean(self, fiche):
        """Does nothing: `Remplace` refuses new circles, and an older one is no row's fault."""
