"""Writing to the persons of a record or to the team, without an account and without seeing an address.

The form says who will read: persons by their function, or the team. No page shows whether somebody refuses messages.
"""

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from fiches import registre
from fiches.suivi.concurrence import bump
from participants.contacter import courriels, erreurs, notices, relais
from participants.contacter.forms import AvisForm, ContacterForm, SignalerForm
from socle.annuaire.models import Entree
from socle.courrier.mailboxes import team_mailbox
from socle.courrier.views import PageALien
from socle.formulaires import protection
from socle.formulaires.views import PageDeFormulaire
from socle.vie_privee import consentement, gestes
from socle.vie_privee.empreintes import reseau


class PageSurFiche(TemplateView):
    """A page about a public record, or about none."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.fiche = _shown(kwargs["pk"]) if "pk" in kwargs else None

    def get_context_data(self, **kwargs):
        if self.fiche:
            kwargs |= {"fiche": self.fiche, "declaration": registre.for_model(type(self.fiche))}
        return super().get_context_data(**kwargs)


def _shown(pk):
    """The public record of that number, followed through merges."""
    entree = get_object_or_404(Entree, pk=pk).shown()
    if entree is None:
        raise Http404("Cette page n’existe pas.")
    return get_object_or_404(registre.get(entree.type).model.objects.published(), pk=entree.pk)


class ContacterView(PageSurFiche, PageDeFormulaire):
    """The form to write. `a_lire`: the team has no mailbox, and reads its messages on the site."""

    usage = "contacter"
    posts = 20
    par_boite = 5
    template_name = "contacter/formulaire.html"
    recue = "contacter/recu.html"

    def new_form(self, data=None):
        return ContacterForm(data, fiche=self.fiche)

    def get_context_data(self, **kwargs):
        qui_lit = relais.readers(self.fiche.entree) if self.fiche else []
        notice = consentement.texte(notices.USAGE, notices.version(bool(qui_lit)))
        a_lire = not (self.fiche or team_mailbox())
        return super().get_context_data(qui_lit=qui_lit, notice=notice, a_lire=a_lire, **kwargs)

    def take(self, form, doute):
        said = {name: form.cleaned_data[name] for name in ("nom", "courriel", "texte")}
        relais.receive(entree_id=self.fiche and self.fiche.pk, doute=doute, **said)


class SignalerView(PageSurFiche, PageDeFormulaire):
    """« Signaler une erreur »."""

    usage = "signaler"
    posts = 20
    par_boite = 5
    template_name = "contacter/signaler.html"
    recue = "contacter/signale.html"

    def new_form(self, data=None):
        headings = registre.for_model(type(self.fiche)).page.headings(self.fiche)
        parties = [
            "titre",
            "en bref",
            *(words for name, words in headings.items() if getattr(self.fiche, name).strip()),
        ]
        return SignalerForm(data, fiche=self.fiche, parties=list(dict.fromkeys(parties)))

    def take(self, form, doute):
        said = {name: form.cleaned_data[name] for name in ("partie", "texte", "courriel")}
        erreurs.receive(entree_id=self.fiche.pk, doute=doute, **said)


class AvisView(PageSurFiche, PageDeFormulaire):
    """« Cette page vous a-t-elle servi ? »: one vote per day, visitor and page; the first counts."""

    usage = "avis"
    template_name = "contacter/avis.html"
    recue = "contacter/merci.html"

    def new_form(self, data=None):
        return AvisForm(data, fiche=self.fiche)

    def take(self, form, doute):
        network = reseau(self.request)
        again = network and protection.count(f"avis {self.fiche.pk}", network) > 1
        if not (doute or again):
            erreurs.count(self.fiche.pk, oui=form.cleaned_data["avis"] == "oui")


class StopView(PageALien):
    """« Ne plus recevoir de messages », from the mail to a contact."""

    usage = courriels.STOP
    template_name = "contacter/stop.html"

    @transaction.atomic
    def act(self, request):
        gestes.do(relais.REFUS, self.sujet)
        if declaration := registre.find(self.sujet.entree.type):
            bump(declaration.model(pk=self.sujet.entree_id))  # an older open form would undo it
