import pytest

from socle.comptes.roles import REDACTION
from tests.factories import member


@pytest.fixture
def staff(client):
    """Somebody of Rédaction, whom the client is."""
    user = member(REDACTION)
    client.force_login(user)
    return user
