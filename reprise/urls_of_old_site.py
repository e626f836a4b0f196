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
from urllib.parse import unquote_plus

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Lower

from reprise.models import ADRESSE, AncienFormulaire, AncienIdentifiant, Origine
from socle.annuaire.models import Entree
from socle.journal.writing import inscrire, lot

TITLE_LENGTH = 47  # characters of a title that the old site read
IDENTIFIANT_LENGTH = 191  # its column for the name of a page
BLOCK = 500
ACCUEIL = "PagePrincipale"  # its home page
QUERY_LENGTH = 2000  # characters of a query string that are read
ASKED = 20  # names of one that are looked for

_PUNCTUATION = str.maketrans(dict.fromkeys(punctuation, " "))
# Accents as the names of HTML 4 characters end (eacute, ccedil): the letter before them is what stayed of a character.
_ACCENTS = {"acute", "cedil", "caron", "circ", "grave", "orn", "ring", "slash", "th", "tilde", "uml"}

_NAME = rf"[A-Za-z0-9]{{1,{IDENTIFIANT_LENGTH}}}"
# A parameter: what may be a name, whether it has a value, and that; or a handler, or an encoded « & » and what follows.
_PARAMETER = re.compile(r"([^/&=]*)(=?)(.*)", re.DOTALL)
_NUMERO = re.compile(r"[0-9]{1,10}")
# Outputs of a form's records: pages and calendars are a list here, data is a file; programs read JSON there.
_API = re.compile(r"api/forms/(?P<numero>[0-9]{1,10})/entries(?:/(?P<sortie>html|ical|json|geojson|json-ld))?/?")
_SORTIES = {"html": "list", "ical": "list", "geojson": "geojson"}  # any other: json
_BAZAR = "bazar"  # the page of the wiki under which its records are listed, searched and shown
_FEEDS = ("rss", "xml")  # handlers that give one
# Pages that a YesWiki has from its first day: of what changed last, of the search.
_NEWS = {"dernierschangements", "recentchanges"}
_SEARCH = {"recherchetexte", "recherche", "textsearch", "newtextsearch"}
_PAGE_PARAMETERS = ("id_fiche", "wiki")  # the first is the record that a page shows


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


@transaction.atomic
def assign(titres: Iterable[tuple[str, int | None]], *, entiere: bool = True) -> None:
    """Keep the names that a dump's records must have had, as guesses. Twice changes nothing.

    `titres`: (title as the dump prints it, id of its Entree), for every record of the dump, in its order; None for
    those that have no entry here: they took names too, and nothing is kept of them. What is certain is never touched,
    and a record whose name is certain gets no guess. Unless the dump is the whole wiki (`entiere`), what is known
    already stays, and only records without a name get one.
    """
    known = {row.identifiant: row for row in AncienIdentifiant.objects.all()}
    settled = {row.entree_id for row in known.values() if row.certain or not entiere}
    # Without regard to case, as the old database compared them.
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
    """`name`, or the first free one of name2, name3…, which is taken from now on."""
    number, given = numbers.get(name.lower(), 1), name
    while given.lower() in taken:
        number += 1
        given = f"{name}{number}"
    numbers[name.lower()] = number
    taken.add(given.lower())
    return given


@lot()
def learn(entree: Entree, identifiant: str) -> None:
    """Take note, for certain, that the page `identifiant` was the record `entree`: guesses about both give way."""
    AncienIdentifiant.objects.filter(entree=entree, certain=False).exclude(identifiant=identifiant).delete()
    AncienIdentifiant.objects.update_or_create(
        identifiant=identifiant,
        defaults={"entree": entree, "statut": AncienIdentifiant.Etat.FICHE, "certain": True},
    )


def learn_forms(types: dict[str, str]) -> None:
    """Take note of the record type that each form of the old site became, by its number."""
    if not types:
        return
    rows = [AncienFormulaire(numero=numero, type=cle) for numero, cle in types.items()]
    AncienFormulaire.objects.bulk_create(rows, update_conflicts=True, unique_fields=["numero"], update_fields=["type"])
    inscrire(ADRESSE)


# Addresses


class PageDemandee(NamedTuple):
    """A page of the old site that an address asks for. `sure`: nothing else can be meant, even if no page is known.

    `identifiant` is as it was asked for: it may be no name at all (`wiki=Mon-Titre`), then no page has it.
    """

    identifiant: str
    sure: bool


