"""The filter set that every public list extends: search, sorts and figures, beside the filters of the type."""

from functools import cache, cached_property

from django.forms import Form
from django_filters import FilterSet
from pyroaring import BitMap

from socle.catalogue.filters import DepuisFilter, ExactFilter, MontantFilter, WordsFilter
from socle.catalogue.list_sets import ListSets
from socle.journal.following import FICHES
from socle.recherche.corrections import proposals
from socle.recherche.parsing import Mode, Query
from socle.recherche.query import documents, understand, unwanted, wanted


class SelectionFilterSet(FilterSet):
    """`tris`: {value of `tri`: (label, ordering)}, the default first. Orderings need not end with the key.

    `groupes`: [(heading, names of its filters)], as on the page; `q` stands above them.
    """

    tris: dict[str, tuple[str, list]] = {}
    groupes: list[tuple[str, list[str]]] = []

    # {column: (ascending value of `tri`, descending value)}, "" for none.
    tris_de: dict[str, tuple[str, str]] = {"titre": ("titre", ""), "modifiee_le": ("", "recent")}

    # Whether a search gives the best first; else the first order of the list.
    par_pertinence = True

    # Searches that find something, if no record has a word of the one asked; the first of them is answered.
    propositions: list[str] = []

    #: The field of the amount that is summed, or "".
    mesure = ""
    #: A sentence: what the amount is.
    mesure_en_mots = ""
    #: (facet, value) for records of unknown amount.
    mesure_inconnue: tuple[str, str] | tuple[()] = ()
    #: "singular|plural" for records whose amount counts in no total.
    non_comptee_en_mots = ""
    #: A sentence: how to sum a file as the site does.
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
        """The form of this request. Each field has its filter as `filtre`."""
        form = super().form
        for name, one in self.filters.items():
            form.fields[name].filtre = one
        return form

    @staticmethod
    def moment():
        """The moment on which its sorts depend, or None."""
        return None

    @classmethod
    def mesures(cls) -> set[str]:
        """The fields of the amounts that it filters; 0 in them means unknown."""
        return {one.field_name for one in cls.base_filters.values() if isinstance(one, MontantFilter)}

    @classmethod
    def non_comptees(cls) -> BitMap:
        """Records whose amount counts in no total."""
        return BitMap()

    def montants_connus(self) -> BitMap:
        return self.list_sets.mesure(self.mesure).known if self.mesure else BitMap()

    @classmethod
    def public(cls):
        return cls._meta.model.objects.published()

    @classmethod
    def public_by_key(cls):
        """Like `public`, for callers that narrow by keys or by words at once."""
        return cls._meta.model.objects.published_by_key()

    @cached_property
    def list_sets(self) -> ListSets:
        """The sets of the list, as they are when they are first asked for."""
        return ListSets(self.declaration)

    @cached_property
    def requete(self) -> Query:
        """The search that the list answers, for its counts and its marks: as typed, or its first mending."""
        text = self.form.cleaned_data.get("q")
        query = understand(text)
        if query.unknown and not self.form.cleaned_data.get("exact"):
            self.propositions = proposals(text, query, self.queryset)
            if self.propositions:
                return understand(self.propositions[0])
        return query

    @cached_property
    def mode(self) -> Mode:
        """ALL, or ANY if no public record has all words. The same for the list and all its counts."""
        query = self.requete
        if len(query.termes) < 2:
            return Mode.ALL
        if query.tous == 0 or not self._answers(self.list_sets, Mode.ALL):
            return Mode.ANY
        return Mode.ALL

    def answers(self, list_sets: ListSets) -> BitMap:
        return self._answers(list_sets, self.mode)

    def _answers(self, list_sets: ListSets, mode: Mode) -> BitMap:
        found = list_sets.publiques
        if terms := wanted(self.requete):
            found = found & self._documents(list_sets, terms, mode)
        if terms := unwanted(self.requete):
            found = found - self._documents(list_sets, terms, Mode.ANY)
        return found

    @staticmethod
    def _documents(list_sets: ListSets, terms, mode: Mode) -> BitMap:
        return list_sets.cached(("mots", terms, mode), lambda: BitMap(documents(terms, mode)), FICHES)

    def check(self, values: dict) -> dict[str, str]:
        """{parameter: message} for well-formed values that contradict each other."""
        return {}
