"""Records with nothing but a title: the editor is asked before publication."""

from django.db import models

from fiches import registre
from fiches.models import Fiche, FicheQuerySet

PLACES = {"departement", "commune", "intercommunalite", "adresse"}


def said_fields(model: type[Fiche]) -> list[str]:
    """Fields besides the title: texts, links, files, places, what the type expects."""
    kinds = models.URLField | models.FileField
    fields = model._meta.concrete_fields
    others = [field.name for field in fields if isinstance(field, kinds) or field.name in PLACES]
    expected = "+".join(registre.for_model(model).attendus).split("+")
    return [*dict.fromkeys(filter(None, (*model.textes, *model.par_lignes, *others, *expected)))]


def says(fiche: Fiche, name: str) -> bool:
    """Whether the field has a value."""
    field = fiche._meta.get_field(name)
    if field.many_to_many:
        return fiche.pk is not None and getattr(fiche, name).exists()
    value = getattr(fiche, field.attname)
    return not (value in (None, "") or (isinstance(field, models.DecimalField) and value == 0))


def has_title_alone(fiche: Fiche) -> bool:
    return not any(says(fiche, name) for name in said_fields(type(fiche)))


def with_title_alone(fiches: FicheQuerySet) -> FicheQuerySet:
    """The records for which `has_title_alone` is true."""
    return fiches.filter(*(registre.lacks(fiches.model, name) for name in said_fields(fiches.model)))
