"""Official numbers of organisations, SIRET and RNA: checked, and stored without the blanks that people type."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as InvalidNumber
from stdnum.fr import siret

ANNUAIRE = "annuaire-entreprises.data.gouv.fr"
_BETWEEN = re.compile(r"[\s.\u200b\u2060\ufeff-]+")
_SIRET = re.compile("[0-9]{14}")
_RNA = re.compile("W[0-9]{9}")


def in_one_piece(text: str) -> str:
    """A number in plain characters, without blanks, dots and hyphens: « 552 081 317 66522 » → "55208131766522"."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_siret(number: str) -> None:
    """Raise ValidationError, with advice, for a wrong SIRET. Its last digit follows from the others (Luhn)."""
    try:
        if not _SIRET.fullmatch(number):  # the library takes digits of any script
            raise InvalidNumber
        siret.validate(number)
    except InvalidChecksum:
        raise ValidationError(
            "Ce SIRET n’existe pas : un de ses chiffres est faux, ou deux sont échangés. Recopiez-le depuis "
            f"{ANNUAIRE}."
        ) from None
    except InvalidNumber:
        raise ValidationError(f"Un SIRET a 14 chiffres. Recopiez-le depuis {ANNUAIRE}.") from None


def check_rna(number: str) -> None:
    """Raise ValidationError for a wrong RNA number, that of an association."""
    if not _RNA.fullmatch(number):
        raise ValidationError(
            "Un numéro RNA est un W suivi de 9 chiffres, par exemple W351234567. Il est sur le récépissé de "
            "l’association ; si elle a un SIRET, il suffit."
        )


class IdentifiantSaisiField(forms.CharField):
    def to_python(self, value):
        return in_one_piece(super().to_python(value))


class IdentifiantField(models.CharField):
    """An official number. Forms accept more characters than it stores."""

    def to_python(self, value):
        return value if value is None else in_one_piece(str(value))

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": IdentifiantSaisiField, "max_length": None} | kwargs)


class SiretField(IdentifiantField):
    default_validators = [check_siret]


class RnaField(IdentifiantField):
    default_validators = [check_rna]
