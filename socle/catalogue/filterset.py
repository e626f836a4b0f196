"""The filter set that every public list extends: search and sorts, on top of the type's own filters."""

from functools import cached_property

from django_filters import FilterSet

from socle.catalogue.filters import WordsFilter
from socle.recherche.corrections import is_misspelt, proposals
from socle.recherche.parsing import Mode, Query
from socle.recherche.query import by_relevance, matching, mode_for, understand


class SelectionFilterSet(FilterSet):
    """`tris`: {value of `tri`: (label, ordering)}, the default first. Orderings need not end with the key.

    `groupes`: [(heading, names of the filters under it)], as the page shows them; `q` stands above them all.
    """

    # The declaration of the record type, which `nom`, `nom_pluriel` and `adresse` are read from: it sets it here.
    declaration = None

    tris: dict[str, tuple[str, list]] = {}
    groupes: list[tuple[str, list[str]]] = []

    # Searches that find something, if a word of the one asked is in no record: the first is answered.
    propositions: list[str] = []

    q = WordsFilter(label="mot dans la fiche", method="search")

    @cached_property
    def requete(self) -> Query:
        """What the list answers, understood once for its counts and its marks: what was typed, or its first mending."""
        text = self.form.cleaned_data.get("q")
        query = understand(text)
        if is_misspelt(query):
            self.propositions = proposals(text, query, self.queryset)
            if self.propositions:
                return understand(self.propositions[0])
        return query

    @cached_property
    def mode(self) -> Mode:
        """All words, or any of them if no public record has them all: one answer for the list and all its counts."""
        return mode_for(self.queryset, self.requete)

    def search(self, queryset, name, text):
        return matching(queryset, self.requete, self.mode)

    def by_relevance(self, queryset):
        """`queryset`, already narrowed to the matches, best first; in the list's first order if no word ranks them."""
        if not self.requete.wanted:  # stop words alone, or exclusions
            _, order = next(iter(self.tris.values()))
            return queryset.order_by(*order, "pk")
        return by_relevance(queryset, self.requete, self.mode)

    def check(self, values: dict) -> dict[str, str]:
        """{parameter: message} for values that are well-formed but contradict each other."""
        return {}
