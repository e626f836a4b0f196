"""A password is not made of what anybody knows of its owner."""

import re

from django.core.exceptions import ValidationError

from socle.francais.texte import fold

SPARE = 4  # letters that must be left once names are taken out
ENOUGH = 12  # or letters and digits: what a password needs without any name
NAMES = ("username", "first_name", "last_name", "email")


class NomsValidator:
    """Refuses what is made of the person's names and address, glued, repeated, or with a few signs around.

    Django's UserAttributeSimilarityValidator sees them too, but compares one at a time with the whole password, accents
    and all: « prigent » is too small a part of « soizicprigent29 » to resemble it. A sentence that holds a name passes.
    """

    message = (
        "Ce mot de passe est fait de votre nom, de votre identifiant ou de votre adresse : c’est ce qu’on essaie en "
        "premier. Choisissez plutôt quelques mots sans rapport avec vous."
    )

    def validate(self, password, user=None):
        words = {word for name in NAMES for word in _words(getattr(user, name, ""))}
        known = "|".join(sorted((word for word in words if len(word) > 1), key=len, reverse=True))
        letters = "".join(_words(password))
        signs = "".join(re.findall("[a-z0-9]+", fold(password)))
        if (
            known
            and re.search(known, letters)
            and len(re.sub(known, "", letters)) < SPARE
            and len(re.sub(known, "", signs)) < ENOUGH
        ):
            raise ValidationError(self.message, code="password_made_of_names")

    def get_help_text(self):
        return "Votre mot de passe ne doit pas être fait de votre nom, de votre identifiant ou de votre adresse."


def _words(text: str) -> list[str]:
    """The words of a text in plain small letters, without digits and signs."""
    return re.findall("[a-z]+", fold(text))
