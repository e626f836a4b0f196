"""The form of visitors, their answer to a question, and the form to decide."""

from copy import copy

from django import forms
from django.core.exceptions import ValidationError

from fiches.suivi.comparaison import ADDED, compare_texts
from fiches.suivi.concurrence import readable
from participants.contributions import fichiers, notices
from participants.contributions.champs import (
    alike,
    asked,
    asked_of_new,
    check,
    checked,
    initial,
    is_text,
    offered,
    words,
)
from participants.contributions.models import CREDIT
from socle.formulaires.champs import (
    AccessibleMixin,
    ConsentementField,
    LigneField,
    TexteField,
    VotreCourrielField,
    required,
)
from socle.formulaires.protection import FormulaireProtege
from socle.vie_privee.mentions import JOIGNABLES, find
from socle.vie_privee.questions import MotPrive

NOM, TEXTE = 300, 5000
CHAMP = "champ_"  # before the names of the record's fields: a resource has a field « source », like this form
SEMBLABLES = "Cette fiche existe peut-être déjà : regardez celles-ci. Si ce n’en est aucune, cochez la case."
RIEN = "Vous n’avez rien changé : ouvrez un champ, écrivez ce qu’il devrait dire, puis envoyez."


def check_together(form: forms.Form, fiche, values: dict) -> None:
    """Adds errors of values that are valid alone but not together, beside their fields."""
    try:
        check(copy(fiche), values)
    except ValidationError as error:
        for name, errors in error.update_error_dict({}).items():
            form.add_error(f"{CHAMP}{name}" if f"{CHAMP}{name}" in form.fields else None, errors)


class PropositionForm(AccessibleMixin, FormulaireProtege):
    """What a visitor proposes for the record `fiche`.

    `etat`: {field: value} in the version that its author reads, empty values for a new record. `ouvert`: the field that
    they came for. `sent`: this post sends the proposal; files are opened only then, if nothing else is wrong, or must
    be chosen again.
    """

    sent = True
    noms = ("nom", "credit")

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    source = TexteField(
        label="comment le savez-vous ?",
        max_length=TEXTE,
        rows=2,
        help_text="Un lien, un document, votre rôle. Une ligne suffit.",
        error_messages=required("Dites en quelques mots comment vous le savez."),
    )
    nom = LigneField(
        label="votre nom",
        max_length=NOM,
        required=False,
        help_text="Jamais publié.",
        autocomplete="name",
    )
    courriel = VotreCourrielField(
        help_text="Exemple : prenom.nom@exemple.bzh. Pour confirmer votre envoi et vous répondre ; jamais publiée."
    )
    citer = forms.BooleanField(
        label="citer mon nom dans la fiche, si ma proposition est prise",
        required=False,
        help_text="Sans cette case, personne n’est nommé.",
    )
    credit = LigneField(
        label="le nom à citer",
        max_length=CREDIT,
        required=False,
        help_text="Tel que la page le dira : « Maëlle K. », « l’accueil de la médiathèque ». "
        "Vous pourrez le faire retirer.",
    )
    consentement = ConsentementField(notices.ACCORD, sans="garder votre proposition")

    def __init__(self, data=None, files=None, *, fiche, etat: dict, base: int, cle: str, neuve=False, ouvert=""):
        model = type(fiche)
        self.usage = f"contribuer {cle}"  # the key of one record is not good for another
        self.offered = asked_of_new(model) if neuve else offered(model)
        self.etat, self.lue = etat, base
        self.fiche, self.neuve, self.semblables = fiche, neuve, []
        self.ouverts = {"titre", *model.textes} if neuve else {ouvert}
        starts = {f"{CHAMP}{field.name}": initial(field, etat[field.name]) for field in self.offered}
        super().__init__(data, files, initial=starts | {"base": base})
        # The fields of the record come first, so that errors are listed in the order of the page.
        self.fields = {f"{CHAMP}{field.name}": asked(field) for field in self.offered} | self.fields
        for name, field in self.fields.items():
            if name.startswith(CHAMP) and getattr(field.widget, "input_type", "") != "checkbox":
                field.widget.attrs["aria-labelledby"] = f"t-{name}"  # the heading that folds it names it
        self.fields |= fichiers.asked(model)
        if neuve:
            self.fields["nouvelle"] = forms.BooleanField(label="ce n’est aucune de ces fiches", required=False)
        self.dress()

    @property
    def champs(self) -> list:
        """The fields of the record. `is_open`: asked first, wrong or changed."""
        found = [self[f"{CHAMP}{field.name}"] for field in self.offered]
        for one in found:
            first = one.name.removeprefix(CHAMP) in self.ouverts
            one.is_open = first or bool(self.is_bound and (one.errors or one.name in self.changed_data))
        return found

    def clean(self):
        cleaned = super().clean()
        self.valeurs, values = {}, {}
        for field in self.offered:
            name = f"{CHAMP}{field.name}"
            if name not in cleaned or name not in self.changed_data:
                continue
            try:
                typed = words(field, checked(field, cleaned[name]))
            except ValidationError as error:
                self.add_error(name, error)
                continue
            seen = words(field, self.etat[field.name])
            if typed != seen:
                self.valeurs[field.name] = {"vu": seen, "propose": typed}
                values[field.name] = cleaned[name]
        if values and not self.errors:
            check_together(self, self.fiche, values)
        if not cleaned.get("citer"):
            cleaned["credit"] = ""
        elif not cleaned.get("credit") and "credit" not in self.errors:
            self.add_error("credit", "Écrivez le nom à citer, ou décochez la case.")
        elif any(one.genre in JOIGNABLES for one in find(cleaned.get("credit", ""))):
            self.add_error("credit", "Écrivez un nom, sans adresse électronique ni numéro : tout le monde le lira.")
        if not self.errors and not self.valeurs and not cleaned.get("fichiers"):
            self.add_error(None, ValidationError(RIEN, code="rien"))
        if self.neuve and "titre" in self.valeurs:
            self.semblables = alike(type(self.fiche), self.valeurs["titre"]["propose"])
            if self.semblables and not self.errors and not cleaned.get("nouvelle"):
                self.add_error("nouvelle", ValidationError(SEMBLABLES, code="semblables"))
        if self.sent and not self.errors and cleaned.get("fichiers"):
            try:
                cleaned["fichiers"] = self.fields["fichiers"].receive(cleaned["fichiers"])
            except ValidationError as error:
                self.add_error("fichiers", error)
        return cleaned

    @property
    def textes(self):
        """The texts to check for spam: what visitors added, not what the record said."""
        texts = {field.name for field in self.offered if is_text(field)}
        said = [one for name, one in self.valeurs.items() if name in texts]
        new = [p.text for one in said for p in compare_texts(one["vu"], one["propose"]) if p.kind == ADDED]
        self.cleaned_data["_textes"] = "\n".join([self.cleaned_data.get("source", ""), *new])
        return ("_textes",)


