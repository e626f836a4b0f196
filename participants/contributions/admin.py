"""The desk for proposals: one queue, oldest first, and a page to decide on each field."""

from copy import copy

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html

from fiches import registre
from fiches.acces import change_url, may_change
from fiches.desk_base import desk_page
from participants.admin import dated
from participants.contributions import apercu, comparaison, credits, fichiers, parcours, travail
from participants.contributions.fichiers import ChoixDeFichiersForm
from participants.contributions.forms import DECIDER, GARDER, MAIN, PRENDRE, QUESTION, REFUSER, TOUT, DecisionForm
from participants.contributions.models import Contribution, Credit
from socle.annuaire.types import declared
from socle.bureau.list_filters import CaseListFilter
from socle.bureau.read_only import KeptRowsAdmin
from socle.bureau.saisie import REPRENDRE
from socle.courrier.refus import TropTard
from socle.francais.wording import pluriel
from socle.vie_privee import questions
from socle.vie_privee.consultation_admin import ListeDePersonnes

E = Contribution.Etat
FILE = "suite=ouverte"  # the query of the queue in the address of the list
FILTRES = "_changelist_filters"  # by this parameter a list of Django gives its filters to the page of a row
SUITES = {PRENDRE: comparaison.PRISE, GARDER: comparaison.GARDEE, MAIN: comparaison.REECRITE}
EXAMINER, LAISSER, ECARTER, NE_PLUS_CITER = "examiner", "laisser", "ecarter", "ne-plus-citer"
PUBLIER, REVENIR = "publier", "revenir"  # buttons of the preview
RELIRE = "Rien n’est encore décidé : voici ce que vous aviez choisi et écrit. Relisez, puis décidez."
FAIT = {
    EXAMINER: "C’est noté : vous regardez cette proposition.",
    LAISSER: "La personne reçoit un courriel pour confirmer son adresse ; sa proposition reviendra ensuite.",
    ECARTER: "La proposition est écartée. Personne n’est prévenu.",
    QUESTION: "La question part par courriel.",
    NE_PLUS_CITER: "La fiche ne nomme plus cette personne, qui n’en est pas prévenue.",
    REFUSER: "La proposition est refusée ; la personne en est prévenue.",
}


class ContributionEtatListFilter(CaseListFilter):
    title = "état"
    parameter_name = "suite"
    cases = [
        ("ouverte", "à traiter", Q(etat__in=Contribution.A_TRAITER)),
        *((etat.value, etat.label, Q(etat=etat)) for etat in E if etat != E.A_CONFIRMER),
    ]


class TypeDeFicheListFilter(CaseListFilter):
    title = "type de fiche"
    parameter_name = "type"

    def cases_of(self, model):
        return [(one.cle, one.nom, Q(type=one.cle)) for one in registre.types()]


