"""Desk pages that write to all registrants of an event."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from participants.evenements.models import Evenement
from participants.inscriptions import annonces, courriels
from participants.inscriptions.desk_base import Pages, address
from participants.inscriptions.desk_forms import MessageForm, MotForm
from participants.inscriptions.desk_rows import out_of_reach, told_otherwise
from socle.francais.wording import pluriel
from socle.vie_privee.models import Consultation

Quoi = Consultation.Quoi


class Envois(Pages):
    def message(self, request, pk):
        """The message is shown as it will be, before it is sent."""
        evenement = self._event(request, pk, "change")
        form = MessageForm(request.POST or None, nombres=evenement.inscriptions.by_state())
        if not form.is_valid() or "corriger" in request.POST:
            return self._form(request, evenement, form, "Écrire à toutes les personnes", "Relire avant d’envoyer")
        data = form.cleaned_data
        rows = evenement.inscriptions.filter(statut__in=data["cibles"])
        if "envoyer" in request.POST:
            count = annonces.write_to_all(evenement, data["objet"], data["message"], data["cibles"])
            self.admin.note(request, Quoi.MESSAGE, count, evenement)
            sent = pluriel(count, "courriel part", "courriels partent")
            self._say(request, f"{sent}, un par personne.{told_otherwise(rows)}")
            return redirect(address("liste", evenement))
        objet, texte = courriels.preview(evenement, data["objet"], data["message"], data["cibles"][0])
        others = len(out_of_reach(rows))
        context = {"form": form, "objet": objet, "texte": texte, "nombre": rows.count() - others, "autres": others}
        return self._page(request, "apercu", evenement, "Relire avant d’envoyer", **context)

    def tell_changes(self, request, pk):
        evenement = self._event(request, pk, "change")
        if evenement.is_annule:
            return self._called_off(request, evenement)
        form = MotForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            count = annonces.announce_change(evenement, form.cleaned_data["message"])
            self.admin.note(request, Quoi.MESSAGE, count, evenement)
            told = pluriel(count, "personne est prévenue", "personnes sont prévenues")
            self._say(request, f"{told} du changement.{told_otherwise(evenement.inscriptions.expected())}")
            return redirect(address("liste", evenement))
        before = evenement.as_announced()
        calendar = ", et porte, pour qui a une place, le fichier qui met les agendas à jour" if evenement.debut else ""
        intro = [
            *([f"Ce qui était prévu : {_when_where(before)}."] if before else []),
            f"Ce qui est prévu maintenant : {_when_where(evenement)}.",
            f"Le courriel le dit{calendar}.{told_otherwise(evenement.inscriptions.expected())}",
        ]
        return self._form(request, evenement, form, "Prévenir d’un changement", "Prévenir", intro)

    def call_off(self, request, pk):
        evenement = self._event(request, pk, "change")
        if not self.admin.admin_site.get_model_admin(Evenement).has_publish_permission(request):
            raise PermissionDenied
        form = MotForm(request.POST if request.method == "POST" else None)
        if evenement.is_annule:
            return self._called_off(request, evenement)
        if form.is_valid():
            count = annonces.call_off(evenement, form.cleaned_data["message"])
            self.admin.note(request, Quoi.MESSAGE, count, evenement)
            told = pluriel(count, "personne est prévenue", "personnes sont prévenues")
            self._say(request, f"L’événement est annulé, {told}.{told_otherwise(evenement.inscriptions.expected())}")
            return redirect(address("liste", evenement))
        expected = evenement.inscriptions.expected()
        count = expected.count() - len(out_of_reach(expected))
        intro = [
            f"{pluriel(count, 'personne recevra', 'personnes recevront')} un courriel, avec, pour qui a une place, de "
            f"quoi retirer la rencontre de son agenda.{told_otherwise(expected)}",
            "La page restera, avec la mention « annulée ». On ne revient pas en arrière.",
        ]
        return self._form(request, evenement, form, "Annuler l’événement", "Oui, annuler l’événement", intro)


def _when_where(evenement: Evenement) -> str:
    return f"{evenement.quand or 'sans date'}, {evenement.lieu or evenement.adresse or 'lieu à préciser'}"
