"""Proposing a correction without an account, and following it from the link of a mail.

Nobody learns here who proposed what: every good post gets the same page; particulars go by mail.
"""

from django.http import Http404
from django.shortcuts import redirect

from fiches import registre
from participants.contributions import (
    apercu,
    champs,
    comparaison,
    courriels,
    credits,
    fichiers,
    notices,
    parcours,
    subject,
)
from participants.contributions.forms import PropositionForm, ReponseDeVisiteurForm
from participants.contributions.models import Contribution, Credit
from socle.annuaire.models import Entree
from socle.courrier.views import PageALien
from socle.formulaires import protection
from socle.formulaires.views import PageDeFormulaire
from socle.francais.nombres import whole
from socle.francais.typographie import titre


class PageDeProposition(PageDeFormulaire):
    """A form about the record `fiche`."""

    usage = "contribuer"
    par_boite = 10
    accord = notices.USAGE
    envoi = fichiers.ENVOI  # bytes of a post (labacces/middleware.py)

    @property
    def files(self):
        """The posted files; None if the request is not a POST."""
        return self.request.FILES if self.request.method == "POST" else None

    def get_context_data(self, **kwargs):
        said = {"fiche": self.fiche, "declaration": registre.for_model(type(self.fiche))}
        return super().get_context_data(**said | kwargs)

    def take(self, form, doute):
        said = {name: form.cleaned_data[name] for name in ("source", "nom", "courriel", "credit")}
        row = parcours.deposit(self.fiche, base=form.lue, valeurs=form.valeurs, doute=doute, **said)
        fichiers.keep(row, form.cleaned_data.get("fichiers", []), self.request)

    def too_many(self, request):
        return super().too_many(request) or ("" if fichiers.may_open(request) else fichiers.TROP)

    def again(self, form, **kwargs):
        fichiers.say_again(form, self.files)
        return super().again(form, **kwargs)

    def done(self):
        return redirect("contributions:recue")

    def post(self, request, *args, **kwargs):
        """Sends the proposal. `voir` shows it first as its page will look; `revenir` comes back from there."""
        if not {"voir", "revenir"} & {*request.POST}:
            return super().post(request, *args, **kwargs)
        form = self.new_form(request.POST)
        form.sent = False
        if protection.too_many(request, f"{self.usage}, aperçu", posts=self.posts, span=self.span):
            return self.refuse(form)
        form.is_valid()
        if apercu.of_record(form).errors or "revenir" in request.POST:
            return self.again(form)
        fichiers.say_again(form, self.files)
        typed = [(name, value) for name in form.fields for value in request.POST.getlist(name)]
        return apercu.page(request, self.fiche, form, caches=typed)


class CorrectionView(PageDeProposition):
    """/contribuer/correction/<id>/; `?champ=definition` opens that field."""

    template_name = "contributions/correction.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.fiche = parcours.published(Entree.objects.filter(pk=kwargs["pk"]).first())
        if self.fiche is None:
            raise Http404("Cette page n’existe pas.")

    def new_form(self, data=None):
        """The form for the version that the visitor reads, even if the record changed since."""
        typed = whole((data or {}).get("base", ""), 9)
        etat, base = parcours.state_read(self.fiche, self.fiche.version if typed is None else typed)
        opened = self.request.GET.get("champ", "")
        form = PropositionForm(
            data, self.files, fiche=self.fiche, etat=etat, base=base, cle=str(self.fiche.pk), ouvert=opened
        )
        shown = self.fiche.titre_affiche
        if shown != self.fiche.titre:
            said = f"La page le raccourcit : « {titre(shown)} ». Corrigez-le ici en entier."
            form.fields["champ_titre"].help_text = said
        return form


class ProposerView(PageDeProposition):
    """/contribuer/<address of a type>/: a new record on one page."""

    template_name = "contributions/proposer.html"
    declaration = None

    @property
    def fiche(self):
        return self.declaration.model()

    def new_form(self, data=None):
        fiche, cle = self.fiche, self.declaration.cle
        etat = champs.nothing(type(fiche))
        return PropositionForm(data, self.files, fiche=fiche, etat=etat, base=0, cle=cle, neuve=True)


# Pages behind a link


class ConfirmerContributionView(PageALien):
    """Asks for a click that confirms the address. Until then it may be a stranger's, so nothing typed is shown."""

    usage = courriels.CONFIRMER
    template_name = "contributions/confirmer.html"

    def act(self, request):
        return redirect("contributions:suivi", courriels.token(parcours.confirm(self.sujet)))


class SuiviView(PageALien):
    """The page of a proposal for its author: its state, the messages, an answer, the way to withdraw."""

    usage = courriels.SUIVRE
    template_name = "contributions/suivi.html"
    posts, span = PageDeFormulaire.posts, PageDeFormulaire.span  # for answers

    def get_context_data(self, **kwargs):
        row = self.sujet
        kwargs.setdefault("form", ReponseDeVisiteurForm())
        kwargs |= {
            "lignes": comparaison.lines(row),
            "fiche": parcours.published(row.entree),
            "titre_connu": subject.title(row),
            "reprise": row.is_fiche and subject.is_merged(row),
            "fichiers": row.fichiers.all(),
            "echanges": row.echanges.all(),
            "cite": row.credit if row.is_ouverte else Credit.objects.filter(contribution=row).first(),
        }
        return super().get_context_data(**kwargs)

    def get(self, request, *args, fichier=None, **kwargs):
        """The page, or with `fichier` one of the waiting files."""
        if fichier is not None:
            return fichiers.served(request, self.sujet, fichier)
        return super().get(request, *args, **kwargs)

    def refused(self, words):
        self.sujet = Contribution.objects.filter(pk=self.sujet.pk).first() or self.sujet  # erased meanwhile
        context = self.get_context_data(refus=words, perdu=self.request.POST.get("texte", ""))
        return self.render_to_response(context, status=409)

    def act(self, request):
        if request.POST.get("action") == "retirer":
            parcours.withdraw(self.sujet)
            return None
        if request.POST.get("action") == "ne-plus-citer":
            credits.uncite(self.sujet)
            return redirect(f"{request.path}?fait=sans-nom")
        if request.POST.get("action") == "effacer":
            parcours.erase(self.sujet)
            return redirect("contributions:effacee")
        form = ReponseDeVisiteurForm(request.POST)
        if protection.too_many(request, "contribuer, réponse", posts=self.posts, span=self.span):
            form.add_error("texte", protection.TROP)
            return self.again(form, status=429)
        if not form.is_valid():
            return self.again(form)
        parcours.answer(self.sujet, form.cleaned_data["texte"])
        return redirect(f"{request.path}?fait=envoye")
