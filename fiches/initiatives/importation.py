"""What reading initiatives back from a spreadsheet has of its own: the commune follows the town, unless chosen."""

from copy import copy

from fiches.tableur.importation import COMMUNE, Importation


class ImportationInitiatives(Importation):
    def complete(self, fiche, before, changed, cells):
        if before is None:
            fiche.locate(self.places)
            return
        follows = changed & {"ville", "departement_code"} and not changed & COMMUNE
        if follows and (fiche.is_elsewhere or self._found(before)):
            fiche.commune = None
            fiche.locate(self.places)

    def _found(self, fiche) -> bool:
        """Whether the commune is the one that the town names: nobody chose another."""
        bare = copy(fiche)
        bare.commune = None
        bare.locate(self.places)
        return bare.commune_id == fiche.commune_id
