"""The search of the whole site: one list over all public types, best first, and words to try when nothing is found."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.db.models import Exists
from django.db.models.signals import post_save
from django.dispatch import receiver

from fiches import registre
from fiches.catalogue.colonnes import Column
from fiches.catalogue.filterset import SelectionFilterSet
from fiches.catalogue.filtres import Facet, WordsFilter
from fiches.catalogue.views import SelectionView
from fiches.colonnes import URL, texte
from fiches.confidentiel import masquer, public
from fiches.models import Entree, Fiche, Theme
from fiches.recherche.analyse import tokens
from fiches.recherche.query import matching, parse
from fiches.texte import fold


class Site(registre.TypeDeFiche):
    """The whole site, in the place that a record type has in a list: its words and addresses."""

    url_name = "recherche"
    csv_name = "recherche-csv"


SITE = Site(
    cle="",
    model=Entree,
    nom="fiche",
    nom_pluriel="fiches",
    feminin=True,
    titre="Recherche",
    menu="Recherche",
    accroche="Toutes les fiches de LabAccès, quel que soit leur type.",
    adresse="recherche",
    liste=None,
    page=None,
    voyant="",
)


class TypeFacet(Facet):
    """The record type, named and ordered as the registre does."""

    def __init__(self, **kwargs):
        super().__init__(
            label="type de fiche",
            field_name="type",
            known=lambda values: {value: value for value in values if value in _types()},
            phrase="de type",
            **kwargs,
        )

    def learn(self, held, asked):
        super().learn(held, asked)
        self.names = {cle: _types()[cle].nom for cle in self.names}
        self.labels = {cle: _types()[cle].titre for cle in self.names}

    def sort(self, held):
        return [cle for cle in _types() if cle in held]


def _types() -> dict[str, registre.TypeDeFiche]:
    """Declared types by key, in the order of the menu."""
    return {declaration.cle: declaration for declaration in registre.types()}


class RechercheFilterSet(SelectionFilterSet):
    declaration = SITE
    tris = {"recent": ("Mise à jour récente", ["-modifiee_le"]), "titre": ("Titre, A à Z", ["tri"])}
    groupes = [("Type de fiche", ["type"])]

    q = WordsFilter(label="mots à chercher", method="search")
    type = TypeFacet()

    class Meta:
        model = Entree
        fields = []

    def by_relevance(self, queryset):
        if not self.requete.wanted:  # stop words alone, or exclusions: nothing to rank by
            return queryset.order_by("-modifiee_le", "-pk")
        return super().by_relevance(queryset)


COLUMNS = [Column("type", lambda entree: registre.get(entree.type).nom), texte("titre"), texte("lieu"), URL]


@dataclass(frozen=True)
class Resultat:
    """One result: its entry, its type, and the record itself, whose text is quoted (None if it has just gone)."""

    entree: Entree
    declaration: registre.TypeDeFiche
    fiche: Fiche | None

    @property
    def provenance(self) -> str:
        """« Projet, Berric »; « Épisode 8 » where the place says the type already."""
        nom, lieu = self.declaration.nom, self.entree.lieu
        if fold(lieu).startswith(fold(nom)):
            return lieu
        return ", ".join(filter(None, (nom[:1].upper() + nom[1:], lieu)))


class RechercheView(SelectionView):
    """`/recherche/`, and with `suffixe="csv"` the whole list as a file. Without a question, an invitation."""

    filterset_class = RechercheFilterSet
    columns = COLUMNS
    template_name = "recherche.html"

    def get_queryset(self):
        return Entree.objects.published().filter(type__in=list(_types()))

    def for_export(self, queryset):
        return queryset

    def summary(self, selection):
        # Every entry has one type: the counts of the facet add up to the list, which need not be counted again.
        counts = selection.counts("type")
        selection.total = sum(counts.get(cle, 0) for cle in selection.values.get("type") or counts)
        return {"tous_types": sum(counts.values())}

    def get_context(self, selection, page, unknown_page):
        context = super().get_context(selection, page, unknown_page)
        if not selection.values:
            counts = selection.counts("type")
            return context | {"types": [(_types()[cle], counts[cle]) for cle in _types() if counts.get(cle)]}
        return context | {"resultats": resultats(page), "propositions": self.propositions(selection)}

    def propositions(self, selection) -> list[str]:
        """Other words to search for, when no record of any type has those of the search."""
        found = sum(selection.counts("type").values())
        if "q" not in selection.values or (found and not selection.au_moins_un_mot):
            return []
        return proposals(selection.values["q"], selection.base)


def resultats(entrees: Iterable[Entree]) -> list[Resultat]:
    """Entries with their records: one query for each type among them."""
    entrees, types = list(entrees), _types()
    fiches = {}
    for cle in dict.fromkeys(entree.type for entree in entrees):
        pks = [entree.pk for entree in entrees if entree.type == cle]
        fiches |= public(types[cle].model.objects.published()).in_bulk(pks)
    return [Resultat(entree, types[entree.type], fiches.get(entree.pk)) for entree in entrees]


# « Vouliez-vous dire … »

FRESH_SECONDS = 60
READ_TITLES = 5_000  # the newest ones; more would make the first empty search of the minute slow
MISSPELT = 5  # words of one search that are looked at
PROPOSED = 3
LONGEST = 30  # letters of a word that is worth comparing


class Vocabulaire:
    """Words of public titles, places and themes, by which a misspelt one is mended."""

    def __init__(self, texts: Iterable[str]):
        counts, self.spelt, self.stems = Counter(), {}, {}
        for text in texts:
            for token in tokens(text):
                written = text[token.start : token.end].lower()
                word = fold(written)
                counts[word] += 1
                self.spelt.setdefault(word, written)
                self.stems[word] = token.stem
        self.known = frozenset(self.stems.values())
        self.words = [(word, _letters(word), counts[word]) for word in counts if 3 < len(word) <= LONGEST]

    def near(self, word: str) -> list[str]:
        """Words that `word` may have been meant as, the likeliest first: with one mistake, two in a long word.

        One of each stem: its plural would find the same.
        """
        word = fold(word)
        allowed = (len(word) > 3) + (len(word) > 5)
        if not allowed or len(word) > LONGEST:
            return []
        letters, found = _letters(word), []
        for other, other_letters, count in self.words:
            # One mistake changes at most two letters of the set: most words are ruled out before they are compared.
            if abs(len(other) - len(word)) <= allowed and (letters ^ other_letters).bit_count() <= 2 * allowed:
                distance = mistakes(word, other)
                if distance <= allowed:
                    found.append((distance, -count, other))
        best = {}
        for _, _, other in sorted(found):
            best.setdefault(self.stems[other], self.spelt[other])
        return list(best.values())[:PROPOSED]


class _Memoire:
    """The process's vocabulary and when it was read."""

    vocabulaire: Vocabulaire | None = None
    read_at = 0.0


