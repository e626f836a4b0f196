"""Facets that several record types share."""

from fiches.catalogue.filtres import Facet, known_names
from fiches.models import Choix, Theme
from fiches.referentiels.models import Departement


class ChoixFacet(Facet):
    """A facet on a field that chooses from one list: a foreign key to Choix, or several (`multiple=True`)."""

    def __init__(self, liste: Choix.Liste, *, field_name: str, **kwargs):
        super().__init__(
            field_name=f"{field_name}__slug",
            label_name=f"{field_name}__nom",
            known=lambda values: dict(Choix.objects.filter(liste=liste, slug__in=values).values_list("slug", "nom")),
            **kwargs,
        )


class ThemeFacet(Facet):
    """The themes of a record."""

    def __init__(self, **kwargs):
        super().__init__(
            label="thème",
            field_name="themes__slug",
            label_name="themes__nom",
            known=known_names(Theme, "slug"),
            multiple=True,
            phrase="sur",
            **kwargs,
        )


class DepartementFacet(Facet):
    """The département of a record, by its code."""

    def __init__(self, **kwargs):
        super().__init__(
            label="département",
            field_name="departement",
            label_name="departement__nom",
            known=known_names(Departement),
            describe=lambda code, nom: f"{nom} ({code})",
            phrase="en",
            **kwargs,
        )