class ReponseDeVisiteurForm(AccessibleMixin, forms.Form):
    texte = TexteField(
        label="votre message à l’équipe",
        max_length=TEXTE,
        rows=5,
        error_messages=required("Écrivez votre message."),
    )


PRENDRE, GARDER, MAIN = "prendre", "garder", "main"
NEUVE = [(PRENDRE, "Prendre"), (GARDER, "Laisser de côté"), (MAIN, "Écrire moi-même")]
CHOIX = [(PRENDRE, "Prendre la proposition"), (GARDER, "Garder le public"), (MAIN, "Écrire moi-même")]
DECIDER, TOUT, QUESTION, REFUSER = "decider", "tout", "question", "refuser"
AUTREMENT = "Ce bouton perdrait ce que vous avez écrit ici : décidez champ par champ, ou videz ce champ."
# For each button, the error if it would lose something that was written beside another choice.
PERDRAIT = dict.fromkeys((TOUT, QUESTION, REFUSER), AUTREMENT) | {
    DECIDER: "Vous avez écrit ici, mais choisi autre chose : choisissez « Écrire moi-même », ou videz ce champ."
}
# Ready answers for a refusal.
REFUS = [
    "Nous n’avons pas pu vérifier cette information. Si un lien ou un document la confirme, proposez-la de nouveau en "
    "le citant.",
    "La fiche le dit déjà, ou a été corrigée entre-temps.",
    "La fiche raconte ce qui était vrai à sa date : nous ne réécrivons pas ce qui a changé depuis.",
    "Cela nomme une personne, ou touche à sa vie privée : le site ne le publie pas.",
]


