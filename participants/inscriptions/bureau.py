"""The desk's pages on the registrants of one event. What they show and take away is written down (`Consultation`)."""

from functools import partial

from django import forms
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
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
from participants.inscriptions import annonces, attribution, courriels, exports, places
from participants.inscriptions.forms import QuestionsForm
from participants.inscriptions.models import Consultation, Inscription

S = Inscription.Statut
Quoi = Consultation.Quoi


class AjoutForm(QuestionsForm):
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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_questions(facultatives=True)
        # Shown as required once no seat is free; `places.add` says so, after what matters more.
        self.fields["motif"].widget.is_required = not attribution.is_free(self.evenement)
        self.order_fields([*(name for name in self.fields if name != "motif"), "motif"])

    def demande(self) -> places.Demande:
        names = ("prenom", "nom", "organisation", "courriel", "journee_entiere", "commentaire")
        champs = {name: self.cleaned_data[name] for name in names}
        return places.Demande(champs, self.cleaned_data["besoin"], self.reponses())


class MessageForm(forms.Form):
    CIBLES = {
        S.INSCRITE: "inscrites",
        S.EN_ATTENTE: "en liste d’attente",
        S.PROPOSEE: "à qui une place est proposée",
        S.A_CONFIRMER: "à confirmer",
    }

    objet = LigneField(label="objet", max_length=150, help_text="Le titre de la rencontre y est ajouté.")
    message = TexteField(
        label="message",
        max_length=5000,
        rows=10,
        help_text="« Bonjour », le prénom et le lien vers sa page y sont ajoutés pour chaque personne.",
    )
    cibles = forms.MultipleChoiceField(
        label="personnes",
        initial=[S.INSCRITE],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Dites à qui vous écrivez."},
    )

    def __init__(self, *args, nombres: dict[str, int], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(statut, f"{words} ({nombres.get(statut, 0)})") for statut, words in self.CIBLES.items()]
        self.fields["cibles"].choices = choices


class MotForm(forms.Form):
    message = TexteField(label="un mot pour les personnes inscrites", required=False, max_length=5000, rows=6)


