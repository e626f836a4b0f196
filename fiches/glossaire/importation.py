"""What reading words back from a spreadsheet has of its own: other forms of a word, joined by « | »."""

from fiches.tableur.cellules import UneParLigne
from fiches.tableur.importation import Importation


class ImportationTermes(Importation):
    genres = {"variantes": UneParLigne}
