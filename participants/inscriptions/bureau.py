"""The desk's pages on the registrants of one event. What they show and take away is written down (`Consultation`)."""

from django import forms
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache

from courrier.models import Courriel
from fiches.catalogue.fichier_csv import stream
from fiches.catalogue.francais import pluriel
from fiches.texte import fold
from formulaires.champs import CourrielField, LigneField, OuiNonField, TexteField
from participants.evenements.models import Evenement
from participants.inscriptions import courriels, exports, places
from participants.inscriptions.models import Consultation, Inscription

S = Inscription.Statut
Quoi = Consultation.Quoi


class AjoutForm(forms.Form):
    """Somebody registered by hand, on the telephone or at the door."""

    prenom = LigneField(label="prénom", max_length=300)
    nom = LigneField(label="nom", max_length=300)
    organisation = LigneField(label="organisation", max_length=300, required=False)
    courriel = CourrielField(
        label="courriel",
        max_length=254,
        required=False,
        help_text="Une confirmation y part. Vide : la personne ne recevra aucun courriel.",
    )
    journee_entiere = OuiNonField(label="présent·e du début à la fin", required=False)
    besoin = TexteField(label="besoin pour participer", required=False, rows=2)
    commentaire = TexteField(label="commentaire", required=False, rows=2)
    motif = LigneField(
        label="raison d’une place en plus",
        max_length=200,
        required=False,
        help_text="Nécessaire si l’événement est complet : intervenante, remplaçant…",
    )

    def demande(self) -> places.Demande:
        names = ("prenom", "nom", "organisation", "courriel", "journee_entiere", "commentaire")
        return places.Demande({name: self.cleaned_data[name] for name in names}, self.cleaned_data["besoin"])


class MessageForm(forms.Form):
    CIBLES = [(S.INSCRITE, "inscrites"), (S.EN_ATTENTE, "en liste d’attente"), (S.A_CONFIRMER, "à confirmer")]

    objet = LigneField(label="objet", max_length=150)
    message = TexteField(label="message", max_length=5000, rows=10)
    cibles = forms.MultipleChoiceField(
        label="personnes",
        choices=CIBLES,
        initial=[S.INSCRITE],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Dites à qui vous écrivez."},
    )


class MotForm(forms.Form):
    message = TexteField(label="un mot pour les personnes inscrites", required=False, max_length=5000, rows=6)


