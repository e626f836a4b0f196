"""The forms of registrants."""

from django import forms

from participants.evenements.models import Evenement, Question
from participants.inscriptions import notices
from participants.inscriptions.models import Inscription
from participants.inscriptions.places import DemandeDInscription
from socle.formulaires.champs import (
    APART,
    AccessibleMixin,
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

NOM, TEXTE = 300, 4000
PERSONNE = ("prenom", "nom", "organisation", "journee_entiere", "commentaire")


def _line(label, message, autocomplete, **kwargs):
    words = required(message)
    return LigneField(label=label, max_length=NOM, autocomplete=autocomplete, error_messages=words, **kwargs)


def _text(label, **kwargs):
    return TexteField(label=label, required=False, max_length=TEXTE, **kwargs)


class QuestionsForm(forms.Form):
    """A form that may ask the questions of its event; `add_questions` puts them last."""

    def __init__(self, *args, evenement: Evenement, **kwargs):
        self.evenement = evenement
        self.questions = {f"q{question.pk}": question for question in evenement.questions.all()[: Question.MAX]}
        super().__init__(*args, **kwargs)

    def add_questions(self, *, facultatives: bool = False):
        """Adds the questions. `facultatives`: no answer is required."""
        for name, question in self.questions.items():
            self.fields[name] = _question_field(question, required=question.obligatoire and not facultatives)

    def reponses(self) -> list[tuple[Question, str]]:
        return [(question, self.cleaned_data.get(name) or "") for name, question in self.questions.items()]


class ReponsesForm(AccessibleMixin, QuestionsForm):
    """The questions about the person and their coming. Subclasses add those of the event."""

    prenom = _line("prénom", "Indiquez votre prénom.", "given-name")
    nom = _line("nom", "Indiquez votre nom.", "family-name")
    organisation = _line(
        "organisation",
        "Indiquez votre organisation, ou « à titre personnel ».",
        "organization",
        help_text="Ou « à titre personnel ».",
    )
    journee_entiere = OuiNonField(
        label=f"serez-vous là du début à la fin{INSECABLE}?",
        oui="Oui, du début à la fin",
        non="Non, une partie seulement",
        error_messages=required("Dites si vous serez là du début à la fin."),
    )
    besoin = _text(
        "de quoi avez-vous besoin pour participer ?",
        rows=3,
        help_text="Accès au lieu, interprétation, régime alimentaire. N’écrivez rien sur votre santé qui ne soit utile "
        "à l’accueil.",
    )
    commentaire = _text("une question, une remarque ?", rows=3)

    @classmethod
    def initial_of(cls, row: Inscription) -> dict:
        besoin = getattr(row, "besoin", None)
        answers = {f"q{reponse.question_id}": reponse.texte for reponse in row.reponses.all()}
        return {name: getattr(row, name) for name in PERSONNE} | {"besoin": besoin.texte if besoin else ""} | answers

    def champs(self) -> dict:
        return {name: self.cleaned_data[name] for name in PERSONNE}


def _question_field(question: Question, *, required: bool) -> forms.Field:
    common = {"label": question.libelle, "required": required}
    if question.genre == Question.Genre.OUI_NON:
        choices = [("oui", "Oui"), ("non", "Non")]
    elif question.genre == Question.Genre.CHOIX:
        choices = [(value, value) for value in question.valeurs]
    else:
        words = {"required": f"Répondez à « {question.libelle} »."}
        return LigneField(max_length=1000, error_messages=words, **common)
    messages = {
        "required": f"Choisissez une réponse à « {question.libelle} ».",
        "invalid_choice": f"Choisissez une réponse de la liste à « {question.libelle} ».",
    }
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, error_messages=messages, **common)


class CorrectionForm(ReponsesForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_questions()
        self.dress()


class InscriptionForm(ReponsesForm, FormulaireProtege):
    usage = "inscription"
    noms = ("prenom", "nom", "organisation")
    textes = ("commentaire", "besoin")

    courriel = VotreCourrielField(
        label="adresse électronique",
        help_text="Exemple : prenom.nom@exemple.bzh. Nous y envoyons un lien qui confirme votre inscription.",
    )
    consentement = ConsentementField(notices.ACCORD, sans="garder vos réponses")
    field_order = ["prenom", "nom", "organisation", "courriel"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_questions()
        last = ("commentaire", *APART)
        self.order_fields([*(name for name in self.fields if name not in last), *last])
        self.dress()

    def demande(self) -> DemandeDInscription:
        accepted = {
            "courriel": self.cleaned_data["courriel"],
            "consentement": True,
            **consentement.preuve(notices.USAGE),
        }
        return DemandeDInscription(self.champs() | accepted, self.cleaned_data["besoin"], self.reponses())
