"""What only episodes need to be read back from a spreadsheet: a length in seconds or like 21:24."""

from fiches.podcast.duree import parse_duree
from fiches.tableur.cellules import Cellule, LigneRefusee
from fiches.tableur.importation import Importation


class Duree(Cellule):
    def read(self, cell, fiche, places):
        text = cell.strip()
        if ":" not in text:
            return super().read(cell, fiche, places)
        try:
            return parse_duree(text)
        except ValueError:
            raise LigneRefusee(
                f"{self.titre} « {text[:40]} » : écrivez des secondes, ou la durée ainsi, 21:24."
            ) from None


class ImportationEpisodes(Importation):
    genres = {"duree_secondes": Duree}
