"""Which of our types each old form is, and which of our labels each of its fields: by what they are called.

Numbers of forms differ from wiki to wiki; labels are what people read and what the text dump prints. Where a form has
keys alone, their words are compared with those of our labels. What an operator says (`--correspondance`) goes first.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache
from pathlib import Path

from reprise.balises import unescape
from reprise.fields import Formulaire
from reprise.lecture import INCONNU, SourceRefusee
from reprise.wiki import TITRE, ChampAncien, FormulaireAncien
from socle.francais.texte import fold

ENOUGH = 0.5  # of what a form and one of ours have in common, from 0 to 1
AHEAD = 0.05  # of the next best one
ALIKE = 0.92  # two spellings of one label
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"[a-z0-9]+")
_PREFIX = re.compile(
    r"^(?:listefiche|checkboxfiche|radiofiche|checkbox|liste|radio|fichier|image)?[0-9]*(?:Liste|bf_)?"
)
_PIECES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_SMALL = frozenset(
    (
        "a",
        "au",
        "aux",
        "avec",
        "c",
        "d",
        "dans",
        "de",
        "des",
        "du",
        "en",
        "est",
        "et",
        "j",
        "je",
        "l",
        "la",
        "le",
        "les",
        "leur",
        "n",
        "ou",
        "par",
        "pour",
        "qu",
        "que",
        "qui",
        "s",
        "sur",
        "un",
        "une",
    )
)
_ON_THE_WEB = frozenset({"url", "web", "site", "internet", "mail", "email", "courriel", "electronique"})
_NEUTRAL = frozenset({"rien", "secret", "carte", "image", "fichier", "mots", "fiches"})  # they tell no form apart


@dataclass
class Correspondance:
    """What an operator says: {form: type, "" for none}, {form: {field: our label, "" for none}}."""

    formulaires: dict[str, str] = field(default_factory=dict)
    champs: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Reconnu:
    """What became of an old form: `type` (INCONNU for none), `champs` {key: our label}, `titre` the key of its title.

    `par`: how it was known. `nombre`: of its records.
    """

    ancien: FormulaireAncien
    type: str
    champs: dict[str, str]
    titre: str
    par: str
    nombre: int = 0

    @property
    def numerote(self) -> bool:
        """Whether the old site's own number is known: a file of another name may hold the form."""
        return not self.ancien.deduit and bool(re.fullmatch(r"[0-9]{1,10}", self.ancien.numero))


