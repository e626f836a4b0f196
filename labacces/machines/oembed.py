"""oEmbed (oembed.com): what another site shows for an address of a list or record, as JSON."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from fiches import registre
from fiches.suivi.departs import left_at
from fiches.views import was_deleted
from labacces.machines.views import PRIVES
from socle.annuaire.models import AncienneAdresse, Entree, Statut
from socle.catalogue.selection import Selection
from socle.francais.nombres import whole
from socle.vues.integrer import Encart, code_de_fiche, code_de_liste
from socle.vues.toutes import vues


class FicheSupprimee(Exception):
    """The record of an address was public, and is no more."""


@require_safe
def oembed(request):
    """404 for what is not shown elsewhere, 401 for what is not for everybody, 410 for what was deleted, 501 for XML."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse(status=501)
    asked = [request.GET.get(name, "") for name in ("maxwidth", "maxheight")]
    bounds = [whole(text, 5) for text in asked]
    if any(text and not bound for text, bound in zip(asked, bounds, strict=True)):
        return HttpResponse("maxwidth, maxheight : un nombre de pixels.\n", status=400, content_type="text/plain")
    path, query = _ours(request.GET.get("url", ""))
    if path.startswith(PRIVES):
        return HttpResponse(status=401)
    try:
        cadre = _cadre(path, query).within(*bounds)
    except FicheSupprimee:
        return HttpResponse(status=410)
    return JsonResponse(
        {
            "version": "1.0",
            "type": "rich",
            "title": cadre.titre,
            "provider_name": "LabAccès",
            "provider_url": f"{settings.SITE_URL}/",
            "cache_age": 3600,
            "html": cadre.code,
            "width": cadre.largeur,
            "height": cadre.hauteur,
        }
    )


def _ours(url: str) -> tuple[str, str]:
    """(path, query) of an address of this site, or Http404."""
    try:
        parts, site = urlsplit(url), urlsplit(settings.SITE_URL)
    except ValueError as error:
        raise Http404 from error
    if parts.netloc != site.netloc or parts.scheme not in ("http", "https"):
        raise Http404
    return parts.path, parts.query


def _cadre(path: str, query: str) -> Encart:
    """What shows the list or the record of an address; FicheSupprimee for one that is gone, Http404 for all else."""
    try:
        match = resolve(path)
    except Resolver404:
        return _of_fiche(left_at(path))
    if match.view_name == "permalink":
        return _of_fiche(Entree.objects.filter(pk=match.kwargs["pk"]).first())
    declaration = next((one for one in registre.types() if one.espace == match.namespace), None)
    if declaration is None:
        raise Http404
    if match.url_name == "detail":
        return _of_fiche(_entree(type=declaration.cle, slug=match.kwargs["slug"]))
    vue = next((one for one in vues(declaration.liste) if one.cle == match.url_name), None)
    if match.url_name != "list" and (vue is None or vue.fichier):
        raise Http404
    selection = Selection(declaration, QueryDict(query))
    if selection.errors:  # the frame would hold more than was asked for
        raise Http404
    return code_de_liste(selection)


def _entree(**named) -> Entree | None:
    old = AncienneAdresse.objects.filter(**named).select_related("entree").first()
    return old.entree if old else Entree.objects.filter(**named).first()


def _of_fiche(entree: Entree | None) -> Encart:
    entree = entree and entree.after_merges()
    if entree and was_deleted(entree):
        raise FicheSupprimee
    if entree is None or entree.statut != Statut.PUBLIEE:
        raise Http404
    return code_de_fiche(entree.pk, entree.titre)
