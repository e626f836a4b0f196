"""The table of the checks is whole and names tests that exist."""

import re
from pathlib import Path

import pytest

from tests.securite.controles import CONTROLES

ROOT = Path(__file__).parent.parent.parent
pytestmark = pytest.mark.securite


def test_there_are_thirty_checks_each_held_or_explained():
    assert list(CONTROLES) == list(range(1, 31))
    for number, controle in CONTROLES.items():
        assert controle.tests or controle.reste, number


@pytest.mark.parametrize("number", CONTROLES)
def test_the_tests_of_a_check_exist(number):
    for name in CONTROLES[number].tests:
        path, _, function = name.partition("::")
        source = (ROOT / path).read_text(encoding="utf-8")
        assert not function or re.search(rf"^def {function}\(", source, re.MULTILINE), name
