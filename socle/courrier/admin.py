"""The outbox at the desk: the state of each mail, and two actions on those that did not leave."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from socle.bureau.list_filters import StateListFilter
from socle.bureau.read_only import KeptRowsAdmin
from socle.courrier import EN_FICHIERS
from socle.courrier.models import A_ENVOYER, Courriel, Etat
from socle.courrier.texte import mask
from socle.francais.wording import moment, pluriel

# States that a person may change: not sent, and not in the hands of a sender.
REESSAYABLES = (Etat.EN_FILE, Etat.A_REESSAYER, Etat.EN_ECHEC)
NON_ECRIT = "Ce courriel s’écrit au moment où il part, selon ce qui est vrai alors."
JETONS = ("texte", "html", "desabonnement")  # fields that hold tokens of links


class CourrielEtatListFilter(StateListFilter):
    attend = Etat.EN_ECHEC  # only failed mails wait for a person; the others wait for the sender

    def cases_of(self, model):
        failed, *others = super().cases_of(model)
        return [failed, ("attente", "tout ce qui attend", Q(etat__in=A_ENVOYER)), *others]


def en_lignes(courriels) -> str:
    """Mails as HTML, for the page of their subject, which checks rights."""
    lines = (
        (
            reverse("admin:courrier_courriel_change", args=[courriel.pk]),
            courriel.objet,
            courriel.destinataire,
            courriel.get_etat_display(),
            moment(courriel.cree_le),
        )
        for courriel in courriels
    )
    return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>, à {} : {}, déposé le {}', lines)


@admin.register(Courriel)
class CourrielAdmin(KeptRowsAdmin, admin.ModelAdmin):
    """Nobody writes or deletes here. Tokens are hidden: only the recipient may open the links."""

    explication = "Ce que le site envoie\N{NO-BREAK SPACE}: parti, en attente ou en échec."
    list_display = ["objet", "destinataire", "etat", "depose", "erreur_courte"]
    list_filter = [CourrielEtatListFilter]
    list_per_page = 50
    search_fields = ["destinataire", "objet"]
    search_help_text = "Adresse ou objet."
    fields = [
        "destinataire",
        "repondre_a",
        "objet",
        "etat",
        "erreur_lisible",
        "essais",
        "suivant",
        "cree_le",
        "envoye_le",
        "a_propos",
        "texte_lisible",
        "fichiers",
    ]
    readonly_fields = fields
    actions = ["retry", "give_up"]
    change_form_template = "admin/courrier/courriel_change_form.html"
    change_list_template = "admin/courrier/courriel_change_list.html"
    decisions = {"reessayer": "retry", "abandonner": "give_up"}  # {end of the address: action}

    def get_queryset(self, request):
        return super().get_queryset(request).defer("html")

    def lookup_allowed(self, lookup, value, request=None):
        # « ?texte__contains= » would let one guess hidden tokens, letter by letter.
        return lookup.partition("__")[0] not in JETONS and super().lookup_allowed(lookup, value, request)

    def get_urls(self):
        view = self.admin_site.admin_view(self.decision_view)
        return [
            *(
                path(f"<int:pk>/{key}/", view, {"decision": key}, name=f"courrier_courriel_{key}")
                for key in self.decisions
            ),
            *super().get_urls(),
        ]

    # What a person may do

    def decision_view(self, request, pk, decision):
        """A button on a mail's page runs the action on it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request):
            raise PermissionDenied
        mine = Courriel.objects.filter(pk=pk)
        if not mine.exists():
            raise Http404("Ce courriel n’existe pas.")
        getattr(self, self.decisions[decision])(request, mine)
        return redirect("admin:courrier_courriel_change", pk)

    @admin.action(description="Réessayer maintenant", permissions=["change"])
    def retry(self, request, queryset):
        """Make the mails due now, with no try counted."""

        def fields(courriel):
            return {"etat": Etat.A_REESSAYER, "prochain_essai": timezone.now(), "essais": 0}

        done = "courriel partira d’ici une minute.", "courriels partiront d’ici une minute."
        self._update(request, queryset, fields, "À réessayer maintenant.", done)

    @admin.action(description="Abandonner", permissions=["change"])
    def give_up(self, request, queryset):
        """Never send the mails; erase the tokens of their links."""

        def fields(courriel):
            return {"etat": Etat.ABANDONNE} | {name: mask(getattr(courriel, name)) for name in JETONS}

        self._update(request, queryset, fields, "Abandonné.", ("courriel abandonné.", "courriels abandonnés."))

    def _update(self, request, queryset, fields, logged: str, done: tuple[str, str]) -> None:
        """Change the mails that may still change, and say how many. `done`: words for one, for several."""
        asked, count = queryset.count(), 0
        for courriel in Courriel.objects.filter(pk__in=queryset.order_by().values("pk"), etat__in=REESSAYABLES):
            # Checked again: a sender may have taken it.
            mine = Courriel.objects.filter(pk=courriel.pk, etat__in=REESSAYABLES)
            if mine.update(**fields(courriel)):
                self.log_change(request, courriel, logged)
                count += 1
        if count:
            self.message_user(request, pluriel(count, *done), messages.SUCCESS)
        if left := asked - count:
            kept = pluriel(left, "courriel n’a pas changé", "courriels n’ont pas changé")
            self.message_user(request, f"{kept} : déjà parti, en cours d’envoi ou abandonné.", messages.INFO)

    # What a person sees

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and obj.etat in REESSAYABLES and self.has_change_permission(request, obj):
            context["decisions"] = [
                (reverse(f"admin:courrier_courriel_{key}", args=[obj.pk]), getattr(self, action).short_description)
                for key, action in self.decisions.items()
            ]
        context |= {"title": "Courriel", "show_save": False, "show_save_and_continue": False, "show_close": True}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def changelist_view(self, request, extra_context=None):
        folder = settings.COURRIELS if settings.EMAIL_BACKEND == EN_FICHIERS else None
        return super().changelist_view(request, {"dossier": folder} | (extra_context or {}))

    @admin.display(description="déposé le", ordering="cree_le")
    def depose(self, courriel):
        return f"{timezone.localtime(courriel.cree_le):%d/%m/%Y %H:%M}"

    @admin.display(description="dernière erreur", ordering="erreur")
    def erreur_courte(self, courriel):
        return format_html('<span class="texte">{}</span>', courriel.erreur[:120]) if courriel.erreur else "aucune"

    @admin.display(description="dernière erreur")
    def erreur_lisible(self, courriel):
        return courriel.erreur or "aucune"

    @admin.display(description="prochain essai")
    def suivant(self, courriel):
        return courriel.prochain_essai if courriel.etat in A_ENVOYER else "aucun"

    @admin.display(description="texte")
    def texte_lisible(self, courriel):
        return format_html('<div class="texte">{}</div>', mask(courriel.texte) or NON_ECRIT)

    @admin.display(description="pièces jointes")
    def fichiers(self, courriel):
        return ", ".join(piece.nom for piece in courriel.pieces.defer("contenu")) or "aucune"

    @admin.display(description="à propos de")
    def a_propos(self, courriel):
        """A link to the subject's page, which checks rights."""
        sujet = courriel.sujet
        if sujet is None:
            return "rien en particulier"
        try:
            address = reverse(f"admin:{sujet._meta.app_label}_{sujet._meta.model_name}_change", args=[sujet.pk])
        except NoReverseMatch:
            return str(sujet)
        return format_html('<a href="{}">{}</a>', address, sujet)
