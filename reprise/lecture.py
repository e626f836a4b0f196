"""What each reader hands back: records as read, anomalies, and the account of every line or value.

The text dump counts lines. JSON counts the values of records, one for each key.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

LIGNES = ("titres", "libelles", "valeurs", "repetitions", "vides", "ecartees", "non_attribuees")
INCONNU = "inconnu"


FICHIER = "Fichier"


class DumpIllisible(Exception):
    """The source cannot be read. The message, in French, says what to do; `ligne` is where, if somewhere."""

    def __init__(self, message: str, ligne: int | None = None):
        super().__init__(message)
        self.ligne = ligne


class SourceRefusee(Exception):
    """A source, or what the operator says of it, that cannot be opened; the message, in French, says why."""


@dataclass(slots=True)
class AnomalieLue:
    """Something an editor should look at. `titre` is the record's, `texte` what was found there."""

    type: str
    titre: str
    champ: str
    ligne: int
    texte: str


@dataclass(slots=True)
class Champ:
    """One field of one record: its lines in their true order, joined by a line feed, each once.

    `label` as the form spells it; "Fichier" for the names of files; "" for lines that stand under no label.
    `ligne` is the number of its label, or of its first line if it has none.
    """

    label: str
    texte: str
    ligne: int


@dataclass(slots=True)
class Lue:
    """One record as read; `titre` is "" where the form prints none.

    `premiere_ligne` is the line of a text, the rank of a record in JSON. What only the data of the old site tells:
    `identifiant`, the name of its page; when it was made and last changed; `publiee`. `joints`: {name: (label, title)}
    of the files that its texts and its image fields name. `personnel`: a record of no known type that seems to be about
    a person.

    `publique`: whether somebody said that visitors of the old site could read the record; `publiee`: it waited for
    nobody there. `reserves`: labels, and names of files, that visitors could not read, None if the source does not
    tell. `formulaire`: the number of its form there.
    """

    type: str
    titre: str
    premiere_ligne: int
    derniere_ligne: int
    champs: dict[str, Champ] = field(default_factory=dict)
    anomalies: list[AnomalieLue] = field(default_factory=list)
    identifiant: str = ""
    creee_le: datetime | None = None
    modifiee_le: datetime | None = None
    publiee: bool = True
    personnel: bool = False
    publique: bool = True
    reserves: frozenset[str] | None = None
    formulaire: str = ""
    joints: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def visible(self) -> bool:
        """Whether visitors of the old site could read it, for all that anybody said."""
        return self.publiee and self.publique

    def put(self, label: str, texte: str, ligne: int) -> None:
        """One more text under a label, which stands at that line."""
        champ = self.champs.setdefault(label, Champ(label, "", ligne))
        champ.texte = f"{champ.texte}\n{texte}" if champ.texte else texte

    def note(self, type: str, champ: str, texte: str, ligne: int = 0) -> None:
        """Note something odd in it, at its first line if nobody knows better."""
        self.anomalies.append(AnomalieLue(type, self.titre, champ, ligne or self.premiere_ligne, texte))


@dataclass
class Lecture:
    """A source as read. `lignes` holds "total" and the counts of `LIGNES`, which add up to it.

    `restes`: anomalies of no record. `formulaires`: what each form of the old site was taken for
    (reconnaissance.Reconnu), if the source has forms.
    `ignores`: what the source holds besides, and is nothing to take over, in French. `entiere`: it is the whole wiki.
    `site`: the address of the wiki, without its scheme, if the source tells it. `completes`: numbers of the forms of
    which it holds every record, so that one that it lacks is gone from there.
    """

    fiches: list[Lue]
    lignes: dict[str, int]
    restes: list[AnomalieLue] = field(default_factory=list)
    format: str = "texte"
    formulaires: list[Any] = field(default_factory=list)
    ignores: list[str] = field(default_factory=list)
    entiere: bool = True
    site: str = ""
    completes: frozenset[str] = frozenset()

    @property
    def anomalies(self) -> list[AnomalieLue]:
        """All of them, in the order of the source."""
        found = [*self.restes, *(anomalie for lue in self.fiches for anomalie in lue.anomalies)]
        return sorted(found, key=lambda anomalie: anomalie.ligne)


@dataclass
class Valeurs:
    """What a record of the old site says, in our fields.

    `champs`: {field name: value}; a foreign key by its column (`departement_id`) or as a row; a many-to-many field as a
    list of rows. `personnes`: keyword arguments of Contact; None if they are older than what stands here. `connues`:
    digests of those whom the old site ever named.
    `fichiers`: names of files on the old site. `joints`: {name: title} of those that its texts and its image fields
    name. `morceaux`: fields of which the source may say a part alone. `anomalies`: (type, label, text).
    """

    champs: dict[str, Any]
    personnes: list[dict] | None = field(default_factory=list)
    connues: set[str] = field(default_factory=set)
    fichiers: list[str] = field(default_factory=list)
    joints: dict[str, str] = field(default_factory=dict)
    morceaux: frozenset[str] = frozenset()
    anomalies: list[tuple[str, str, str]] = field(default_factory=list)
