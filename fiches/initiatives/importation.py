"""What only initiatives need to be read back from a spreadsheet: the commune follows the town, unless chosen."""

from fiches.tableur.importation import COMMUNE, Importation


class ImportationInitiatives(Importation):
    def complete(self, fiche, before, changed, cells):
        if before is None:
            fiche.locate(self.places)
            return
        follows = changed & {"ville", "departement_code"} and not changed & COMMUNE
        if follows and (fiche.is_elsewhere or before.is_where_named(self.places)):
            fiche.commune = None
            fiche.locate(self.places)
