"""The form to ask for an alert, and the choice of a rhythm on the personal page."""

from django import forms

from participants.alertes import notices
from participants.alertes.models import Alerte
from socle.formulaires.champs import AccessibleMixin, ConsentementField, VotreCourrielField, required
from socle.formulaires.protection import FormulaireProtege


def _rhythm() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="rythme",
        choices=Alerte.Rythme,
        initial=Alerte.Rythme.SEMAINE,
        widget=forms.RadioSelect,
        help_text="Le matin, dès six heures ; le lundi pour la semaine. Rien de nouveau, pas de courriel.",
        error_messages=required("Choisissez un rythme."),
    )


class AlerteForm(AccessibleMixin, FormulaireProtege):
    courriel = VotreCourrielField(
        help_text="Exemple : prenom.nom@exemple.bzh. Vous y recevrez d’abord un lien pour confirmer.",
    )
    rythme = _rhythm()
    consentement = ConsentementField(notices.ACCORD, sans="vous écrire")

    def __init__(self, *args, liste, **kwargs):
        self.usage = f"alertes {liste.type}?{liste.criteres}"  # the key of one list is not good for another
        super().__init__(*args, **kwargs)


class RythmeForm(AccessibleMixin, forms.Form):
    rythme = _rhythm()
