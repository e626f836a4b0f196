"""Filters and sorts of the list of surveys, in the words of its address."""

from django.db.models import Exists, OuterRef, Q, Subquery
from pyroaring import BitMap

from fiches.choice_lists import Choix
from fiches.enquetes.indemnites import Unite
from fiches.enquetes.models import Enquete, MontantDEnquete, nom_court
from fiches.filters import AUTOUR, TAILLE, AnneeFacet, ChoixFacet, DepartementFacet, SitueeFilterSet, ThemeFacet
from socle.catalogue.filters import Facet


class ModeFacet(ChoixFacet):
    """Modes of recognition, without the examples in parentheses."""

    def named(self, values):
        return {value: nom_court(nom) for value, nom in super().named(values).items()}

    def aliases(self, values):
        """The examples too, and « payé à l’heure » for paid time."""
        found = {}
        for value, nom in super().named(values).items():
            temps = ["payé à l’heure"] if value.startswith("remuneration-") else []
            found[value] = [self.names[value], *nom.partition("(")[2].rstrip(")").split(","), *temps]
        return found


class UniteFacet(Facet):
    """Units of payment, in the form's order."""

    ordonnee = True

    def __init__(self, **kwargs):
        units = dict(Unite.choices)
        super().__init__(
            field_name="montants__unite",
            known=lambda values: {value: units[value] for value in values if value in units},
            describe=lambda value, nom: f"{nom[:1].upper()}{nom[1:]}",
            **kwargs,
        )

    def sort(self, held):
        return [unite.value for unite in Unite if unite in held]


class MontantFacet(Facet):
    """Whether an amount is known, maybe in another unit than the chosen one: the words say so."""

    def words(self, value, accorde):
        any_line = " pour ce paiement ou un autre" if self.parent.form.cleaned_data.get("unite") else ""
        return f"{super().words(value, accorde)}{any_line}"


# Amounts are compared within one unit: hours first, then half-days…
_MONTANTS = MontantDEnquete.objects.filter(enquete=OuterRef("pk"), min_eur__isnull=False)


class EnqueteFilterSet(SitueeFilterSet):
    groupes = [
        ("Comment on est payé", ["unite", "montant"]),
        ("Mode de reconnaissance", ["mode"]),
        ("Niveau de participation", ["niveau"]),
        ("Type d’organisation", ["type_organisation"]),
        ("Échelle", ["echelle"]),
        ("Département", ["departement"]),
        ("Thème", ["theme"]),
        TAILLE,
        AUTOUR,
    ]

    unite = UniteFacet(label="comment on est payé", phrase="où l’on est payé")
    montant = MontantFacet(
        label="montant", choices=[("connu", "Montant indiqué", Q(Exists(_MONTANTS)))], phrase="avec un"
    )
    mode = ModeFacet(
        Choix.Liste.RECONNAISSANCE,
        label="mode de reconnaissance",
        field_name="modes_reconnaissance",
        phrase="avec",
    )
    niveau = ChoixFacet(
        Choix.Liste.PARTICIPATION, label="niveau de participation", field_name="niveau", phrase="au niveau"
    )
    type_organisation = ChoixFacet(
        Choix.Liste.TYPE_ORGANISATION,
        label="type d’organisation",
        field_name="types_organisation",
        phrase="par",
    )
    echelle = ChoixFacet(Choix.Liste.ECHELLE, label="échelle", field_name="echelle", phrase="à l’échelle")
    departement = DepartementFacet()
    theme = ThemeFacet()
    annee = AnneeFacet()

    class Meta:
        model = Enquete
        fields = []

    def montants_connus(self):
        return self.list_sets.valeurs("montant").get("connu", BitMap())

    @property
    def tris(self):
        """Amounts are sorted within the chosen units, one unit after another; the labels say so."""
        rows, unites = _MONTANTS.order_by("rang"), self.form.cleaned_data.get("unite") or []
        if unites:
            rows = rows.filter(unite__in=unites)
        within = {0: " par unité, l’heure d’abord", 1: ""}.get(len(unites), " par unité")
        unite, most, least = (Subquery(rows.values(name)[:1]) for name in ("rang", "max_eur", "min_eur"))
        first = unite.asc(nulls_last=True)
        return {
            "titre": ("Titre, A à Z", ["entree__tri"]),
            "montant-decroissant": (f"Montant décroissant{within}", [first, most.desc(nulls_last=True)]),
            "montant-croissant": (f"Montant croissant{within}", [first, least.asc(nulls_last=True)]),
            "recent": ("Mise à jour récente", ["-datee", "-modifiee_le"]),
        }
