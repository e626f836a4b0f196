"""The page of one record, and the addresses that lead to it."""

from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.views.generic import DetailView

from fiches import registre
from fiches.models import AncienneAdresse, Entree


class FicheDetailView(DetailView):
    """The page of a public record. A slug it had before answers 301 to its present address."""

    context_object_name = "fiche"

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            cle = registre.for_model(self.get_queryset().model).cle
            old = AncienneAdresse.objects.filter(type=cle, slug=kwargs["slug"]).select_related("entree").first()
            if old is None or not Entree.objects.published().filter(pk=old.entree_id).exists():
                raise
            return HttpResponsePermanentRedirect(old.entree.get_absolute_url())

    def get_context_data(self, **kwargs):
        return super().get_context_data(declaration=registre.for_model(self.object.__class__), **kwargs)


def permalink(request, pk):
    """/p/<id>: the address that never changes, 301 to wherever the record is."""
    entree = get_object_or_404(Entree.objects.published(), pk=pk)
    return HttpResponsePermanentRedirect(entree.get_absolute_url())
