"""What the takeover left to settle, on the home of the desk."""

import pytest
from django.urls import reverse
from django.utils import timezone

from projets.models import Projet
from reprise.models import Anomalie, AnomalieInscription, Conflit
from socle.comptes.roles import ANIMATION, REDACTION
from tests.factories import ProjetFactory
from tests.factories.participants import InscriptionFactory
from tests.labacces.test_bureau import CANARY, tasks
from tests.labacces.test_bureau_pages import answer, check_structure, check_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(db):
    """Something of everything that waits, and as much that does not."""
    projet = ProjetFactory()
    Anomalie.objects.create(entree=projet.entree, type="lien_vide", empreinte="a")
    Anomalie.objects.create(entree=projet.entree, type="lien_vide", empreinte="b")
    Anomalie.objects.create(entree=projet.entree, type="lien_vide", empreinte="c", reglee_le=timezone.now())
    Conflit.objects.create(entree=projet.entree, champ="description")
    AnomalieInscription.objects.create(
        participant=InscriptionFactory(nom=CANARY), type="courriel_invalide", texte=CANARY, empreinte="d"
    )


def test_everything_to_settle_is_told_with_its_list(enter, client, read, work):
    enter()
    found = tasks(read("/admin/"))["À régler"]
    assert set(found) == {"2 anomalies de reprise", "1 conflit de reprise", "1 anomalie d’inscription"}
    for text, address in found.items():
        assert client.get(address).context["cl"].result_count == int(text.split()[0]), address


def test_rédaction_sees_neither_anomalies_nor_conflicts(enter, read, work):
    enter(REDACTION)
    page = read("/admin/")
    assert "À régler" not in tasks(page)
    assert "anomalie" not in page.text.lower()
    assert "conflit" not in page.text.lower()


def test_animation_sees_what_is_to_settle_and_no_name(enter, read, work):
    enter(ANIMATION)
    page = read("/admin/")
    assert "1 anomalie d’inscription" in tasks(page)["À régler"]
    assert CANARY not in page.html


def test_the_page_of_conflicts_is_french_with_one_title_and_a_name_for_every_field(enter, client, work):
    enter()
    fiche = Projet.objects.get()
    address = reverse("admin:reprise_conflit_fiche", args=[fiche.pk])
    for data in (None, {"version_lue": fiche.version}):
        page = answer(client, address, data)
        check_words("conflicts", page)
        check_structure("conflicts", page)
