"""Episode, as the rest of the site knows it."""

from django.conf import settings
from django.db.models import F

from fiches import registre
from fiches.podcast.demo import load_episodes
from fiches.podcast.duree import iso
from fiches.podcast.importation import ImportationEpisodes
from fiches.podcast.models import Episode
from fiches.podcast.views import EpisodeDetailView, EpisodeListView
from socle.medias import fichiers as medias


def nouvelle() -> registre.EnVue | None:
    """« Dernier : épisode 9 », and that episode."""
    latest = Episode.objects.published().order_by(F("numero").desc(nulls_last=True), "-pk")[:1]
    return next((registre.EnVue(f"Dernier : {one.lieu_affiche.lower() or 'hors-série'}", one) for one in latest), None)


def schema(episode: Episode) -> dict:
    """An episode of the series, and its recording, if any."""
    there = bool(episode.audio)
    return {
        "@type": "PodcastEpisode",
        "episodeNumber": episode.numero,
        "partOfSeries": {
            "@type": "PodcastSeries",
            "name": "Vers l’accès aux droits",
            "url": f"{settings.SITE_URL}{registre.get('episode').lien}",
        },
        "duration": iso(episode.duree_secondes),
        "associatedMedia": {
            "@type": "AudioObject",
            "contentUrl": medias.address(episode.fichier.name),
            "encodingFormat": medias.mime(episode.fichier.name),
            "duration": iso(episode.duree_secondes),
        }
        if there
        else {},
    }


ROOM = registre.TypeDeFiche(
    model=Episode,
    liste=EpisodeListView,
    page=EpisodeDetailView,
    titre="Podcast",
    accroche="Faire valoir un droit : des voix des deux côtés du guichet.",
    feminin=False,
    nouvelle=nouvelle,
    schema=schema,
    demo=load_episodes,
    importation=ImportationEpisodes,
    inachevees=("etat", "bientot"),
    achevee="a reçu son enregistrement",
    attendus={
        "fichier": "sans fichier audio",
        "transcription": "sans transcription",
        "texte_long": "sans texte",
        "duree_secondes": "sans durée",
    },
    relecture=0,
    fichiers_publics=((Episode, "fichier"),),
    pieces=("podcast/_episode.html", "podcast/_abonner.html", "podcast/_lecteur.html"),
    sans_personne={"podcast.Episode.nom_origine": "nom d’un document"},
)
