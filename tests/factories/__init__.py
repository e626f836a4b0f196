"""One factory per model: published by default, `draft=True` for a draft."""

import importlib
import pkgutil

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from fiches.choice_lists import Theme
from fiches.indexation import together
from projets.models import Projet
from socle.annuaire.models import Statut
from socle.comptes.models import Utilisateur
from socle.territoires.models import Commune, Departement, Region

DEPARTEMENTS = {"22": "Côtes-d’Armor", "29": "Finistère", "35": "Ille-et-Vilaine", "56": "Morbihan"}


class UtilisateurFactory(DjangoModelFactory):
    """A member of the staff; `UtilisateurFactory(is_superuser=True)` may do everything."""

    username = factory.Sequence(lambda n: f"redaction{n}")
    is_staff = True

    class Meta:
        model = Utilisateur


def member(*groups: str, **values) -> Utilisateur:
    user = UtilisateurFactory(**values)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


class ThemeFactory(DjangoModelFactory):
    """A theme without key words: no text proposes it unless the test says so."""

    nom = factory.Sequence(lambda n: f"Thème {n}")

    class Meta:
        model = Theme
        django_get_or_create = ["nom"]


class RegionFactory(DjangoModelFactory):
    code = "53"
    nom = "Bretagne"

    class Meta:
        model = Region
        django_get_or_create = ["code"]


class DepartementFactory(DjangoModelFactory):
    """A département of Brittany: `DepartementFactory(code="22")`."""

    code = "56"
    nom = factory.LazyAttribute(lambda row: DEPARTEMENTS.get(row.code, f"Département {row.code}"))
    region = factory.SubFactory(RegionFactory)

    class Meta:
        model = Departement
        django_get_or_create = ["code"]


class CommuneFactory(DjangoModelFactory):
    code = factory.Sequence(lambda n: f"{56001 + n}")
    nom = factory.Sequence(lambda n: f"Commune {n}")
    departement = factory.SubFactory(DepartementFactory)

    class Meta:
        model = Commune
        django_get_or_create = ["code"]


class FicheFactory(DjangoModelFactory):
    """Base of the factories of record types. `themes`: an editor's choice; without it, the text proposes them."""

    titre = factory.Sequence(lambda n: f"Fiche {n}")
    statut = Statut.PUBLIEE

    class Meta:
        abstract = True

    class Params:
        draft = factory.Trait(statut=Statut.BROUILLON)

    @classmethod
    def _create(cls, model_class, *args, themes=None, **kwargs):
        fiche = model_class(*args, themes_automatiques=themes is None, **kwargs)
        return fiche.change({"themes": themes} if themes else {})

    @classmethod
    def create_batch(cls, size, **kwargs):
        with together():  # indexed at once: a third of the time
            return super().create_batch(size, **kwargs)


class ProjetFactory(FicheFactory):
    """`departement_id="22"` creates the département if it is missing."""

    titre = factory.Sequence(lambda n: f"COMMUNE {n} - Portail {n}")
    collectivite = factory.Sequence(lambda n: f"Commune {n}")

    class Meta:
        model = Projet

    @classmethod
    def _create(cls, model_class, *args, departement_id=None, **kwargs):
        if departement_id:
            kwargs["departement"] = DepartementFactory(code=departement_id)
        return super()._create(model_class, *args, **kwargs)


def factory_of(model):
    """The factory of a record type: its own in this package, or a plain one."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    own = (one for one in FicheFactory.__subclasses__() if one._meta.model is model)
    return next(own, None) or factory.make_factory(model, FACTORY_CLASS=FicheFactory)
