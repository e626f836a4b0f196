import pytest

from fiches import confidentiel


@pytest.fixture(autouse=True)
def _no_name_of_another_test():
    confidentiel.reset()
