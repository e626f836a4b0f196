"""Episode, as the rest of the site knows it."""

from django.db.models import F

from fiches import registre
from fiches.podcast.demo import load_episodes
from fiches.podcast.importation import ImportationEpisodes
from fiches.podcast.models import A_VENIR, Episode
from fiches.podcast.views import EpisodeDetailView, EpisodeListView
from socle.medias import fichiers as medias


def nouvelle() -> tuple[str, Episode] | None:
    """« Dernier : épisode 9 », and that episode."""
    latest = Episode.objects.published().exclude(A_VENIR).order_by(F("numero").desc(nulls_last=True), "-pk")[:1]
    return next(((f"Dernier : {one.lieu_affiche.lower() or 'hors-série'}", one) for one in latest), None)


registre.add(
    registre.TypeDeFiche(
        cle="episode",
        model=Episode,
        nom="épisode",
        nom_pluriel="épisodes",
        feminin=False,
        titre="Podcast",
        menu="Podcast",
        accroche="Faire valoir un droit : des voix des deux côtés du guichet.",
        adresse="podcast",
        liste=EpisodeListView,
        page=EpisodeDetailView,
        voyant="episode",
        nouvelle=nouvelle,
        demo=load_episodes,
        importation=ImportationEpisodes,
        a_venir=A_VENIR,
        attendus={
            "fichier": "sans fichier audio",
            "transcription": "sans transcription",
            "texte_long": "sans texte",
            "duree_secondes": "sans durée",
        },
        ordre=50,
    )
)
medias.register(Episode, "fichier")
