"""Filters and sorts of the list of projects, in the words of its address."""

from decimal import Decimal
from itertools import pairwise

from django.db.models import F, Q, Value
from django.db.models.functions import NullIf
from pyroaring import BitMap

from fiches.filters import (
    AUTOUR,
    TAILLE,
    AnneeFacet,
    DepartementFacet,
    LieuExactFacet,
    RegionFacet,
    SitueeFilterSet,
    ThemeFacet,
)
from projets.models import Projet, replacements
from socle.catalogue.filters import Facet, MontantFilter, known_names
from socle.francais.wording import euros
from socle.territoires.models import Intercommunalite

BOUNDS = [2500, 5000, 10000, 20000, 40000]


def tranches() -> list[tuple[str, str, Q]]:
    """(value, label, condition) of each bracket: from its lower bound on, below its upper bound."""
    rows = [(f"0-{BOUNDS[0]}", f"Moins de {euros(BOUNDS[0])}", Q(montant_eur__gt=0, montant_eur__lt=BOUNDS[0]))]
    for low, high in pairwise(BOUNDS):
        label = f"De {euros(low).removesuffix('€').strip()} à moins de {euros(high)}"
        rows.append((f"{low}-{high}", label, Q(montant_eur__gte=low, montant_eur__lt=high)))
    rows.append((f"{BOUNDS[-1]}-", f"{euros(BOUNDS[-1])} et plus", Q(montant_eur__gte=BOUNDS[-1])))
    unknown = Q(montant_eur__isnull=True) | Q(montant_eur=0)
    return [*rows, ("inconnu", "Montant non renseigné", unknown)]


class ProjetFilterSet(SitueeFilterSet):
    mesure = "montant_eur"
    mesure_en_mots = "Des montants accordés par France Relance, pas des dépenses vérifiées."
    mesure_inconnue = ("tranche", "inconnu")
    non_comptee_en_mots = "fiche remplacée par une version suivante|fiches remplacées par une version suivante"
    total_en_mots = (
        "Une fiche remplacée par une version suivante ne compte dans aucun total : pour retrouver ceux du site, "
        "additionnez les montants des lignes dont « remplacee_par » (« Remplacée par la fiche ») est vide."
    )
    tris = {
        "collectivite": ("Collectivité, A à Z", ["collectivite_tri"]),
        "montant-decroissant": ("Montant décroissant", [F("montant_eur").desc(nulls_last=True)]),
        "montant-croissant": ("Montant croissant", [NullIf("montant_eur", Value(Decimal(0))).asc(nulls_last=True)]),
        "recent": ("Mise à jour récente", ["-datee", "-modifiee_le"]),
    }

    tris_de = {
        "collectivite": ("collectivite", ""),
        "montant_eur": ("montant-croissant", "montant-decroissant"),
        "modifiee_le": ("", "recent"),
    }
    groupes = [
        ("Région", ["region"]),
        ("Département", ["departement"]),
        ("Intercommunalité", ["intercommunalite"]),
        ("Montant du financement", ["montant_min", "montant_max", "tranche"]),
        ("Thème", ["theme"]),
        TAILLE,
        AUTOUR,
    ]

    lieu = LieuExactFacet("commune", "intercommunalite", "departement")
    region = RegionFacet()
    departement = DepartementFacet()
    intercommunalite = Facet(
        label="intercommunalité",
        field_name="intercommunalite",
        known=known_names(Intercommunalite),
        phrase="dans",
        by_count=True,
    )
    tranche = Facet(label="montant du financement", choices=tranches())
    montant_min = MontantFilter(label="minimum (€)", field_name="montant_eur", lookup_expr="gte")
    montant_max = MontantFilter(label="maximum (€)", field_name="montant_eur", lookup_expr="lte")
    theme = ThemeFacet()
    annee = AnneeFacet()

    class Meta:
        model = Projet
        fields = []

    @classmethod
    def non_comptees(cls):
        return BitMap(replacements())

    def check(self, values):
        low, high = values.get("montant_min"), values.get("montant_max")
        if low is not None and high is not None and low > high:
            return {"montant_max": "Le maximum est plus petit que le minimum : corrigez l’un des deux."}
        return super().check(values)
