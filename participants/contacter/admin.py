"""The desk for messages: those that wait are answered, passed on or put aside."""

from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator

from fiches.desk_base import action_page, desk_page
from fiches.suivi.historique import name_of
from participants.contacter import relais, report_admin  # noqa: F401 - it registers itself
from participants.contacter.forms import ReponseForm
from participants.contacter.models import Message, ReponseAMessage
from socle.bureau.list_filters import StateListFilter
from socle.bureau.read_only import KeptRowsAdmin
from socle.courrier.admin import en_lignes
from socle.courrier.adresses import team_mailbox
from socle.courrier.refus import TropTard
from socle.francais.mots import moment, pluriel
from socle.vie_privee.consultation_admin import ListeDePersonnes

Etat = Message.Etat
SHOWN = 20  # messages that the page of an action shows


class MessageEtatListFilter(StateListFilter):
    attend = Etat.A_VERIFIER


@admin.register(Message)
class MessageAdmin(KeptRowsAdmin, ListeDePersonnes):
    """Nobody writes a message here. Each is deleted by the purge, or with all that is about its author."""

    explication = "Écrits par le formulaire « Écrire »."
    list_display = ["recu", "nom", "courriel", "sujet", "extrait", "ou_il_en_est", "doute"]
    list_display_links = ["recu", "nom"]
    list_filter = [MessageEtatListFilter]
    list_select_related = ["entree"]
    list_per_page = 50
    search_fields = ["nom", "courriel", "texte"]
    search_help_text = "Nom, adresse ou mot du message."
    readonly_fields = [
        "etat",
        "doute",
        "sujet",
        "nom",
        "adresse",
        "message",
        "recu_le",
        "transmission",
        "reponses",
        "courriels_envoyes",
        "accord",
    ]
    actions = ["forward", "settle", "dismiss"]
    exported = ["texte"]
    change_form_template = "admin/contacter/message_change_form.html"

    def get_queryset(self, request):
        answers = ReponseAMessage.objects.filter(message=OuterRef("pk"))
        return super().get_queryset(request).annotate(is_repondu=Exists(answers))

    def get_urls(self):
        view = self.admin_site.admin_view(self.answer_view)
        return [path("<int:pk>/repondre/", view, name="contacter_message_repondre"), *super().get_urls()]

    # What a person may do

    def answer_view(self, request, pk):
        """Answer who wrote: POST puts the mail into the outbox."""
        message = self.get_queryset(request).filter(pk=pk).first()
        if message is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        if not self.has_change_permission(request, message):
            raise PermissionDenied
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
        """What the form of an answer needs: `boite`, the team's mailbox, without which nobody answers from here."""
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
        """Ask first; then do it to each that still waits, and tell."""
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
            if act(row):
                self.log_change(request, row, f"{one.capitalize()}.")
                done += 1
        said = f"{pluriel(done, f'message {one}', f'messages {several}')}." if done else "Rien n’a changé."
        self.message_user(request, said, messages.SUCCESS if done else messages.INFO)

    # What a person sees

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and self.has_change_permission(request, obj):
            open_ = obj.etat in (Etat.A_VERIFIER, Etat.ECARTE)
            context["decisions"] = [
                *([("forward", "Transmettre…")] if open_ and relais.reachable(obj) else ()),
                *([("settle", "Noter comme traité…"), ("dismiss", "Écarter…")] if obj.etat == Etat.A_VERIFIER else ()),
            ]
            context["reponse"] = self._answer_part(obj, ReponseForm(initial={"deja": obj.reponses.count()}))
        context |= {"title": "Message", "show_save": False, "show_save_and_continue": False, "show_close": True}
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description="reçu le", ordering="recu_le")
    def recu(self, row):
        return moment(row.recu_le)

    @admin.display(description="au sujet de", ordering="entree__titre")
    def sujet(self, row):
        if row.entree is None:
            return "l’équipe"
        return format_html('<a href="{}">{}</a>', reverse("permalink", args=[row.entree_id]), row.entree)

    @admin.display(description="message")
    def extrait(self, row):
        return Truncator(row.texte).chars(120)

    @admin.display(description="message")
    def message(self, row):
        return format_html('<div class="texte">{}</div>', row.texte)

    @admin.display(description="adresse électronique")
    def adresse(self, row):
        return format_html('<a href="mailto:{0}">{0}</a>', row.courriel)

    def get_fields(self, request, obj=None):
        # Mails tell the address of who got the message: for whoever may read it in the outbox too.
        sent = obj and obj.transmis_le and request.user.has_perm("courrier.view_courriel")
        said = {"doute": obj and obj.doute, "courriels_envoyes": sent, "reponses": obj and obj.is_repondu}
        return [name for name in self.readonly_fields if said.get(name, True)]

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

    @admin.display(description="courriels")
    def courriels_envoyes(self, row):
        return en_lignes(row.courriels.defer("texte", "html")) or "aucun"

    @admin.display(description="état", ordering="etat")
    def ou_il_en_est(self, row):
        return f"{row.get_etat_display()}, répondu" if row.is_repondu else row.get_etat_display()


def _sending(reponse) -> str:
    """What became of the mail of an answer, in words."""
    if reponse.envoi is None:
        return "courriel parti, le site ne le garde plus"
    return f"courriel {reponse.envoi.get_etat_display()}"