class Bureau:
    """Pages under `evenement/<id>/` of the registrations' admin."""

    # What a button of the list does to one registration, and what is said then.
    GESTES = {
        "present": (lambda row: places.tick(row, True), "Présence notée."),
        "absent": (lambda row: places.tick(row, False), "Absence notée."),
        "decocher": (lambda row: places.tick(row, None), "Coche retirée."),
        "admettre": (places.admit, "Demande acceptée : un courriel part pour confirmer l’adresse."),
        "renvoyer": (courriels.new_link, "Un courriel part avec un nouveau lien."),
    }
    # What ends one registration, on a page that first says what follows: what is done, the title and its button.
    FINS = {
        "annuler": (partial(places.cancel, par_equipe=True), "Annuler l’inscription", "Inscription annulée."),
        "refuser": (places.refuse, "Refuser l’inscription", "Inscription refusée."),
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
            "<str:fin>/<int:numero>/": self.terminer,
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
            groupes=[
                ("Inscriptions en cours", [row for row in rows if row.est_vivante]),
                ("Annulées, refusées, délai passé", [row for row in rows if not row.est_vivante]),
            ],
            lignes=rows,
            q=asked,
            etat=statut,
            etats=[(value, label, counts.get(value, 0)) for value, label in S.choices],
            total=sum(counts.values()),
            prises=evenement.inscriptions.in_seats().count(),
            surnombre=evenement.inscriptions.holding().exclude(motif_surnombre="").count(),
            presents=evenement.inscriptions.filter(presence=True).count(),
            a_annoncer=_to_announce(evenement),
            sans_adresse=[] if evenement.est_passe else _out_of_reach(evenement.inscriptions.expected()),
            peut_changer=self.admin.has_change_permission(request),
            peut_ajouter=self.admin.has_add_permission(request),
            peut_cocher=evenement.jour_venu and not evenement.est_annule,
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
                text = "Aucun courriel ne part : il n’y a pas d’adresse valable, ou plus rien à confirmer."
                self._say(request, text, messages.WARNING)
            else:
                self._say(request, done)
        return redirect(back)

    def terminer(self, request, pk, fin, numero):
        """Cancel or refuse one registration, after a page that says what follows."""
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
            except places.Refus as refus:
                self._say(request, str(refus), messages.ERROR)
            else:
                self._say(request, f"{done} {told}")
            return redirect(f"{address('liste', evenement)}#i{row.pk}")
        note(request, Quoi.FICHE, evenement, 1)
        intro = [f"{row.prenom} {row.nom} : {row.etat_affiche}.", *_what_follows(row)]
        return self._form(request, evenement, forms.Form(), f"{title} ?", f"Oui, {title[0].lower()}{title[1:]}", intro)

    def ajouter(self, request, pk):
        evenement = self._event(request, pk, "add")
        if evenement.est_annule:
            return self._called_off(request, evenement)
        form = AjoutForm(request.POST or None, evenement=evenement)
        if form.is_valid():
            try:
                row = places.add(evenement, form.demande(), motif=form.cleaned_data["motif"])
            except places.Complet as refus:
                form.add_error("motif", str(refus))
            except places.DejaInscrite as refus:
                form.add_error("courriel", str(refus))
            except places.Refus as refus:  # called off meanwhile
                form.add_error(None, str(refus))
            else:
                self._say(request, "Inscription ajoutée" + (" en surnombre." if row.motif_surnombre else "."))
                return redirect(f"{address('liste', evenement)}#i{row.pk}")
        left = evenement.places_en_mots()
        return self._form(request, evenement, form, "Inscrire quelqu’un", "Inscrire", [f"{left}."] if left else ())

    def message(self, request, pk):
        """What is written is read again, as it will be, before it is sent."""
        evenement = self._event(request, pk, "change")
        form = MessageForm(request.POST or None, nombres=_counts(evenement))
        if not form.is_valid() or "corriger" in request.POST:
            return self._form(request, evenement, form, "Écrire à toutes les personnes", "Relire avant d’envoyer")
        data = form.cleaned_data
        rows = evenement.inscriptions.filter(statut__in=data["cibles"])
        if "envoyer" in request.POST:
            count = annonces.write_to_all(evenement, data["objet"], data["message"], data["cibles"])
            note(request, Quoi.MESSAGE, evenement, count)
            sent = pluriel(count, "courriel part", "courriels partent")
            self._say(request, f"{sent}, un par personne.{_others(rows)}")
            return redirect(address("liste", evenement))
        objet, texte = courriels.preview(evenement, data["objet"], data["message"], data["cibles"][0])
        others = len(_out_of_reach(rows))
        context = {"form": form, "objet": objet, "texte": texte, "nombre": rows.count() - others, "autres": others}
        return self._page(request, "apercu", evenement, "Relire avant d’envoyer", **context)

    def prevenir(self, request, pk):
        evenement = self._event(request, pk, "change")
        if evenement.est_annule:
            return self._called_off(request, evenement)
        form = MotForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            count = annonces.announce_change(evenement, form.cleaned_data["message"])
            note(request, Quoi.MESSAGE, evenement, count)
            told = pluriel(count, "personne est prévenue", "personnes sont prévenues")
            self._say(request, f"{told} du changement.{_others(evenement.inscriptions.expected())}")
            return redirect(address("liste", evenement))
        before = evenement.as_announced()
        calendar = ", et porte, pour qui a une place, le fichier qui met les agendas à jour" if evenement.debut else ""
        intro = [
            *([f"Ce qui était prévu : {_when_where(before)}."] if before else []),
            f"Ce qui est prévu maintenant : {_when_where(evenement)}.",
            f"Le courriel le dit{calendar}.{_others(evenement.inscriptions.expected())}",
        ]
        return self._form(request, evenement, form, "Prévenir d’un changement", "Prévenir", intro)

    def annuler(self, request, pk):
        evenement = self._event(request, pk, "change")
        if not self.admin.admin_site.get_model_admin(Evenement).has_publish_permission(request):
            raise PermissionDenied
        form = MotForm(request.POST if request.method == "POST" else None)
        if evenement.est_annule:
            return self._called_off(request, evenement)
        if form.is_valid():
            count = annonces.call_off(evenement, form.cleaned_data["message"])
            note(request, Quoi.MESSAGE, evenement, count)
            told = pluriel(count, "personne est prévenue", "personnes sont prévenues")
            self._say(request, f"L’événement est annulé, {told}.{_others(evenement.inscriptions.expected())}")
            return redirect(address("liste", evenement))
        expected = evenement.inscriptions.expected()
        count = expected.count() - len(_out_of_reach(expected))
        intro = [
            f"{pluriel(count, 'personne recevra', 'personnes recevront')} un courriel, avec, pour qui a une place, de "
            f"quoi retirer la rencontre de son agenda.{_others(expected)}",
            "La page restera, avec la mention « annulée ». On ne revient pas en arrière.",
        ]
        return self._form(request, evenement, form, "Annuler l’événement", "Oui, annuler l’événement", intro)

    def _called_off(self, request, evenement):
        self._say(request, "Cet événement est déjà annulé.", messages.INFO)
        return redirect(address("liste", evenement))

    def _form(self, request, evenement, form, title, bouton, intro=()):
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


def _what_follows(row: Inscription) -> list[str]:
    """What ending a registration does: to its seat, to the person."""
    evenement = row.evenement
    if row.statut == S.A_VERIFIER:
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
    """Whether the person learns by mail that their registration ends."""
    if row.statut == S.A_VERIFIER:
        return "Aucun courriel ne part."
    if courriels.can_reach(row):
        return "Un courriel prévient la personne."
    return "La personne n’a pas d’adresse où lui écrire : prévenez-la vous-même."


def _when_where(evenement: Evenement) -> str:
    return f"{evenement.quand or 'sans date'}, {evenement.lieu or 'lieu à préciser'}"


def _out_of_reach(rows) -> list[Inscription]:
    return [row for row in rows.order_by("plie", "pk") if not courriels.can_reach(row)]


def _others(rows) -> str:
    """What is said, of a mail to each of `rows`, of those whom none reaches; the list names them."""
    count = len(_out_of_reach(rows))
    told = pluriel(count, "personne n’a pas d’adresse", "personnes n’ont pas d’adresse")
    return f" {told} : à joindre autrement, la page des inscriptions dit qui." if count else ""


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
    """Give each row its last mail, its rank in the list, and whether a new link can be sent to it."""
    kind = ContentType.objects.get_for_model(Inscription)
    mails = Courriel.objects.filter(sujet_type=kind, sujet_id__in=[row.pk for row in rows])
    last = {mail.sujet_id: mail for mail in mails.defer("texte", "html").order_by("cree_le", "pk")}
    ranks = {pk: rank for rank, pk in enumerate(_waiting(rows), 1)}
    for row in rows:
        row.dernier, row.place, row.renvoyable = last.get(row.pk), ranks.get(row.pk), courriels.has_link(row)


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
