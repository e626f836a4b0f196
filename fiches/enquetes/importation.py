"""What reading surveys back from a spreadsheet has of its own: a commune and its département follow one another."""

from fiches.tableur.importation import Importation


class ImportationEnquetes(Importation):
    def complete(self, fiche, before, changed, cells):
        """The record itself finds a commune in its address, and the département in the commune."""
        if before is None or "departement_code" not in changed or not fiche.commune_id or not fiche.departement_id:
            return
        if fiche.commune.departement_id != fiche.departement_id:
            fiche.commune = self.places.find_named(fiche.commune.nom, fiche.departement_id)