class Bureau:
    """Pages under `evenement/<id>/` of the registrations' admin."""

    # What a button of the list does to one registration, and what is said then.
    GESTES = {
        "present": (lambda row: _tick(row, True), "Présence notée."),
        "absent": (lambda row: _tick(row, False), "Absence notée."),
        "effacer": (lambda row: _tick(row, None), "Présence effacée."),
        "admettre": (places.admit, "Demande acceptée : un courriel part pour confirmer l’adresse."),
        "refuser": (places.refuse, "Demande refusée."),
        "annuler": (lambda row: _cancel(row), "Inscription annulée : la personne est prévenue."),
        "renvoyer": (courriels.new_link, "Un courriel part avec un nouveau lien."),
    }

    def __init__(self, model_admin):
        self.admin = model_admin

    def urls(self):
        pages = {
            "": self.liste,
            "ajouter/": self.ajouter,
            "message/": self.message,
            "prevenir/": self.prevenir,
            "annuler/": self.annuler,
            "emargement/": self.emargement,
            "inscriptions.csv": self.csv,
            "inscriptions.xlsx": self.xlsx,
        }
        return [
            path(
                f"evenement/<int:pk>/{end}",
                never_cache(self.admin.admin_site.admin_view(view)),
                name=f"inscriptions_evenement_{view.__name__}",
            )
            for end, view in pages.items()
        ]

    # Common

    def _event(self, request, pk, right="view") -> Evenement:
        """The event, for somebody who may `right` registrations; 403 for others, whatever the number."""
        if not getattr(self.admin, f"has_{right}_permission")(request):
            raise PermissionDenied
        return get_object_or_404(Evenement, pk=pk)

    def _page(self, request, template, evenement, title, **context):
        context |= self.admin.admin_site.each_context(request) | {
            "opts": self.admin.opts,
            "title": title,
            "evenement": evenement,
            "liste_url": address("liste", evenement),
            "evenement_url": reverse("admin:evenements_evenement_change", args=[evenement.pk]),
            "media": self.admin.media,
        }
        request.current_app = self.admin.admin_site.name
        return TemplateResponse(request, f"admin/inscriptions/{template}.html", context)

    def _say(self, request, text, level=messages.SUCCESS):
        self.admin.message_user(request, text, level)

    def _rows(self, evenement):
        return evenement.inscriptions.select_related("besoin").prefetch_related("reponses").order_by("plie", "pk")

    # Pages

    def liste(self, request, pk):
        evenement = self._event(request, pk)
        if request.method == "POST":
            return self._act(request, evenement)
        asked, statut = request.GET.get("q", "").strip()[:100], request.GET.get("etat", "")
        rows = self._rows(evenement)
        for word in fold(asked).split():
            rows = rows.filter(plie__contains=word)
        if statut in S.values:
            rows = rows.filter(statut=statut)
        else:
            statut = ""
        rows = list(rows.order_by("attente_depuis", "pk") if statut == S.EN_ATTENTE else rows)
        _add_mails(rows)
        _add_neighbours(rows)
        note(request, Quoi.LISTE, evenement, len(rows))
        counts = _counts(evenement)
        return self._page(
            request,
            "evenement",
            evenement,
            f"Inscriptions : {evenement.titre_affiche}",
            lignes=rows,
            q=asked,
            etat=statut,
            etats=[(value, label, counts.get(value, 0)) for value, label in S.choices],
            total=sum(counts.values()),
            prises=evenement.inscriptions.in_seats().count(),
            surnombre=evenement.inscriptions.holding().exclude(motif_surnombre="").count(),
            presents=evenement.inscriptions.filter(presence=True).count(),
            a_annoncer=_to_announce(evenement),
            peut_changer=self.admin.has_change_permission(request),
            peut_ajouter=self.admin.has_add_permission(request),
            S=S,
            **{f"url_{name}": address(name, evenement) for name in PAGES},
        )

    def _act(self, request, evenement):
        """What the button of a row asks: « present:12 »."""
        self._event(request, evenement.pk, "change")
        geste, _, number = request.POST.get("geste", "").partition(":")
        row = evenement.inscriptions.filter(pk=int(number) if number.isdecimal() and len(number) < 19 else 0).first()
        back = f"{request.get_full_path()}#i{number if row else ''}"
        if row is None or geste not in self.GESTES:
            self._say(request, "Cette inscription n’existe plus : rien n’a changé.", messages.WARNING)
            return redirect(request.get_full_path())
        do, done = self.GESTES[geste]
        try:
            result = do(row)
        except places.Refus as refus:
            self._say(request, str(refus), messages.ERROR)
        else:
            if result is False:
                done = "Inscription annulée. " if geste == "annuler" else ""
                text = f"{done}Aucun courriel ne part : l’adresse manque ou n’est pas valable."
                self._say(request, text, messages.WARNING)
            else:
                self._say(request, done)
        return redirect(back)

    def ajouter(self, request, pk):
        evenement = self._event(request, pk, "add")
        form = AjoutForm(request.POST or None)
        if form.is_valid():
            try:
                row = places.add(evenement, form.demande(), motif=form.cleaned_data["motif"])
            except places.Complet as refus:
                form.add_error("motif", str(refus))
            except places.DejaInscrite as refus:
                form.add_error("courriel", str(refus))
            else:
                self._say(request, "Inscription ajoutée" + (" en surnombre." if row.motif_surnombre else "."))
                return redirect(f"{address('liste', evenement)}#i{row.pk}")
        return self._form(request, evenement, form, "Inscrire quelqu’un", "Inscrire")

    def message(self, request, pk):
        evenement = self._event(request, pk, "change")
        form = MessageForm(request.POST or None)
        if form.is_valid():
            data = form.cleaned_data
            count = places.write_to_all(evenement, data["objet"], data["message"], data["cibles"])
            note(request, Quoi.MESSAGE, evenement, count)
            self._say(request, f"{pluriel(count, 'courriel part', 'courriels partent')}, un par personne.")
            return redirect(address("liste", evenement))
        return self._form(request, evenement, form, "Écrire à toutes les personnes", "Envoyer")

    def prevenir(self, request, pk):
        evenement = self._event(request, pk, "change")
        form = MotForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            count = places.announce_change(evenement, form.cleaned_data["message"])
            note(request, Quoi.MESSAGE, evenement, count)
            self._say(request, f"{pluriel(count, 'personne est prévenue', 'personnes sont prévenues')} du changement.")
            return redirect(address("liste", evenement))
        intro = (
            f"Le courriel dit ce que la page dit maintenant : {evenement.quand or 'sans date'}, "
            f"{evenement.lieu or 'lieu à préciser'}."
        )
        if evenement.debut:
            intro += " Il porte le fichier qui met les agendas à jour."
        intro += _unreachable(evenement)
        return self._form(request, evenement, form, "Prévenir d’un changement", "Prévenir", intro)

    def annuler(self, request, pk):
        evenement = self._event(request, pk, "change")
        if not self.admin.admin_site.get_model_admin(Evenement).has_publish_permission(request):
            raise PermissionDenied
        form = MotForm(request.POST if request.method == "POST" else None)
        if evenement.est_annule:
            self._say(request, "Cet événement est déjà annulé.", messages.INFO)
            return redirect(address("liste", evenement))
        if form.is_valid():
            count = places.call_off(evenement, form.cleaned_data["message"])
            note(request, Quoi.MESSAGE, evenement, count)
            told = pluriel(count, "personne est prévenue", "personnes sont prévenues")
            self._say(request, f"L’événement est annulé, {told}.")
            return redirect(address("liste", evenement))
        count = evenement.inscriptions.expected().exclude(courriel="").count()
        told = pluriel(count, "personne recevra", "personnes recevront")
        intro = (
            f"{told} un courriel et de quoi retirer la rencontre de leur agenda.{_unreachable(evenement)} "
            "La page restera, avec la mention « annulée ». On ne revient pas en arrière."
        )
        return self._form(request, evenement, form, "Annuler l’événement", "Oui, annuler l’événement", intro)

    def _form(self, request, evenement, form, title, bouton, intro=""):
        return self._page(request, "formulaire", evenement, title, form=form, bouton=bouton, intro=intro)

    def emargement(self, request, pk):
        evenement = self._event(request, pk)
        rows = list(evenement.inscriptions.filter(statut=S.INSCRITE).order_by("plie", "pk"))
        note(request, Quoi.EMARGEMENT, evenement, len(rows))
        return self._page(request, "emargement", evenement, "Feuille d’émargement", lignes=rows, vides=range(6))

    def csv(self, request, pk):
        evenement = self._event(request, pk)
        rows = list(self._rows(evenement))
        note(request, Quoi.CSV, evenement, len(rows))
        body = stream(exports.columns(evenement), rows, excel=request.GET.get("excel") in ("1", "oui"))
        return _file(StreamingHttpResponse(body, content_type="text/csv; charset=utf-8"), evenement, "csv")

    def xlsx(self, request, pk):
        evenement = self._event(request, pk)
        rows = list(self._rows(evenement))
        note(request, Quoi.XLSX, evenement, len(rows))
        book = exports.workbook(exports.columns(evenement), rows)
        return _file(HttpResponse(book, content_type=exports.XLSX), evenement, "xlsx")


