import pytest

EQUIPE = "equipe@exemple.bzh"


@pytest.fixture(autouse=True)
def _a_team(settings, patient, tmp_path):
    settings.CONTACT_EMAIL = f"LabAccès <{EQUIPE}>"
    settings.EFFACEMENTS = tmp_path / "effacements.txt"
