"""Names of places and authorities: keys that compare them, and their form on pages. No database here.

Tables store the keys (`cle`): after a change of a key, run `manage.py charger_referentiels`.
"""

import csv
import re
from functools import lru_cache
from typing import Protocol

from django.conf import settings

from socle.francais.texte import fold

DOSSIER = settings.BASE_DIR / "fixtures" / "referentiels"  # the official code, see chargement.py
BRETAGNE = "53"
TOWN = 2000  # inhabitants; smaller communes are often called like a common word (« Trévé »)

_ABREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
ARTICLES = frozenset(["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les"])

_NATURES = r"c c|c a|cc|ca|cu|communaute de communes|communaute d agglomeration|communaute urbaine|communaute|metropole"
NATURE_AT_END = re.compile(r" (communaute|agglomeration|metropole)$")
_NATURE_EN_TETE = re.compile(rf"^(?:(?:{_NATURES}) )+")

# Prefixes of a commune's name, and how pages write them.
COMMUNE_PREFIXES = {
    "centre communal d action sociale": "Centre communal d'action sociale",
    "commune nouvelle": "Commune nouvelle",
    "commune": "Commune",
    "mairie": "Mairie",
    "ville": "Ville",
    "ccas": "CCAS",
}  # the longest first
_PREFIX_PATTERN = "|".join(COMMUNE_PREFIXES)
_PREFIXED_KEY = re.compile(rf"(?:la )?({_PREFIX_PATTERN}) (?:(de|du|des|d) )?(?=.)")
_PREFIXED_NAME = re.compile(
    rf"({_PREFIX_PATTERN})\s+(?:(de|du|des)\s+|(d['’])\s*)?(?=\w)".replace("d action", "d['’]action"),
    re.IGNORECASE,
)
# « Commune du Faou » is Le Faou, « Ville des Sables-d'Olonne » Les Sables-d'Olonne.
_CONTRACTIONS = {"du": "le ", "des": "les "}
_ACRONYMS = frozenset(["CA", "CC", "CCAS", "CIAS", "CU", "EPCI", "MSA", "SIVOM", "SIVU", "SPEF"])
_SEPARATOR = re.compile(r":\s+|\s[-–—]\s*|[-–—]\s+")


def comparison_key(nom: str) -> str:
    """`nom` folded, words only, « St » spelt out, without brackets: « ST-JEAN-BRÉVELAY » → "saint jean brevelay".

    Two spellings of one place give the same key.
    """
    nom = re.sub(r"\([^)]{0,200}\)", " ", nom)  # « CC du Kreiz-Breizh (CCKB) »
    words = re.sub(r"[^a-z0-9]+", " ", fold(nom)).split()
    return " ".join(_ABREVIATIONS.get(word, word) for word in words)


def intercommunalite_key(nom: str) -> str:
    """The key of an intercommunalité, without articles and without its nature in front.

    « CC du Pays de Dol » → "pays dol". « Redon Agglomération » stays whole: its last word is part of the name.
    """
    key = comparison_key(nom)
    return " ".join(word for word in _NATURE_EN_TETE.sub("", key).split() if word not in ARTICLES) or key


def commune_keys(collectivite: str) -> list[str]:
    """Keys of the communes that `collectivite` may be, if a prefix says so.

    « Ville du Faou » → ["le faou"], « CCAS de la ville de Rennes » → ["la ville de rennes", "rennes"], « Faou » → [].
    """
    keys, key = [], comparison_key(collectivite)
    while match := _PREFIXED_KEY.match(key):
        key = key[match.end() :]
        keys.append(_CONTRACTIONS.get(match[2], "") + key)
    return keys


class Lieu(Protocol):
    """A commune or an intercommunalité."""

    nom: str


