"""Desk pages about the registrants of one event. Each look at them is noted (`Consultation`)."""

from functools import partial

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache

from participants.inscriptions import attribution, columns, courriels, places
from participants.inscriptions.desk_base import address
from participants.inscriptions.desk_forms import AjoutForm
from participants.inscriptions.desk_mailings import Envois
from participants.inscriptions.desk_rows import add_decisions, add_mails, add_neighbours, out_of_reach, to_announce
from participants.inscriptions.models import SANS_PLACE, Inscription
from socle.catalogue.columns import blocks_of
from socle.catalogue.fichier_csv import stream
from socle.francais.nombres import whole
from socle.francais.texte import fold
from socle.tableur import classeur
from socle.vie_privee.models import Consultation

S = Inscription.Statut
Quoi = Consultation.Quoi
SEATLESS = "sans-place"  # a filter of the list, besides the states
PAGES = ("ajouter", "message", "prevenir", "annuler", "emargement", "csv", "xlsx")


class Bureau(Envois):
    # Buttons of the list for one registration: what they do, and the message afterwards.
    GESTES = {
        "present": (lambda row: places.tick(row, True), "Présence notée."),
        "absent": (lambda row: places.tick(row, False), "Absence notée."),
        "decocher": (lambda row: places.tick(row, None), "Coche retirée."),
        "admettre": (places.admit, "Demande acceptée : un courriel part pour confirmer l’adresse."),
        "renvoyer": (courriels.new_link, "Un courriel part avec un nouveau lien."),
    }
    # Ways to end one registration, after a page that asks: what is done, the title and button, the message afterwards.
    FINS = {
        "annuler": (partial(places.cancel, par_equipe=True), "Annuler l’inscription", "Inscription annulée."),
        "refuser": (places.refuse, "Refuser l’inscription", "Inscription refusée."),
    }

    def urls(self):
        pages = {
            "liste": ("", self.liste),
            "ajouter": ("ajouter/", self.add),
            "message": ("message/", self.message),
            "prevenir": ("prevenir/", self.tell_changes),
            "annuler": ("annuler/", self.call_off),
            "emargement": ("emargement/", self.emargement),
            "terminer": ("<str:fin>/<int:numero>/", self.end),
            "csv": ("inscriptions.csv", self.csv),
            "xlsx": ("inscriptions.xlsx", self.xlsx),
        }
        return [
            path(
                f"evenement/<int:pk>/{end}",
                never_cache(self.admin.admin_site.admin_view(view)),
                name=f"inscriptions_evenement_{name}",
            )
            for name, (end, view) in pages.items()
        ]

    def liste(self, request, pk):
        evenement = self._event(request, pk)
        if request.method == "POST":
            return self._act(request, evenement)
        asked, statut = request.GET.get("q", "").strip()[:100], request.GET.get("etat", "")
        rows = self._rows(evenement)
        for word in fold(asked).split():
            rows = rows.filter(plie__contains=word)
        if statut == SEATLESS:
            rows = rows.seatless()
        elif statut in S.values:
            rows = rows.filter(statut=statut).exclude(statut=S.EN_ATTENTE, confirmee_le=None)
        else:
            statut = ""
        rows = list(rows.order_by("attente_depuis", "pk") if statut == S.EN_ATTENTE else rows)
        add_mails(evenement, rows)
        add_neighbours(rows)
        add_decisions(evenement, rows)
        self.admin.note(request, Quoi.LISTE, len(rows), evenement)
        counts, seatless = evenement.inscriptions.by_state(), evenement.inscriptions.seatless().count()
        counts[S.EN_ATTENTE] -= seatless
        states = [(value, label, counts[value]) for value, label in S.choices]
        return self._page(
            request,
            "evenement",
            evenement,
            f"Inscriptions : {evenement.titre_affiche}",
            groupes=[
                ("Inscriptions en cours", [row for row in rows if row.is_vivante]),
                ("Annulées, refusées, délai passé", [row for row in rows if not row.is_vivante]),
            ],
            lignes=rows,
            q=asked,
            etat=statut,
            etats=[*states, (SEATLESS, SANS_PLACE, seatless)],
            total=sum(counts.values()) + seatless,
            prises=evenement.inscriptions.in_seats().count(),
            tenues=attribution.seats_held(evenement),
            tenues_au_plus=evenement.capacite and attribution.most_seats_held(evenement.capacite),
            sans_place=seatless,
            surnombre=evenement.inscriptions.holding().exclude(motif_surnombre="").count(),
            presents=evenement.inscriptions.filter(presence=True).count(),
            a_annoncer=to_announce(evenement),
            sans_adresse=[] if evenement.is_passe else out_of_reach(evenement.inscriptions.expected()),
            peut_changer=self.admin.has_change_permission(request),
            peut_ajouter=self.admin.has_add_permission(request),
            peut_cocher=evenement.jour_venu and not evenement.is_annule,
            **{f"url_{name}": address(name, evenement) for name in PAGES},
        )

    def _rows(self, evenement):
        return evenement.inscriptions.select_related("besoin").prefetch_related("reponses").order_by("plie", "pk")

    def _act(self, request, evenement):
        """The button of a row: « present:12 »."""
        self._event(request, evenement.pk, "change")
        geste, _, number = request.POST.get("geste", "").partition(":")
        row = evenement.inscriptions.filter(pk=whole(number, 18)).first()
        back = f"{request.get_full_path()}#i{number if row else ''}"
        if row is None or geste not in self.GESTES:
            self._say(request, "Cette inscription n’existe plus : rien n’a changé.", messages.WARNING)
            return redirect(request.get_full_path())
        do, done = self.GESTES[geste]
        try:
            result = do(row)
        except places.TropTard as refus:
            self._say(request, str(refus), messages.ERROR)
        else:
            if result is False:
                text = "Aucun courriel ne part : il n’y a pas d’adresse valable, ou plus rien à confirmer."
                self._say(request, text, messages.WARNING)
            else:
                self._say(request, done)
        return redirect(back)

    def end(self, request, pk, fin, numero):
        """Cancels or refuses, after a page that says what follows."""
        evenement = self._event(request, pk, "change")
        if fin not in self.FINS:
            raise Http404
        do, title, done = self.FINS[fin]
        row = evenement.inscriptions.living().filter(pk=numero).first()
        if row is None:
            text = "Cette inscription n’existe plus, ou a déjà pris fin : rien n’a changé."
            self._say(request, text, messages.WARNING)
            return redirect(address("liste", evenement))
        if request.method == "POST":
            told = _told(row)
            try:
                do(row)
            except places.TropTard as refus:
                self._say(request, str(refus), messages.ERROR)
            else:
                self._say(request, f"{done} {told}")
            return redirect(f"{address('liste', evenement)}#i{row.pk}")
        self.admin.note(request, Quoi.FICHE, 1, evenement)
        intro = [f"{row.prenom} {row.nom} : {row.etat_affiche}.", *_what_follows(row)]
        return self._form(request, evenement, forms.Form(), f"{title} ?", f"Oui, {title[0].lower()}{title[1:]}", intro)

    def add(self, request, pk):
        evenement = self._event(request, pk, "add")
        if evenement.is_annule:
            return self._called_off(request, evenement)
        form = AjoutForm(request.POST or None, evenement=evenement)
        if form.is_valid():
            try:
                row = places.add(evenement, form.demande(), motif=form.cleaned_data["motif"])
            except places.Complet as refus:
                form.add_error("motif", str(refus))
            except places.DejaInscrite as refus:
                form.add_error("courriel", str(refus))
            except places.TropTard as refus:  # called off meanwhile
                form.add_error(None, str(refus))
            else:
                self._say(request, "Inscription ajoutée" + (" en surnombre." if row.motif_surnombre else "."))
                return redirect(f"{address('liste', evenement)}#i{row.pk}")
        left = evenement.places_en_mots()
        return self._form(request, evenement, form, "Inscrire quelqu’un", "Inscrire", [f"{left}."] if left else ())

    def emargement(self, request, pk):
        evenement = self._event(request, pk)
        rows = list(evenement.inscriptions.filter(statut=S.INSCRITE).order_by("plie", "pk"))
        self.admin.note(request, Quoi.EMARGEMENT, len(rows), evenement)
        return self._page(request, "emargement", evenement, "Feuille d’émargement", lignes=rows, vides=range(6))

    def csv(self, request, pk):
        evenement = self._event(request, pk)
        rows = list(self._rows(evenement))
        self.admin.note(request, Quoi.CSV, len(rows), evenement)
        body = stream(*_table(evenement, rows), excel=True)
        return _file(StreamingHttpResponse(body, content_type="text/csv; charset=utf-8"), evenement, "csv")

    def xlsx(self, request, pk):
        evenement = self._event(request, pk)
        rows = list(self._rows(evenement))
        self.admin.note(request, Quoi.XLSX, len(rows), evenement)
        book = classeur.write(*_table(evenement, rows), "Inscriptions")
        return _file(HttpResponse(book, content_type=classeur.XLSX), evenement, "xlsx")


