import pytest

from socle.comptes.roles import REDACTION
from tests.factories import ProjetFactory, member

TEXTE = "Un serveur vocal oriente désormais les appels.\n\nLes messages rejoignent la même file."


@pytest.fixture(autouse=True)
def _ready(patient, settings, tmp_path):
    settings.EFFACEMENTS = tmp_path / "effacements.txt"


@pytest.fixture
def fiche():
    return ProjetFactory(titre="Un portail", collectivite="Dinan", description=TEXTE, montant_eur=88093)


@pytest.fixture
def staff(client):
    """Somebody of Rédaction, whom the client is."""
    user = member(REDACTION)
    client.force_login(user)
    return user
