"""What the takeover keeps of persons is copied for them, and leaves with them."""

import pytest
from django.utils import timezone

from fiches.attached import Contact
from participants.inscriptions.models import Inscription
from reprise.models import PERSONNES, AnomalieExploration, AnomalieInscription, Ecartee, Origine
from reprise.models import digest as digest_of_cle
from reprise.persons import digest
from socle.vie_privee import personnes
from socle.vie_privee.conservation import swept
from socle.vie_privee.models import Effacement
from tests.factories import ProjetFactory
from tests.factories.participants import EvenementFactory, ExplorationFactory, InscriptionFactory
from tests.reprise.rows import hang
from tests.vie_privee.conftest import liste  # noqa: F401 - a fixture
from tests.vie_privee.test_conservation import purger
from tests.vie_privee.test_erasure_list import DAY, register, replay
from tests.vie_privee.test_personnes import ADRESSE

pytestmark = pytest.mark.django_db


def test_a_copy_holds_the_anomalies_about_a_person_in_the_words_of_the_form():
    hang(InscriptionFactory(courriel=ADRESSE), ADRESSE)
    row = ExplorationFactory(courriel=ADRESSE)
    AnomalieExploration.objects.create(
        participant=row, type="non_attribuee", champ="provenance", texte="Brest", empreinte=1
    )
    told = {one["quoi"]: one["ce que nous gardons"] for one in personnes.export(ADRESSE)["données"]}
    (inscription,), (sheet,) = told["Inscriptions aux rencontres"], told["Exploration coopérative"]
    assert inscription["anomalies d’inscriptions"] == [{"texte d’origine": ADRESSE}]
    (anomalie,) = sheet["anomalies d’explorations"]
    assert anomalie == {"champ": "d’où je viens (adresse, ville)", "texte d’origine": "Brest"}


def test_a_purged_registration_takes_its_anomalies_along_and_does_not_come_back():
    gone = InscriptionFactory(evenement=EvenementFactory(dans=-91), cle="nolwenn k", valeurs={"a": "b"})
    hang(gone, "x@")
    purger()
    assert not AnomalieInscription.objects.exists()
    assert Ecartee.objects.get().cle == digest_of_cle("nolwenn k")  # the next takeover does not bring them back


def test_what_the_old_site_said_is_read_by_an_erasure():
    assert Origine in set(swept())


@pytest.mark.long
def test_after_a_takeover_only_what_the_old_site_brought_back_is_erased(liste):  # noqa: F811
    """The base knows the erasure, so all else came later."""
    personnes.forget(ADRESSE)
    liste.unlink()
    Effacement.objects.update(efface_le=timezone.now() - 5 * DAY)
    back = register(days=2)
    before = timezone.now() - 9 * DAY
    fiche, ours = (ProjetFactory(description=f"Avec {ADRESSE}", cree_le=before) for _ in range(2))
    person = {"role": "contact", "nom": "Zélie Kerzonfleur", "fonction": "", "courriel": ADRESSE}
    Contact.objects.create(entree=fiche.entree, **person)
    typed = Contact.objects.create(entree=fiche.entree, nom="Zélie K.", courriel=ADRESSE)
    Origine.objects.create(entree=fiche.entree, type="projet", cle="x", valeurs={PERSONNES: [digest(person)]})
    register(days=900, cle="zelie kerzonfleur | x")
    register(days=0, cle="zelie kerzonfleur | y")  # the old site does not say when
    replay("--tout")
    assert list(Inscription.objects.all()) == [back]
    assert list(Contact.objects.all()) == [typed]
    fiche.refresh_from_db()
    ours.refresh_from_db()
    written = [row.description for row in (fiche, ours)]
    assert written == ["Avec [effacé]", f"Avec {ADRESSE}"]
