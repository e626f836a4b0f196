"""A new record in steps: a first page, then pages behind a secret link; the last shows it whole."""

from datetime import timedelta

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from fiches import registre
from participants.contributions import apercu, courriels, fichiers, notices, unfinished
from participants.contributions.models import FicheEnCours
from participants.contributions.steps import (
    PLACE,
    TROP_LONG,
    EtapeForm,
    PlusTardForm,
    PremiereEtapeForm,
    saved,
    steps,
)
from participants.contributions.views import ProposerView
from socle.courrier.mailboxes import comparable
from socle.courrier.views import PageALien
from socle.formulaires import protection
from socle.formulaires.views import PageDeFormulaire
from socle.francais.nombres import whole
from socle.vie_privee import consentement

DEBUTS = 60  # records that one network may begin in a day
MAILS = 5  # mails from the form to one mailbox in a day: the mailbox of a reception desk serves several people
VOUS = ("source", "nom", "courriel", "citer", "credit", "consentement", "nouvelle")  # fields of the last step
PLUS_TARD, REVENIR, ENVOYER, EFFACER = "plus-tard", "revenir", "envoyer", "effacer"
TROP = (
    "Votre réseau a commencé beaucoup de fiches aujourd’hui : reprenez l’une d’elles par son lien, ou attendez demain."
)


def proposer(request, type):
    """/contribuer/<address of a type>/: on one page or in steps."""
    found = next((one for one in registre.types() if one.adresse == type), None)
    if found is None:
        raise Http404("Cette page n’existe pas.")
    view = PremiereEtapeView if steps(found.model) else ProposerView
    return view.as_view(declaration=found)(request)


proposer.csrf_exempt = True  # `PageDeFormulaire` gives the reason, for both
proposer.view_class = ProposerView  # gives the allowed methods and the size of posts, for both


class PremiereEtapeView(PageDeFormulaire):
    """The first step. Nothing is kept before it is sent."""

    usage = "contribuer"
    template_name = "contributions/etape.html"
    declaration = None  # the declaration of the type

    def new_form(self, data=None):
        model = self.declaration.model
        return PremiereEtapeForm(data, cle=self.declaration.cle, model=model, etape=steps(model)[0])

    def get_context_data(self, **kwargs):
        found = steps(self.declaration.model)
        context = {"declaration": self.declaration, "fiche": self.declaration.model(), "etapes": found}
        return super().get_context_data(**context, etape=found[0], suivante=found[1], faites=(), **kwargs)

    def post(self, request, *args, **kwargs):
        form = self.new_form(request.POST)
        if protection.too_many(request, self.usage, posts=self.posts, span=self.span):
            return self.refuse(form)
        later = request.POST.get("action") == PLUS_TARD
        if not form.is_valid() and (not later or form.non_field_errors() or _too_long(request, form, form.etape.noms)):
            return self.again(form)
        if protection.too_many(request, "contribuer, fiches commencées", posts=DEBUTS, span=timedelta(days=1)):
            return self.refuse(form, TROP)
        typed = _typed(request, form)
        if request.POST.get(protection.PIEGE, "").strip():
            typed[protection.PIEGE] = ["rempli"]  # its content does not matter
        token = unfinished.begin(self.declaration.cle, typed, etape=1 if later else 2)
        return redirect(f"{reverse(courriels.SUITE, args=[token])}?{PLUS_TARD if later else 'etape=2'}")


