"""The form of a new record in steps: one page for each group of fields of the form at the desk."""

from dataclasses import dataclass
from functools import cache

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict

from fiches.models import Fiche
from participants.contributions import notices
from participants.contributions.champs import asked, asked_of_new, checked, initial, nothing
from participants.contributions.forms import CHAMP, check_together
from socle.formulaires.champs import AccessibleMixin, ConsentementField, VotreCourrielField
from socle.formulaires.protection import FormulaireProtege

UNE_PAGE = 10  # fields on one page at most; a type with more fields is asked in steps
PREMIERE, DERNIERE = "L’essentiel", "Relire et envoyer"
PLACE = 200_000  # characters kept of a step, even with errors
TROP_LONG = "C’est trop long pour être gardé : raccourcissez, ou envoyez-nous un document par courriel."


@dataclass(frozen=True)
class Etape:
    """A step: number, title, fields. The last step has no fields: it shows the page."""

    numero: int
    titre: str
    champs: tuple[models.Field, ...]

    @property
    def noms(self) -> list[str]:
        return [f"{CHAMP}{field.name}" for field in self.champs]


@cache
def steps(model: type[Fiche]) -> tuple[Etape, ...]:
    """The steps of a new record, the last one to read it again; empty if one page is enough."""
    fields = {field.name: field for field in asked_of_new(model)}
    if len(fields) <= UNE_PAGE:
        return ()
    groups = [(title, flatten(options["fields"])) for title, options in admin.site.get_model_admin(model).champs]
    grouped = {name for _, names in groups for name in names}
    (title, first), *others = groups
    first = [*first[:1], *(name for name in fields if name == "fait"), *first[1:]]
    first += [name for name in fields if name not in grouped and name != "fait"]
    found = [(title or PREMIERE, first), *others]
    found = [(title, tuple(fields[name] for name in names if name in fields)) for title, names in found]
    found = [pair for pair in found if pair[1]]
    return tuple(Etape(number, *pair) for number, pair in enumerate([*found, (DERNIERE, ())], 1))


def saved(saisie: dict[str, list[str]], names) -> QueryDict:
    """What was typed into these fields, as the browser sent it."""
    data = QueryDict(mutable=True)
    for name in names:
        if saisie.get(name):
            data.setlist(name, saisie[name])
    return data


class EtapeForm(AccessibleMixin, forms.Form):
    def __init__(self, data=None, *, model: type[Fiche], etape: Etape):
        start = nothing(model)
        self.etape, self.fiche = etape, model()
        super().__init__(data, initial={f"{CHAMP}{one.name}": initial(one, start[one.name]) for one in etape.champs})
        self.fields |= {f"{CHAMP}{one.name}": asked(one) for one in etape.champs}
        self.dress()

    @property
    def champs(self) -> list:
        return [self[name] for name in self.etape.noms]

    def clean(self):
        cleaned, values = super().clean(), {}
        for field, name in zip(self.etape.champs, self.etape.noms, strict=True):
            if name in cleaned and name in self.changed_data:
                try:
                    values[field.name] = checked(field, cleaned[name])
                except ValidationError as error:
                    self.add_error(name, error)
        if not self.errors:
            check_together(self, self.fiche, values)
        return cleaned


class PremiereEtapeForm(EtapeForm, FormulaireProtege):
    """A public form, since nothing is kept yet."""

    def __init__(self, data=None, *, cle: str, **kwargs):
        self.usage = f"contribuer, étapes {cle}"
        super().__init__(data, **kwargs)


class PlusTardForm(AccessibleMixin, FormulaireProtege):
    usage = "contribuer, plus tard"
    saisie = False

    courriel = VotreCourrielField(help_text="Exemple : prenom.nom@exemple.bzh.")
    consentement = ConsentementField(notices.ACCORD_PLUS_TARD, sans="vous envoyer ce lien")
