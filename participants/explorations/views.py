"""The public pages of the exploration: sheets, form, and pages behind links.

Nobody learns here who sent a sheet: every good post gets the same page; particulars go by mail.
"""

from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from fiches.choice_lists import Choix
from participants.explorations import courriels, notices, parcours
from participants.explorations.forms import ChampsExplorationForm, ExplorationForm
from participants.explorations.models import Exploration
from socle.courrier.views import PageALien, PageDeDonnees
from socle.formulaires.views import PageDeFormulaire, PageDeLien
from socle.vie_privee import consentement

PAR_PAGE = 50


def liste(request):
    """/exploration/?profil=<slug>&page=<n>: public sheets; `?fait=effacee`: one's own was erased."""
    shown = Exploration.objects.publiques().order_by("plie", "pk")
    counts = dict(shown.order_by().values_list("profils").annotate(Count("pk")))
    profils = list(Choix.objects.filter(pk__in=[pk for pk in counts if pk]))
    for profil in profils:
        profil.fiches = counts[profil.pk]
    chosen = next((profil for profil in profils if profil.slug == request.GET.get("profil")), None)
    rows = shown.filter(profils=chosen.pk) if chosen else shown
    page = Paginator(rows.prefetch_related("profils"), PAR_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "profils": profils, "profil": chosen, "total": shown.count()}
    context["fait"] = request.GET.get("fait", "")
    return render(request, "explorations/liste.html", context)


def fiche(request, pk):
    """/exploration/<pk>/: one public sheet, with the text that its person agreed to."""
    row = get_object_or_404(Exploration.objects.publiques().prefetch_related("profils"), pk=pk)
    accord = consentement.texte(notices.PUBLICATION, row.accord_texte) if row.accord_texte else ""
    return render(request, "explorations/fiche.html", {"exploration": row, "accord": accord})


class ParticiperView(PageDeFormulaire):
    """The form. Every good post gets the same answer, whether the address is new, known or doubtful."""

    usage = "exploration"
    par_boite = 5
    accord = notices.REPONSES
    template_name = "explorations/formulaire.html"
    recue = "explorations/recue.html"

    def new_form(self, data=None):
        return ExplorationForm(data)

    def take(self, form, doute):
        typed = form.cleaned_data
        champs = form.champs() | {"courriel": typed["courriel"]}
        parcours.deposit(champs, typed["profils"], accord=typed["accord_publication"], doute=doute)


class LienExplorationView(PageDeLien):
    usage = "exploration"
    template_name = "explorations/nouveau_lien.html"
    rows = staticmethod(parcours.known)
    mail = staticmethod(courriels.new_link)


# Pages behind a link


class ConfirmerExplorationView(PageALien):
    """Shows nothing typed: until the button is pressed, the address may be a stranger's."""

    usage = courriels.CONFIRMER
    template_name = "explorations/confirmer.html"

    def act(self, request):
        row = parcours.confirm(self.sujet)
        page = reverse("explorations:personnelle", args=[courriels.personal_token(row)])
        return redirect(page if row.pk == self.sujet.pk else f"{page}?fait=deja")


class PageExplorationView(PageALien):
    """The page to see, correct, withdraw or erase one's own sheet."""

    usage = courriels.PERSONNEL
    template_name = "explorations/personnelle.html"

    def get_context_data(self, **kwargs):
        if "form" not in kwargs:
            kwargs["form"] = ChampsExplorationForm(initial=ChampsExplorationForm.initial_of(self.sujet))
        return super().get_context_data(exploration=self.sujet, **kwargs)

    def refused(self, words):
        return redirect(self.request.path)  # just erased: this page says so

    def act(self, request):
        action = request.POST.get("action")
        if action == "effacer":
            parcours.erase(self.sujet)
            return redirect(f"{reverse('explorations:liste')}?fait=effacee")
        if action == "retirer":
            parcours.withdraw(self.sujet)
            return redirect(f"{request.path}?fait=retiree")
        form = ChampsExplorationForm(request.POST)
        if not form.is_valid():
            return self.again(form)
        typed = form.cleaned_data
        parcours.correct(self.sujet, form.champs(), typed["profils"], accord=typed["accord_publication"])
        return redirect(f"{request.path}?fait=corrigee")


class DonneesExplorationView(PageDeDonnees):
    usage = courriels.PERSONNEL
    fichier = "ma-fiche-d-exploration.json"

    def beside(self):
        return {"publiée sur le site": "oui" if self.sujet.is_publique else "non"}
