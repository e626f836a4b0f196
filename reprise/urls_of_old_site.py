"""The addresses of the old site: names of its pages, the records that they were, links that still lead there.

A text dump holds no name: `assign` guesses them from titles (`AncienIdentifiant.certain`), until the old site's data
gives the real ones.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from html.entities import codepoint2name
from string import ascii_letters, ascii_uppercase, punctuation
from typing import NamedTuple
from urllib.parse import unquote_plus

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Lower

from reprise.models import ADRESSE, AncienFormulaire, AncienIdentifiant, Origine
from socle.annuaire.models import Entree
from socle.journal.writing import inscrire, lot

TITLE_LENGTH = 47  # characters of a title that the old site used
IDENTIFIANT_LENGTH = 191  # size of its column for names
BLOCK = 500
ACCUEIL = "PagePrincipale"
QUERY_LENGTH = 2000  # characters read in a query string
ASKED = 20  # most names looked for in a query string

_PUNCTUATION = str.maketrans(dict.fromkeys(punctuation, " "))
# Ends of HTML 4 names for accented letters (eacute, ccedil): the old site keeps the letter before them.
_ACCENTS = {"acute", "cedil", "caron", "circ", "grave", "orn", "ring", "slash", "th", "tilde", "uml"}

_NAME = rf"[A-Za-z0-9]{{1,{IDENTIFIANT_LENGTH}}}"
# A parameter: (name, equals sign, value); or (page, "", handler or encoded « & » with what follows).
_PARAMETER = re.compile(r"([^/&=]*)(=?)(.*)", re.DOTALL)
_NUMERO = re.compile(r"[0-9]{1,10}")
# Outputs of a form's records: pages and calendars lead to a list here, data to a file.
_API = re.compile(r"api/forms/(?P<numero>[0-9]{1,10})/entries(?:/(?P<sortie>html|ical|json|geojson|json-ld))?/?")
_SORTIES = {"html": "list", "ical": "list", "geojson": "geojson"}  # any other: json
_BAZAR = "bazar"  # the wiki page that lists, searches and shows records
_FEEDS = ("rss", "xml")
# Pages of every YesWiki: latest changes, search.
_NEWS = {"dernierschangements", "recentchanges"}
_SEARCH = {"recherchetexte", "recherche", "textsearch", "newtextsearch"}
_PAGE_PARAMETERS = ("id_fiche", "wiki")  # the first one is the record that a page shows


# Identifiers


def identifiant_yeswiki(titre: str) -> str:
    """The name that the old site made from a title, before any number: « L'été à Bréal » → LEteABreal.

    ASCII punctuation becomes spaces, then 47 characters are kept. Letters lose their accents, œ and æ become two
    letters, and any other character with a name in HTML 4 (curly apostrophe, guillemet, no-break space) disappears
    without a space. Each word gets one capital; what is not a letter or a digit is dropped. If the name has fewer than
    two capitals, its last letter becomes one. Source: YesWiki 4. Its latest versions also split words at typographic
    characters; this changes capitals only, which `find` ignores.
    """
    kept = "".join(_plain(char) for char in titre.translate(_PUNCTUATION)[:TITLE_LENGTH])
    name = "".join(_capitalised(word) for word in re.split(r"[ \t\r\n\f\v]+", kept))
    if sum(char in ascii_uppercase for char in name) < 2:
        name = name[:-1] + name[-1:].upper()
    return name


def _plain(char: str) -> str:
    """What the old site keeps of a character. One without a name in HTML 4 stays, and may start a word."""
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


@transaction.atomic
def assign(titres: Iterable[tuple[str, int | None]], *, entiere: bool = True) -> None:
    """Keeps, as guesses, the names that the records of a dump must have had. A second run changes nothing.

    `titres`: (title in the dump, id of the Entree) for every record, in order; None for records without an entry, which
    took names too. A certain name never changes, and its record gets no guess. Unless the dump is the whole wiki
    (`entiere`), only records without a name get one.
    """
    known = {row.identifiant: row for row in AncienIdentifiant.objects.all()}
    settled = {row.entree_id for row in known.values() if row.certain or not entiere}
    # The old database ignored case.
    taken = set() if entiere else {identifiant.lower() for identifiant in known}
    numbers: dict[str, int] = {}
    new, changed = [], []
    for titre, pk in titres:
        name = identifiant_yeswiki(titre)
        if not name or (not entiere and (pk is None or pk in settled)):
            continue
        given = _free(name, taken, numbers)
        row = known.get(given)
        if pk is None or pk in settled or (row and row.certain):
            continue
        if row is None:
            new.append(AncienIdentifiant(identifiant=given, entree_id=pk))
        elif row.entree_id != pk or row.statut != AncienIdentifiant.Etat.FICHE:
            row.entree_id, row.statut = pk, AncienIdentifiant.Etat.FICHE
            changed.append(row)
        if not entiere:
            settled.add(pk)
    AncienIdentifiant.objects.bulk_create(new, batch_size=BLOCK)
    AncienIdentifiant.objects.bulk_update(changed, ["entree", "statut"], batch_size=BLOCK)
    if new or changed:
        inscrire(ADRESSE)


def _free(name: str, taken: set[str], numbers: dict[str, int]) -> str:
    """`name`, or the first free one of name2, name3…; marks it as taken."""
    number, given = numbers.get(name.lower(), 1), name
    while given.lower() in taken:
        number += 1
        given = f"{name}{number}"
    numbers[name.lower()] = number
    taken.add(given.lower())
    return given


@lot()
def learn(entree: Entree, identifiant: str) -> None:
    """Records as certain that the page `identifiant` was `entree`; guesses about both go."""
    AncienIdentifiant.objects.filter(entree=entree, certain=False).exclude(identifiant=identifiant).delete()
    AncienIdentifiant.objects.update_or_create(
        identifiant=identifiant,
        defaults={"entree": entree, "statut": AncienIdentifiant.Etat.FICHE, "certain": True},
    )


def learn_forms(types: dict[str, str]) -> None:
    if not types:
        return
    rows = [AncienFormulaire(numero=numero, type=cle) for numero, cle in types.items()]
    AncienFormulaire.objects.bulk_create(rows, update_conflicts=True, unique_fields=["numero"], update_fields=["type"])
    inscrire(ADRESSE)


# Addresses


class PageDemandee(NamedTuple):
    """A page of the old site that an address asks for.

    `sure`: the address can mean nothing else, even if the page is unknown. `identifiant`: as asked; it may be no valid
    name (`wiki=Mon-Titre`), then no page has it.
    """

    identifiant: str
    sure: bool


def demandes(query_string: str, *, script: bool = False) -> list[PageDemandee]:
    """The pages that an old query string may ask for, in the order to try; most often one.

    It reads `Nom`, `Nom/edit`, `Nom&vue=…`, `Nom?…`, `wiki=Nom`, `BazaR&…&id_fiche=Nom` anywhere. Only these two
    parameters, and a first word with a capital, are sure: others may have been appended. Some tools turn `Nom` into
    `Nom=`, which counts with two capitals. `script`: the address is a script of the old site, whose first word is
    always a page.
    """
    pieces = (unquote_plus(piece).strip() for piece in re.split("[&?]", query_string[:QUERY_LENGTH]))
    named, bare = {}, []
    for place, piece in enumerate(filter(None, pieces)):
        nom, equals, rest = (part.strip() for part in _PARAMETER.fullmatch(piece).groups())
        typed = looks_like_a_page(nom)
        if nom in _PAGE_PARAMETERS and equals and rest:
            named.setdefault(nom, PageDemandee(re.split("[/&]", rest)[0].strip(), sure=True))
        elif equals:
            bare += [PageDemandee(nom, sure=False)] if typed and not rest else []
        elif nom and (is_name(nom) or (script and place == 0)):
            bare.append(PageDemandee(nom, sure=place == 0 and (nom[0] in ascii_uppercase or script)))
    found = [named[parameter] for parameter in _PAGE_PARAMETERS if parameter in named] + bare
    return found[:ASKED]


class Liste(NamedTuple):
    """A list that an old address asks for: records of form `numero` (all if ""), filtered by `mots`.

    `vue`: "list"; "json" or "geojson" for programs; "csv" for an export; "atom" for a feed.
    """

    numero: str
    vue: str
    mots: str = ""
    tri: str = ""


class AutreDemande:
    def __init__(self, query_string: str):
        page, *rest = map(unquote_plus, re.split("[&?]", query_string[:QUERY_LENGTH]))
        pairs = [piece.partition("=") for piece in rest]
        self.page = page.strip().removeprefix("wiki=")
        self.nom, _, self.handler = self.page.partition("/")
        self.parameters = {nom: value.strip() for nom, _, value in reversed(pairs)}  # the first of each name
        self.searches = self.page.lower() == _BAZAR

    def liste(self) -> Liste | None:
        """The list that a feed, an export, a search or the latest changes ask for, or None.

        `Page/rss&id=5&q=mot`, `api/forms/5/entries`, `Page/json&demand=entries&id=5`, `BazaR&vue=exporter&id=5`,
        `BazaR&vue=consulter&id=5&q=mot`, `RechercheTexte&phrase=mot`, `DerniersChangementsRSS/xml`.
        """
        if match := _API.fullmatch(self.page):
            return Liste(match["numero"], _SORTIES.get(match["sortie"], "json"))
        said, nom = self.parameters, self.nom.lower()
        if nom.removesuffix("rss") in _NEWS:
            fed = nom.endswith("rss") or self.handler in _FEEDS
            return Liste("", "atom") if fed else Liste("", "list", tri="recent")
        if nom in _SEARCH or "phrase" in said:
            return Liste("", "list", said.get("phrase", "") or said.get("q", ""))
        numero = said.get("id") or said.get("id_typeannonce") or ""
        mots, is_numero = said.get("q", ""), _NUMERO.fullmatch(numero)
        if self.handler == "rss":
            return Liste(numero if is_numero else "", "atom", mots)
        if numero and not is_numero:
            return None
        if numero and self.handler == "json" and said.get("demand") == "entries":
            return Liste(numero, "json")
        if numero and said.get("vue") == "exporter":
            return Liste(numero, "csv")
        return Liste(numero, "list", mots) if self.searches and not said.get("id_fiche") else None

    def donnees(self) -> bool:
        """Whether the address asks for data: `api/…`, `Page/json`."""
        return self.nom == "api" or self.handler.split("/")[0] == "json"

    def fichier(self) -> str:
        """The name of the file in `Page/download&file=nom`, or ""."""
        return self.parameters.get("file", "") if self.handler == "download" else ""


def type_of_form(numero: str) -> str:
    """One query; "" if unknown."""
    return AncienFormulaire.objects.filter(numero=numero).values_list("type", flat=True).first() or ""


def has_forms() -> bool:
    """Whether a source told its forms; a text dump does not. One query."""
    return AncienFormulaire.objects.exists()


def is_name(text: str) -> bool:
    return bool(re.fullmatch(_NAME, text))


def looks_like_a_page(text: str) -> bool:
    """Whether `text` is a name with two capitals at least, as names were."""
    return is_name(text) and sum(char in ascii_uppercase for char in text) > 1


def find(identifiant: str) -> AncienIdentifiant | None:
    """The known page of that name, with its entry; ignores case, as the old site did. One query."""
    return find_all([identifiant]).get(identifiant)


def find_all(identifiants: Iterable[str]) -> dict[str, AncienIdentifiant]:
    """Like `find`, for several pages in one query; leaves out unknown ones."""
    identifiants = [identifiant for identifiant in identifiants if is_name(identifiant)]
    exact, folded = {}, {}
    for row in _named(identifiants) if identifiants else ():
        exact[row.identifiant] = row
        folded.setdefault(row.identifiant.lower(), row)
    found = {name: exact.get(name) or folded.get(name.lower()) for name in identifiants}
    return {name: row for name, row in found.items() if row}


def _named(identifiants: Iterable[str]):
    """Pages with these names, in any case."""
    names = {identifiant.lower() for identifiant in identifiants}
    rows = AncienIdentifiant.objects.alias(minuscule=Lower("identifiant")).filter(minuscule__in=names)
    return rows.select_related("entree").order_by("pk")


# Links in texts


@lru_cache(maxsize=8)
def _links(sites: tuple[str, ...]) -> re.Pattern:
    """Matches addresses of old pages, with the handler, parameters and anchor that may follow.

    Also « https://site/Nom », for a wiki whose server rewrites addresses.
    """
    hosts = "|".join(re.escape(site.strip().rpartition("://")[2].strip("/")) for site in sites if site.strip())
    return re.compile(
        rf"(?i:https?://(?:{hosts})(?::[0-9]+)?)(?:/?(?:(?<=/)(?:wakka|index)\.php)?\?(?:wiki=)?|/(?=[A-Z0-9]))"
        rf"(?P<nom>{_NAME})(?![\w=%-])(?:/[A-Za-z]+\b)?(?:[?&][^\s<>\"«»()\[\]]*[\w/=%+#&-])?(?:\#[\w-]+)?"
    )


def sites_taken_over() -> list[str]:
    """Addresses of the wikis that records came from, without scheme, as far as known. One query."""
    return sorted(filter(None, Origine.objects.order_by().values_list("site", flat=True).distinct()))


def rewrite_texts(textes: Iterable[str], sites: Iterable[str]) -> list[str]:
    """Replaces addresses of known pages on the old `sites` (host names) by ours; leaves unknown ones.

    One query for all texts, or none if no text holds such an address.
    """
    textes, sites = list(textes), tuple(sites)
    if not any(sites) or not any("://" in texte for texte in textes):
        return textes
    pattern = _links(sites)
    asked = {match["nom"].lower() for texte in textes for match in pattern.finditer(texte)}
    ours = {}
    if asked:
        ours = {
            row.identifiant.lower(): settings.SITE_URL + row.entree.get_absolute_url()
            for row in _named(sorted(asked)[:BLOCK])
            if row.is_publique
        }
    return [pattern.sub(lambda match: ours.get(match["nom"].lower(), match.group()), texte) for texte in textes]
