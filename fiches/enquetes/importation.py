"""What only surveys need to be read back from a spreadsheet: indemnities, joined by « | »."""

from fiches.enquetes.indemnites import LigneIllisible, read, text_of
from fiches.tableur.cellules import LigneRefusee, UneParLigne
from fiches.tableur.importation import Importation
from socle.francais.valeurs import parted


class CelluleDIndemnites(UneParLigne):
    """« 15 € de l’heure ; personnes concernées ; réunion | 0,30 € du kilomètre »."""

    def says(self, ours, cell):
        try:
            return super().says(ours, self._written(cell))
        except LigneIllisible:
            return False

    def read(self, cell, fiche, places):
        texte = super().read(cell, fiche, places)
        try:
            return self._written(texte)
        except LigneIllisible as error:
            raise LigneRefusee(f"{self.titre} : {error}.") from None

    def _written(self, texte: str) -> str:
        return text_of(dict.fromkeys(map(read, parted(texte))))


class ImportationEnquetes(Importation):
    genres = {"indemnites": CelluleDIndemnites}