def tidy_authority(collectivite: str, commune: Lieu | None = None, intercommunalite: Lieu | None = None) -> str:
    """The name of an authority as pages show it: « COMMUNE DE VAL D'IZE » → « Commune de Val-d'Izé ».

    `commune`, `intercommunalite`: those of the record. A commune that is the authority takes its official spelling; an
    intercommunalité gives that of its words. Else words in capitals, except acronyms, become small if the whole name is
    in capitals or ends with a nature (« REDON Agglomération »).
    """
    name = " ".join(collectivite.split())
    match = _PREFIXED_NAME.match(name)
    if commune and comparison_key(name) == comparison_key(commune.nom):
        return commune.nom
    if commune and comparison_key(commune.nom) not in commune_keys(name):
        commune = None  # the place of the record, not the authority: « Ti Lab - Région Bretagne », at Douarnenez
    if match and comparison_key(name[match.end() :]) not in ARTICLES:
        prefix = COMMUNE_PREFIXES[comparison_key(match[1])]
        link = (match[2] or match[3] or "").lower()
        return f"{prefix} {_of(commune.nom if commune else _recase(name[match.end() :]), link)}"
    name = _recase(name, intercommunalite.nom if intercommunalite else "")
    return name[:1].upper() + name[1:]


def _of(place: str, link: str) -> str:
    """`place` after `link`, the « de » that was written, with the right article; `place` alone if `link` is ""."""
    if not link:
        return place
    article, _, rest = place.partition(" ")
    if article in ("Le", "Les") and link != "d'":
        return f"{'du' if article == 'Le' else 'des'} {rest}"
    return f"{link}{place}" if link.endswith(("'", "’")) else f"{link} {place}"


def _recase(name: str, official: str = "") -> str:
    """`name` without shouted words. They take the spelling of `official`, or small letters if all is shouted."""
    spelling = {fold(word): word for word in re.findall(r"[^\W\d_]+", official)}
    shouted = name.isupper() or bool(NATURE_AT_END.search(comparison_key(name)))

    def recase(match):
        word = match[0]
        if not word.isupper() or word in _ACRONYMS or (len(word) == 1 and not name.isupper()):
            return word
        if fold(word) in spelling:
            return spelling[fold(word)]
        if not shouted:
            return word
        return word.lower() if fold(word) in ARTICLES and match.start() else word.capitalize()

    return re.sub(r"[^\W\d_]+", recase, name)


def split_title(titre: str, collectivite: str) -> str:
    """The title as pages show it, without the authority in front: « BERRIC - Portail » → « Portail ».

    Text before a « - » or « : » is left out if its words stand side by side in `collectivite`, whatever their capitals,
    accents, nature and articles. Never empty, unless `titre` is.
    """
    authority = f" {_bare(collectivite)} "
    start = 0
    for separator in _SEPARATOR.finditer(titre):
        head = _bare(titre[: separator.start()])
        if head and f" {head} " in authority and titre[separator.end() :].strip():
            start = separator.end()
    shown = titre[start:].strip()
    return shown[:1].upper() + shown[1:]


def _bare(name: str) -> str:
    """The words of a name, without nature, prefix and articles."""
    key = _NATURE_EN_TETE.sub("", comparison_key(name))
    keys = commune_keys(key)
    return " ".join(word for word in (keys[-1] if keys else key).split() if word not in ARTICLES)


@lru_cache(maxsize=1)
def proper_names() -> dict[str, str]:
    """{folded: name} of what keeps its capital in a title: France, Bretagne, its départements and towns.

    From the files of the official code, read once per process. OSError if they are missing.
    """
    departements = [row for row in _rows("departements.csv") if row["region"] == BRETAGNE]
    codes = {row["code"] for row in departements}
    towns = [
        row for row in _rows("communes.csv") if row["departement"] in codes and int(row["population"] or 0) >= TOWN
    ]
    names = ["France", "Bretagne", *(row["nom"] for row in departements + towns)]
    return {fold(name): name for name in names}


def _rows(fichier: str) -> list[dict[str, str]]:
    with (DOSSIER / fichier).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
