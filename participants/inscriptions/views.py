"""The public pages of registrations: the form of an event, and pages behind links.

Nobody learns here who is registered: every good post gets the same page; particulars go by mail.
"""

from datetime import timedelta

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.generic import TemplateView

from fiches import registre
from participants.evenements import ics
from participants.evenements.models import Evenement
from participants.inscriptions import attribution, courriels, notices, places
from participants.inscriptions.erasure import forget, kept_until
from participants.inscriptions.forms import CorrectionForm, InscriptionForm
from participants.inscriptions.models import Inscription
from socle.courrier.mailboxes import address_key
from socle.courrier.views import PageALien, PageDeDonnees
from socle.formulaires.views import PageDeFormulaire, PageDeLien

UNCONFIRMED = 50  # per event and hour

CLOSED = "Les inscriptions à cette rencontre sont closes. Vos réponses n’ont pas été enregistrées."


class PageSurEvenement(TemplateView):
    """A page about a published event."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.evenement = get_object_or_404(Evenement.objects.published(), slug=kwargs["slug"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            fiche=self.evenement,
            declaration=registre.for_model(Evenement),
            **kwargs,
        )


class InscriptionView(PageSurEvenement, PageDeFormulaire):
    """The form. Every good post gets the same answer: with a seat, waiting, known or doubtful."""

    usage = "inscription"
    par_boite = 5
    accord = notices.USAGE
    template_name = "inscriptions/formulaire.html"
    recue = "inscriptions/recue.html"

    def new_form(self, data=None):
        return InscriptionForm(data, evenement=self.evenement)

    def get_context_data(self, **kwargs):
        if not self.evenement.inscription_possible:
            kwargs.setdefault("form", None)
        places, gardee = self.evenement.places_en_mots(), attribution.may_hold(self.evenement)
        return super().get_context_data(places=places, gardee=gardee, **kwargs)

    def post(self, request, slug):
        if self.evenement.inscription_possible:
            return super().post(request)
        form = self.new_form(request.POST)
        form.add_error(None, CLOSED)
        return self.again(form, status=409)

    def take(self, form, doute):
        places.register(self.evenement, form.demande(), doute=doute)

    def doute(self, form):
        if doute := super().doute(form):
            return doute
        since = timezone.now() - timedelta(hours=1)
        waiting = (Inscription.Statut.A_CONFIRMER, Inscription.Statut.EN_ATTENTE)
        recent = self.evenement.inscriptions.filter(statut__in=waiting, confirmee_le=None, cree_le__gte=since)
        return "beaucoup d’inscriptions non confirmées en une heure" if recent.count() >= UNCONFIRMED else ""


class LienInscriptionView(PageDeLien):
    usage = "inscription"
    template_name = "inscriptions/nouveau_lien.html"
    mail = staticmethod(courriels.new_link)

    @staticmethod
    def rows(courriel):
        """The registrations that still matter, at most ten, nearest event first."""
        recent = Q(evenement__termine_le__gte=timezone.now() - courriels.APRES) | Q(evenement__termine_le=None)
        rows = Inscription.objects.living().exclude(statut=Inscription.Statut.A_VERIFIER).filter(recent)
        rows = rows.filter(courriel_cle=address_key(courriel), evenement__isnull=False).select_related("evenement")
        return rows.order_by("evenement__debut", "pk")[:10]


# Pages behind a link


class _LienPage(PageALien):
    def get_context_data(self, **kwargs):
        row = self.sujet
        shown = row.evenement
        return super().get_context_data(
            inscription=row, fiche=shown, declaration=registre.for_model(Evenement), S=Inscription.Statut, **kwargs
        )

    def to_personal(self, row):
        return redirect("inscriptions:personnelle", jeton=courriels.personal_token(row))


class ConfirmerInscriptionView(_LienPage):
    """Asks for a click that confirms the address. Until then it may be a stranger's, so nothing typed is shown."""

    usage = courriels.CONFIRMER
    template_name = "inscriptions/confirmer.html"

    def get_context_data(self, **kwargs):
        row = self.sujet
        libre = row.evenement is not None and row.evenement.has_seat_left()
        return super().get_context_data(libre=libre, **kwargs)

    def act(self, request):
        return self.to_personal(places.confirm(self.sujet))


class PropositionView(_LienPage):
    """Accepts the offered seat, or leaves it."""

    usage = courriels.PROPOSITION
    template_name = "inscriptions/proposition.html"

    def act(self, request):
        if request.POST.get("reponse") != "laisser":
            return self.to_personal(places.accept(self.sujet))
        if self.sujet.statut != Inscription.Statut.PROPOSEE:
            raise places.TropTard("Cette proposition n’est plus valable.")
        return self.to_personal(places.cancel(self.sujet))


class PageInscriptionView(_LienPage):
    """The page to see, correct, cancel or erase one's own registration."""

    usage = courriels.PERSONNEL
    template_name = "inscriptions/personnelle.html"

    def get_context_data(self, **kwargs):
        row = self.sujet
        if row.is_vivante and row.evenement and not (row.evenement.is_passe or row.evenement.is_annule):
            kwargs.setdefault("form", CorrectionForm(evenement=row.evenement, initial=CorrectionForm.initial_of(row)))
        return super().get_context_data(gardee=kept_until(row), **kwargs)

    def act(self, request):
        if request.POST.get("action") == "effacer":
            forget(self.sujet)
            return redirect("inscriptions:effacee")
        if self.sujet.evenement is None or self.sujet.evenement.is_passe:
            raise places.TropTard("La rencontre a eu lieu : cette inscription ne change plus.")
        if self.sujet.evenement.is_annule:
            raise places.TropTard("La rencontre est annulée : vous n’avez rien à faire.")
        if request.POST.get("action") == "annuler":
            places.cancel(self.sujet)
            return None
        form = CorrectionForm(request.POST, evenement=self.sujet.evenement)
        if not form.is_valid():
            return self.again(form)
        places.correct(self.sujet, form.champs(), form.cleaned_data["besoin"], form.reponses())
        return redirect(f"{request.path}?fait=corrige")


class DonneesInscriptionView(PageDeDonnees):
    usage = courriels.PERSONNEL
    fichier = "mon-inscription.json"
    sauf = ("motif_surnombre", "doute")

    def beside(self):
        return {"événement": self.sujet.evenement.titre if self.sujet.evenement else ""}


class CalendrierView(_LienPage):
    """The event of a registration, as a calendar file."""

    usage = courriels.PERSONNEL
    http_method_names = ["get", "head", "options"]

    def get(self, request, *args, **kwargs):
        if self.sujet.evenement_id is None:
            raise Http404
        return calendar_response(self.sujet.evenement)


def evenement_ics(request, slug):
    """/agenda/<slug>.ics"""
    return calendar_response(get_object_or_404(Evenement.objects.published(), slug=slug))


def calendar_response(fiche) -> HttpResponse:
    if fiche.debut is None:
        raise Http404("Cette rencontre n’a pas encore de date.")
    response = HttpResponse(ics.calendar(fiche), content_type=f"{ics.TYPE}; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, ics.file_name(fiche))
    return response
