"""Persons are invented."""

import factory
from factory.django import DjangoModelFactory

from participants.contacter.models import Message, Signalement
from tests.factories import ProjetFactory


class MessageFactory(DjangoModelFactory):
    """A waiting message to the team; `entree=fiche.entree` for one about a record."""

    nom = "Enora Kermaden"
    courriel = "enora.kermaden@exemple.bzh"
    texte = "Bonjour, votre projet m’intéresse."

    class Meta:
        model = Message


class SignalementFactory(DjangoModelFactory):
    """An error reported on a published project, with an address for the answer."""

    texte = "Le montant n’est plus le bon."
    courriel = "enora.kermaden@exemple.bzh"

    class Meta:
        model = Signalement

    @factory.lazy_attribute
    def entree(self):
        return ProjetFactory().entree