class SuiteView(PageALien, ProposerView):
    """An unfinished record: `?etape=3`, `?plus-tard`; otherwise the step where its author left.

    Once the site has its type no longer, its author can only erase it.
    """

    usage = courriels.REPRENDRE
    template_name = "contributions/etape.html"

    @property
    def declaration(self):
        return registre.get(self.sujet.type)

    @property
    def etapes(self):
        return steps(self.declaration.model)

    @property
    def etape(self):
        """The asked step, or the last one; at most the first that was never filled in."""
        asked = whole(self.request.GET.get("etape", ""), 2)
        wanted = self.sujet.etape if asked is None else asked
        return self.etapes[max(1, min(wanted, self._reached())) - 1]

    def _reached(self) -> int:
        left = (one.numero for one in self.etapes if one.champs and not {*one.noms} & {*self.sujet.saisie})
        return next(left, len(self.etapes))

    def get(self, request, *args, **kwargs):
        if self.sujet.envoyee_le:
            return redirect("contributions:recue")
        if registre.find(self.sujet.type) is None:
            return self._without_type()
        if PLUS_TARD in request.GET:
            return self._later(PlusTardForm(initial={"courriel": self.sujet.courriel}), said=request.GET[PLUS_TARD])
        if self.etape.champs:
            return self._step(self._form(self.etape))
        said = saved(self.sujet.saisie, VOUS)
        if not said.get("courriel"):
            said["courriel"] = self.sujet.courriel  # the address given for the link, if any
        return self._last(apercu.of_record(self.new_form(said)))

    def act(self, request):
        if self.sujet.envoyee_le:
            return redirect("contributions:recue")
        action = request.POST.get("action")
        if action == EFFACER:
            unfinished.erase(self.sujet)
            return redirect("contributions:effacee")
        if registre.find(self.sujet.type) is None:
            return self._without_type(status=409)
        if PLUS_TARD in request.GET:
            return self._send_link(request)
        if action != ENVOYER and self._too_many_steps(request):
            return self._refuse_step(request)
        return self._keep_step(request, action) if self.etape.champs else self._keep_last(request, action)

    def _without_type(self, status=200):
        return render(self.request, "contributions/sans_type.html", status=status)

    def _too_many_steps(self, request) -> bool:
        """The limit is higher here, since each step is a post."""
        posts = self.posts * len(self.etapes)
        return protection.too_many(request, f"{self.usage}, étapes", posts=posts, span=self.span)

    def _refuse_step(self, request):
        """The step with what was typed, which is not kept. No file is looked into."""
        if not self.etape.champs:
            return self.refuse(self.new_form(request.POST))
        form = self._form(self.etape, request.POST)
        form.add_error(None, protection.TROP)
        return self._step(form, status=429)

    def refused(self, words):
        """Where whoever wrote on a page left open is led: the record was sent, or erased, from another."""
        kept = FicheEnCours.objects.filter(pk=self.sujet.pk).exists()
        return redirect("contributions:recue" if kept else "contributions:effacee")

    # One step

    def _form(self, etape, data=None):
        typed = saved(self.sujet.saisie, etape.noms) if {*etape.noms} & {*self.sujet.saisie} else None
        return EtapeForm(typed if data is None else data, model=self.declaration.model, etape=etape)

    def _step(self, form, status=200):
        etape = form.etape
        faites = [one.numero for one in self.etapes if one.champs and {*one.noms} & {*self.sujet.saisie}]
        context = {"etapes": self.etapes, "etape": etape, "faites": faites}
        context |= {"suivante": self.etapes[etape.numero], "precedente": etape.numero - 1}
        return self.render_to_response(self.get_context_data(form=form, **context), status=status)

    def _keep_step(self, request, action):
        form = self._form(self.etape, request.POST)
        if _too_long(request, form, form.etape.noms):
            return self._step(form)
        number = self.etape.numero
        wrong = action not in (PLUS_TARD, REVENIR) and not form.is_valid()
        after = number if wrong or action == PLUS_TARD else number - 1 if action == REVENIR else number + 1
        unfinished.keep(self.sujet, _typed(request, form), etape=after)
        return self._step(form) if wrong else self._then(action, after)

    def _then(self, action, number):
        return redirect(f"{self.request.path}?{PLUS_TARD if action == PLUS_TARD else f'etape={number}'}")

    # Going on later

    def _later(self, form, said="", status=200):
        self.template_name = "contributions/plus_tard.html"
        context = {"form": form, "notice": consentement.en_vigueur(notices.PLUS_TARD), "envoye": said == "envoye"}
        context["connue"] = self.sujet.courriel
        return self.render_to_response(self.get_context_data(**context), status=status)

    def _send_link(self, request):
        form = PlusTardForm(request.POST)
        if protection.too_many(request, form.usage, posts=self.posts, span=self.span):
            form.add_error(None, protection.TROP)
            return self._later(form, status=429)
        if not form.is_valid():
            return self._later(form)
        with protection.steady():
            courriel = form.cleaned_data["courriel"]
            if protection.count(form.usage, comparable(courriel)) <= MAILS and not form.doute:
                unfinished.send_link(self.sujet, courriel)
        return redirect(f"{request.path}?{PLUS_TARD}=envoye")

    # The last step: the record as readers will see it

    def new_form(self, data=None):
        """The whole form: what was kept of the steps, and the fields of the last one."""
        whole = saved(self.sujet.saisie, [name for etape in self.etapes for name in etape.noms])
        for name, values in data.lists() if data else ():
            if not name.startswith("champ_"):
                whole.setlist(name, values)
        if trapped := self.sujet.saisie.get(protection.PIEGE):  # filled in the first step: the proposal waits for staff
            whole.setlist(protection.PIEGE, trapped)
        whole["base"] = "0"
        return super().new_form(whole)

    def _last(self, form, status=200):
        wrong = {field.name for field in form.wrong}
        for etape in self.etapes:
            if wrong & {*etape.noms}:
                return redirect(f"{self.request.path}?etape={etape.numero}")
        context = {"notice": consentement.en_vigueur(notices.USAGE), "etapes": self.etapes, "etape": self.etapes[-1]}
        context |= {"precedente": len(self.etapes) - 1, "faites": range(1, len(self.etapes))}
        response = apercu.page(self.request, self.fiche, form, **context)
        response.status_code = status
        return response

    def _keep_last(self, request, action):
        if action == ENVOYER:
            return PageDeFormulaire.post(self, request)
        form = self.new_form(request.POST)
        form.sent = False
        if _too_long(request, form, VOUS):
            return self._last(form)
        number = len(self.etapes) - (action == REVENIR)
        unfinished.keep(self.sujet, unfinished.typed(request.POST, VOUS), etape=number)
        return self._then(action, number)

    def again(self, form, *, status=200):
        fichiers.say_again(form, self.files)
        return self._last(form, status)

    def take(self, form, doute):
        unfinished.settle(self.sujet)
        super().take(form, doute)


def _typed(request, form) -> dict[str, list[str]]:
    return unfinished.typed(request.POST, form.etape.noms)


def _too_long(request, form, names) -> bool:
    """Adds an error to the form if its fields are too long to be kept."""
    if sum(len(value) for name in names for value in request.POST.getlist(name)) <= PLACE:
        return False
    form.is_valid()
    form.add_error(None, TROP_LONG)
    return True
