"""Persons are invented."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from participants.evenements.models import Evenement
from participants.explorations.models import Exploration
from participants.inscriptions.models import Inscription
from participants.inscriptions.places import DemandeDInscription
from tests.factories import FicheFactory


class EvenementFactory(FicheFactory):
    """A published event, in ten days. `dans=-3` was three days ago; `dans=None` has no date."""

    titre = factory.Sequence(lambda n: f"Balise {n}")

    class Meta:
        model = Evenement

    @classmethod
    def _create(cls, model_class, *args, dans=10, **kwargs):
        if dans is not None and "debut" not in kwargs:
            kwargs["debut"] = timezone.now() + timedelta(days=dans)
            kwargs.setdefault("fin", kwargs["debut"] + timedelta(hours=2))
        return super()._create(model_class, *args, **kwargs)


def demande(name, besoin="", reponses=(), **champs) -> DemandeDInscription:
    fields = {"prenom": "Malo", "nom": "Kerinvente", "organisation": "Mairie", "courriel": f"{name}@exemple.bzh"}
    return DemandeDInscription(fields | champs, besoin, list(reponses))


class InscriptionFactory(DjangoModelFactory):
    prenom = "Nolwenn"
    nom = factory.Sequence(lambda n: f"Kerinvente{chr(97 + n % 26)}")
    courriel = factory.LazyAttributeSequence(lambda row, n: f"{row.nom.lower()}.{n}@exemple.bzh")

    class Meta:
        model = Inscription


class ExplorationFactory(DjangoModelFactory):
    nom = factory.Sequence(lambda n: f"Loeiza Penfeunteun{chr(97 + n % 26)}")

    class Meta:
        model = Exploration
