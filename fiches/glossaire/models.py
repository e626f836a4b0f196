"""Words that people who work on access to rights use, and what they mean by them."""

from dataclasses import replace

from django.db import models

from fiches.models import Fiche
from socle.francais.texte import fold

AUTRES = "#"


def lettre(mot: str) -> str:
    """The letter that a word stands under: « Écosystémique » under E, « œuvre » under O, all but A to Z under #."""
    first = next((char for char in fold(mot) if char.isalnum()), "")
    return first.upper() if first.isascii() and first.isalpha() else AUTRES


def formes(variantes: str) -> list[str]:
    """The other forms of a word, one a line."""
    return [line.strip() for line in variantes.splitlines() if line.strip()]


A_DEFINIR = "à définir"


def etat(definition: str) -> str:
    """« défini », « à définir »."""
    return "défini" if definition else A_DEFINIR


class Terme(Fiche):
    """A word of the glossary. It is public without a definition: « à définir »."""

    titre = models.CharField("mot", max_length=500)
    variantes = models.TextField(
        "variantes", blank=True, help_text="Autres formes du mot, une par ligne : pluriel, sigle, autre écriture."
    )
    definition = models.TextField("définition", blank=True, help_text="Vide : le mot est montré « à définir ».")
    references = models.TextField("références", blank=True, help_text="Une par ligne.")

    textes = ("definition", "references")
    au_bureau = ("fait",)  # nothing is done by a word

    class Meta:
        verbose_name = "terme"
        ordering = ["titre", "pk"]

    @property
    def is_defini(self) -> bool:
        return bool(self.definition)

    @property
    def etat(self) -> str:
        return etat(self.definition)

    @property
    def inachevee(self):
        return "" if self.is_defini else A_DEFINIR

    @property
    def lettre(self) -> str:
        return lettre(self.titre)

    @property
    def variantes_affichees(self) -> list[str]:
        return formes(self.variantes)

    def document(self):
        """Its other forms weigh as much as the word itself: they name it too."""
        document = super().document()
        return replace(document, titre="\n".join([document.titre, *self.variantes_affichees]))

    def absorb(self, other):
        """The other word and its forms are forms of this one from now on."""
        forms = {}
        for form in (self.titre, *self.variantes_affichees, other.titre.strip(), *other.variantes_affichees):
            forms.setdefault(fold(form), form)
        _, *others = forms.values()
        self.variantes = "\n".join(others)

    def derive(self, before):
        if not self.definition.strip():  # blanks define nothing; the facet asks the column
            self.definition = ""
