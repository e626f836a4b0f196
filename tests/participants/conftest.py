import pytest

from socle.comptes.roles import ANIMATION
from tests.factories import member


@pytest.fixture
def desk(client):
    """The desk, before somebody of Animation."""
    client.user = member(ANIMATION)
    client.force_login(client.user)
    return client
