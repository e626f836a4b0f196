import factory

from fiches.choice_lists import Choix
from fiches.ressources.models import Ressource
from tests.factories import FicheFactory


def choices(liste, names):
    return [Choix.objects.get_or_create(liste=liste, nom=nom)[0] for nom in names]


class RessourceFactory(FicheFactory):
    """A resource with a link: `RessourceFactory(types=["Guide"], thematiques=["Accueil"])`."""

    titre = factory.Sequence(lambda n: f"Ressource {n}")
    lien = factory.Sequence(lambda n: f"https://www.exemple.bzh/ressource-{n}")

    class Meta:
        model = Ressource

    @classmethod
    def _create(cls, model_class, *args, types=(), thematiques=(), themes=None, **kwargs):
        fiche = model_class(*args, themes_automatiques=themes is None, **kwargs)
        chosen = {
            "themes": themes,
            "types": choices(Choix.Liste.TYPE_RESSOURCE, types),
            "thematiques": choices(Choix.Liste.THEMATIQUE, thematiques),
        }
        return fiche.change({name: rows for name, rows in chosen.items() if rows})
