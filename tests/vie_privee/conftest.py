import pytest


@pytest.fixture(autouse=True)
def liste(settings, tmp_path):
    settings.EFFACEMENTS = tmp_path / "effacements.txt"
    return settings.EFFACEMENTS