def demandes(query_string: str, *, script: bool = False) -> list[PageDemandee]:
    """The pages that the query string of an old address may ask for, in the order to try them in; most often one.

    `Nom`, `Nom/edit`, `Nom&vue=…`, `Nom?…`, `wiki=Nom`, `BazaR&…&id_fiche=Nom`, wherever it stands. Only these two
    parameters leave no doubt, and a first word that begins with a capital: any other may have been appended.
    `Nom=` is what some tools make of `Nom`, and is a name if it has two capitals. `script`: the address is that of a
    script of the old site, whose first word was a page whatever it looks like.
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
    """What an old address gives of the records of the form `numero`, of all without one; `mots` filter them.

    `vue`: as our lists call it, « list », « json » or « geojson » for programs, « csv » for an export, « atom » for a
    feed.
    """

    numero: str
    vue: str
    mots: str = ""
    tri: str = ""


class AutreDemande:
    """What else than pages an old address asks for, by its query string."""

    def __init__(self, query_string: str):
        page, *rest = map(unquote_plus, re.split("[&?]", query_string[:QUERY_LENGTH]))
        pairs = [piece.partition("=") for piece in rest]
        self.page = page.strip().removeprefix("wiki=")
        self.nom, _, self.handler = self.page.partition("/")
        self.parameters = {nom: value.strip() for nom, _, value in reversed(pairs)}  # the first of each name
        self.searches = self.page.lower() == _BAZAR

    def liste(self) -> Liste | None:
        """The list of a feed, an export, a search or the latest changes: `Page/rss&id=5&q=mot`, `api/forms/5/entries`,
        `Page/json&demand=entries&id=5`, `BazaR&vue=exporter&id=5`, `BazaR&vue=consulter&id=5&q=mot`,
        `RechercheTexte&phrase=mot`, `DerniersChangementsRSS/xml`.
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
        """Whether it asks for data, which programs read: `api/…`, `Page/json`."""
        return self.nom == "api" or self.handler.split("/")[0] == "json"

    def fichier(self) -> str:
        """The name of the file of `Page/download&file=nom`; "" for none."""
        return self.parameters.get("file", "") if self.handler == "download" else ""


def type_of_form(numero: str) -> str:
    """The record type that a form of the old site became; "" if nobody knows. One query."""
    return AncienFormulaire.objects.filter(numero=numero).values_list("type", flat=True).first() or ""


def has_forms() -> bool:
    """Whether a source has told what its forms were: a text dump does not. One query."""
    return AncienFormulaire.objects.exists()


def is_name(text: str) -> bool:
    """Whether a page of the old site may have been called `text`."""
    return bool(re.fullmatch(_NAME, text))


def looks_like_a_page(text: str) -> bool:
    """Whether `text` is written as the old site wrote names: two capitals at least."""
    return is_name(text) and sum(char in ascii_uppercase for char in text) > 1


def find(identifiant: str) -> AncienIdentifiant | None:
    """What is known of a page of the old site, with its entry; without regard to case, as there. One query."""
    return find_all([identifiant]).get(identifiant)


def find_all(identifiants: Iterable[str]) -> dict[str, AncienIdentifiant]:
    """The same for several pages, in one query for all; unknown ones are left out."""
    identifiants = [identifiant for identifiant in identifiants if is_name(identifiant)]
    exact, folded = {}, {}
    for row in _named(identifiants) if identifiants else ():
        exact[row.identifiant] = row
        folded.setdefault(row.identifiant.lower(), row)
    found = {name: exact.get(name) or folded.get(name.lower()) for name in identifiants}
    return {name: row for name, row in found.items() if row}


def _named(identifiants: Iterable[str]):
    """What is known of the pages of these names, whatever their case, with their entries."""
    names = {identifiant.lower() for identifiant in identifiants}
    rows = AncienIdentifiant.objects.alias(minuscule=Lower("identifiant")).filter(minuscule__in=names)
    return rows.select_related("entree").order_by("pk")


# Links in texts


@lru_cache(maxsize=8)
def _links(sites: tuple[str, ...]) -> re.Pattern:
    """Addresses of pages on the old sites, with the handler, parameters and anchor that may follow.

    « https://site/Nom » too, as a wiki writes them whose server rewrites its addresses.
    """
    hosts = "|".join(re.escape(site.strip().rpartition("://")[2].strip("/")) for site in sites if site.strip())
    return re.compile(
        rf"(?i:https?://(?:{hosts})(?::[0-9]+)?)(?:/?(?:(?<=/)(?:wakka|index)\.php)?\?(?:wiki=)?|/(?=[A-Z0-9]))"
        rf"(?P<nom>{_NAME})(?![\w=%-])(?:/[A-Za-z]+\b)?(?:[?&][^\s<>\"«»()\[\]]*[\w/=%+#&-])?(?:\#[\w-]+)?"
    )


def sites_taken_over() -> list[str]:
    """Addresses of the wikis that records came from, without their scheme, as far as sources told them. One query."""
    return sorted(filter(None, Origine.objects.order_by().values_list("site", flat=True).distinct()))


def rewrite_texts(textes: Iterable[str], sites: Iterable[str]) -> list[str]:
    """Texts with the addresses of pages that we know on the old `sites` (host names) turned into our own.

    Unknown ones stay as they are. One query for all, none without such an address.
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
