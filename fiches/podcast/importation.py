"""What reading episodes back from a spreadsheet has of its own: a length, in seconds or as a clock shows it."""

from fiches.podcast.duree import parse_duree
from fiches.tableur.cellules import Nombre, Refus, plain
from fiches.tableur.importation import Importation


class Duree(Nombre):
    def _number(self, cell):
        text = plain(cell).strip()
        if ":" not in text:
            return super()._number(cell)
        try:
            return parse_duree(text)
        except ValueError:
            raise Refus(f"{self.nom} « {text[:40]} » : écrivez des secondes, ou la durée ainsi, 21:24.") from None


class ImportationEpisodes(Importation):
    genres = {"duree_secondes": Duree}
