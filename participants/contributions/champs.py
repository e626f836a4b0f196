"""Fields for which visitors may propose values: asked in a form, kept as words, read back."""

import re
from functools import cache

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from fiches.models import Fiche
from fiches.suivi.doublons import ALIKE, plain_title
from fiches.suivi.public_history import public_fields
from socle.catalogue.filters import MontantSaisiField
from socle.formulaires.champs import Cases, LigneField, TexteField
from socle.francais.valeurs import FILE, PAGE, Illisible, as_words, read_words, unix
from socle.recherche.analyse import stems
from socle.territoires.models import Commune, Departement, Intercommunalite
from socle.territoires.reconnaissance import Reconnaisseur

LONG = 20_000  # characters
LIEUX = (Departement, Intercommunalite, Commune)  # too many to choose from on a page: visitors write the name
_COMMUNE = re.compile(r"(?P<nom>[^()]+)\((?P<code>[^()]+)\)")
EXEMPLES = {
    Departement: "Son nom ou son numéro : 22.",
    Commune: "Son nom et, si d’autres le portent, son département : Guingamp (22).",
    Intercommunalite: "Son nom entier.",
}


def nothing(model: type[Fiche]) -> dict:
    """The state of a new record: {field: value}, like `state`."""
    row = model()
    values = {field.name: getattr(row, field.attname) for field in offered(model) if not field.many_to_many}
    return values | {field.name: frozenset() for field in offered(model) if field.many_to_many}


@cache
def offered(model: type[Fiche]) -> tuple[models.Field, ...]:
    """The public fields that a form can ask; several choices come last, then the themes.

    Left out: files, relations to other records, fields for editors only.
    """
    return tuple(
        field
        for field in public_fields(model)
        if field.name not in model.au_bureau
        and not (isinstance(field, models.FileField) or (field.is_relation and issubclass(field.related_model, Fiche)))
    )


def asked_of_new(model: type[Fiche]) -> tuple[models.Field, ...]:
    return tuple(field for field in offered(model) if field.name not in model.a_corriger)


LISTED, READ = 5, 30  # doubles to show, among so many results of the search


def alike(model: type[Fiche], titre: str) -> list[Fiche]:
    """Public records with a similar title: most words of the shorter one are in the other."""
    words = {*stems(titre)}
    found = model._default_manager.published().search(plain_title(titre))[:READ]
    near = [one for one in found if _near(words, {*stems(one.titre)})]
    return near[:LISTED]


def _near(words: set[str], others: set[str]) -> bool:
    return bool(words & others) and len(words & others) >= ALIKE * min(len(words), len(others))


def is_text(field: models.Field) -> bool:
    return isinstance(field, models.CharField | models.TextField) and not field.choices


# Words


def words(field: models.Field, value) -> str:
    """The value in words that `read` understands: those of files, and a commune with its département."""
    if is_text(field):
        text = unix(value or "").strip()
        return text if isinstance(field, models.TextField) else " ".join(text.split())
    if field.many_to_many:
        value = [getattr(row, "pk", row) for row in value or ()]  # as keys, they are named in one order
    return as_words(field, value, PAGE if field.related_model is Commune else FILE)


def read(field: models.Field, text: str):
    """The value of these words; raises Illisible."""
    if text and field.related_model is Commune:
        return _commune(text)
    if text and field.related_model is Intercommunalite:
        return _intercommunalite(text)
    return read_words(field, text)


def shown(field: models.Field, text: str) -> str:
    """The words as a page prints them."""
    if is_text(field) or (field.is_relation and not field.many_to_many):
        return text
    try:
        return as_words(field, read(field, text), PAGE)
    except Illisible:  # a choice that no longer exists
        return text


def _commune(text: str) -> Commune:
    places, match = Reconnaisseur(), _COMMUNE.fullmatch(text)
    code = match and places.parse_departement(match["code"])
    found = places.find_named(match["nom"].strip() if code else text, code or None)
    if found is None:
        raise Illisible("aucune commune de ce nom, ou plusieurs : ajoutez son département, « Guingamp (22) »", text)
    return found


def _intercommunalite(text: str) -> Intercommunalite:
    found = list(Intercommunalite.objects.filter(nom__iexact=text)[:2])
    one = found[0] if len(found) == 1 else Reconnaisseur().find_intercommunalite(text, None)
    if one is None:
        raise Illisible("aucune intercommunalité de ce nom, ou plusieurs : écrivez son nom entier", text)
    return one


# Form fields


def initial(field: models.Field, value):
    if field.related_model in LIEUX:
        return words(field, value)
    return list(value) if isinstance(value, frozenset) else value


class LieuField(LigneField):
    def __init__(self, *, champ: models.Field, **kwargs):
        super().__init__(**kwargs)
        self.champ = champ

    def clean(self, value):
        text = super().clean(value)
        try:
            return read(self.champ, text)
        except Illisible as error:
            said = str(error)
            raise ValidationError(f"{said[:1].upper()}{said[1:]}.") from None


def checked(field: models.Field, value):
    """The value as the record would hold it; ValidationError if the model refuses it."""
    return value if field.is_relation else field.clean(value, None)


def check(fiche: Fiche, values: dict) -> None:
    """Sets values on an unsaved record. ValidationError for whatever its form would refuse."""
    for name in values.keys() - {field.name for field in fiche._meta.many_to_many}:
        setattr(fiche, name, values[name])
    relations = {field.name for field in fiche._meta.concrete_fields if field.is_relation}
    fiche.clean_fields(exclude={field.name for field in fiche._meta.concrete_fields} - values.keys() | relations)
    fiche.clean()
    fiche.validate_constraints(exclude={"entree", "slug"})


def asked(field: models.Field) -> forms.Field:
    if field.related_model in LIEUX:
        return LieuField(
            champ=field,
            label=field.verbose_name,
            help_text=field.help_text or EXEMPLES[field.related_model],
            required=not field.blank,
            max_length=300,
        )
    made = field.formfield(**_how(field))
    made.error_messages["required"] = f"« {str(field.verbose_name).capitalize()} » est obligatoire : remplissez-le."
    if field.is_relation:
        made.queryset = made.queryset.complex_filter(field.get_limit_choices_to())
    return made


def _how(field: models.Field) -> dict:
    if field.many_to_many:
        return {"widget": Cases, "help_text": ""}
    if isinstance(field, models.DecimalField):
        return {"form_class": MontantSaisiField}
    if isinstance(field, models.URLField):
        return {"assume_scheme": "https"}
    if isinstance(field, models.DateField):
        hour = " 09:30" if isinstance(field, models.DateTimeField) else ""
        return {"help_text": f"Exemple : 15/11/2026{hour}. {field.help_text}".strip()}
    if isinstance(field, models.TextField):
        return {"form_class": TexteField, "max_length": LONG, "rows": 6}
    if type(field) is models.CharField and not field.choices:
        return {"form_class": LigneField}
    return {}
