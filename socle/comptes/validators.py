"""A check of new passwords."""

import re

from django.core.exceptions import ValidationError

from socle.francais.texte import fold

SPARE = 4  # letters that must be left without the names
ENOUGH = 12  # letters and digits that must be left otherwise: as many as a password without names needs
NAMES = ("username", "first_name", "last_name", "email")


class NomsValidator:
    """Refuses a password made of the names and address of its owner, joined, repeated or slightly decorated.

    Django's UserAttributeSimilarityValidator compares one name at a time with the whole password, accents included: «
    prigent » is too small a part of « soizicprigent29 » for it. A sentence that holds a name is accepted.
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
    """The words of a text in lower case, without accents, digits or punctuation."""
    return re.findall("[a-z]+", fold(text))
