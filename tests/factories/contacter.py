"""Messages of visitors. Persons are invented."""

from factory.django import DjangoModelFactory

from participants.contacter.models import Message


class MessageFactory(DjangoModelFactory):
    """A message to the team that waits; `entree=fiche.entree` for one about a record."""

    nom = "Enora Kermaden"
    courriel = "enora.kermaden@exemple.bzh"
    texte = "Bonjour, votre projet m’intéresse."

    class Meta:
        model = Message
