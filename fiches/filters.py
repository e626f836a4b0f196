"""The filter set of records with a place, and facets of several types. Each type's filters.py picks from them."""

from collections.abc import Callable

from django.db.models import Case, CharField, Expression, F, Q, Value, When
from django.db.models.functions import Cast, Coalesce, ExtractYear
from pyroaring import BitMap

from fiches.choice_lists import Choix, Theme
from fiches.themes import key_lines
from socle.catalogue.filters import Facet, known_names
from socle.catalogue.filterset import SelectionFilterSet
from socle.catalogue.nearby import AutourFilter, RayonFilter, communes
from socle.francais.wording import ou
from socle.territoires.lieux import COMMUNE, located
from socle.territoires.models import Departement, Region
from socle.territoires.populations import ANNEE, populations, taille, tailles
from socle.territoires.prepositions import a_la_commune, dans_la_region, dans_le_departement


class ChoixFacet(Facet):
    """A facet on a foreign key or many-to-many field to one list of Choix."""

    def __init__(self, liste: Choix.Liste, *, field_name: str, **kwargs):
        super().__init__(
            field_name=f"{field_name}__slug",
            known=lambda values: dict(Choix.objects.filter(liste=liste, slug__in=values).values_list("slug", "nom")),
            **kwargs,
        )


class ThemeFacet(Facet):
    def __init__(self, **kwargs):
        super().__init__(
            label="thème",
            by_count=True,
            field_name="themes__slug",
            known=known_names(Theme, "slug"),
            phrase="sur",
            **kwargs,
        )

    def aliases(self, values):
        """Key words too, except those after « sauf »."""
        rows = Theme.objects.filter(slug__in=values).values_list("slug", "nom", "mots_cles")
        return {
            slug: [nom, *(words for words, spared in key_lines(mots_cles) if not spared)]
            for slug, nom, mots_cles in rows
        }


class LieuFacet(Facet):
    """A facet of places by their codes. `situer`: (code, name) → « dans les Côtes-d’Armor »."""

    def __init__(self, *, situer: Callable[[str, str], str], **kwargs):
        super().__init__(phrase="en", **kwargs)
        self.situer = situer

    def words(self, value, accorde):
        """« dans le Morbihan ou en Ille-et-Vilaine »."""
        return ou([self.situer(code, self.names[code]) for code in value])


class DepartementFacet(LieuFacet):
    habitants = staticmethod(populations)

    def __init__(self, **kwargs):
        super().__init__(
            label="département",
            field_name="departement",
            known=known_names(Departement),
            describe=lambda code, nom: f"{nom} ({code})",
            situer=dans_le_departement,
            **kwargs,
        )

    def aliases(self, values):
        return {value: [self.names[value], value] for value in values}


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


class Annee(ExtractYear):
    """The year, in the site's time zone.

    On SQLite, Django's expression calls Python for each row: most of the time of a long list. Here, only rows of 31
    December and 1 January do, because their year depends on the time zone.
    """

    def as_sqlite(self, compiler, connection):
        moment, params = compiler.compile(self.lhs)
        exact, exact_params = super().as_sql(compiler, connection)
        cases = f"WHEN substr({moment}, 6, 5) IN ('12-31', '01-01') THEN {exact}"
        return f"CASE {cases} ELSE CAST(substr({moment}, 1, 4) AS integer) END", (*params, *exact_params, *params)


class AnneeFacet(Facet):
    """`day`: an expression; by default the publication, if its date is known."""

    ordonnee = True

    def __init__(self, *, label: str = "année de publication", day: Expression | None = None, **kwargs):
        super().__init__(label=label, phrase="de", **kwargs)
        self.day = day or Case(When(datee=True, then=F("publiee_le")))

    @property
    def expression(self):
        return Cast(Annee(self.day), CharField())


class LieuExactFacet(LieuFacet):
    """A record's most exact place: the code of the first of `fields` that has one, else SANS_LIEU.

    No form shows it; links from the map use it.
    """

    SANS_LIEU = "aucun"
    chiffree = False  # the map gives them

    def __init__(self, *fields: str):
        super().__init__(label="lieu", field_name=fields[0], known=_names, situer=_at_place)
        self.fields = fields

    def aliases(self, values):
        """Names of communes only; other facets add the département."""
        wanted = set(values)  # there are thousands
        return {code: [commune.nom] for code, commune in communes(self.source[0]).items() if code in wanted}

    @property
    def expression(self):
        return Coalesce(*(Cast(F(field), CharField()) for field in self.fields), Value(self.SANS_LIEU))


def _names(codes: list[str]) -> dict[str, str]:
    lieux = located(codes)
    found = {code: lieux[code].nom for code in codes if code in lieux}
    return found | ({LieuExactFacet.SANS_LIEU: "Lieu non précisé"} if LieuExactFacet.SANS_LIEU in codes else {})


def _at_place(code: str, nom: str) -> str:
    """« à Dinan (22) », « dans Dinan Agglomération », « dans le Morbihan (sans précision) », « sans lieu »."""
    if code == LieuExactFacet.SANS_LIEU:
        return "sans lieu précisé"
    if len(code) == COMMUNE:
        return a_la_commune(nom)
    return f"dans {nom}" if len(code) > COMMUNE else dans_le_departement(code, nom)


class TailleFacet(Facet):
    """The size of a record's commune, from the facet `lieu` and official populations: new populations count at once."""

    kept = False
    aide = f"Habitants en {ANNEE}, Insee"

    def __init__(self):
        choices = []
        for value, label, low, high in tailles():
            within = Q(commune__population__gte=low)
            choices.append((value, label, within if high is None else within & Q(commune__population__lt=high)))
        super().__init__(label="taille de la commune", choices=choices, phrase="dans une commune")

    def valeurs(self, list_sets, name):
        def gathered():
            found, held = {value: [] for value, _, _ in self.choices}, list_sets.valeurs("lieu")
            for code, commune in communes(list_sets).items():
                if commune.population is not None:
                    found[taille(commune.population)].append(held[code])
            return {value: BitMap.union(BitMap(), *sets) for value, sets in found.items()}

        return list_sets.of_facet("lieu", ("tailles",), gathered)

    def aliases(self, values):
        """Words for small and large communes: nobody searches for a number."""
        small, large = ["petite commune", "commune rurale", "village"], ["grande ville", "métropole"]
        named = {values[0]: small, values[1]: small, values[-1]: large}
        return {value: [self.names[value], *named.get(value, ())] for value in values}

    def words(self, value, accorde):
        """« dans une commune de moins de 1 000 habitants ou de 50 000 habitants et plus en 2023 »."""
        names = [self.names[item] for item in value]
        names = [f"d{nom[1:]}" if nom.startswith("De ") else f"de {nom[:1].lower()}{nom[1:]}" for nom in names]
        return f"{self.phrase} {ou(names)} en {ANNEE}"


class SitueeFilterSet(SelectionFilterSet):
    """The filter set of records with a commune. A list puts `TAILLE` and `AUTOUR` into `groupes`."""

    lieu = LieuExactFacet("commune", "departement")
    taille = TailleFacet()
    autour = AutourFilter(label="nom de la commune", help_text="Son nom, son nom et son département, ou son code INSEE")
    rayon = RayonFilter(label="rayon en km (20 si vide)")

    def check(self, values):
        if values.get("rayon") and not self.data.get("autour", "").strip():
            return {"rayon": "Le rayon ne sert qu’avec une commune : écrivez son nom."}
        return super().check(values)


TAILLE = ("Taille de la commune", ["taille"])
AUTOUR = ("Autour d’une commune", ["autour", "rayon"])
