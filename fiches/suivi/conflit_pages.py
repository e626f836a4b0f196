"""Conflicts at the desk: a page for each record, ours and theirs side by side, a choice for each field."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from fiches import registre
from fiches.acces import admin_url, visible_types
from fiches.suivi.decisions import GARDER, MODIFIER, PLUS_TARD, PRENDRE, Champ, Decision, Refus, decide, open_of
from fiches.suivi.historique import MovedOn, author, versions
from fiches.suivi.models import Conflit
from socle.annuaire.models import PREPARATION, Entree
from socle.comptes.roles import can_publish
from socle.francais.mots import moment, pluriel

CHOIX = (GARDER, PRENDRE, MODIFIER, PLUS_TARD)


def conflicts_url(entree: Entree) -> str:
    """Address of the page of a record's conflicts."""
    return admin_url(registre.get(entree.type).model, "conflits", entree.pk)


def to_decide(site, request):
    """Entries of the records with open conflicts that this person may decide on, in the order they are offered."""
    types = [
        declaration.cle
        for declaration, model_admin in visible_types(site, request)
        if model_admin.has_change_permission(request)
    ]
    entries = Entree.objects.filter(type__in=types, pk__in=Conflit.objects.open().values("entree"))
    if not can_publish(request.user):
        entries = entries.filter(statut__in=PREPARATION)
    return entries.order_by("pk")


class ConflitsAdmin:
    """Mixed into the admin of a record type."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_conflits"
        view = self.admin_site.admin_view(self.conflicts_view)
        return [path("<path:object_id>/conflits/", view, name=name), *super().get_urls()]

    def conflicts_view(self, request, object_id):
        """The open conflicts of a record, and what is decided of them."""
        fiche = self.get_object(request, unquote(object_id))
        if fiche is None:
            raise Http404("Cette fiche n’existe pas ou n’existe plus.")
        if not self.has_change_permission(request, fiche):
            raise PermissionDenied
        champs = [Champ(conflit, fiche) for conflit in open_of(fiche)]
        erreur = ""
        if request.method == "POST":
            erreur = self._decide(request, fiche, champs)
            if erreur is None:
                return self._next(request, fiche)
            fiche = self.get_object(request, unquote(object_id))
            for champ in champs:
                champ.fiche = fiche
                champ.__dict__.pop("ici", None)
                champ.__dict__.pop("pieces", None)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "fiche": fiche,
            "champs": champs,
            "erreur": erreur,
            "title": "Régler les conflits",
            "subtitle": str(fiche),
            "adresse_fiche": self._address("change", fiche),
            "adresse_liste": admin_url(Conflit, "changelist") if request.user.has_perm("suivi.view_conflit") else "",
            "restent": to_decide(self.admin_site, request).exclude(pk=fiche.pk).count(),
            "suivante": self._following(request, fiche),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/fiches/conflits.html", context)

    def _decide(self, request, fiche, champs: list[Champ]) -> str | None:
        """Carry out what was sent; None if it is done, else what to tell. `champs` keep what was picked and typed."""
        seen, read = request.POST.get("version_lue", ""), set(request.POST.getlist("lu"))
        for champ in champs:
            pk = champ.conflit.pk
            picked = request.POST.get(f"choix-{pk}", PLUS_TARD)
            champ.choix = picked if picked in CHOIX else PLUS_TARD
            champ.saisie = request.POST.get(f"texte-{pk}")
        decisions = [Decision(champ.conflit, champ.choix, champ.saisie or "") for champ in champs]
        if all(decision.choix == PLUS_TARD for decision in decisions) and champs:
            return "Choisissez ce que devient au moins un champ, ou passez à la fiche suivante."
        try:
            if read != {champ.lu for champ in champs} or not seen.isdecimal():
                raise MovedOn(fiche)
            with transaction.atomic():
                saved, count = decide(fiche, decisions, seen=int(seen[:9]), user=request.user)
                self.log_change(request, saved, "Conflits réglés.")
        except MovedOn:
            return self._moved(fiche)
        except Refus as refus:
            for champ in champs:
                champ.erreur = refus.erreurs.get(champ.conflit.pk, "")
            general = refus.erreurs.get(None, "")
            return f"Rien n’a été enregistré. {general or 'Corrigez le champ signalé plus bas, puis recommencez.'}"
        message = f"« {saved} » : {pluriel(count, 'conflit réglé', 'conflits réglés')}."
        self.message_user(request, message, messages.SUCCESS)
        return None

    def _moved(self, fiche) -> str:
        last = versions(self.model, fiche.pk).first()
        who = f" Dernière version : le {moment(last.history_date)}, par {author(last)}." if last else ""
        return (
            "La fiche ou l’ancien site a changé pendant que vous choisissiez. Rien n’a été enregistré, vos choix sont "
            f"gardés ci-dessous : relisez-les, puis enregistrez.{who}"
        )

    def _next(self, request, fiche):
        """To the next record with conflicts; back to this one's form if it was the last."""
        following = self._following(request, fiche)
        if following:
            return redirect(following)
        if open_of(fiche):
            return redirect(self._address("conflits", fiche))
        self.message_user(request, "Il n’y a plus d’autre conflit à régler.", messages.INFO)
        return redirect(self._address("change", fiche))

    def _following(self, request, fiche) -> str:
        others = to_decide(self.admin_site, request).exclude(pk=fiche.pk)
        entree = others.filter(pk__gt=fiche.pk).first() or others.first()
        return conflicts_url(entree) if entree else ""
