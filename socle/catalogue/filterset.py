"""The filter set that every public list extends: search and sorts, on top of the type's own filters."""

from functools import cache, cached_property

from django.forms import Form
from django_filters import FilterSet
from pyroaring import BitMap

from socle.catalogue.ensembles import Ensembles
from socle.catalogue.filters import DepuisFilter, ExactFilter, MontantFilter, WordsFilter
from socle.journal.following import FICHES
from socle.recherche.corrections import proposals
from socle.recherche.parsing import Mode, Query
from socle.recherche.query import documents, understand, unwanted, wanted


class SelectionFilterSet(FilterSet):
    """`tris`: {value of `tri`: (label, ordering)}, the default first. Orderings need not end with the key.

    `groupes`: [(heading, names of the filters under it)], as the page shows them; `q` stands above them all.
    """

    tris: dict[str, tuple[str, list]] = {}
    groupes: list[tuple[str, list[str]]] = []

    # {column: the values of `tri` by which it rises and falls}, "" where there is none.
    tris_de: dict[str, tuple[str, str]] = {"titre": ("titre", ""), "modifiee_le": ("", "recent")}

    # Whether the answers of a search come best first; if not, in the first order of the list.
    par_pertinence = True

    # Searches that find something, if a word of the one asked is in no record: the first is answered.
    propositions: list[str] = []

    # The field of the amount that its records have and that is summed, "" if they have none; what that amount is, in a
    # sentence; the facet and its value that ask for those of which nobody knows it; how a record is called whose amount
    # counts in no total: "singular|plural"; how whoever has a file adds the amounts up as the site does, in a sentence.
    mesure = ""
    mesure_en_mots = ""
    mesure_inconnue: tuple[str, str] | tuple[()] = ()
    non_comptee_en_mots = ""
    total_en_mots = ""

    q = WordsFilter(label="mot dans la fiche")
    exact = ExactFilter(label="chercher ces mots sans les corriger", help_text="1, ou rien")
    modifiee_depuis = DepuisFilter(
        label="modifiée depuis",
        help_text="Une date, AAAA-MM-JJ, ou un instant, AAAA-MM-JJTHH:MM:SSZ, du journal des changements",
    )

    def __init__(self, declaration, data):
        """`data`: what is asked of the public records of the list of a declaration."""
        super().__init__(data, queryset=self.public())
        self.declaration = declaration

    @classmethod
    @cache
    def get_form_class(cls) -> type[Form]:
        """Made once for all requests."""
        fields = {name: one.field for name, one in cls.base_filters.items()}
        return type(f"{cls.__name__}Form", (cls._meta.form,), fields)

    @cached_property
    def form(self) -> Form:
        """The form of this request. Each field knows its filter (`filtre`)."""
        form = super().form
        for name, one in self.filters.items():
            form.fields[name].filtre = one
        return form

    @staticmethod
    def moment():
        """The moment of the clock that its sorts are of; None if they are of none."""
        return None

    @classmethod
    def mesures(cls) -> set[str]:
        """The fields of the amounts that it bounds, of which 0 says that nobody knows them."""
        return {one.field_name for one in cls.base_filters.values() if isinstance(one, MontantFilter)}

    @classmethod
    def non_comptees(cls) -> BitMap:
        """The records whose amount counts in no total."""
        return BitMap()

    def montants_connus(self) -> BitMap:
        """The records of which an amount is known."""
        return self.ensembles.mesure(self.mesure).known if self.mesure else BitMap()

    @classmethod
    def public(cls):
        """Every public record of the list."""
        return cls._meta.model.objects.published()

    @classmethod
    def public_by_key(cls):
        """The same, for who narrows them by keys or by words at once."""
        return cls._meta.model.objects.published_by_key()

    @cached_property
    def ensembles(self) -> Ensembles:
        """The sets of the list, as they are when they are first asked for."""
        return Ensembles(self.declaration)

    @cached_property
    def requete(self) -> Query:
        """What the list answers, understood once for its counts and its marks: what was typed, or its first mending."""
        text = self.form.cleaned_data.get("q")
        query = understand(text)
        if query.unknown and not self.form.cleaned_data.get("exact"):
            self.propositions = proposals(text, query, self.queryset)
            if self.propositions:
                return understand(self.propositions[0])
        return query

    @cached_property
    def mode(self) -> Mode:
        """All words, or any of them if no public record has them all: one answer for the list and all its counts."""
        query = self.requete
        if len(query.termes) < 2:
            return Mode.ALL
        if query.tous == 0 or not self._answers(self.ensembles, Mode.ALL):
            return Mode.ANY
        return Mode.ALL

    def answers(self, ensembles: Ensembles) -> BitMap:
        """The public records that answer the search."""
        return self._answers(ensembles, self.mode)

    def _answers(self, ensembles: Ensembles, mode: Mode) -> BitMap:
        found = ensembles.publiques
        if terms := wanted(self.requete):
            found = found & self._documents(ensembles, terms, mode)
        if terms := unwanted(self.requete):
            found = found - self._documents(ensembles, terms, Mode.ANY)
        return found

    @staticmethod
    def _documents(ensembles: Ensembles, terms, mode: Mode) -> BitMap:
        return ensembles.cached(("mots", terms, mode), lambda: BitMap(documents(terms, mode)), FICHES)

    def check(self, values: dict) -> dict[str, str]:
        """{parameter: message} for values that are well-formed but contradict each other."""
        return {}
