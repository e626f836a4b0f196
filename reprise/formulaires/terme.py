"""Words of the old glossary: their one label, and how a definition parts from its references."""

from fiches.glossaire.models import Terme
from reprise import formulaires
from reprise.fields import RepriseFiche
from reprise.formulaires import Formulaire
from socle.francais.texte import fold

DEFINITION = "Définition"
REFERENCES = ("references:", "reference:")


def split_references(text: str) -> tuple[str, str]:
    """(definition, references): what stands before and after the first line « Références : »."""
    lines = text.split("\n")
    headings = [number for number, line in enumerate(lines) if fold(line).replace(" ", "") in REFERENCES]
    if not headings:
        return text.strip(), ""
    return "\n".join(lines[: headings[0]]).strip(), "\n".join(lines[headings[0] + 1 :]).strip()


class TermeReprise(RepriseFiche):
    model = Terme
    autres = {DEFINITION: ("definition", "references")}

    @classmethod
    def field_of(cls, label):
        return "definition" if label == DEFINITION else None

    def read_more(self, lue, said, valeurs, claimed):
        claimed.add(DEFINITION)
        definition, references = split_references(said.get(DEFINITION, ""))
        valeurs.champs |= {"definition": definition, "references": references}


formulaires.add(
    Formulaire(
        cle="terme",
        sequence=(DEFINITION,),
        titres_sans_corps=2,
        attendus=((DEFINITION, "definition_manquante"),),
    ),
    reprise=TermeReprise,
)
