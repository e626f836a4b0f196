"""Recognises our type for each old form, and our label for each of its fields, by their labels.

Numbers and keys differ between wikis; labels are what people read. If labels tell too little, the operator says the
type (`--formulaire 2=evenement`), or the form's name does, if our records have that name.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from reprise.balises import unescape
from reprise.fields import Formulaire
from reprise.lecture import INCONNU, DumpIllisible
from reprise.wiki import TITRE, ChampAncien, FormulaireAncien
from socle.francais.texte import fold

ENOUGH = 0.5  # smallest share, from 0 to 1, that a form must have in common with ours
AHEAD = 0.05  # smallest distance to the next best form
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"[a-z0-9]+")
_ON_THE_WEB = frozenset({"url", "web", "site", "internet", "mail", "email", "courriel", "electronique"})
_NEUTRAL = frozenset({"rien", "secret", "carte", "image", "fichier", "mots", "fiches"})  # they tell no form apart


@dataclass
class Reconnu:
    """What an old form is here: `type` (INCONNU for none), `champs` {key: our label}, `nombre` of records."""

    ancien: FormulaireAncien
    type: str = INCONNU
    champs: Mapping[str, str] = field(default_factory=dict)
    nombre: int = 0

    @property
    def numerote(self) -> bool:
        """Whether the old site's own number is known."""
        return not self.ancien.deduit and bool(re.fullmatch(r"[0-9]{1,10}", self.ancien.numero))


@lru_cache(maxsize=4096)
def plie(label: str) -> str:
    """The words of a label, to compare labels."""
    return " ".join(_WORD.findall(fold(_TAG.sub(" ", unescape(label)))))


def recognise(ancien: FormulaireAncien, formulaires: Sequence[Formulaire], said: Mapping[str, str]) -> Reconnu:
    """What an old form is here. `said`: {number: type} from the operator, INCONNU for none.

    Raises DumpIllisible if the operator contradicts the labels.
    """
    told = said.get(ancien.numero, "")
    if told == INCONNU:
        return Reconnu(ancien)
    matched = [
        (form, champs, _score(ancien, form, champs)) for form in formulaires for champs in [_match(ancien, form)]
    ]
    matched.sort(key=lambda row: row[2], reverse=True)
    (form, champs, score), second = matched[0], matched[1][2] if len(matched) > 1 else 0
    if score >= ENOUGH and score - second >= AHEAD:
        if told not in ("", form.cle):
            raise DumpIllisible(
                f"--formulaire {ancien.numero}={told} : les libellés de ce formulaire sont ceux de « {form.cle} ». "
                f"Retirez cette option, ou laissez-le de côté avec {ancien.numero}={INCONNU}."
            )
        return Reconnu(ancien, form.cle, champs)
    for form, champs, score in matched:
        if told == form.cle or (not told and score and plie(ancien.nom) in form.noms):
            return Reconnu(ancien, form.cle, champs)
    return Reconnu(ancien)


def _match(ancien: FormulaireAncien, form: Formulaire) -> dict[str, str]:
    """{key: our label} of the fields that an old form shares with ours."""
    free = [c for c in ancien.champs.values() if c.genre not in ("rien", "secret") and c.cle != TITRE]
    ours = {plie(label): label for label in form.labels}
    champs = {champ.cle: ours.pop(plie(champ.label)) for champ in free if champ.label and plie(champ.label) in ours}
    named = {plie(champ.nom).removeprefix("bf "): champ.cle for champ in free if champ.cle not in champs}
    for label in ours.values():  # unless the form has the label itself
        other = form.libelles[label].autrement
        if cle := other and named.get(plie(other)):
            champs[cle] = label
    cles = form.cles
    champs |= {champ.cle: cles[champ.cle] for champ in free if champ.cle not in champs and champ.cle in cles}
    for label in cles.values():
        if label not in champs.values() and (cle := _begins(free, label, champs)):
            champs[cle] = label
    return champs


def _begins(free: Sequence[ChampAncien], label: str, champs: dict[str, str]) -> str | None:
    """The key of the field called `label`, else of the first that begins so; « Adresse url » is not « Adresse »."""
    named = {champ.cle: plie(champ.label).split() for champ in free if champ.cle not in champs}
    start = plie(label).split()
    near = [cle for cle, words in named.items() if words[: len(start)] == start and not _ON_THE_WEB & {*words}]
    return next((cle for cle in near if named[cle] == start), next(iter(near), None))


def _score(ancien: FormulaireAncien, form: Formulaire, champs: dict[str, str]) -> float:
    """The share of fields in common, from 0 to 1. 0 without a label of the pages, or with a required label missing."""
    counted = set(champs.values())
    missing = [label for label, libelle in form.libelles.items() if libelle.exige and label not in counted]
    if missing or not counted & set(form.labels):
        return 0.0
    own = sum(
        champ.cle in champs or (champ.genre not in _NEUTRAL and champ.cle != TITRE) for champ in ancien.champs.values()
    )
    own -= TITRE not in ancien.champs  # the title is one of its columns
    ours = len(form.labels) + len(counted - set(form.labels))
    return 2 * len(counted) / (ours + max(own, len(counted)))