PAGES = ("ajouter", "message", "prevenir", "annuler", "emargement", "csv", "xlsx")


def address(page: str, evenement) -> str:
    return reverse(f"admin:inscriptions_evenement_{page}", args=[evenement.pk])


def note(request, quoi: Consultation.Quoi, evenement: Evenement | None, nombre: int) -> None:
    """Write down that this person of the staff looked: nothing of whom they looked at but how many."""
    Consultation.objects.create(qui=request.user, quoi=quoi, evenement=evenement, nombre=nombre)


def _file(response, evenement, suffixe):
    name = f"inscriptions-{evenement.slug[:60]}-{timezone.localdate():%Y-%m-%d}.{suffixe}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _cancel(row: Inscription) -> bool:
    """Whether a mail leaves to say it."""
    before = row.courriels.count()
    places.cancel(row, par_equipe=True)
    return row.courriels.count() > before


def _unreachable(evenement) -> str:
    """Whom no mail tells, in words; "" if nobody."""
    count = evenement.inscriptions.expected().filter(courriel="").count()
    said = pluriel(count, "personne n’a pas d’adresse", "personnes n’ont pas d’adresse")
    return f" {said} : prévenez-{'la' if count == 1 else 'les'} autrement." if count else ""


def _tick(row: Inscription, presence: bool | None) -> None:
    Inscription.objects.filter(pk=row.pk).update(presence=presence)


def _counts(evenement) -> dict[str, int]:
    counts: dict[str, int] = {}
    for statut in evenement.inscriptions.order_by().values_list("statut", flat=True):
        counts[statut] = counts.get(statut, 0) + 1
    return counts


def _to_announce(evenement) -> int:
    """How many people believe in a date or a place that is no longer true."""
    if evenement.est_passe or evenement.est_annule or evenement.sequence <= evenement.sequence_annoncee:
        return 0
    return evenement.inscriptions.expected().count()


def _add_mails(rows) -> None:
    """Give each row its last mail, as `dernier`."""
    kind = ContentType.objects.get_for_model(Inscription)
    mails = Courriel.objects.filter(sujet_type=kind, sujet_id__in=[row.pk for row in rows])
    last = {mail.sujet_id: mail for mail in mails.defer("texte", "html").order_by("cree_le", "pk")}
    ranks = {pk: rank for rank, pk in enumerate(_waiting(rows), 1)}
    for row in rows:
        row.dernier, row.place = last.get(row.pk), ranks.get(row.pk)


def _waiting(rows):
    if not rows:
        return []
    return Inscription.objects.filter(evenement=rows[0].evenement_id).waiting().values_list("pk", flat=True)


def _add_neighbours(rows) -> None:
    """Mark, as `voisine`, living rows whose address differs by a « +… » alone: maybe the same person twice."""
    seen: dict[str, list] = {}
    for row in rows:
        if row.est_vivante and row.courriel:
            local, _, domain = row.courriel_cle.rpartition("@")
            seen.setdefault(f"{local.partition('+')[0]}@{domain}", []).append(row)
    for same in seen.values():
        for row in same:
            row.voisine = len(same) > 1
