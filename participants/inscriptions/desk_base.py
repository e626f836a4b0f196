"""What the desk pages about the registrants of one event share."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from fiches.desk_base import desk_page
from participants.evenements.models import Evenement


class Pages:
    """Pages of the registrations' admin under `evenement/<id>/`."""

    def __init__(self, model_admin):
        self.admin = model_admin

    def _event(self, request, pk, right="view") -> Evenement:
        """The event. PermissionDenied without that right over registrations, even if the event does not exist."""
        if not getattr(self.admin, f"has_{right}_permission")(request):
            raise PermissionDenied
        return get_object_or_404(Evenement.objects.in_use(), pk=pk)

    def _page(self, request, template, evenement, title, **context):
        context |= {
            "title": title,
            "evenement": evenement,
            "liste_url": address("liste", evenement),
            "evenement_url": reverse("admin:evenements_evenement_change", args=[evenement.pk]),
        }
        return desk_page(self.admin, request, f"admin/inscriptions/{template}.html", context)

    def _form(self, request, evenement, form, title, bouton, intro=()):
        return self._page(request, "formulaire", evenement, title, form=form, bouton=bouton, intro=intro)

    def _say(self, request, text, level=messages.SUCCESS):
        self.admin.message_user(request, text, level)

    def _called_off(self, request, evenement):
        self._say(request, "Cet événement est déjà annulé.", messages.INFO)
        return redirect(address("liste", evenement))


def address(page: str, evenement) -> str:
    return reverse(f"admin:inscriptions_evenement_{page}", args=[evenement.pk])
