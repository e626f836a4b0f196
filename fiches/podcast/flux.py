"""The podcast's feed for listening apps: RSS with elements of Apple and podcastindex.org."""

from django.conf import settings
from django.db.models import F
from django.http import HttpResponse
from django.templatetags.static import static
from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.utils.html import escape

from fiches.podcast.models import Episode
from socle.francais.texte import for_xml
from socle.medias import fichiers as medias
from socle.vues import licence
from socle.vues.flux import VIDE, one_line, tag
from socle.vues.origine import address, editor
from socle.vues.vue import Vue, link

NOM = "Vers l’accès aux droits"
EPISODES = 500
CATEGORIE = ("Society & Culture", "Documentary")  # from Apple's list


class RssDePodcast(Rss201rev2Feed):
    """Django's RSS feed with podcast elements."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else VIDE

    def rss_attributes(self):
        return super().rss_attributes() | {
            "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
            "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
        }

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        image = settings.SITE_URL + static("podcast.png")
        handler.startElement("image", {})
        for name, value in (("url", image), ("title", self.feed["title"]), ("link", self.feed["link"])):
            handler.addQuickElement(name, value)
        handler.endElement("image")
        handler.addQuickElement("itunes:image", None, {"href": image})
        handler.addQuickElement("itunes:author", self.feed["author_name"])
        handler.startElement("itunes:owner", {})
        handler.addQuickElement("itunes:name", self.feed["author_name"])
        handler.endElement("itunes:owner")
        handler.addQuickElement("itunes:explicit", "false")
        handler.addQuickElement("itunes:type", "episodic")
        category, within = CATEGORIE
        handler.startElement("itunes:category", {"text": category})
        handler.addQuickElement("itunes:category", None, {"text": within})
        handler.endElement("itunes:category")

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        episode = item["episode"]
        handler.addQuickElement("itunes:title", item["title"])
        handler.addQuickElement("itunes:episodeType", "full")
        handler.addQuickElement("itunes:explicit", "false")
        if episode.duree_secondes:
            handler.addQuickElement("itunes:duration", str(episode.duree_secondes))
        if episode.numero:
            handler.addQuickElement("itunes:episode", str(episode.numero))
        if episode.transcription:
            place = {"url": f"{item['link']}#transcription", "type": "text/html", "language": "fr"}
            handler.addQuickElement("podcast:transcript", None, place)


def as_rss(view, selection):
    heard = Episode.objects.published().exclude(fichier="").order_by(F("numero").desc(nulls_last=True), "-pk")
    declaration = selection.declaration
    flux = RssDePodcast(
        title=one_line(selection.phrase(sujet=NOM)),
        link=address(selection),
        description=declaration.accroche,
        feed_url=f"{settings.SITE_URL}{link(RSS, selection)}",
        language="fr",
        author_name=one_line(editor()),
        feed_copyright=licence.chosen().nom or None,
    )
    for episode in view.records(selection, selection.first(EPISODES, order=heard)):
        if enclosure := _recording(episode):
            page = f"{settings.SITE_URL}{episode.get_absolute_url()}"
            flux.add_item(
                title=one_line(episode.titre_affiche),
                link=page,
                description=escape(for_xml(episode.texte_long or episode.fait_affiche)),
                unique_id=tag(episode.pk),
                unique_id_is_permalink=False,
                pubdate=episode.publiee_le if episode.datee else None,
                updateddate=episode.modifiee_le if episode.datee else episode.cree_le,  # only for the feed's own date
                enclosures=[enclosure],
                episode=episode,
            )
    return HttpResponse(flux.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


def _recording(episode: Episode) -> Enclosure | None:
    """The recording of an episode; None if its file is missing."""
    try:
        size = episode.fichier.size
    except OSError:
        return None
    name = episode.fichier.name
    return Enclosure(medias.address(name), str(size), medias.mime(name))


RSS = Vue(
    "rss",
    "{}.rss",
    as_rss,
    fichier=True,
    rubrique="ecoute",
    mots="Flux RSS du podcast",
    flux="application/rss+xml",
)
