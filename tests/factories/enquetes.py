import factory

from fiches.choice_lists import Choix
from fiches.enquetes.models import Enquete
from tests.factories import FicheFactory

Liste = Choix.Liste


def choix(liste, nom):
    """The value `nom` of a list, made if missing; None for None."""
    return nom and Choix.objects.get_or_create(liste=liste, nom=nom)[0]


class EnqueteFactory(FicheFactory):
    """Choices by their names: `modes=["Indemnisation des frais"]`, `types`, `echelle`, `niveau`."""

    titre = factory.Sequence(lambda n: f"Enquête {n}")
    structure = factory.Sequence(lambda n: f"Structure {n}")

    class Meta:
        model = Enquete

    @classmethod
    def _create(cls, model_class, *args, modes=(), types=(), echelle=None, niveau=None, themes=None, **kwargs):
        kwargs |= {"echelle": choix(Liste.ECHELLE, echelle), "niveau": choix(Liste.PARTICIPATION, niveau)}
        enquete = model_class(*args, themes_automatiques=themes is None, **kwargs)
        chosen = {
            "themes": themes,
            "modes_reconnaissance": [choix(Liste.RECONNAISSANCE, nom) for nom in modes],
            "types_organisation": [choix(Liste.TYPE_ORGANISATION, nom) for nom in types],
        }
        return enquete.change({name: rows for name, rows in chosen.items() if rows})
