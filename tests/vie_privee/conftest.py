import pytest


@pytest.fixture(autouse=True)
def liste(settings, tmp_path):
    """The list of erasures, in the test's own file."""
    settings.EFFACEMENTS = tmp_path / "effacements.txt"
    return settings.EFFACEMENTS