def read_correspondance(path: Path, formulaires: Iterable[Formulaire]) -> Correspondance:
    """Read a mapping file: `[formulaires]`, `[champs."form"]`. Raises SourceRefusee."""
    forms = {form.cle: form for form in formulaires}
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SourceRefusee(f"{path} n’a pas pu être lu : {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SourceRefusee(f"{path} n’est pas en UTF-8 : enregistrez-le avec cet encodage.") from error
    except tomllib.TOMLDecodeError as error:
        raise SourceRefusee(f"{path} n’est pas du TOML lisible : {error}.") from error
    for name in said.keys() - {"formulaires", "champs"}:
        raise SourceRefusee(f'{path} : « {name} » n’existe pas ; il faut [formulaires] ou [champs."…"].')
    types, champs = said.get("formulaires", {}), said.get("champs", {})
    if not isinstance(types, dict) or not isinstance(champs, dict):
        raise SourceRefusee(f'{path} : [formulaires] et [champs."…"] sont des tables.')
    for name, cle in types.items():
        if cle not in ("", *forms):
            known = ", ".join(forms)
            raise SourceRefusee(
                f"{path} : formulaire « {name} » : le type « {cle} » n’existe pas. Types possibles : {known}, "
                f"ou rien entre les guillemets pour n’en choisir aucun."
            )
    for name, pairs in champs.items():
        if not isinstance(pairs, dict):
            raise SourceRefusee(f'{path} : [champs."{name}"] est une table.')
        possible = forms[types[name]].held if types.get(name) else {x for f in forms.values() for x in f.held}
        for key, label in pairs.items():
            if label not in ("", TITRE, *possible):
                near = get_close_matches(str(label), possible, 1, 0.4)
                hint = f" Vouliez-vous dire « {near[0]} » ?" if near else ""
                raise SourceRefusee(
                    f"{path} : champ « {key} » du formulaire « {name} » : le libellé « {label} » n’existe pas.{hint}"
                )
    return Correspondance(dict(types), {name: dict(pairs) for name, pairs in champs.items()})


@lru_cache(maxsize=4096)
def plie(label: str) -> str:
    """A label as labels are compared: words alone."""
    return " ".join(_WORD.findall(fold(_TAG.sub(" ", unescape(label)))))


def recognise(ancien: FormulaireAncien, formulaires: Sequence[Formulaire], said: Correspondance) -> Reconnu:
    """What an old form is here."""
    names = [name for name in (ancien.numero, ancien.nom) if name]
    pairs = next((said.champs[name] for name in names if name in said.champs), {})
    told = next((said.formulaires[name] for name in names if name in said.formulaires), None)
    if told == "":
        return Reconnu(ancien, INCONNU, {}, _title(ancien, {}), "vous")
    candidates = [form for form in formulaires if told in (None, form.cle)]
    matched = [(form, *_match(ancien, form, pairs)) for form in candidates]
    matched.sort(key=lambda row: row[2], reverse=True)
    form, champs, score = matched[0]
    if told is None:
        second = matched[1][2] if len(matched) > 1 else 0
        if score < ENOUGH or score - second < AHEAD:
            return Reconnu(ancien, INCONNU, {}, _title(ancien, {}), "")
    by_label = any(champ.label for cle, champ in ancien.champs.items() if cle in champs)
    par = "vous" if told else "ses libellés" if by_label else "ses clés"
    titre = next((cle for cle, label in pairs.items() if label == TITRE), "") or _title(ancien, champs)
    champs.pop(titre, None)
    return Reconnu(ancien, form.cle, champs, titre, par)


def _match(ancien: FormulaireAncien, form: Formulaire, pairs: dict[str, str]) -> tuple[dict[str, str], float]:
    """({key: our label}, how much both have in common)."""
    champs, apart = _told(ancien, form, pairs)
    free = [champ for champ in ancien.champs.values() if champ.cle not in champs.keys() | apart]
    free = [champ for champ in free if champ.genre not in ("rien", "secret")]
    places = {plie(label): label for label in form.labels if label not in champs.values()}
    for champ in free:
        if champ.label and (label := places.pop(plie(champ.label), None)):
            champs[champ.cle] = label
    named = {plie(champ.nom).removeprefix("bf "): champ.cle for champ in free if champ.cle not in champs}
    for label, libelle in form.libelles.items():  # unless the form has the label itself
        cle = libelle.autrement and named.get(plie(libelle.autrement))
        if cle and places.pop(plie(label), None):
            champs[cle] = label
    _match_nearly([champ for champ in free if champ.cle not in champs], form, places, champs)
    if ancien.deduit and not any(champ.label for champ in free):
        _match_keys([champ for champ in free if champ.cle not in champs], form, places, champs)
    return champs, _score(ancien, form, champs)


def _told(ancien: FormulaireAncien, form: Formulaire, pairs: dict[str, str]) -> tuple[dict[str, str], set[str]]:
    """What the operator says of fields, named by their key or their label: ({key: our label}, keys for no label)."""
    by_name = {name: champ.cle for champ in ancien.champs.values() for name in (champ.label, champ.cle) if name}
    said = {by_name[name]: label for name, label in pairs.items() if name in by_name}
    champs = {cle: label for cle, label in said.items() if label in form.held}
    return champs, said.keys() - champs.keys()


def _match_nearly(
    free: Sequence[ChampAncien], form: Formulaire, places: dict[str, str], champs: dict[str, str]
) -> None:
    """Match labels that differ by a letter or two; what only data tells, by its key or its first word."""
    cles = form.cles
    for champ in free:
        words = plie(champ.label)
        if champ.cle in cles:
            champs[champ.cle] = cles[champ.cle]
        elif len(words) > 8 and (near := next((n for n in places if _alike(words, n)), None)):
            champs[champ.cle] = places.pop(near)
    for label in cles.values():
        if label not in champs.values() and (cle := _begins(free, label, champs)):
            champs[cle] = label


def _begins(free: Sequence[ChampAncien], label: str, champs: dict[str, str]) -> str | None:
    """The key of the field called `label`, else of the first one that begins so; « Adresse url » is no « Adresse »."""
    named = {champ.cle: plie(champ.label).split() for champ in free if champ.cle not in champs}
    start = plie(label).split()
    near = [cle for cle, words in named.items() if words[: len(start)] == start and not _ON_THE_WEB & {*words}]
    return next((cle for cle in near if named[cle] == start), next(iter(near), None))


def _alike(one: str, other: str) -> bool:
    if 2 * min(len(one), len(other)) / (len(one) + len(other)) <= ALIKE:  # no two texts of these lengths are
        return False
    matcher = SequenceMatcher(None, one, other)
    return matcher.quick_ratio() > ALIKE and matcher.ratio() > ALIKE  # the first bounds the second and costs less


def _score(ancien: FormulaireAncien, form: Formulaire, champs: dict[str, str]) -> float:
    """From 0 to 1: how many of the fields of both are the same. 0 if none of those that pages print is, or if one that
    every such form has is not.
    """
    counted = set(champs.values())
    missing = [label for label, libelle in form.libelles.items() if libelle.exige and label not in counted]
    if missing or not counted & set(form.labels):
        return 0.0
    own = sum(
        champ.cle in champs or (champ.genre not in _NEUTRAL and champ.cle != TITRE) for champ in ancien.champs.values()
    )
    own -= TITRE not in ancien.champs  # one of its columns is the title
    ours = len(form.labels) + len(counted - set(form.labels))
    return 2 * len(counted) / (ours + max(own, len(counted)))


def _match_keys(free: Sequence[ChampAncien], form: Formulaire, places: dict[str, str], champs: dict[str, str]) -> None:
    """Match keys with labels by their words: `bf_collectivite` with « Nom de la collectivité ». The nearest first."""
    found = []
    for champ in free:
        kind = form.of(champ.genre) if champ.genre in ("listes", "choix", "courriel", "lien") else None
        key = _PREFIX.sub("", champ.cle).replace("bf_", "")
        words = [fold(piece) for piece in _PIECES.findall(key)]
        words = [word for word in words if len(word) > 2 and word not in _SMALL]
        if champ.cle == TITRE:
            continue
        for name, label in places.items():
            own = [word for word in name.split() if word not in _SMALL]
            held = sum(any(word[:6] == other[: len(word[:6])] for other in own) for word in words)
            near = held / max(1, len(own)) if words and held == len(words) else 0
            if kind is not None:
                near = near + 1 if label in kind and (near or len(kind) == 1) else 0
            elif form.libelles[label].genre in ("listes", "choix"):
                near = 0
            if near:
                found.append((near, champ.cle, name))
    for _, cle, name in sorted(found, reverse=True):
        if cle not in champs and name in places:
            champs[cle] = places.pop(name)


def _title(ancien: FormulaireAncien, champs: dict[str, str]) -> str:
    """The key of the title: in a file that has labels alone, the first column that is no field of ours."""
    if TITRE in ancien.champs or not ancien.deduit:
        return TITRE
    free = [champ for champ in ancien.champs.values() if champ.cle not in champs and champ.genre == "texte"]
    named = [champ for champ in free if {"titre", "nom", "intitule"} & set(plie(champ.label).split())]
    return next((champ.cle for champ in [*named, *free]), TITRE)