def vocabulaire() -> Vocabulaire:
    """The words of the site, at most a minute old. Two queries, or none."""
    words = _Memoire.vocabulaire
    if words is None or time.monotonic() - _Memoire.read_at > FRESH_SECONDS:
        entries = Entree.objects.published().order_by("-pk").values_list("titre", "lieu")[:READ_TITLES]
        themes = Theme.objects.order_by("pk").values_list("nom")[:READ_TITLES]
        types = [(declaration.nom, declaration.menu) for declaration in registre.types()]
        words = Vocabulaire(masquer(text) for row in (*entries, *themes, *types) for text in row)
        _Memoire.vocabulaire, _Memoire.read_at = words, time.monotonic()
    return words


@receiver(post_save, sender=Entree, dispatch_uid="vocabulaire")
def _forget(created, **kwargs):
    """A new record brings its words at once to the process that saves it, to others within the minute."""
    if created:
        _Memoire.vocabulaire = None


def proposals(text: str, published) -> list[str]:
    """Searches near `text` that find something in `published`: several for one misspelt word, one that mends them all.

    One query, and the two of the vocabulary.
    """
    vocabulary = vocabulaire()
    excluded = {stem for term in parse(text).excluded for stem in term}
    foreign = (token for token in tokens(text) if token.stem not in vocabulary.known and token.stem not in excluded)
    mended = []
    for token in islice(foreign, MISSPELT):
        if near := vocabulary.near(text[token.start : token.end]):
            mended.append((token, near))
    if not mended:
        return []
    if len(mended) == 1:
        token, near = mended[0]
        candidates = [text[: token.start] + word + text[token.end :] for word in near]
    else:
        candidates = [text]
        for token, near in reversed(mended):
            candidates = [text[: token.start] + near[0] + text[token.end :] for text in candidates]
    found = {f"p{rank}": Exists(matching(published.order_by(), text)) for rank, text in enumerate(candidates)}
    row = published.order_by().annotate(**found).values_list(*found).first() or ()
    return [candidate for candidate, exists in zip(candidates, row, strict=False) if exists]


def _letters(word: str) -> int:
    """The letters of a word as a set of bits; those beyond the alphabet share some."""
    bits = 0
    for char in word:
        bits |= 1 << (ord(char) % 32)
    return bits


def mistakes(one: str, other: str) -> int:
    """How many letters were added, left out, replaced, or swapped with their neighbour, to make one word of another."""
    two_above, above = [], list(range(len(other) + 1))
    for i, char in enumerate(one):
        row = [i + 1]
        for j, other_char in enumerate(other):
            cost = min(above[j + 1] + 1, row[j] + 1, above[j] + (char != other_char))
            if i and j and char == other[j - 1] and one[i - 1] == other_char:
                cost = min(cost, two_above[j - 1] + 1)
            row.append(cost)
        two_above, above = above, row
    return above[-1]
