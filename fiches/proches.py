"""The records that stand beside another on its page, of any type, and why each does.

Records share words (the marks of the search index), themes and places (the sets of the lists). Each of these is worth
the more the rarer it is, and what a record shares is added up; only the few that are shown are read. How the weights
were found: docs/decisions/near-sheets.md.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nsmallest
from math import log2

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from pyroaring import BitMap

from fiches import registre
from fiches.indexation import own_words
from fiches.models import Fiche
from socle.annuaire.models import Entree
from socle.catalogue.list_sets import ListSets
from socle.catalogue.nearby import kilometres
from socle.francais.texte import fold
from socle.journal.cache import cached
from socle.journal.following import FICHES, Moment
from socle.recherche.analyse import NUMBER_PREFIX, tokens
from socle.recherche.marques import holding

OWN, OTHERS = 3, 2  # cards of a page: of its own type, of others
READ = 2_000  # words of a text: what comes after them hardly says more of what it is about
ASKED = 48  # of these, those that are looked for: of the title, then those that come most often
COMMON = 1_000  # more records than this that share a thing have little in common

# What it is worth to share it, times how rare it is (`_rarity`). A word that stands in the other's title counts twice;
# one that a record in eight holds says nothing of any.
MOT, MOT_REPETE, MOT_DU_TITRE, COURANT = 2, 4, 8, 4
THEME, PLACE = 6, 3
MEME_THEME, MEME_COMMUNE = "même thème", "même commune"
# (facet, field, how a reason says it) of places, the smallest first, which alone is said.
LIEUX = (
    ("lieu", "commune_id", MEME_COMMUNE),
    ("intercommunalite", "intercommunalite_id", "même intercommunalité"),
    ("departement", "departement_id", "même département"),
)
# What a record must come to, to be shown at all: of the same type, of another.
PLANCHER, BARRE = 2, 45

SAID, SAID_FROM = 3, 8  # words that a reason names, and what each must come to
SHORTEST = 3  # letters of a word that a reason names: « ex » and « e » say nothing
# Nor do these, which a search takes.
NON_DITS = {"assez", "beaucoup", "deja", "encore", "ensuite", "jamais", "mieux", "moins", "plus", "plutot", "souvent"}
NON_DITS |= {"surtout", "toujours", "tous", "tout", "toute", "toutes", "trop", "ailleurs", "aller", "contre", "demi"}
NON_DITS |= {"demie", "dit", "dite", "dites", "dits", "fois", "non", "oui", "suffire", "suffit", "via"}
NON_DITS |= {"doit", "doivent", "devoir", "devons", "devez", "devait", "devaient", "devra", "devront", "devrait"}
NON_DITS |= {"devraient", "pouvoir", "pouvons", "pouvait", "pouvaient", "pourra", "pourront", "pourrait", "pourraient"}
NON_DITS |= {"vouloir", "veut", "veulent", "permet", "permettent", "permettre", "permettant", "souhaite", "souhaitent"}
NON_DITS |= {"souhaiter", "faisant", "fait", "font", "va", "vont", "vient", "viennent", "venir"}
NON_DITS |= {"deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "cent", "cents", "mille"}
SAID_KM = 50  # farther is no reason
MARQUES = (("marques", "m"), ("reperes", "t"))  # of a word anywhere, in the title (socle/recherche/index.py)
COMPOSE = re.compile(r"(?<!\w)\w+(?:[-\u2010\u2011]\w+)+")  # « demi-journée »: a part of it is no word
ADRESSE = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Proche:
    """A record beside another: the template of its card, and why it stands there."""

    fiche: Fiche
    carte: str
    raison: str


@dataclass(frozen=True)
class Commun:
    """What records share with one: who they are, what it is worth, how a reason says it, and whether it is a word."""

    fiches: BitMap
    poids: float
    texte: str
    mot: bool = False


Choix = tuple[str, int, str]  # key of the type, key of the record, why it stands there


def cards(fiche: Fiche, without: Iterable[int] = ()) -> SafeString:
    """The cards of the public records nearest to a public one, its own type first, as items of a list; "" of none.

    `without`: keys of those that its page names already.
    """
    at = Moment.now()
    chosen = _chosen(fiche, frozenset(without), at)
    if not chosen:
        return SafeString()
    by_minute = any(registre.get(cle).a_la_minute for cle, _, _ in chosen)
    minute = timezone.now().replace(second=0, microsecond=0) if by_minute else None

    def render():
        return render_to_string("catalogue/_proches.html", {"proches": _read(chosen)})

    return cached(("cartes proches", fiche.pk, tuple(chosen)), render, FICHES, at=at, clock=minute)


def _chosen(fiche: Fiche, without: frozenset[int], at: Moment) -> list[Choix]:
    if not fiche.is_publiee:
        return []
    asked = "proches", fiche.pk, without
    return cached(asked, lambda: _choose(fiche, without, at), FICHES, at=at)


def _read(chosen: list[Choix]) -> list[Proche]:
    rows = {}
    for cle in {cle for cle, _, _ in chosen}:
        declaration = registre.get(cle)
        found = declaration.model.objects.published_by_key().filter(pk__in=[pk for one, pk, _ in chosen if one == cle])
        rows |= {row.pk: row for row in declaration.liste().for_cards(found)}
    return [Proche(rows[pk], registre.get(cle).carte, raison) for cle, pk, raison in chosen if pk in rows]


def _choose(fiche: Fiche, without: frozenset[int], at: Moment) -> list[Choix]:
    lists = {one.cle: ListSets(one, at) for one in registre.types()}
    left = BitMap({fiche.pk, *without, *fiche.versions_suivantes()})
    shown = {cle: one.publiques - one.filterset_class.non_comptees() - left for cle, one in lists.items()}
    every = sum(len(one.publiques) for one in lists.values())
    communs = [*_themes(fiche, lists, every), *_lieux(fiche, lists, every), *_mots(fiche, every, at)]
    total = Counter()
    for commun in sorted(communs, key=lambda commun: len(commun.fiches)):
        # What very many share makes a record nearer that shares something else.
        among = commun.fiches & BitMap(total) if total and len(commun.fiches) > COMMON else commun.fiches
        for pk in among:
            total[pk] += commun.poids
    own = registre.for_model(type(fiche)).cle
    others = BitMap.union(BitMap(), *(records for cle, records in shown.items() if cle != own))
    chosen = _best(total, shown[own], OWN, PLANCHER) + _best(total, others, OTHERS, BARRE)
    types = {pk: cle for pk in chosen for cle, records in shown.items() if pk in records}
    km = _distances(fiche, chosen)
    return [(types[pk], pk, _reason(pk, types[pk] != own and types[pk], communs, km.get(pk))) for pk in chosen]


def _best(total: Counter, among: BitMap, wanted: int, least: int) -> list[int]:
    """`wanted` of some records that come to `least`, those that come to most first, of equal ones the oldest."""
    found = (pk for pk, worth in total.items() if worth >= least and pk in among)
    return nsmallest(wanted, found, key=lambda pk: (-total[pk], pk))


def _rarity(records: BitMap, every: int) -> float:
    """1 for what all records share, and 1 more each time that half as many do."""
    return 1 + log2(every / len(records)) if records else 0


def _themes(fiche: Fiche, lists: dict[str, ListSets], every: int) -> Iterator[Commun]:
    """Records on its themes, which every type has."""
    for theme in fiche.themes.all():
        records = BitMap.union(*(_on(theme, one) for one in lists.values()))
        yield Commun(records, THEME * _rarity(records, every), MEME_THEME)


def _on(theme, one: ListSets) -> BitMap:
    """The records of a list on a theme: by its sets, or by their rows if it has no such facet."""
    if "theme" in one.filterset_class.base_filters:
        return one.valeurs("theme").get(theme.slug, BitMap())
    return BitMap(one.rows(one.filterset_class.public_by_key().filter(themes=theme.pk).order_by()))


def _lieux(fiche: Fiche, lists: dict[str, ListSets], every: int) -> Iterator[Commun]:
    """Records of its commune, of its intercommunalité, of its département: the smaller place first."""
    for facet, field, texte in LIEUX:
        code = getattr(fiche, field, None)
        records = BitMap.union(*(one.valeurs(facet).get(code, BitMap()) for one in lists.values()))
        yield Commun(records, PLACE * _rarity(records, every), texte)


def _mots(fiche: Fiche, every: int, at: Moment) -> Iterator[Commun]:
    """The words of its title and text."""
    titre, texte = own_words(fiche)
    title = {token.forme for token in tokens(titre)}
    counts, written = Counter(), {}
    for text in (titre, ADRESSE.sub(" ", texte)):
        parts = {at for found in COMPOSE.finditer(text) for at in range(*found.span())}
        for token in tokens(text, READ):
            counts[token.forme] += 1
            if token.start in parts:
                continue
            word = text[token.start : token.end]
            if token.forme not in written or (word.islower() and not written[token.forme].islower()):
                written[token.forme] = word
    # The index holds each record under the name of its type too, which it may not say.
    types = {token.forme for one in registre.types() for token in tokens(f"{one.nom} {one.menu}")}
    formes = [forme for forme in counts if forme not in types and not forme.startswith(NUMBER_PREFIX)]
    formes = sorted(formes, key=lambda forme: (forme not in title, -counts[forme]))[:ASKED]
    marks = [(column, f"{mark}{forme}") for forme in formes for column, mark in MARQUES]
    sets = holding(marks, COMMON, at)
    for forme, anywhere, heads in zip(formes, sets[::2], sets[1::2], strict=True):
        worth = MOT_DU_TITRE if forme in title else MOT_REPETE if counts[forme] > 1 else MOT
        worth *= max(0, _rarity(anywhere, every) - COURANT)
        word = written.get(forme, "")
        word = "" if len(forme) < SHORTEST or fold(word) in NON_DITS else word
        yield Commun(anywhere, worth, word, mot=True)
        yield Commun(heads, worth, word, mot=True)


def _distances(fiche: Fiche, keys: list[int]) -> dict[int, float]:
    """{record: kilometres from another}, of those whose commune is another one."""
    if not fiche.commune_id or fiche.commune.latitude is None:
        return {}
    rows = Entree.objects.filter(pk__in=keys, commune__latitude__isnull=False).exclude(commune=fiche.commune_id)
    rows = rows.order_by().values_list("pk", "commune__latitude", "commune__longitude")
    return {pk: kilometres(fiche.commune, latitude, longitude) for pk, latitude, longitude in rows}


def _reason(pk: int, cle: str, communs: list[Commun], km: float | None) -> str:
    """Why a record stands there: « Même thème, 12 km, mots communs : cantine, restauration ».

    `cle`: of its type, if it is another one, which comes first; `km`: how far it is, if that is known.
    """
    shared = [commun for commun in communs if commun.poids and pk in commun.fiches]
    texts, worths = [commun.texte for commun in shared if not commun.mot], Counter()
    said = [MEME_THEME] if MEME_THEME in texts else []
    if km is not None and km <= SAID_KM:
        said.append(f"{max(1, round(km))} km")
    else:
        said += [texte for texte in texts if texte != MEME_THEME][:1]
    for commun in shared:
        if commun.mot and commun.texte:
            worths[commun.texte] += commun.poids
    best = worths.most_common(SAID)
    words = [texte for texte, worth in best if worth >= SAID_FROM]
    if not (words or said):
        words = [texte for texte, _ in best[:1]]
    if words:
        said.append(f"{'mots communs' if len(words) > 1 else 'mot commun'} : {', '.join(words)}")
    sentence = ", ".join([registre.get(cle).nom, *said] if cle else said)
    return sentence[:1].upper() + sentence[1:]
