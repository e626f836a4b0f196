"""The glossary: words of people who work on access to rights."""

from dataclasses import replace

from django.db import models

from fiches.models import Fiche
from socle.francais.texte import fold

AUTRES = "#"


def lettre(mot: str) -> str:
    """The word's letter in the list: E for « Écosystémique », O for « œuvre », else #."""
    first = next((char for char in fold(mot) if char.isalnum()), "")
    return first.upper() if first.isascii() and first.isalpha() else AUTRES


def formes(variantes: str) -> list[str]:
    """The variants of a word; the field holds one on each line."""
    return [line.strip() for line in variantes.splitlines() if line.strip()]


A_DEFINIR = "à définir"


def etat(definition: str) -> str:
    """« défini » or « à définir »."""
    return "défini" if definition else A_DEFINIR


class Terme(Fiche):
    """A word of the glossary. It is public without a definition too: « à définir »."""

    titre = models.CharField("mot", max_length=500)
    variantes = models.TextField(
        "variantes", blank=True, help_text="Autres formes du mot, une par ligne : pluriel, sigle, autre écriture."
    )
    definition = models.TextField("définition", blank=True, help_text="Vide : le mot est montré « à définir ».")
    references = models.TextField("références", blank=True, help_text="Une par ligne.")

    textes = ("definition", "references")
    au_bureau = ("fait",)  # a word has no action to tell

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
        """Variants weigh as much as the title in searches."""
        document = super().document()
        return replace(document, titre="\n".join([document.titre, *self.variantes_affichees]))

    def absorb(self, other):
        """Make the other word and its forms variants of this one."""
        forms = {}
        for form in (self.titre, *self.variantes_affichees, other.titre.strip(), *other.variantes_affichees):
            forms.setdefault(fold(form), form)
        _, *others = forms.values()
        self.variantes = "\n".join(others)

    def derive(self, before):
        if not self.definition.strip():  # only blanks: no definition; the facet reads the column
            self.definition = ""
