"""The page of one record, and the addresses that lead to it."""

from dataclasses import dataclass

from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.views.generic import DetailView

from fiches import registre
from fiches.models import AncienneAdresse, Entree


@dataclass(frozen=True)
class Section:
    """A free text of a record, as its page shows it: anchor, heading, text."""

    id: str
    titre: str
    texte: str


class FicheDetailView(DetailView):
    """The page of a public record. A slug it had before answers 301 to its present address.

    `sections`: {field: heading} of its free texts, in order; empty ones are left out.
    """

    context_object_name = "fiche"
    sections: dict[str, str] = {}

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
        fiche = self.object
        texts = [Section(name, heading, getattr(fiche, name)) for name, heading in self.sections.items()]
        return super().get_context_data(
            declaration=registre.for_model(type(fiche)),
            sections=[section for section in texts if section.texte.strip()],
            admin_url=f"admin:{fiche._meta.app_label}_{fiche._meta.model_name}_change",
            **kwargs,
        )


def permalink(request, pk):
    """/p/<id>: the address that never changes, 301 to wherever the record is."""
    entree = get_object_or_404(Entree.objects.published(), pk=pk)
    return HttpResponsePermanentRedirect(entree.get_absolute_url())
