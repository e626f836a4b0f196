import pytest


@pytest.fixture(autouse=True)
def liste(settings, tmp_path):
    """The list of erasures, in a file of the test's own."""
    settings.EFFACEMENTS = tmp_path / "effacements.txt"
    return settings.EFFACEMENTS
