from datetime import timedelta
from unittest.mock import patch

import pytest


@pytest.fixture
def patient():
    """Time passes between the page and the post: five seconds, as far as forms can tell."""
    with patch("socle.formulaires.garde.RAPIDE", timedelta(seconds=-5)):
        yield
