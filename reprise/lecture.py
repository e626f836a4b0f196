"""What each reader returns: records, anomalies, and a count of every line (text dump) or value (JSON)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

LIGNES = ("titres", "libelles", "valeurs", "repetitions", "vides", "ecartees", "non_attribuees")
INCONNU = "inconnu"


FICHIER = "Fichier"


class DumpIllisible(Exception):
    """The source cannot be read. The message, in French, says what to do. `ligne`: where, if known."""

    def __init__(self, message: str, ligne: int | None = None):
        super().__init__(message)
        self.ligne = ligne


class SourceRefusee(Exception):
    """A source, or an option about it, is refused. The message, in French, gives the reason."""


@dataclass(slots=True)
class AnomalieLue:
    """Something for an editor to look at. `titre`: title of the record; `texte`: what was found."""

    type: str
    titre: str
    champ: str
    ligne: int
    texte: str


@dataclass(slots=True)
class Champ:
    """One field of one record; `texte` holds its lines in order, each once.

    `label`: as in the form; "Fichier" for names of files; "" without a label. `ligne`: of the label, else of the first
    line.
    """

    label: str
    texte: str
    ligne: int


@dataclass(slots=True)
class Lue:
    """One record as read.

    `titre`: "" where the form prints none. `premiere_ligne`: line of the text, or rank in JSON. `joints`: {name:
    (label, title)} of files named in texts and image fields. `personnel`: a record of unknown type that seems to be
    about a person.

    Only the old site's data tells `identifiant` (name of the page), the dates of creation and last change, and
    `publiee` (it waited for nobody there). `publique`: somebody said that visitors could read the record. `reserves`:
    labels and names of files hidden from visitors; None if unknown. `formulaire`: number of the form there.
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
        """Whether visitors of the old site could read the record, as far as known."""
        return self.publiee and self.publique

    def put(self, label: str, texte: str, ligne: int) -> None:
        champ = self.champs.setdefault(label, Champ(label, "", ligne))
        champ.texte = f"{champ.texte}\n{texte}" if champ.texte else texte

    def note(self, type: str, champ: str, texte: str, ligne: int = 0) -> None:
        """Notes something odd, by default at the first line of the record."""
        self.anomalies.append(AnomalieLue(type, self.titre, champ, ligne or self.premiere_ligne, texte))


@dataclass
class Lecture:
    """A source as read.

    `lignes`: "total" and the counts of `LIGNES`, which add up to it. `restes`: anomalies without a record.
    `formulaires`: the type of each old form (reconnaissance.Reconnu), if the source has forms. `ignores`: what is not
    taken over, in French. `entiere`: the source is the whole wiki. `site`: address of the wiki without scheme, if
    known. `completes`: numbers of forms with all their records, so that a missing record is gone from there.
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
        """All anomalies, in the order of the source."""
        found = [*self.restes, *(anomalie for lue in self.fiches for anomalie in lue.anomalies)]
        return sorted(found, key=lambda anomalie: anomalie.ligne)


@dataclass
class Valeurs:
    """What a record of the old site says, in our fields.

    `champs`: {field name: value}; a foreign key by its column (`departement_id`) or as a row; many-to-many as a list of
    rows. `personnes`: keyword arguments of Contact; None if older than ours. `connues`: digests of all persons that the
    old site ever named. `fichiers`: names of files on the old site. `joints`: {name: title} of files in texts and image
    fields. `morceaux`: fields of which the source may give only a part. `anomalies`: (type, label, text).
    """

    champs: dict[str, Any]
    personnes: list[dict] | None = field(default_factory=list)
    connues: set[str] = field(default_factory=set)
    fichiers: list[str] = field(default_factory=list)
    joints: dict[str, str] = field(default_factory=dict)
    morceaux: frozenset[str] = frozenset()
    anomalies: list[tuple[str, str, str]] = field(default_factory=list)
