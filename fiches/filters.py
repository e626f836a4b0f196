"""The filter set of records, and facets that several types share."""

from collections.abc import Callable

from fiches.lists import Choix, Theme
from socle.catalogue.filters import Facet, known_names
from socle.catalogue.filterset import SelectionFilterSet
from socle.catalogue.nearby import AutourFilter, RayonFilter
from socle.francais.mots import ou
from socle.territoires.models import Departement, Region
from socle.territoires.prepositions import dans_la_region, dans_le_departement


class SitueeFilterSet(SelectionFilterSet):
    """The filter set of records that have a commune. A list names `AUTOUR` among its groups."""

    autour = AutourFilter(
        label="nom de la commune", field_name="commune", help_text="Par exemple Dinan, ou Saint-Malo (35)"
    )
    rayon = RayonFilter(label="rayon en km (20 si vide)")

    def check(self, values):
        if values.get("rayon") and not self.data.get("autour", "").strip():
            return {"rayon": "Le rayon ne sert qu’avec une commune : écrivez son nom."}
        return super().check(values)


AUTOUR = ("Autour d’une commune", ["autour", "rayon"])


class ChoixFacet(Facet):
    """A facet on a field that chooses from one list: a foreign key to Choix, or several."""

    def __init__(self, liste: Choix.Liste, *, field_name: str, **kwargs):
        super().__init__(
            field_name=f"{field_name}__slug",
            known=lambda values: dict(Choix.objects.filter(liste=liste, slug__in=values).values_list("slug", "nom")),
            **kwargs,
        )


class ThemeFacet(Facet):
    """The themes of a record."""

    def __init__(self, **kwargs):
        super().__init__(
            label="thème",
            by_count=True,
            field_name="themes__slug",
            known=known_names(Theme, "slug"),
            phrase="sur",
            **kwargs,
        )


class LieuFacet(Facet):
    """A facet of places by their codes. `situer`: (code, name) to where that is, « dans les Côtes-d’Armor »."""

    def __init__(self, *, situer: Callable[[str, str], str], **kwargs):
        super().__init__(phrase="en", **kwargs)
        self.situer = situer

    def words(self, value):
        """« dans le Morbihan ou en Ille-et-Vilaine »."""
        return ou([self.situer(code, self.names[code]) for code in value])


class DepartementFacet(LieuFacet):
    """The département of a record, by its code."""

    def __init__(self, **kwargs):
        super().__init__(
            label="département",
            field_name="departement",
            known=known_names(Departement),
            describe=lambda code, nom: f"{nom} ({code})",
            situer=dans_le_departement,
            **kwargs,
        )


class RegionFacet(LieuFacet):
    """The region of a record's département, by its code."""

    def __init__(self, **kwargs):
        super().__init__(
            label="région",
            field_name="departement__region",
            known=known_names(Region),
            situer=dans_la_region,
            **kwargs,
        )
