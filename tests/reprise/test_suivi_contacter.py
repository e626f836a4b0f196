"""What the takeover left, as test_contacter sees it."""

import pytest

from fiches.attached import Contact
from reprise.persons import digest, merge_persons
from tests.contacter.test_contacter import ANNE, MALO, Role, person
from tests.factories import ProjetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiche():
    """A project with a référent."""
    fiche = ProjetFactory(titre="Un portail", collectivite="Dinan")
    person(fiche, MALO)
    return fiche


def test_the_takeover_does_not_bring_back_somebody_who_wants_no_messages(fiche):
    said = {"role": Role.REFERENT, "nom": "Malo Riou", "courriel": MALO}
    Contact.objects.filter(courriel=MALO).update(sans_message=True)
    merge_persons(fiche.entree, [said | {"courriel": ANNE}], {digest(said)})
    assert {c.courriel: c.sans_message for c in Contact.objects.all()} == {MALO: True, ANNE: False}
