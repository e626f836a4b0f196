"""The subsidies of a list in the national schema: SCDL « subventions » 2.1.1.

Rows are complete and current projects. Nothing is made up: the page beside the file says what others lack.
"""

from dataclasses import dataclass
from functools import reduce
from itertools import compress
from operator import and_, or_

from django.conf import settings
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.shortcuts import render
from pyroaring import BitMap

from projets.columns import montant
from projets.models import Projet, is_replaced
from projets.nomenclature import NatureDeSubvention
from socle.catalogue.columns import Column
from socle.catalogue.fichier_csv import stream
from socle.catalogue.list_sets import ListSets
from socle.catalogue.tuples import blocks
from socle.vie_privee.mentions import MASQUES
from socle.vues.fichier_csv import streamed
from socle.vues.vue import Vue, link

SCHEMA = "https://schema.data.gouv.fr/scdl/subventions/2.1.1/documentation.html"
OBJET = 256  # characters, set by the schema

# For each compulsory column with its own field: which projects fill it in.
DITES = {
    "dateConvention": Q(convention_le__isnull=False),
    "nomBeneficiaire": ~reduce(or_, (Q(collectivite_publique__contains=mask) for mask in MASQUES))
    & ~Q(collectivite_publique=""),
    "idBeneficiaire": ~Q(siret="", rna=""),
    "objet": ~Q(titre_public=""),
    "montant": Q(montant_eur__gt=0),
    "nature": ~Q(nature=""),
    "conditionsVersement": ~Q(versement=""),
    "datesPeriodeVersement": Q(verse_le__isnull=False),
    "notificationUE": ~Q(notification_ue=""),
    "pourcentageSubvention": Q(part_pourcent__isnull=False),
}
# Compulsory columns, in the schema's order.
OBLIGATOIRES = {
    "nomAttribuant": "nom de l’attribuant",
    "idAttribuant": "SIRET de l’attribuant",
    "dateConvention": "date de la convention",
    "nomBeneficiaire": "nom du bénéficiaire",
    "idBeneficiaire": "SIRET ou numéro RNA du bénéficiaire",
    "objet": "objet : le titre de la fiche",
    "montant": "montant",
    "nature": "nature de la subvention",
    "conditionsVersement": "conditions de versement",
    "datesPeriodeVersement": "date ou période de versement",
    "notificationUE": "aide notifiée à la Commission européenne",
    "pourcentageSubvention": "part versée à ce bénéficiaire",
}


def of_the_site() -> dict[str, str]:
    """{column: the operator's value for all}, "" if not set."""
    return {
        "nomAttribuant": settings.SUBVENTIONS_ATTRIBUANT,
        "idAttribuant": settings.SUBVENTIONS_SIRET,
        "nature": settings.SUBVENTIONS_NATURE,
        "notificationUE": settings.SUBVENTIONS_NOTIFICATION_UE,
    }


def in_words(name: str, said: str) -> str:
    """The operator's value, as people read it."""
    return NatureDeSubvention(said).label if name == "nature" and said else said


def is_complete() -> Q:
    """Condition: all compulsory values are there."""
    site = of_the_site()
    if not all(site[name] for name in site.keys() - DITES.keys()):
        return Q(pk__in=[])
    return reduce(and_, (condition for name, condition in DITES.items() if not site.get(name)))


