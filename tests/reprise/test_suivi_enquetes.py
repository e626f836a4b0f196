"""What the takeover left, as test_enquetes sees it."""

import pytest

from fiches.enquetes.models import Enquete
from fiches.enquetes.views import SUJETS
from reprise.formulaires.enquete import LABELS
from socle.francais.texte import fold

pytestmark = pytest.mark.django_db


def test_the_questions_are_those_of_the_form_word_for_word():
    asked = [label for label in LABELS if label not in LABELS[3:6]]  # the référent·e is a Contact
    names = [
        *("structure", "adresse", "origine_demarche", "acteurs", "contexte", "modes_reconnaissance"),
        *("types_organisation", "echelle", "niveau", *Enquete.textes[3:]),
    ]
    mended = {
        "adresse": "Adresse de la structure",
        "niveau": "Niveau de participation visé, en termes d'implication dans la décision publique",
        "forme": "Quelle forme a prise l'indemnité / la valorisation ?",
    }
    for name, label in zip(names, asked, strict=True):
        text = fold(str(Enquete._meta.get_field(name).verbose_name)).replace("·", ".").replace("-", " ")
        assert text.replace(" ", "") == fold(mended.get(name, label)).replace("-", " ").replace(" ", ""), name
    assert set(SUJETS) == set(Enquete.textes) | {"indemnites"}  # which editors fill in, from what the others say
