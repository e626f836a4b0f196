"""Pages of alerts: asking for one without an account, confirming it, and its personal page.

Nobody learns here who follows what: every good post gets the same page; particulars go by mail.
"""

from django.shortcuts import redirect, render
from django.urls import reverse

from participants.alertes import abonnement, courriels, notices
from participants.alertes.followed_lists import Disparue, ListeSuivie, followed
from participants.alertes.forms import AlerteForm, RythmeForm
from participants.alertes.models import CRITERES, Alerte
from socle.courrier.views import PageALien
from socle.formulaires.views import PageDeFormulaire

ARRETEE = "alertes/arretee.html"
INCONNUE = "Cette liste n’existe pas : choisissez-en une autre."
TROP_LONGUE = "Cette liste a trop de critères pour être suivie : retirez-en."


class AlertesView(PageDeFormulaire):
    """/alertes/?type=projet&<criteria of the list>: the form; without a list, the choice of one.

    `?fait=arretee`: the alert has been stopped.
    """

    usage = "alertes"
    posts = 20
    par_boite = 5
    accord = notices.USAGE
    template_name = "alertes/demande.html"
    recue = "alertes/recue.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.liste, self.refus = None, []
        data = request.GET.copy()
        # A list may have a filter called `type`: the first value is the list, the others belong to the filter.
        type, *others = data.pop("type", [""])
        data.setlist("type", others) if others else None
        try:
            self.liste = ListeSuivie(type, data)
            if mended := self.liste.selection.corrige:  # the corrected words are followed, as the list uses them
                data["q"] = mended
                self.liste = ListeSuivie(type, data)
        except Disparue:
            self.refus = [INCONNUE] if type else []
        else:
            self.refus = self.liste.selection.messages
            if len(self.liste.criteres) > CRITERES:
                self.refus.append(TROP_LONGUE)

    def get(self, request, *args, **kwargs):
        if request.GET.get("fait") == "arretee":
            return render(request, ARRETEE)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if self.liste is None or self.refus:
            return self.render_to_response(self.get_context_data(), status=400)
        return super().post(request, *args, **kwargs)

    def new_form(self, data=None):
        return AlerteForm(data, liste=self.liste) if self.liste and not self.refus else None

    def get_context_data(self, **kwargs):
        kwargs |= {"liste": self.liste, "refus": self.refus}
        if self.liste is None:
            kwargs["listes"] = followed().items()
        return super().get_context_data(**kwargs)

    def take(self, form, doute):
        if not doute:
            abonnement.ask(self.liste, form.cleaned_data["courriel"], form.cleaned_data["rythme"])


class ConfirmerAlerteView(PageALien):
    usage = courriels.CONFIRMER
    template_name = "alertes/confirmer.html"

    def act(self, request):
        abonnement.confirm(self.sujet)
        page = reverse("alertes:personnelle", args=[courriels.personal_token(self.sujet)])
        return redirect(f"{page}?fait=confirmee" if self.sujet.etat == Alerte.Etat.A_CONFIRMER else page)


class PageAlerteView(PageALien):
    """The personal page: stop the alert, pause it, change its rhythm.

    A POST without another action stops it: mailboxes send such a one by themselves (RFC 8058), and follow no
    redirection.
    """

    usage = courriels.PERSONNEL
    template_name = "alertes/personnelle.html"
    gabarit_invalide = "alertes/lien_invalide.html"  # most visitors of a bad link have already stopped their alert

    def get_context_data(self, **kwargs):
        try:
            liste = ListeSuivie.read(self.sujet.type, self.sujet.criteres)
        except Disparue:
            liste = None
        if "form" not in kwargs:
            kwargs["form"] = RythmeForm(initial={"rythme": self.sujet.rythme})
        return super().get_context_data(liste=liste, **kwargs)

    def act(self, request):
        action = request.POST.get("action")
        if action not in ("pause", "reprendre", "rythme"):
            abonnement.stop(self.sujet)
            if "List-Unsubscribe" in request.POST:
                return render(request, ARRETEE)
            return redirect(f"{reverse('alertes:demande')}?fait=arretee")
        if action == "rythme":
            form = RythmeForm(request.POST)
            if not form.is_valid():
                return self.again(form)
            abonnement.change_rhythm(self.sujet, form.cleaned_data["rythme"])
        elif action == "pause":
            abonnement.pause(self.sujet)
        else:
            abonnement.resume(self.sujet)
        return redirect(f"{request.path}?fait={action}")
