"""The desk for messages (answer, pass on, put aside) and for reported errors (settle)."""

from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator, capfirst

from fiches.acces import change_url
from fiches.desk_base import action_page, desk_page
from fiches.suivi.historique import name_of
from participants.admin import SollicitationAdmin, dated
from participants.contacter import erreurs, relais
from participants.contacter.forms import ReponseForm, SuiteForm
from participants.contacter.models import OUVERTS, Message, ReponseAMessage, Signalement
from socle.bureau.list_filters import CaseListFilter, StateListFilter
from socle.bureau.read_only import KeptRowsAdmin
from socle.courrier.mailboxes import team_mailbox
from socle.courrier.refus import TropTard
from socle.francais.wording import moment, pluriel

Etat, Suite = Message.Etat, Signalement.Etat
SHOWN = 20  # messages shown on the page of an action


class EcritAdmin(KeptRowsAdmin, SollicitationAdmin):
    """A list in which nobody writes. Rows are erased by the purge, or with all data about their author."""

    list_select_related = ["entree"]
    exported = ["texte"]

    def changed_by(self, request, pk):
        """The row to change; None if it is gone; PermissionDenied without the right."""
        row = self.get_queryset(request).filter(pk=pk).first()
        if row and not self.has_change_permission(request, row):
            raise PermissionDenied
        return row

    def get_fields(self, request, obj=None):
        said = self.said(request, obj) if obj else {}
        return [name for name in self.readonly_fields if said.get(name, True)]

    def said(self, request, row) -> dict:
        """{field: whether the page shows it}, for fields that it may leave out."""
        return {"doute": row.doute}

    def render_change_form(self, request, context, *args, **kwargs):
        title = capfirst(self.opts.verbose_name)
        context |= {"title": title, "show_save": False, "show_save_and_continue": False, "show_close": True}
        return super().render_change_form(request, context, *args, **kwargs)

    recu = dated("recu_le", "reçu le")

    @admin.display(description="texte")
    def extrait(self, row):
        return Truncator(row.texte).chars(120)

    @admin.display(description="texte")
    def ecrit(self, row):
        return format_html('<div class="texte">{}</div>', row.texte)


class MessageEtatListFilter(StateListFilter):
    attend = Etat.A_VERIFIER


