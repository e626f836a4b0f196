"""What reading initiatives back from a spreadsheet has of its own: the commune follows the town, unless chosen."""

from copy import copy

from fiches.tableur.importation import Importation


class ImportationInitiatives(Importation):
    def complete(self, fiche, before, changed, cells):
        if before is None:
            fiche.locate(self.places)
        elif changed & {"ville", "departement_code"} and "commune" not in changed:
            elsewhere = bool(
                fiche.commune_id and fiche.departement_id and fiche.commune.departement_id != fiche.departement_id
            )
            if elsewhere or self._found(before):
                fiche.commune = None
                fiche.locate(self.places)
        elif "commune" in changed and fiche.commune_id and "departement_code" not in changed:
            fiche.departement_id = fiche.commune.departement_id

    def _found(self, fiche) -> bool:
        """Whether the commune is the one that the town names: nobody chose another."""
        bare = copy(fiche)
        bare.commune = None
        bare.locate(self.places)
        return bare.commune_id == fiche.commune_id
