from factory import LazyAttribute
from factory.django import DjangoModelFactory

from participants.contributions.models import Contribution
from tests.factories import ProjetFactory


class ContributionFactory(DjangoModelFactory):
    """Another title for a project (`fiche`), from a confirmed address."""

    type = "projet"
    entree = LazyAttribute(lambda row: row.fiche.entree)
    base = LazyAttribute(lambda row: row.fiche.version)
    valeurs = LazyAttribute(lambda row: {"titre": {"vu": row.fiche.titre, "propose": "Un titre plus clair"}})
    source = "Je tiens le standard."
    nom = "Maëlle Kerdoncuff"
    courriel = "maelle.kerdoncuff@exemple.bzh"
    etat = Contribution.Etat.RECUE

    class Meta:
        model = Contribution

    class Params:
        fiche = LazyAttribute(lambda row: ProjetFactory(titre="Un portail"))