@admin.register(Message)
class MessageAdmin(EcritAdmin):
    explication = "Écrits par le formulaire « Écrire »."
    list_display = ["recu", "nom", "courriel", "sujet", "extrait", "ou_il_en_est", "doute"]
    list_display_links = ["recu", "nom"]
    list_filter = [MessageEtatListFilter]
    search_fields = ["nom", "courriel", "texte"]
    search_help_text = "Nom, adresse ou mot du message."
    readonly_fields = [
        "etat",
        "doute",
        "sujet",
        "nom",
        "adresse",
        "ecrit",
        "recu_le",
        "transmission",
        "reponses",
        "courriels_envoyes",
        "accord",
    ]
    actions = ["forward", "settle", "dismiss"]
    change_form_template = "admin/contacter/message_change_form.html"

    def get_queryset(self, request):
        answers = ReponseAMessage.objects.filter(message=OuterRef("pk"))
        return super().get_queryset(request).annotate(is_repondu=Exists(answers))

    def get_urls(self):
        view = self.admin_site.admin_view(self.answer_view)
        return [path("<int:pk>/repondre/", view, name="contacter_message_repondre"), *super().get_urls()]

    # Actions

    def answer_view(self, request, pk):
        """The page to answer a message. POST puts the answer into the outbox."""
        message = self.changed_by(request, pk)
        if message is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        form = ReponseForm(
            request.POST if request.method == "POST" else None, initial={"deja": message.reponses.count()}
        )
        if team_mailbox() and form.is_valid():
            try:
                return self._answer(request, message, **form.cleaned_data)
            except TropTard as refus:
                form.add_error(None, str(refus))
                form.data = form.data.copy()
                form.data["deja"] = message.reponses.count()
        self.note(request, "fiche", 1)
        context = {
            "title": "Répondre au message",
            "message": message,
            "reponse": self._answer_part(message, form),
            "reponses": self.reponses(message),
        }
        return desk_page(self, request, "admin/contacter/repondre.html", context)

    def _answer(self, request, message, *, texte, deja):
        if relais.answer(message, texte, par=request.user, deja=deja):
            self.log_change(request, message, "Répondu.")
            self.message_user(request, f"La réponse part à {message.courriel}.", messages.SUCCESS)
        else:
            self.message_user(request, "Cette réponse vient de partir : elle n’est pas envoyée deux fois.")
        return redirect("admin:contacter_message_change", message.pk)

    @staticmethod
    def _answer_part(message, form):
        """The part with the answer. Without `boite`, the mailbox of the team, nobody can answer from here."""
        return {"form": form, "boite": team_mailbox(), "message": message}

    @admin.action(description="Transmettre…", permissions=["change"])
    def forward(self, request, queryset):
        waiting = queryset.exclude(etat=Etat.TRANSMIS)
        if "appliquer" not in request.POST:
            waiting = waiting.filter(pk__in=[row.pk for row in waiting if relais.reachable(row)])
        answer = self._act(request, queryset, waiting, relais.forward, "Transmettre", "transmis|transmis")
        if answer is None and (left := waiting.all().count()):
            told = pluriel(left, "message n’est pas transmis", "messages ne sont pas transmis")
            self.message_user(request, f"{told} : {relais.SANS_ADRESSE}.", messages.ERROR)
        return answer

    @admin.action(description="Noter comme traités…", permissions=["change"])
    def settle(self, request, queryset):
        return self._settle(request, queryset, Etat.TRAITE, "Noter comme traités", "traité|traités")

    @admin.action(description="Écarter…", permissions=["change"])
    def dismiss(self, request, queryset):
        return self._settle(request, queryset, Etat.ECARTE, "Écarter", "écarté|écartés")

    def _settle(self, request, queryset, etat, title, words):
        waiting = queryset.filter(etat=Etat.A_VERIFIER)
        return self._act(request, queryset, waiting, partial(relais.settle, etat=etat), title, words)

    def _act(self, request, queryset, waiting, act, title, words):
        """Asks first; then calls `act` for each row that still waits, and says why some are left."""
        one, several = words.split("|")
        if "appliquer" not in request.POST:
            count = waiting.count()
            context = {
                "title": f"{title} des messages",
                "changeront": pluriel(count, f"serait {one}", f"seraient {several}") if count else "",
                "lignes": waiting.select_related("entree")[:SHOWN],
                "limite": SHOWN if count > SHOWN else 0,
                "bouton": f"Confirmer pour {pluriel(count, 'message', 'messages')}",
            }
            return action_page(self, request, queryset, "admin/contacter/action.html", context)
        done = 0
        for row in waiting:
            try:
                changed = act(row)
            except TropTard as refus:
                self.message_user(request, f"{row} laissé de côté. {refus}", messages.WARNING)
                continue
            if changed:
                self.log_change(request, row, f"{one.capitalize()}.")
                done += 1
        said = f"{pluriel(done, f'message {one}', f'messages {several}')}." if done else "Rien n’a changé."
        self.message_user(request, said, messages.SUCCESS if done else messages.INFO)

    # Display

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and self.has_change_permission(request, obj):
            open_ = obj.etat in (Etat.A_VERIFIER, Etat.ECARTE)
            context["decisions"] = [
                *([("forward", "Transmettre…")] if open_ and relais.reachable(obj) else ()),
                *([("settle", "Noter comme traité…"), ("dismiss", "Écarter…")] if obj.etat == Etat.A_VERIFIER else ()),
            ]
            context["reponse"] = self._answer_part(obj, ReponseForm(initial={"deja": obj.reponses.count()}))
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description="au sujet de", ordering="entree__titre")
    def sujet(self, row):
        if row.entree is None:
            return "l’équipe"
        return format_html('<a href="{}">{}</a>', reverse("permalink", args=[row.entree_id]), row.entree)

    @admin.display(description="adresse électronique")
    def adresse(self, row):
        return format_html('<a href="mailto:{0}">{0}</a>', row.courriel)

    def said(self, request, row):
        # These mails show the address of the recipient: only for users who may read it in the outbox too.
        sent = row.transmis_le and request.user.has_perm("courrier.view_courriel")
        return {"doute": row.doute, "courriels_envoyes": sent, "reponses": row.is_repondu}

    @admin.display(description="transmis")
    def transmission(self, row):
        if row.transmis_le is None:
            return "non"
        return f"le {moment(row.transmis_le)}"

    @admin.display(description="réponses")
    def reponses(self, row):
        rows = row.reponses.select_related("par", "envoi")
        told = [(one.texte, name_of(one.par), moment(one.le), _sending(one)) for one in rows]
        return format_html_join("", '<div class="texte">{}</div><p class="quand">{}, le {} : {}</p>', told) or "aucune"

    @admin.display(description="état", ordering="etat")
    def ou_il_en_est(self, row):
        return f"{row.get_etat_display()}, répondu" if row.is_repondu else row.get_etat_display()


