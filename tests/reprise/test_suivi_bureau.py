"""What the takeover left to settle, on the home of the desk."""

import pytest
from django.utils import timezone

from reprise.models import Anomalie, AnomalieInscription
from socle.comptes.roles import ANIMATION, REDACTION
from tests.factories import ProjetFactory
from tests.factories.participants import InscriptionFactory
from tests.labacces.test_bureau import CANARY, tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(db):
    """Some of everything that waits, and as much that does not."""
    projet = ProjetFactory()
    Anomalie.objects.create(entree=projet.entree, type="lien_vide", empreinte="a")
    Anomalie.objects.create(entree=projet.entree, type="lien_vide", empreinte="b")
    Anomalie.objects.create(entree=projet.entree, type="lien_vide", empreinte="c", reglee_le=timezone.now())
    AnomalieInscription.objects.create(
        participant=InscriptionFactory(nom=CANARY), type="courriel_invalide", texte=CANARY, empreinte="d"
    )


def test_everything_to_settle_is_told_with_its_list(enter, client, read, work):
    enter()
    found = tasks(read("/admin/"))["À régler"]
    assert set(found) == {"2 anomalies de reprise", "1 anomalie d’inscription"}
    for text, address in found.items():
        assert client.get(address).context["cl"].result_count == int(text.split()[0]), address


def test_rédaction_sees_no_anomalies(enter, read, work):
    enter(REDACTION)
    page = read("/admin/")
    assert "À régler" not in tasks(page)
    assert "anomalie" not in page.text.lower()


def test_animation_sees_what_is_to_settle_and_no_name(enter, read, work):
    enter(ANIMATION)
    page = read("/admin/")
    assert "1 anomalie d’inscription" in tasks(page)["À régler"]
    assert CANARY not in page.html
