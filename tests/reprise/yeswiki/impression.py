"""Prints records as the old site does."""

from dataclasses import dataclass, field


@dataclass
class Texte:
    """A text field: its lines in order, each with whether it is a list item."""

    lines: list[tuple[str, bool]]

    def printed(self) -> list[str]:
        own = [line for line, item in self.lines if not item]
        everything = [line for line, _ in self.lines]
        if len(own) <= 1 and not any(item for _, item in self.lines):
            return everything
        starts_with_own = not self.lines[0][1]
        return own + (everything[1:] if starts_with_own else everything)

    @property
    def texte(self) -> str:
        return "\n".join(line for line, _ in self.lines)


@dataclass
class Fiche:
    type: str
    titre: str
    champs: dict[str, Texte] = field(default_factory=dict)
    fichier: str = ""

    def printed(self, form) -> list[str]:
        if form.sans_titre:
            prints = 0
        elif self.champs or self.fichier or form.complet:
            prints = form.titres
        else:
            prints = form.titres_sans_corps
        lines = [self.titre] * prints
        in_place = bool(self.fichier) and bool(form.of("fichier"))
        if self.fichier and not in_place:
            lines += [f"Fichier : {self.fichier}", "Télécharger"]
        for label in form.sequence:
            if form.libelles[label].genre == "rubrique":
                lines += [label] * form.complet
            elif label in self.champs:
                lines += [label, *self.champs[label].printed()]
            elif form.complet:
                lines.append(label)
                if in_place and form.libelles[label].genre == "fichier":
                    lines += [f"Fichier : {self.fichier}", "Télécharger"]
        return lines
