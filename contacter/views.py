"""Writing to the persons of a record, or to the team, without an account and without seeing an address.

Nobody learns here whether a record has a person to be reached: every good post gets the same page.
"""

from datetime import timedelta

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from contacter import courriels, notices, relais
from contacter.forms import ContacterForm
from courrier.pages import PageALien
from fiches import registre
from fiches.confidentiel import public
from fiches.models import Contact, Entree, Statut
from formulaires import garde
from vie_privee import consentement

POSTS, POSTS_SPAN = 20, timedelta(minutes=10)  # from one address of the network


class _Page(TemplateView):
    """A page about a public record, or about none."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.fiche = _shown(kwargs["pk"]) if "pk" in kwargs else None

    def get_context_data(self, **kwargs):
        if self.fiche:
            kwargs |= {"fiche": self.fiche, "declaration": registre.for_model(type(self.fiche))}
        return super().get_context_data(**kwargs)


def _shown(pk):
    """The record of that number, or the one it was merged into, as the public reads it."""
    entree = get_object_or_404(Entree, pk=pk).after_merges()
    if entree.statut != Statut.PUBLIEE:
        raise Http404("Cette page n’existe pas.")
    return get_object_or_404(public(registre.get(entree.type).model.objects.published()), pk=entree.pk)


# No session and no cookie: the form's own signed key says that the page was asked for (formulaires/garde.py).
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class ContacterView(_Page):
    template_name = "contacter/formulaire.html"
    http_method_names = ["get", "head", "post", "options"]

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", ContacterForm(fiche=self.fiche))
        kwargs["notice"] = consentement.texte(notices.USAGE, consentement.version(notices.USAGE))
        return super().get_context_data(**kwargs)

    def post(self, request, **kwargs):
        form = ContacterForm(request.POST, fiche=self.fiche)
        if garde.too_many(request, "contacter", posts=POSTS, span=POSTS_SPAN):
            form.add_error(None, garde.TROP)
            return self.render_to_response(self.get_context_data(form=form), status=429)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        said = {name: form.cleaned_data[name] for name in ("nom", "courriel", "texte")}
        with garde.steady(), transaction.atomic():
            if form.first_time():
                relais.receive(entree_id=self.fiche and self.fiche.pk, doute=form.doute, **said)
        return redirect("contacter:recu", self.fiche.pk) if self.fiche else redirect("contacter:recu-equipe")


class RecuView(_Page):
    """The one answer to every good post: mailed, waiting for the team or sent twice."""

    template_name = "contacter/recu.html"


class StopView(PageALien):
    """« Ne plus recevoir de messages », from the mail that a contact got."""

    usage = courriels.STOP
    template_name = "contacter/stop.html"

    def agir(self, request):
        Contact.objects.filter(pk=self.sujet.pk).update(sans_message=True)