class DecisionForm(forms.Form):
    """The decision on each field. `lignes`: ChampPropose; `action`: the pressed button."""

    tour = forms.IntegerField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    motif = forms.TypedChoiceField(
        label="réponse toute prête, si vous refusez",
        required=False,
        empty_value="",
        choices=[("", "aucune"), *((text, text) for text in REFUS)],
    )
    mot = TexteField(
        label="un mot pour la personne",
        required=False,
        max_length=TEXTE,
        rows=4,
        help_text="Envoyé avec la décision, ou comme question.",
    )

    citer = forms.BooleanField(label="citer ce nom dans la fiche", required=False, initial=True)

    def __init__(self, data=None, *, lignes, action="", neuve=False, **kwargs):
        super().__init__(data, **kwargs)
        self.lignes, self.action, self.neuve = lignes, action, neuve
        for ligne in lignes:
            name = ligne.champ.name
            self.fields[f"choix_{name}"] = forms.ChoiceField(
                label="décision",
                choices=NEUVE if neuve else CHOIX,
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"main_{name}"] = field = asked(ligne.champ)
            self.fields[f"public_{name}"] = forms.CharField(
                required=False, initial=ligne.empreinte, max_length=64, widget=forms.HiddenInput
            )
            field.required, field.initial, field.label = False, initial(ligne.champ, ligne.propose), "à écrire"

    def look_again(self, lignes, now: dict):
        """Shows the same choices on the present record. `now`: its `tour` and `version`.

        Fields in a new conflict lose their choice, made without reading them.
        """
        self.lignes, self.data = lignes, self.data.copy()
        for ligne in lignes:
            name = ligne.champ.name
            if ligne.conflit and self.data.get(f"public_{name}") != ligne.empreinte:
                self.data[f"choix_{name}"] = ""
            self.data[f"public_{name}"] = ligne.empreinte
        for name, value in now.items():
            self.data[name] = "" if value is None else str(value)

    def rangs(self):
        """(line, its choice, the field to write, private words), for the page."""
        for ligne in self.lignes:
            main = self[f"main_{ligne.champ.name}"]
            written = main.data if self.is_bound and isinstance(main.data, str) else ""
            mots = self._answered(ligne.prives(ligne.dit, written))
            yield ligne, self[f"choix_{ligne.champ.name}"], main, mots

    def _answered(self, mots: list[MotPrive]) -> list[MotPrive]:
        """The decision on each word: masked unless « garder » is ticked; an address stays unless « masquer » is."""
        return [mot.boxed(mot.cle in self.data) for mot in mots]

    def clean(self):
        cleaned = super().clean()
        for _, choix, main, _ in self.rangs():
            if self.action == DECIDER and cleaned.get(choix.name) == MAIN:
                continue
            self.errors.pop(main.name, None)  # even if wrong, it will not be published
            if self.action in PERDRAIT and self.is_written(main):
                self.add_error(main.name, PERDRAIT[self.action])
        if self.action in (DECIDER, TOUT):
            self._clean_choices(cleaned)
        elif self.action == QUESTION and not cleaned.get("mot"):
            self.add_error("mot", "Écrivez votre question.")
        elif self.action == REFUSER and not (cleaned.get("mot") or cleaned.get("motif")):
            self.add_error("motif", "Dites pourquoi : choisissez une réponse, ou écrivez un mot.")
        return cleaned

    def _clean_choices(self, cleaned):
        self.choix, self.prives = {}, []
        for ligne in self.lignes:
            field, name = ligne.champ, ligne.champ.name
            if self.action == TOUT and ligne.conflit:
                self.add_error(f"choix_{name}", "Ce champ a changé entre-temps : décidez vous-même de celui-ci.")
                continue
            what = PRENDRE if self.action == TOUT else cleaned.get(f"choix_{name}")
            if not what:
                self.add_error(f"choix_{name}", "Choisissez ce que devient ce champ.")
                continue
            value = {PRENDRE: ligne.propose, MAIN: cleaned.get(f"main_{name}"), GARDER: None}[what]
            if what == PRENDRE and ligne.illisible:
                self.add_error(f"choix_{name}", "Cette valeur n’est plus dans la liste : gardez, ou écrivez.")
            elif what != GARDER and not field.blank and not value:
                self.add_error(f"main_{name}", "Ce champ ne peut pas être vide.")
            self.choix[name] = (what, value)
            if what != GARDER and is_text(field):
                self.prives += self._answered(ligne.prives(words(field, value)))
        if self.neuve and self.choix.get("titre", (GARDER,))[0] == GARDER:
            self.add_error(None, "Une fiche a besoin d’un titre : prenez celui-ci, ou écrivez-en un.")

    def is_written(self, main) -> bool:
        """Whether somebody wrote something else than the proposal; a choice that is gone came from it."""
        if not main.data or main.name not in self.changed_data:
            return False
        try:
            return not hasattr(main.field, "choices") or bool(main.field.clean(main.data))
        except ValidationError:
            return False

    @property
    def written(self) -> list[tuple[str, str]]:
        """(label, text), for a page without the form."""
        rangs = self.rangs() if self.is_bound else ()
        asked = [
            (ligne.champ.verbose_name, main)
            for ligne, choix, main, _ in rangs
            if choix.data == MAIN or self.is_written(main)
        ]
        asked.append((self["mot"].label, self["mot"]))
        return [(label, text) for label, bound in asked if (text := self.is_bound and readable(bound))]

    @property
    def reponse(self) -> str:
        return "\n\n".join(filter(None, (self.cleaned_data.get(name) for name in ("motif", "mot"))))
