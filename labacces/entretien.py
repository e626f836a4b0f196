"""Three pages of the desk: what records lack, possible duplicates, the bin.

Counts use the lists' own filters, and nobody learns of what they may not see.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from fiches import registre
from fiches.acces import admin_url, visible_types
from fiches.list_filters import expected
from fiches.suivi import doublons
from labacces.desk_home import count_lists
from socle.annuaire.models import Entree, Statut
from socle.bureau import ajouts
from socle.francais.wording import pluriel

PUBLIC = {"statut__exact": Statut.PUBLIEE.value}
# Added to what a type expects: words, and filters of the list.
INCHANGEES = ("inchangées depuis deux ans", {"a_reprendre": "ancienne"})
SHOWN = 200  # pairs of one type


@dataclass(frozen=True)
class Manque:
    """What records lack: numbers and lists, of public records and of all."""

    quoi: str
    publiees: int
    toutes: int
    adresse_publiees: str
    adresse_toutes: str


@dataclass(frozen=True)
class EtatDuType:
    """A type's records: how many, and what they lack."""

    titre: str
    publiees: int
    toutes: int
    adresse: str
    manques: list[Manque]


def quality(site, request: HttpRequest) -> Iterator[EtatDuType]:
    """The state of each type that this person may read. One query for each type."""
    for declaration, model_admin in visible_types(site, request):
        asked = [(words, {"manque": cle}) for cle, words in expected(declaration.model).items()]
        added = [manque for ajout in ajouts.of(declaration.model) for manque in ajout.manques]
        asked = [("", {}), *asked, INCHANGEES, *added]
        criteria = {(words, public): PUBLIC | more if public else more for words, more in asked for public in (1, 0)}
        counts = count_lists(model_admin, request, criteria)
        address = admin_url(declaration.model, "changelist")
        links = {key: f"{address}?{urlencode(more)}" for key, more in criteria.items()}
        manques = [
            Manque(words, counts[words, 1], counts[words, 0], links[words, 1], links[words, 0])
            for words, _ in asked
            if words and (words, 1) in counts
        ]
        yield EtatDuType(declaration.titre, counts["", 1], counts["", 0], address, manques)


@dataclass(frozen=True)
class Supprimee:
    """A record in the bin: dates, form, pages to restore or erase it."""

    entree: Entree
    type: str
    effacee_le: datetime
    adresse: str
    sortir: str
    effacer: str


def deletable(site, request: HttpRequest) -> list[str]:
    """Types whose records this person may delete."""
    return [one.cle for one, model_admin in visible_types(site, request) if model_admin.has_delete_permission(request)]


def in_the_bin(types: list[str]) -> QuerySet[Entree]:
    """Entries of these types in the bin, latest first."""
    return Entree.objects.filter(type__in=types, statut=Statut.CORBEILLE).order_by("-modifiee_le", "-pk")


def binned(page: Iterable[Entree]) -> list[Supprimee]:
    """A page of `in_the_bin`, ready to show."""
    stay = timedelta(days=settings.CONSERVATION["corbeille"])
    found = []
    for entree in page:
        declaration = registre.get(entree.type)
        pages = [admin_url(declaration.model, name, entree.pk) for name in ("change", "sortir", "effacer")]
        found.append(Supprimee(entree, declaration.nom, entree.modifiee_le + stay, *pages))
    return found


@dataclass(frozen=True)
class Doublon:
    """Two records that may be one: names, forms, reasons, page to merge them."""

    fiches: list
    adresses: list[str]
    raisons: str
    fusionner: str
    cles: tuple[int, int]


@dataclass(frozen=True)
class Doublons:
    """Pairs of one type, the first SHOWN of `nombre`. `compte`: numbers of records and pairs, in words."""

    titre: str
    compte: str
    nombre: int
    paires: list[Doublon]


def possible_duplicates(site, request: HttpRequest) -> list[Doublons]:
    """Pairs of types that this person may read. `fusionner`: "" for those who may not merge."""
    found = []
    for declaration, model_admin in visible_types(site, request):
        pairs = doublons.pairs(declaration.model)
        shown = dict(islice(pairs.items(), SHOWN))
        rows = declaration.model._default_manager.in_bulk({pk for two in shown for pk in two})
        may = model_admin.has_publish_permission(request)
        if shown:
            paires = [
                Doublon(
                    fiches=[rows[pk] for pk in two],
                    adresses=[admin_url(declaration.model, "change", pk) for pk in two],
                    raisons=raisons,
                    fusionner=model_admin.merge_address(*two) if may else "",
                    cles=two,
                )
                for two, raisons in shown.items()
                if rows.keys() >= {*two}
            ]
            fiches = pluriel(len({pk for two in pairs for pk in two}), declaration.nom, declaration.nom_pluriel)
            compte = f"{fiches}, en {pluriel(len(pairs), 'paire', 'paires')}"
            found.append(Doublons(declaration.titre, compte, len(pairs), paires))
    return found