@admin.register(Contribution)
class ContributionAdmin(KeptRowsAdmin, ListeDePersonnes):
    """A list in which nobody writes. Rows are erased by the purge, or with all data about their author."""

    explication = "Ce que des visiteurs proposent, fiches nouvelles et corrections, à prendre ou non, champ par champ."
    list_display = ["recue", "fiche", "lieu", "quoi", "ou_elle_en_est"]
    list_display_links = ["recue"]
    list_filter = [ContributionEtatListFilter, "nature", TypeDeFicheListFilter]
    list_select_related = ["entree__commune", "entree__departement"]
    ordering = ["recue_le", "pk"]
    search_fields = ["nom", "courriel", "source", "entree__titre"]
    search_help_text = "Nom, adresse, ou mot du titre de la fiche."
    exported = ["source"]
    saisie_reprise = True

    def get_queryset(self, request):
        """The proposals with a confirmed address, or doubtful ones: anybody may have typed the others.

        Proposals of a type that is gone are left out: nothing can be decided on them.
        """
        rows = super().get_queryset(request).filter(type__in=declared())
        return rows.exclude(etat=E.A_CONFIRMER).prefetch_related("fichiers")

    def get_urls(self):
        view = self.admin_site.admin_view(self.file_view)
        address = path("<int:pk>/fichiers/<int:fichier>/", view, name="contributions_contribution_fichier")
        return [address, *super().get_urls()]

    def file_view(self, request, pk, fichier):
        """A waiting file, for users who may read the proposal."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        return fichiers.served(request, row, fichier)

    # The page of a proposal

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, row)
        if not self.may_decide(request, row):
            raise PermissionDenied
        if REPRENDRE in request.POST:
            return self._show_again(request, row)
        return self._act(request, row, request.POST.get("action", ""))

    def _show_again(self, request, row):
        """Shows what was typed before a session ended, and does nothing with it."""
        lignes = comparaison.lines(row, parcours.published(row.entree))
        form = DecisionForm(request.POST, lignes=lignes, neuve=row.is_fiche)
        joints = ChoixDeFichiersForm(request.POST, row=row)
        return self._page(request, row, form=form, joints=joints, refus=RELIRE)

    def may_decide(self, request, row) -> bool:
        """Whether this user may also change, or create, such a record."""
        return self.has_change_permission(request, row) and travail.may_decide(request.user, row.type, row.nature)

    def _act(self, request, row, action):
        seen, fiche = action == PUBLIER, parcours.published(row.entree)
        if seen:
            action = TOUT if request.POST.get("pour") == TOUT else DECIDER
        form = DecisionForm(request.POST, lignes=comparaison.lines(row, fiche), action=action, neuve=row.is_fiche)
        joints = ChoixDeFichiersForm(request.POST, row=row, tout=action == TOUT)
        if not (form.is_valid() & (action not in (DECIDER, TOUT) or joints.is_valid())) or action == REVENIR:
            return self._page(request, row, form=form, joints=joints)
        form.joints = getattr(joints, "titres", {})
        if action in (DECIDER, TOUT) and not seen and row.is_ouverte and (fiche or row.is_fiche):
            return self._as_it_will_be(request, row, fiche, form, action)
        suivante = self._next(request, row)  # looked for before the row leaves the queue
        try:
            said = self._do(request, row, form, action)
        except TropTard as refus:
            return self._page(request, row, form=form, joints=joints, refus=str(refus), status=409)
        except ValidationError as error:
            return self._page(request, row, form=form, joints=joints, refus=" ".join(error.messages))
        self.log_change(request, row, said)
        if row.is_fiche and action in (DECIDER, TOUT):
            made = self.get_object(request, str(row.pk)).entree
            said = format_html('{} <a href="{}">L’ouvrir, la publier</a>.', said, change_url(made))
        if action == EXAMINER:
            self.message_user(request, said, messages.SUCCESS)
            if form.written:
                return self._page(request, row, form=form, joints=joints)
            return redirect(request.get_full_path())
        self.message_user(request, format_html("{} {}", said, suivante), messages.SUCCESS)
        return redirect(self._list(request))

    def _as_it_will_be(self, request, row, fiche, form, action):
        """The page as readers will find it; one button saves, another goes back."""
        model = registre.get(row.type).model
        values = {name: value for name, (what, value) in form.choix.items() if what != GARDER}
        shown = apercu.as_published(fiche or model(), values, form.prives, par=request.user.get_username())
        sent = request.POST.copy()
        for name in ("csrfmiddlewaretoken", "action", "pour"):
            sent.pop(name, None)
        said = [*form.prives, *(mot for _, prives in form.joints.values() for mot in prives)]
        context = {
            "bande": "admin/contributions/_bande.html",
            "dessous": "admin/contributions/_publier.html",
            "form": form,
            "pour": action,
            "neuve": row.is_fiche,
            "caches": [(name, value) for name, values in sent.lists() for value in values],
            "masques": [mot for mot in said if mot.reponse == questions.MASQUER],
            "gardes": [mot for mot in said if mot.reponse == questions.GARDER],
            "joints": [questions.masked(titre, prives) for titre, prives in form.joints.values()],
            "mention": self._mention(row, form),
            "suite": "publier",
        }
        response = apercu.page_of(request, shown, context)
        response["X-Robots-Tag"], response["Cache-Control"] = "noindex", "private, no-store"
        return response

    @staticmethod
    def _mention(row, form) -> str:
        """« Proposé par Maëlle K. »; "" if nothing is taken or nobody is named."""
        taken = form.joints or any(what != GARDER for what, _ in form.choix.values())
        return credits.words(row) if taken and form.cleaned_data["citer"] else ""

    def _do(self, request, row, form, action) -> str:
        """Does what the button says. Returns in words what was done."""
        par, tour = request.user, form.cleaned_data["tour"]
        if action in (DECIDER, TOUT):
            suites = {name: (SUITES[what], value) for name, (what, value) in form.choix.items()}
            how = {"tour": tour, "user": par, "citer": form.cleaned_data["citer"], "joints": form.joints}
            how["prives"] = form.prives
            if row.is_fiche:
                parcours.create(row, suites, form.reponse, **how)
                return "La fiche est créée, à relire. La personne en est prévenue, et le sera quand elle sera publiée."
            parcours.decide(row, suites, form.reponse, version=form.cleaned_data["version"], **how)
            taken = sum(what != comparaison.GARDEE for what, _ in suites.values())
            done = [pluriel(taken, "champ publié", "champs publiés")] if taken else []
            done += [pluriel(len(form.joints), "fichier joint", "fichiers joints")] if form.joints else []
            return f"Décidé : {', '.join(done) or 'rien n’est changé'}. La personne en est prévenue."
        if action == QUESTION:
            parcours.ask(row, form.cleaned_data["mot"], tour=tour, user=par)
        elif action == REFUSER:
            parcours.refuse(row, form.reponse, tour=tour, user=par)
        elif action == EXAMINER:
            parcours.take_on(row, tour=tour, user=par)
        elif action == NE_PLUS_CITER:
            credits.uncite(row)
        elif action == LAISSER:
            parcours.accept_doubt(row, tour=tour)
        elif action == ECARTER:
            parcours.set_aside(row, tour=tour, user=par)
        else:
            raise TropTard("Choisissez ce que devient cette proposition.")
        return FAIT[action]

    def _page(self, request, row, *, form=None, joints=None, refus="", status=200):
        row = self.get_object(request, str(row.pk)) or row
        fiche = parcours.published(row.entree)
        lignes = comparaison.lines(row, fiche)
        now = {"tour": row.tour, "version": fiche.version if fiche else None}
        if form is None:
            form = DecisionForm(lignes=lignes, initial=now, neuve=row.is_fiche)
        elif refus or (form.action == EXAMINER and not form.errors):
            form.look_again(lignes, now)
        self.note(request, "fiche", 1)
        may = self.may_decide(request, row)
        decidable = row.is_fiche or (bool(fiche) and may_change(request.user, fiche))
        context = {
            "title": str(row),
            "contribution": row,
            "declaration": registre.get(row.type),
            "form": form,
            "joints": joints or ChoixDeFichiersForm(row=row),
            "decides": row.fichiers.filter(fichier=""),
            "lignes": lignes,
            "conflits": [ligne for ligne in lignes if ligne.conflit],
            "fiche": fiche,
            "decidable": decidable,
            "formulaire": change_url(row.entree) if row.entree else "",
            "peut": may,
            "choisir": may and decidable and row.is_ouverte,
            "douteuse": row.etat == E.A_VERIFIER,
            "echanges": row.echanges.select_related("par"),
            "cite": Credit.objects.filter(contribution=row).first(),
            "refus": refus,
            "perdu": [] if row.is_ouverte else form.written,
            "liste": self._list(request),
            "suivante": self._next(request, row),
        }
        return desk_page(self, request, "admin/contributions/decision.html", context, status=status)

    # The queue: the list from which the proposal was opened, with its filters

    def _list(self, request) -> str:
        return f"{reverse('admin:contributions_contribution_changelist')}?{request.GET.get(FILTRES) or FILE}"

    def _queue(self, request) -> list[int]:
        """The keys of this list, in order."""
        listed = copy(request)
        listed.GET = QueryDict(request.GET.get(FILTRES) or FILE, mutable=True)
        listed.GET.pop("p", None)
        try:
            rows = self.get_changelist_instance(listed).queryset
        except IncorrectLookupParameters:  # no list wrote these filters
            return []
        return list(rows.prefetch_related(None).values_list("pk", flat=True))

    def _next(self, request, row) -> str:
        """« La suivante (3 autres dans la liste) », after the last the first; "" if there is no other."""
        pks = self._queue(request)
        rank = pks.index(row.pk) if row.pk in pks else len(pks)
        others = [*pks[rank + 1 :], *pks[:rank]]
        if not others:
            return ""
        address = reverse("admin:contributions_contribution_change", args=[others[0]])
        kept = self.get_preserved_filters(request)
        many = pluriel(len(others), "autre dans la liste", "autres dans la liste")
        return format_html('<a href="{}">La suivante</a> ({}).', f"{address}?{kept}" if kept else address, many)

    # The columns of the list

    recue = dated("recue_le", "reçue le")

    @admin.display(description="fiche", ordering="entree__titre")
    def fiche(self, row):
        if row.entree is None and row.is_fiche and row.close_le is None:
            titre = row.valeurs.get("titre", {}).get("propose", "")
            return f"{registre.get(row.type).nom}, à créer : {titre}"
        if row.entree is None:
            return "aucune"
        return format_html('<a href="{}">{}</a>', change_url(row.entree), row.entree)

    @admin.display(description="lieu")
    def lieu(self, row):
        """The commune, otherwise the département, also of a record still to be created."""
        if row.entree:
            return row.entree.commune or row.entree.departement
        return next((row.valeurs[name]["propose"] for name in ("commune", "departement") if name in row.valeurs), None)

    @admin.display(description="proposition")
    def quoi(self, row):
        labels = [str(ligne.champ.verbose_name) for ligne in comparaison.lines(row)]
        files = len(row.fichiers.all())
        labels += [pluriel(files, "fichier", "fichiers")] if files else []
        return f"{row.get_nature_display()} : {', '.join(labels)}"

    @admin.display(description="état", ordering="etat")
    def ou_elle_en_est(self, row):
        return row.get_etat_display()
