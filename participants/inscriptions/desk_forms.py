"""What staff type on the desk's pages about the registrants of an event."""

from django import forms
from django.db.models import Q
from django.utils import timezone

from participants.evenements.models import Evenement
from participants.inscriptions import places
from participants.inscriptions.forms import QuestionsForm
from participants.inscriptions.models import Inscription
from socle.annuaire.models import Statut
from socle.formulaires.champs import CourrielField, LigneField, OuiNonField, TexteField

S = Inscription.Statut


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
        self.fields["motif"].widget.is_required = not self.evenement.has_seat_left()
        self.order_fields([*(name for name in self.fields if name != "motif"), "motif"])

    def demande(self) -> places.DemandeDInscription:
        names = ("prenom", "nom", "organisation", "courriel", "journee_entiere", "commentaire")
        champs = {name: self.cleaned_data[name] for name in names}
        return places.DemandeDInscription(champs, self.cleaned_data["besoin"], self.reponses())


class ChoisirEvenementForm(forms.Form):
    """An event that people know or went to: public, or past; neither one that is being written nor one called off."""

    evenement = forms.ModelChoiceField(
        Evenement.objects.none(),
        label="événement",
        error_messages={"required": "Choisissez un événement."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        held = Q(statut=Statut.PUBLIEE) | Q(termine_le__lt=timezone.now(), annule_le=None)
        self.fields["evenement"].queryset = Evenement.objects.in_use().filter(held).in_order()


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
