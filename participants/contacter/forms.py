"""Forms of visitors (message, reported error, vote) and of the team (answers)."""

from django import forms
from django.utils.text import capfirst

from participants.contacter import notices
from participants.contacter.models import Signalement
from socle.formulaires.champs import (
    AccessibleMixin,
    ConsentementField,
    LigneField,
    TexteField,
    VotreCourrielField,
    required,
)
from socle.formulaires.protection import FormulaireProtege

NOM, TEXTE = 300, 5000


class ContacterForm(AccessibleMixin, FormulaireProtege):
    noms = ("nom",)
    textes = ("texte",)

    nom = LigneField(
        label="votre nom",
        max_length=NOM,
        autocomplete="name",
        error_messages=required("Indiquez votre nom."),
    )
    courriel = VotreCourrielField(
        help_text="Exemple : prenom.nom@exemple.bzh. La réponse y viendra.",
    )
    texte = TexteField(
        label="votre message",
        max_length=TEXTE,
        rows=10,
        error_messages=required("Écrivez votre message."),
    )
    consentement = ConsentementField(notices.ACCORD, sans="transmettre votre message")

    def __init__(self, *args, fiche=None, **kwargs):
        self.usage = f"contacter {fiche.pk if fiche else 'équipe'}"  # the key of one record is not good for another
        super().__init__(*args, **kwargs)


class SignalerForm(AccessibleMixin, FormulaireProtege):
    textes = ("texte",)

    texte = TexteField(
        label="qu’est-ce qui ne va pas ?",
        max_length=TEXTE,
        rows=6,
        help_text="Ce qui est faux, ce qui a changé ou ce qui manque. Ne nommez personne.",
        error_messages=required("Écrivez ce qui ne va pas."),
    )
    partie = forms.ChoiceField(label="où dans la fiche ?", required=False)
    courriel = VotreCourrielField(
        required=False,
        help_text="Exemple : prenom.nom@exemple.bzh. Elle sert à vous répondre, et à rien d’autre.",
    )

    def __init__(self, *args, fiche, parties, **kwargs):
        """`parties`: what a visitor may name, in the words of the page."""
        self.usage = f"signaler {fiche.pk}"
        super().__init__(*args, **kwargs)
        self.fields["partie"].choices = [("", "Toute la fiche"), *((one, capfirst(one)) for one in parties)]


class AvisForm(FormulaireProtege):
    saisie = False
    avis = forms.ChoiceField(choices=[("oui", "Oui"), ("non", "Non")])

    def __init__(self, *args, fiche, **kwargs):
        self.usage = f"avis {fiche.pk}"
        super().__init__(*args, **kwargs)


class SuiteForm(forms.Form):
    etat = forms.ChoiceField(
        label="suite",
        choices=[one for one in Signalement.Etat.choices if one[0] != Signalement.Etat.RECU],
        widget=forms.RadioSelect,
    )
    mots = TexteField(label="réponse dans vos mots", max_length=TEXTE, required=False, rows=5)
    tous = forms.BooleanField(label="pour tous les signalements ouverts de cette fiche", required=False)


class ReponseForm(forms.Form):
    """The answer to a message. `deja`: how many answers its writer has seen."""

    deja = forms.IntegerField(widget=forms.HiddenInput, required=False)
    texte = TexteField(
        label="votre réponse",
        max_length=TEXTE,
        rows=8,
        help_text="Sans formule d’appel : le courriel commence par « Bonjour » et rappelle le message à la fin.",
        error_messages=required("Écrivez votre réponse."),
    )
