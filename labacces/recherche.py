"""The search of the site: one list of all public records, best first."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from fiches import registre
from fiches.choice_lists import Theme
from fiches.columns import (
    DEPARTEMENT,
    DEPARTEMENT_CODE,
    IDENTIFIANT,
    MODIFIEE_LE,
    PUBLIEE_LE,
    URL,
    named,
    page_address,
)
from fiches.filters import AUTOUR, TAILLE, DepartementFacet, SitueeFilterSet
from fiches.models import Fiche
from fiches.views import FicheListView
from socle.annuaire.models import Entree
from socle.catalogue.columns import Column
from socle.catalogue.filters import Facet, WordsFilter
from socle.catalogue.nearby import communes
from socle.francais.texte import fold
from socle.francais.typographie import bas_de_casse
from socle.journal.cache import cached
from socle.journal.following import FICHES


class TypeFacet(Facet):
    """The record type, named and ordered as in the registre."""

    mots_entiers = True  # « service » is not « ticket service »

    def __init__(self, **kwargs):
        super().__init__(
            label="type de fiche",
            field_name="type",
            known=lambda values: {value: _types()[value].nom for value in values if value in _types()},
            describe=lambda value, nom: _types()[value].titre,
            phrase="de type",
            **kwargs,
        )

    def sort(self, held):
        return [cle for cle in _types() if cle in held]

    def aliases(self, values):
        types = ((value, _types()[value]) for value in values if value in _types())
        return {value: [one.nom_pluriel, one.titre, one.menu, *one.aliases] for value, one in types}


def _types() -> dict[str, registre.TypeDeFiche]:
    """Declared types by key, in the menu's order."""
    return {declaration.cle: declaration for declaration in registre.types()}


class RechercheFilterSet(SitueeFilterSet):
    tris = {"recent": ("Mise à jour récente", ["-datee", "-modifiee_le"]), "titre": ("Titre, A à Z", ["tri"])}
    tris_de = {"intitule": ("titre", ""), "modifiee_le": ("", "recent")}
    groupes = [("Type de fiche", ["type"]), ("Département", ["departement"]), TAILLE, AUTOUR]

    q = WordsFilter(label="mots à chercher")
    type = TypeFacet()
    departement = DepartementFacet()

    class Meta:
        model = Entree
        fields = []

    @classmethod
    def public(cls):
        """All public records of declared types."""
        return super().public().filter(type__in=list(_types()))

    @classmethod
    def public_by_key(cls):
        return super().public_by_key().filter(type__in=list(_types()))


def _address(model: type[Entree]):
    addresses = {declaration.cle: page_address(declaration.model) for declaration in registre.types()}
    return ("type", "slug"), lambda cle, slug: addresses[cle](slug)


COLUMNS = [
    IDENTIFIANT,
    Column("type", ("type",), lambda cle: registre.get(cle).nom),
    Column("intitule", ("titre",), titre="Intitulé"),  # the short one: the directory has no title as written
    DEPARTEMENT_CODE,
    DEPARTEMENT,
    named("provenance", "lieu"),
    PUBLIEE_LE,
    MODIFIEE_LE,
    replace(URL, made=_address),
]


@dataclass(frozen=True)
class Resultat:
    """A result of the search. `fiche`: None if it has just gone."""

    entree: Entree
    declaration: registre.TypeDeFiche
    fiche: Fiche | None

    @property
    def provenance(self) -> str:
        """« Projet, Berric (56), 6 736 € »; « Épisode 8 », without the type if the place names it."""
        nom, lieu = self.declaration.nom, bas_de_casse(self.entree.lieu, noms=True)
        parts = [lieu] if fold(lieu).startswith(fold(nom)) else [nom[:1].upper() + nom[1:], lieu]
        words = ", ".join(filter(None, parts))
        if self.entree.departement_id:
            words += f" ({self.entree.departement_id})"
        return ", ".join(filter(None, (words, self.fiche and self.fiche.chiffre_affiche)))


class RechercheView(FicheListView):
    """`/recherche/` and its views. Without a question, it shows an invitation."""

    filterset_class = RechercheFilterSet
    columns = COLUMNS
    template_name = "recherche.html"
    imprimable = False
    comparable = False
    keeps = ()
    tableau = ("type", "provenance", "departement", "modifiee_le")

    def for_cards(self, queryset):
        return queryset

    def records(self, selection, keys):
        """The records of several types: two queries for each type."""
        types, found = dict(selection.rows(keys).values_list("pk", "type")), {}
        for cle, declaration in _types().items():
            if pks := [key for key in keys if types.get(key) == cle]:
                found |= declaration.liste().for_export(declaration.model.objects.published_by_key()).in_bulk(pks)
        return [found[key] for key in keys if key in found]

    def get_context(self, selection, page, unknown_page):
        context = super().get_context(selection, page, unknown_page)
        if not selection.values:
            counts = registre.counts()
            types = [(_types()[cle], counts[cle]) for cle in _types() if counts.get(cle)]
            departements = selection.options("departement")
            return context | {"types": types, "departements": departements, "exemples": cached("exemples", examples)}
        return context | {"resultats": resultats(page), "listes": self._lists(selection)}

    def _lists(self, selection) -> list[tuple[registre.TypeDeFiche, str]]:
        """Types with results, and their lists under the same filters, if they have them all."""
        asked = selection.values.keys() - {"type"}
        chosen = selection.values.get("type") or [cle for cle, number in selection.counts("type").items() if number]
        query = urlencode([pair for pair in selection.pairs() if pair[0] in asked])
        return [
            (one, f"{one.lien}?{query}")
            for one in (_types()[cle] for cle in chosen)
            if asked and asked <= one.liste().filterset_class.base_filters.keys()
        ]


def examples() -> list[str]:
    """The two most frequent themes and the most frequent commune."""
    themes, places = Counter(), Counter()
    for one in registre.sets().values():
        themes.update({slug: len(records) for slug, records in one.valeurs("theme").items()})
        lieux = one.valeurs("lieu")
        places.update({commune.nom: len(lieux[code]) for code, commune in communes(one).items()})
    names = dict(Theme.objects.order_by().filter(slug__in=themes).values_list("slug", "nom"))
    found = [names[slug] for slug in sorted(themes, key=lambda slug: (-themes[slug], slug)) if slug in names]
    return found[:2] + sorted(places, key=lambda nom: (-places[nom], nom))[:1]


class Site(registre.TypeDeFiche):
    """The whole site in the role of a record type."""

    espace = "recherche"
    ensemble = "Toutes les fiches"
    types = (FICHES,)


SITE = Site(
    cle="",
    model=Entree,
    nom="fiche",
    nom_pluriel="fiches",
    feminin=True,
    titre="Recherche",
    accroche="Toutes les fiches de LabAccès, quel que soit leur type.",
    liste=RechercheView,
    page=None,
    voyant="",
    racine=("carte",),
    a_la_minute=True,
)


def resultats(entrees: Iterable[Entree]) -> list[Resultat]:
    """Entries with their records: one query for each type."""
    entrees, types = list(entrees), _types()
    fiches = {}
    for cle in dict.fromkeys(entree.type for entree in entrees):
        pks = [entree.pk for entree in entrees if entree.type == cle]
        fiches |= types[cle].model.objects.published_by_key().in_bulk(pks)
    return [Resultat(entree, types[entree.type], fiches.get(entree.pk)) for entree in entrees]
