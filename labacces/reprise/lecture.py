"""What the reader of a dump hands back: records as read, anomalies, and the account of every line."""

from dataclasses import dataclass, field

LIGNES = ("titres", "libelles", "valeurs", "repetitions", "vides", "ecartees", "non_attribuees")
INCONNU = "inconnu"


class DumpIllisible(Exception):
    """The file cannot be read as a dump. The message, in French, says what to do; `ligne` is where, if somewhere."""

    def __init__(self, message: str, ligne: int | None = None):
        super().__init__(message)
        self.ligne = ligne


@dataclass
class Anomalie:
    """Something an editor should look at. `titre` is the record's, `texte` what was found there.

    `avant`: what stood just before a text that was taken out, blanks included; a line feed alone if it came first in
    its field; "" if nobody knows.
    """

    type: str
    titre: str
    champ: str
    ligne: int
    texte: str
    avant: str = ""


@dataclass
class Champ:
    """One field of one record: its lines in their true order, joined by a line feed, each once.

    `label` as the form spells it; "Fichier" for the names of files; "" for lines that stand under no label.
    `ligne` is the number of its label, or of its first line if it has none.
    """

    label: str
    texte: str
    ligne: int


@dataclass
class Lue:
    """One record as read; `titre` is "" where the form prints none."""

    type: str
    titre: str
    premiere_ligne: int
    derniere_ligne: int
    champs: dict[str, Champ] = field(default_factory=dict)
    anomalies: list[Anomalie] = field(default_factory=list)


@dataclass
class Lecture:
    """A dump as read. `lignes` holds "total" and the counts of `LIGNES`, which add up to it."""

    fiches: list[Lue]
    lignes: dict[str, int]
    anomalies: list[Anomalie]
