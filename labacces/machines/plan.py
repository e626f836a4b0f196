"""sitemap.xml: an index, the site's pages, each type's records by 50 000, sent in blocks.

Django's sitemaps load each record; this reads a few columns of the directory.
"""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.http import Http404, StreamingHttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from fiches import registre
from fiches.columns import page_address
from labacces.pages.models import Page
from labacces.recherche import SITE
from socle.annuaire.models import Entree
from socle.catalogue.list_sets import ListSets
from socle.vues.toutes import vues

PAR_FICHIER = 50_000  # sitemaps.org; with the longest slugs, 12 MB of the 50 allowed
BLOCK = 1000

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<{} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'


def _answer(name: str, entries: Iterable[str]) -> StreamingHttpResponse:
    return StreamingHttpResponse(_written(name, entries), content_type="application/xml; charset=utf-8")


def _written(name: str, entries: Iterable[str]) -> Iterator[str]:
    yield _HEAD.format(name)
    block = []
    for entry in entries:
        block.append(entry)
        if len(block) == BLOCK:
            yield "".join(block)
            block = []
    yield "".join([*block, f"</{name}>\n"])


def public(declaration):
    """The ids of the public records of a type."""
    return ListSets(declaration).publiques


@require_safe
def index(request):
    addresses = [reverse("sitemap-pages")]
    for declaration in registre.types():
        files = -(-len(public(declaration)) // PAR_FICHIER)
        addresses += [reverse("sitemap-fiches", args=[declaration.cle, number + 1]) for number in range(files)]
    return _answer(
        "sitemapindex", [f"<sitemap><loc>{escape(settings.SITE_URL + one)}</loc></sitemap>\n" for one in addresses]
    )


@require_safe
def pages(request):
    """Home, map of the site, lists and their tabs, pages about the site."""
    addresses = [reverse("home"), reverse("integrer"), *(reverse(f"pages:{cle}") for cle in Page.Cle.values)]
    addresses += [reverse(f"{SITE.espace}:{cle}") for cle in SITE.racine]
    for declaration in registre.types():
        tabs = [vue.adresse(declaration) for vue in vues(declaration.liste) if vue.onglet]
        addresses += [declaration.lien, *tabs]
    return _answer("urlset", [f"<url><loc>{escape(settings.SITE_URL + one)}</loc></url>\n" for one in addresses])


@require_safe
def fiches(request, cle: str, numero: int):
    """The records of a type, in the order of their ids: what is published today ends the last file."""
    declaration = registre.find(cle)
    ids = public(declaration)[PAR_FICHIER * (numero - 1) : PAR_FICHIER * numero] if declaration and numero else ()
    if not ids:
        raise Http404("Ce fichier n’existe pas.")
    rows = Entree.objects.published_by_key().filter(type=cle, pk__range=(ids[0], ids[-1])).order_by("pk")
    return _answer("urlset", _fiches(declaration, rows.values_list("slug", "datee", "modifiee_le")))


def _fiches(declaration, rows) -> Iterator[str]:
    address = page_address(declaration.model)
    for slug, datee, modifiee_le in rows.iterator(chunk_size=BLOCK):
        lastmod = f"<lastmod>{modifiee_le:%Y-%m-%dT%H:%M:%SZ}</lastmod>" if datee else ""
        yield f"<url><loc>{escape(address(slug))}</loc>{lastmod}</url>\n"
