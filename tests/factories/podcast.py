"""Episodes to read; `fichier` gives a recording."""

import factory

from fiches.podcast.models import Episode
from tests.factories import FicheFactory


class EpisodeFactory(FicheFactory):
    """An episode takes its number from its title: `EpisodeFactory(titre="Episode n°3 - Excédé-es")`."""

    titre = factory.Sequence(lambda n: f"Episode n°{n + 1} - Récit {n + 1}")

    transcription = "Ce qui s’y dit."

    class Meta:
        model = Episode
