"""The form that visitors write with, and the one that the team answers with."""

from django import forms

from participants.contacter import notices
from socle.formulaires.champs import AccessibleMixin, CourrielField, LigneField, TexteField, maximum, required
from socle.formulaires.garde import FormulaireGarde

NOM, TEXTE = 300, 5000


class ContacterForm(AccessibleMixin, FormulaireGarde):
    noms = ("nom",)
    textes = ("texte",)

    nom = LigneField(
        label="votre nom",
        max_length=NOM,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages=required("Indiquez votre nom.") | {"max_length": maximum(NOM)},
    )
    courriel = CourrielField(
        label="votre adresse électronique",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="Exemple : prenom.nom@exemple.bzh. La réponse y viendra.",
        error_messages=required("Indiquez votre adresse électronique.") | {"max_length": maximum(254)},
    )
    texte = TexteField(
        label="votre message",
        max_length=TEXTE,
        rows=10,
        error_messages=required("Écrivez votre message.") | {"max_length": maximum(TEXTE)},
    )
    consentement = forms.BooleanField(
        label=notices.ACCORD,
        error_messages=required("Sans votre accord, nous ne pouvons pas transmettre votre message."),
    )

    def __init__(self, *args, fiche=None, **kwargs):
        self.usage = f"contacter {fiche.pk if fiche else 'équipe'}"  # the key of one record does for no other
        super().__init__(*args, **kwargs)


class ReponseForm(forms.Form):
    texte = forms.CharField(
        label="votre réponse",
        max_length=TEXTE,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Sans formule d’appel : le courriel commence par « Bonjour » et rappelle le message à la fin.",
        error_messages=required("Écrivez votre réponse.") | {"max_length": maximum(TEXTE)},
    )