def columns() -> list[Column]:
    """The columns of the schema, in its order."""
    site = of_the_site()
    return [
        Column("nomAttribuant", ("pk",), lambda pk: site["nomAttribuant"]),
        Column("idAttribuant", ("pk",), lambda pk: site["idAttribuant"]),
        Column("dateConvention", ("convention_le",), str),
        Column("referenceDecision", ("decision",)),
        Column("nomBeneficiaire", ("collectivite_publique",)),
        Column("idBeneficiaire", ("siret",)),
        Column("rnaBeneficiaire", ("rna",)),
        Column("objet", ("titre_public",), _objet),
        Column("montant", ("montant_eur",), montant, numeric=True),
        Column("nature", ("nature",), lambda own: own or site["nature"]),
        Column("conditionsVersement", ("versement",)),
        Column("datesPeriodeVersement", ("verse_le", "verse_jusqu_au"), _period),
        Column("idRAE", ("pk",), lambda pk: ""),  # for aid to companies
        Column("notificationUE", ("notification_ue",), lambda own: own or site["notificationUE"]),
        Column("pourcentageSubvention", ("part_pourcent",), lambda part: f"{part / 100:.2f}", numeric=True),
        Column("dispositifAide", ("dispositif",)),
    ]


def _objet(titre: str) -> str:
    titre = " ".join(titre.split())
    return titre if len(titre) <= OBJET else f"{titre[: OBJET - 1].rstrip()}…"


def _period(start, end) -> str:
    return f"{start}/{end}" if end else str(start)


def filled(list_sets: ListSets) -> dict[str, BitMap]:
    """{compulsory column: public projects with a value}."""
    said, site = list_sets.cached(("subventions",), _said), of_the_site()
    return {name: list_sets.publiques if site.get(name) else said.get(name, BitMap()) for name in OBLIGATOIRES}


def _said() -> dict[str, BitMap]:
    """{column: projects that fill it in}, in one query."""
    said = [ExpressionWrapper(condition, output_field=BooleanField()) for condition in DITES.values()]
    rows = Projet.objects.published_by_key().order_by().values_list("pk", *said)
    keys, *columns = zip(*rows, strict=True) if rows else [()] * (len(said) + 1)
    return {name: BitMap(compress(keys, column)) for name, column in zip(DITES, columns, strict=True)}


@dataclass(frozen=True)
class Manquante:
    """A compulsory column, and how many projects lack it. `site`: the operator's value."""

    nom: str
    mots: str
    nombre: int
    site: str


@dataclass(frozen=True)
class Completude:
    """A selection's rows of the file, its numbers of replaced and incomplete projects, and what is missing."""

    completes: BitMap
    remplacees: int
    incompletes: int
    manquantes: list[Manquante]

    @property
    def dit_par_le_site(self) -> bool:
        """Whether the operator sets one of these columns."""
        return any(one.site for one in self.manquantes)


def completeness(selection) -> Completude:
    held, site = filled(selection.list_sets), of_the_site()
    current = selection.records - selection.filterset.non_comptees()
    rows = BitMap.intersection(current, *held.values())
    missing = [
        Manquante(name, words, len(current - held[name]), in_words(name, site.get(name, "")))
        for name, words in OBLIGATOIRES.items()
    ]
    return Completude(rows, selection.total - len(current), len(current) - len(rows), missing)


def as_page(view, selection):
    context = {
        "selection": selection,
        "declaration": selection.declaration,
        "vue": SUBVENTIONS.cle,
        "nom_de_la_vue": "Subventions en données ouvertes",
        "bilan": completeness(selection),
        "fichier": link(SUBVENTIONS_CSV, selection),
        "schema": SCHEMA,
    }
    return render(view.request, "projets/subventions.html", context)


def as_csv(view, selection):
    complete = completeness(selection).completes
    keys = filter(complete.__contains__, selection.keys())
    # Checked again: a value may have been emptied meanwhile.
    rows = view.filterset_class.public_by_key().filter(is_complete()).exclude(is_replaced())
    return streamed(stream(columns(), blocks(columns(), rows, keys, encoded=True)), selection, SUBVENTIONS.cle)


SUBVENTIONS = Vue(
    "subventions",
    "{}/subventions/",
    as_page,
    rubrique="schema",
    mots="Subventions complètes (SCDL)",
)
SUBVENTIONS_CSV = Vue(
    "subventions-csv",
    "{}/subventions.csv",
    as_csv,
    fichier=True,
    type_mime="text/csv",
    conforme=SCHEMA,
    mots="Subventions complètes (CSV)",
)
