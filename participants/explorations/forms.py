"""The forms of people who take part in the exploration."""

from django import forms

from fiches.choice_lists import Choix
from participants.explorations import notices
from participants.explorations.models import Exploration
from socle.formulaires.champs import (
    AccessibleMixin,
    Cases,
    ConsentementField,
    LigneField,
    OuiNonField,
    TexteField,
    VotreCourrielField,
    required,
)
from socle.formulaires.protection import FormulaireProtege
from socle.francais.wording import INSECABLE
from socle.vie_privee import consentement

LIGNE, TEXTE = 300, 4000
TYPED = ("nom", "fonctions", "structure", "provenance", "sujets", "expertises", "commentaire")


def _line(label, autocomplete="off", **kwargs):
    return LigneField(label=label, max_length=LIGNE, autocomplete=autocomplete, **kwargs)


def _text(label, **kwargs):
    return TexteField(label=label, required=False, max_length=TEXTE, **kwargs)


class ChampsExplorationForm(AccessibleMixin, forms.Form):
    """What people say about themselves, and whether it may be shown."""

    nom = _line("prénom et nom", "name", error_messages=required("Indiquez votre nom."))
    fonctions = _line("fonctions", "organization-title", required=False)
    structure = _line("structure", "organization", required=False)
    provenance = _line(
        f"d’où venez-vous{INSECABLE}?", required=False, help_text="Une ville suffit. L’équipe seule le lit."
    )
    profils = forms.ModelMultipleChoiceField(
        Choix.objects.none(),
        label="vos profils",
        required=False,
        widget=Cases,
        help_text="Autant que vous voulez.",
        error_messages={"invalid_choice": "Choisissez parmi les profils de la liste."},
    )
    sujets = _text("sujets que vous aimeriez aborder, ce que vous aimeriez trouver")
    expertises = _text("ce que vous savez faire")
    commentaire = _text(f"un commentaire{INSECABLE}?", rows=3, help_text="L’équipe seule le lit.")
    accord_publication = OuiNonField(
        label=f"votre fiche peut-elle être publiée{INSECABLE}?",
        oui="Oui, ma fiche peut être publiée",
        non="Non, elle reste à l’équipe",
        error_messages=required("Dites si votre fiche peut être publiée : oui ou non."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["profils"].queryset = Choix.objects.filter(liste=Choix.Liste.PROFIL)
        agreement = consentement.en_vigueur(notices.PUBLICATION)
        self.fields["accord_publication"].help_text = f"{agreement} L’équipe relit chaque fiche avant de la publier."

    @classmethod
    def initial_of(cls, row: Exploration) -> dict:
        initial = {name: getattr(row, name) for name in (*TYPED, "accord_publication")}
        return initial | {"profils": list(row.profils.values_list("pk", flat=True))}

    def champs(self) -> dict:
        return {name: self.cleaned_data[name] for name in TYPED}


class ExplorationForm(ChampsExplorationForm, FormulaireProtege):
    usage = "exploration"
    noms = ("nom", "fonctions", "structure", "provenance")
    textes = ("sujets", "expertises", "commentaire")

    courriel = VotreCourrielField(
        label="adresse électronique",
        help_text="Exemple : prenom.nom@exemple.bzh. Elle n’est jamais publiée. Nous y envoyons un lien à confirmer.",
    )
    consentement = ConsentementField(notices.ACCORD, sans="garder vos réponses")
    field_order = ["nom", "courriel"]