def _table(evenement, rows):
    """(columns of a file, what they read of these registrations)."""
    table = columns.columns(evenement)
    return table, blocks_of(table, rows)


def _file(response, evenement, suffixe):
    name = f"inscriptions-{evenement.slug[:60]}-{timezone.localdate():%Y-%m-%d}.{suffixe}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _what_follows(row: Inscription) -> list[str]:
    """What follows if this registration ends: for its seat, for the person."""
    evenement = row.evenement
    if row.statut == S.A_VERIFIER or row.awaits_confirmation:
        seat = "Cette demande ne tient aucune place."
    elif row.statut == S.EN_ATTENTE:
        seat = "La personne quitte la liste d’attente."
    elif row.motif_surnombre:
        seat = "Sa place était en plus de celles de l’événement : elle ne va à personne."
    elif attribution.offer_end(evenement) and evenement.inscriptions.waiting().exists():
        seat = "Sa place est aussitôt proposée à la première personne de la liste d’attente."
    else:
        seat = "Sa place redevient libre."
    end = "Ce qu’elle a dit de ses besoins pour participer est effacé. On ne revient pas en arrière : il faudrait une "
    return [seat, _told(row), f"{end}nouvelle inscription."]


def _told(row: Inscription) -> str:
    if row.statut == S.A_VERIFIER:
        return "Aucun courriel ne part."
    if courriels.can_reach(row):
        return "Un courriel prévient la personne."
    return "La personne n’a pas d’adresse où lui écrire : prévenez-la vous-même."
