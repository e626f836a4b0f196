from datetime import timedelta
from unittest.mock import patch

import pytest

from fiches import confidentiel


@pytest.fixture(autouse=True)
def _no_name_of_another_test():
    confidentiel.reset()


@pytest.fixture
def patient():
    """Time passes between the page and the post: five seconds, as far as forms can tell."""
    with patch("socle.formulaires.garde.RAPIDE", timedelta(seconds=-5)):
        yield
