"""/p/<id>/historique/: what a public record said before, and when it changed."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from fiches import registre
from fiches.suivi import public_history
from fiches.views import gone, was_deleted
from socle.annuaire.models import Entree, Statut


def history(request, pk):
    """The public versions, by page. The address of a merged record leads to the kept one."""
    asked = get_object_or_404(Entree, pk=pk)
    entree = asked.after_merges()
    if was_deleted(entree):
        return gone(request, entree.slug)
    if entree.statut != Statut.PUBLIEE:
        raise Http404("Cette page n’existe pas.")
    if entree != asked:
        return redirect("historique", entree.pk)
    fiche = entree.fiche
    page = public_history.read(fiche, request.GET.get("page"))
    numeros = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    context = {"fiche": fiche, "declaration": registre.get(entree.type), "page": page, "numeros": numeros}
    return render(request, "suivi/historique.html", context)
