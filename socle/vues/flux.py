"""The latest records of a list as an Atom feed."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from socle.francais.texte import for_xml
from socle.vues import licence
from socle.vues.origine import address, editor
from socle.vues.vue import Vue, link

ENTRIES = 50
# Date of an empty feed: always the same, where the library would say « now » at each reading.
VIDE = datetime(2000, 1, 1, tzinfo=UTC)


def tag(pk: int) -> str:
    """The permanent name of a record (RFC 4151), whatever its address becomes: its permanent link as a tag."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:/p/{pk}"


def one_line(text: str) -> str:
    return " ".join(for_xml(text).split())


class AtomDeListe(Atom1Feed):
    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        if address := licence.chosen().adresse:  # RFC 4946
            handler.addQuickElement("link", "", {"href": address, "rel": "license"})

    def latest_post_date(self):
        return super().latest_post_date() if self.items else VIDE

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if item["remplacee_par"]:  # RFC 5829
            handler.addQuickElement("link", "", {"href": item["remplacee_par"], "rel": "latest-version"})


def as_atom(view, selection):
    latest = selection.filterset.public().order_by("-datee", "-modifiee_le", "-pk")
    flux = AtomDeListe(
        title=one_line(selection.phrase()),
        link=address(selection),
        description=selection.declaration.accroche,
        feed_url=f"{settings.SITE_URL}{link(ATOM, selection)}",
        language="fr",
        author_name=one_line(editor()),
        author_link=f"{settings.SITE_URL}/",
        feed_copyright=licence.chosen().nom or None,
    )
    for fiche in view.records(selection, selection.first(ENTRIES, order=latest)):
        last = fiche.version_qui_compte
        flux.add_item(
            title=one_line(fiche.titre_affiche),
            link=f"{settings.SITE_URL}{fiche.get_absolute_url()}",
            description=escape(one_line(fiche.fait_affiche)),
            unique_id=tag(fiche.pk),
            pubdate=fiche.publiee_le if fiche.datee else None,
            # Atom needs a date: without one, the day when the record came here, which a later takeover does not change.
            updateddate=fiche.modifiee_le if fiche.datee else fiche.cree_le,
            categories=[one_line(theme.nom) for theme in fiche.themes.all()],
            remplacee_par=last and f"{settings.SITE_URL}/p/{last}",
        )
    return HttpResponse(flux.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


ATOM = Vue(
    "atom",
    "{}.atom",
    as_atom,
    fichier=True,
    rubrique="flux",
    mots="Flux Atom",
    flux="application/atom+xml",
)
