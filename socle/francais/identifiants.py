"""Official numbers of organisations, SIRET and RNA: held in one piece, checked, whatever blanks were typed."""

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
    """A number without the blanks, dots and hyphens that people put into it, in plain signs: « 552 081 317 66522 »."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_siret(number: str) -> None:
    """ValidationError, which says what to do, for what is no SIRET. Its last digit depends on the others (Luhn)."""
    try:
        if not _SIRET.fullmatch(number):  # the library takes the digits of any script
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
    """The same for the number of an association."""
    if not _RNA.fullmatch(number):
        raise ValidationError(
            "Un numéro RNA est un W suivi de 9 chiffres, par exemple W351234567. Il est sur le récépissé de "
            "l’association ; si elle a un SIRET, il suffit."
        )


class IdentifiantSaisiField(forms.CharField):
    def to_python(self, value):
        return in_one_piece(super().to_python(value))


class IdentifiantField(models.CharField):
    """An official number. A form accepts more signs than it keeps."""

    def to_python(self, value):
        return value if value is None else in_one_piece(str(value))

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": IdentifiantSaisiField, "max_length": None} | kwargs)


class SiretField(IdentifiantField):
    default_validators = [check_siret]


class RnaField(IdentifiantField):
    default_validators = [check_rna]