def _sending(reponse) -> str:
    if reponse.envoi is None:
        return "courriel parti, le site ne le garde plus"
    return f"courriel {reponse.envoi.get_etat_display()}"


# Reported errors


class SignalementEtatListFilter(CaseListFilter):
    title = "état"
    parameter_name = "suite"
    cases = [("ouverte", "à régler", Q(etat__in=OUVERTS)), *((one.value, one.label, Q(etat=one)) for one in Suite)]


@admin.register(Signalement)
class SignalementAdmin(EcritAdmin):
    """Reports on one record stand together; the record with the latest one comes first."""

    explication = "Erreurs que des visiteurs ont vues dans des fiches."
    list_display = ["recu", "sujet", "partie", "extrait", "etat", "doute"]
    list_filter = [SignalementEtatListFilter]
    search_fields = ["entree__titre", "texte", "courriel"]
    search_help_text = "Titre de la fiche, mot du signalement ou adresse."
    readonly_fields = ["etat", "doute", "sujet", "partie_dite", "ecrit", "courriel", "recu_le", "clos_le", "reponse"]
    change_form_template = "admin/contacter/signalement_change_form.html"

    def get_ordering(self, request):
        same = Signalement.objects.filter(entree=OuterRef("entree")).order_by().values("entree")
        latest = Subquery(same.annotate(latest=Max("recu_le")).values("latest"))
        return [latest.desc(), "entree", "-recu_le", "-pk"]

    def said(self, request, row):
        return {"doute": row.doute, "clos_le": row.clos_le, "reponse": row.clos_le}

    def get_urls(self):
        view = self.admin_site.admin_view(self.settle_view)
        return [path("<int:pk>/suite/", view, name="contacter_signalement_suite"), *super().get_urls()]

    def settle_view(self, request, pk):
        row = self.changed_by(request, pk)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        form = SuiteForm(request.POST)
        if not form.is_valid():  # no browser sends that: a state is always chosen, and the field limits the length
            return redirect("admin:contacter_signalement_change", pk)
        etat = Suite(form.cleaned_data["etat"])
        mots = form.cleaned_data["mots"]
        changed = erreurs.settle(row, etat, mots, tous=form.cleaned_data["tous"])
        for one in changed:
            self.log_change(request, one, f"{etat.label.capitalize()}.")
        self._tell(request, row, etat, mots, changed)
        return redirect("admin:contacter_signalement_change", pk)

    def _tell(self, request, row, etat, mots, changed):
        """Gives back words that were written and that nobody received."""
        answers = sum(bool(one.reponse) for one in changed)
        if changed:
            said = f"{pluriel(len(changed), 'signalement', 'signalements')} : {etat.label}"
            told = f" ; {pluriel(answers, 'réponse part', 'réponses partent')}" if etat not in OUVERTS else ""
            self.message_user(request, f"{said}{told}.", messages.SUCCESS)
        else:
            now = Signalement.objects.filter(pk=row.pk).first()
            why = f"Ce signalement est déjà « {now.get_etat_display()} »." if now else row.si_effacee
            self.message_user(request, f"Rien n’a changé. {why}", messages.WARNING)
        if mots and not answers:
            when = ", elle partirait à la clôture" if etat in OUVERTS else ""
            self.message_user(request, f"Votre réponse n’est pas partie{when}. La voici : « {mots} »", messages.WARNING)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            same = Signalement.objects.filter(entree=obj.entree_id).exclude(pk=obj.pk)
            context["autres"] = [(one, reverse("admin:contacter_signalement_change", args=[one.pk])) for one in same]
            context["ouverts"] = same.filter(etat__in=OUVERTS).exists()
            context["formulaire_de_fiche"] = change_url(obj.entree)
            if obj.etat in OUVERTS and self.has_change_permission(request, obj):
                context["suite"] = SuiteForm(
                    initial={"etat": Suite.EN_COURS if obj.etat == Suite.RECU else Suite.CORRIGE}
                )
                context["reponses"] = [(etat.label, texte) for etat, texte in erreurs.REPONSES.items()]
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description="fiche", ordering="entree__titre")
    def sujet(self, row):
        return format_html('<a href="{}">{}</a>', change_url(row.entree), row.entree)

    @admin.display(description="partie de la fiche")
    def partie_dite(self, row):
        return row.partie or "toute la fiche"
