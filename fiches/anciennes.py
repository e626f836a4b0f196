"""Old addresses: the names that pages had on the YesWiki, which record each one was, links that still point there.

A text dump carries no name. Those that titles must have given are worked out here and kept as guesses
(`AncienIdentifiant.certain`), until the old site's own data tells the real ones.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from html.entities import codepoint2name
from string import ascii_letters, ascii_uppercase, punctuation
from typing import NamedTuple
from urllib.parse import unquote

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Lower

from fiches.models import AncienIdentifiant, Entree

TITLE_LENGTH = 47  # characters of a title that the old site read
IDENTIFIANT_LENGTH = 191  # its column for the name of a page
BLOCK = 500

_PUNCTUATION = str.maketrans(dict.fromkeys(punctuation, " "))
# Accents as the names of HTML 4 characters end (eacute, ccedil): the letter before them is what stayed of a character.
_ACCENTS = {"acute", "cedil", "caron", "circ", "grave", "orn", "ring", "slash", "th", "tilde", "uml"}

_NAME = rf"[A-Za-z0-9]{{1,{IDENTIFIANT_LENGTH}}}"
_DEMANDE = re.compile(rf"(?P<wiki>wiki=)?(?P<nom>{_NAME})(?P<vide>=?)(?:[/&].*)?", re.DOTALL)
_WORD = re.compile(r"[A-Z][0-9]+|[A-Z]?[a-z]+|[A-Z]|[0-9]+")


# Identifiers


def identifiant_yeswiki(titre: str) -> str:
    """The name that the old site made for a record from its title, before any number: « L'été à Bréal » → LEteABreal.

    Each ASCII punctuation mark becomes a space, and 47 characters are kept. A letter loses its accent, œ and æ become
    two letters, and any other character that HTML 4 has a name for (a curly apostrophe, a guillemet, a no-break space)
    vanishes, which joins what stood around it. Words, split at spaces, get one capital; what is not a letter or a digit
    is dropped. A name with fewer than two capitals has its last letter capitalised. Source: YesWiki 4. Its last
    versions part words at typographic characters too: that changes capitals only, and `find` does not regard those.
    """
    kept = "".join(_plain(char) for char in titre.translate(_PUNCTUATION)[:TITLE_LENGTH])
    name = "".join(_capitalised(word) for word in re.split(r"[ \t\r\n\f\v]+", kept))
    if sum(char in ascii_uppercase for char in name) < 2:
        name = name[:-1] + name[-1:].upper()
    return name


def _plain(char: str) -> str:
    """What stays of a character; one that HTML 4 does not name stays itself, and counts where a word begins."""
    name = codepoint2name.get(ord(char), "")
    if not name:
        return char
    if name[1:] in _ACCENTS:
        return name[0]
    return name[:2] if name[2:] == "lig" else ""


def _capitalised(word: str) -> str:
    word = "".join(char.lower() if char.isascii() else char for char in word)
    first = word[:1].upper() if word[:1].isascii() else ""
    return "".join(char for char in first + word[1:] if char in ascii_letters or char in "0123456789")


class _Noms:
    """Names taken so far, without regard to case, as the old database compared them."""

    def __init__(self):
        self.taken: set[str] = set()
        self.next: dict[str, int] = {}

    def take(self, name: str) -> str:
        """`name`, or the first free one of name2, name3…"""
        number, given = self.next.get(name.lower(), 1), name
        while given.lower() in self.taken:
            number += 1
            given = f"{name}{number}"
        self.next[name.lower()] = number
        self.taken.add(given.lower())
        return given


def _guess(titres: list[tuple[str, int | None]]) -> dict[str, int]:
    """{name: entry id} for (title, entry id or None) in the order of the dump."""
    noms, found = _Noms(), {}
    for titre, pk in titres:
        name = identifiant_yeswiki(titre)
        given = name and noms.take(name)
        if given and pk is not None:
            found[given] = pk
    return found


@transaction.atomic
def attribuer(titres: Iterable[tuple[str, int | None]]) -> int:
    """Keep the names that a dump's records must have had, as guesses; how many names were new or changed.

    `titres`: (title as the dump prints it, id of its Entree), for every record of the whole wiki in the order of the
    dump; None for those that have no entry here, since they took names too: nothing is kept of them. What is certain is
    never touched, and a record whose name is certain gets no guess. Twice changes nothing.
    """
    found = _guess([(titre, pk) for titre, pk in titres if titre.strip()])
    known = {row.identifiant: row for row in AncienIdentifiant.objects.all()}
    settled = {row.entree_id for row in known.values() if row.certain}
    new, changed = [], []
    for identifiant, pk in found.items():
        row = known.get(identifiant)
        if pk in settled or (row and row.certain):
            continue
        if row is None:
            new.append(AncienIdentifiant(identifiant=identifiant, entree_id=pk))
        elif row.entree_id != pk or row.statut != AncienIdentifiant.Etat.FICHE:
            row.entree_id, row.statut = pk, AncienIdentifiant.Etat.FICHE
            changed.append(row)
    AncienIdentifiant.objects.bulk_create(new, batch_size=BLOCK)
    AncienIdentifiant.objects.bulk_update(changed, ["entree", "statut"], batch_size=BLOCK)
    return len(new) + len(changed)


@transaction.atomic
def learn(entree: Entree, identifiant: str, certain: bool) -> None:
    """Take note that the page `identifiant` was the record `entree`.

    What is certain replaces guesses, about the page and about the record; a guess never replaces what is certain.
    """
    if certain:
        AncienIdentifiant.objects.filter(entree=entree, certain=False).exclude(identifiant=identifiant).delete()
    else:
        rows = AncienIdentifiant.objects.filter(certain=True)
        if rows.filter(identifiant=identifiant).exists() or rows.filter(entree=entree).exists():
            return
    AncienIdentifiant.objects.update_or_create(
        identifiant=identifiant,
        defaults={"entree": entree, "statut": AncienIdentifiant.Etat.FICHE, "certain": certain},
    )


@transaction.atomic
def mark_gone(identifiants: Iterable[str]) -> None:
    """Take note, for certain, that these pages of the old site are gone: their addresses answer 410."""
    for identifiant in identifiants:
        AncienIdentifiant.objects.update_or_create(
            identifiant=identifiant,
            defaults={"entree": None, "statut": AncienIdentifiant.Etat.DISPARUE, "certain": True},
        )


# Addresses


class Demande(NamedTuple):
    """A page of the old site that an address asks for. `sure`: nothing else can be meant, even if no page is known."""

    identifiant: str
    sure: bool


def demande(query_string: str) -> Demande | None:
    """The page that the query string of `/` or `/wakka.php` asks for, as the old site wrote it; None if it asks none.

    `Nom`, `Nom/edit`, `Nom&vue=…`, `wiki=Nom`. Without `wiki=`, a name has a capital, and two leave no doubt: anything
    else is a parameter that somebody appended. `Nom=` is what some tools make of `Nom`, and may be a parameter too.
    """
    match = _DEMANDE.fullmatch(unquote(query_string[:2000]))
    if not match:
        return None
    nom = match["nom"]
    capitals = sum(char in ascii_uppercase for char in nom)
    if match["wiki"]:
        return Demande(nom, sure=True)
    if capitals < (2 if match["vide"] else 1):
        return None
    return Demande(nom, sure=capitals > 1 and not match["vide"])


def find(identifiant: str) -> AncienIdentifiant | None:
    """What is known of a page of the old site, with its entry; without regard to case, as there. One query."""
    rows = list(_named([identifiant]))
    exact = [row for row in rows if row.identifiant == identifiant]
    return next(iter(exact + rows), None)


def _named(identifiants: Iterable[str]):
    """What is known of the pages of these names, whatever their case, with their entries."""
    names = {identifiant.lower() for identifiant in identifiants}
    rows = AncienIdentifiant.objects.alias(minuscule=Lower("identifiant")).filter(minuscule__in=names)
    return rows.select_related("entree").order_by("pk")


def words(identifiant: str) -> str:
    """The words that the name of a page was made of: MiseEnPlaceDUnPortail2 → « mise en place d un portail »."""
    one_word = re.fullmatch(r"[A-Z0-9]?[a-z0-9]*[a-z][A-Z]", identifiant)  # its last capital was put there for the rule
    if one_word or (identifiant.isupper() and len(identifiant) > 2):  # a page called by an acronym
        return identifiant.lower()
    found = _WORD.findall(identifiant)
    if len(found) > 1 and re.fullmatch(r"[0-9]{1,2}", found[-1]):  # the number of a collision
        found.pop()
    return " ".join(found).lower()


# Links in texts


@lru_cache(maxsize=8)
def _links(sites: tuple[str, ...]) -> re.Pattern:
    """Addresses of pages on the old sites, with the handler, parameters and anchor that may follow."""
    hosts = "|".join(re.escape(site.strip().strip("/")) for site in sites if site.strip())
    return re.compile(
        rf"(?i:https?://(?:{hosts})(?::[0-9]+)?)/?(?:(?<=/)(?:wakka|index)\.php)?\?(?:wiki=)?"
        rf"(?P<nom>{_NAME})(?![\w=%-])(?:/[A-Za-z]+\b)?(?:&[^\s<>\"«»()\[\]]*[\w/=%+#&-])?(?:\#[\w-]+)?"
    )


def reecrire_liens(texte: str, sites: Iterable[str]) -> str:
    """`texte` with the addresses of pages that we know on the old `sites` (host names) turned into our own.

    Unknown ones stay as they are. One query, none without such an address. A page with several texts takes
    `reecrire_textes`.
    """
    return reecrire_textes([texte], sites)[0]


def reecrire_textes(textes: Iterable[str], sites: Iterable[str]) -> list[str]:
    """The same for several texts, in one query for all."""
    textes, sites = list(textes), tuple(sites)
    if not any(sites) or not any("?" in texte for texte in textes):
        return textes
    pattern = _links(sites)
    asked = {match["nom"].lower() for texte in textes for match in pattern.finditer(texte)}
    ours = {}
    if asked:
        ours = {
            row.identifiant.lower(): settings.SITE_URL + row.entree.get_absolute_url()
            for row in _named(sorted(asked)[:BLOCK])
            if row.est_publique
        }
    return [pattern.sub(lambda match: ours.get(match["nom"].lower(), match.group()), texte) for texte in textes]
