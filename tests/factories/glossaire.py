import factory

from fiches.glossaire.models import Terme
from tests.factories import FicheFactory


class TermeFactory(FicheFactory):
    """A published word; `definition=""` for one « à définir »."""

    titre = factory.Sequence(lambda n: f"Mot {n}")
    definition = "Ce qu’il veut dire."

    class Meta:
        model = Terme
