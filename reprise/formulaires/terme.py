"""Words of the glossary: their one label, and how a definition is split from its references."""

from fiches.glossaire.models import Terme
from reprise import formulaires
from reprise.fields import Formulaire, Libelle
from socle.francais.texte import fold

DEFINITION = "Définition"
REFERENCES = ("references:", "reference:")


def split_references(text: str) -> tuple[str, str]:
    """Returns (definition, references): what comes before and after the first line « Références : »."""
    lines = text.split("\n")
    headings = [number for number, line in enumerate(lines) if fold(line).replace(" ", "") in REFERENCES]
    if not headings:
        return text.strip(), ""
    return "\n".join(lines[: headings[0]]).strip(), "\n".join(lines[headings[0] + 1 :]).strip()


@formulaires.add
class TermeReprise(Formulaire):
    cle = "terme"
    model = Terme
    libelles = {DEFINITION: Libelle("definition", autres=("references",), attendu="definition_manquante")}
    titres_sans_corps = 2

    def read_more(self, lue, said, valeurs):
        if texte := said.get(DEFINITION, ""):
            valeurs.champs["definition"], valeurs.champs["references"] = split_references(texte)
