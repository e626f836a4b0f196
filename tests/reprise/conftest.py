"""Where tests of the takeover start."""

from copy import deepcopy
from unittest.mock import patch

import pytest

from fiches import registre
from reprise.management.commands.importer_yeswiki import Command
from tests.reprise.extrait import EXTRAIT, load_france, take
from tests.reprise.yeswiki.site import NOMBRES

# The old site of these tests has records of every type: without one of them, all that they count is another figure.
if NOMBRES.keys() - {one.cle for one in registre.types()} > {"inscription", "exploration", "annuaire"}:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="module", autouse=True)
def _without_copy():
    """A database is not copied inside a test's transaction: tests/sauvegardes sees to it."""
    with patch.object(Command, "copy", return_value=None):
        yield


@pytest.fixture(scope="module")
def _france(kept):
    load_france()


@pytest.fixture
def france(_france, db):
    """Places and themes, loaded once for all tests of a module."""


@pytest.fixture
def take_over(db, tmp_path):
    """Run the command on the extract or on other bytes; its report."""
    return lambda data=EXTRAIT, *options: take(tmp_path, data, *options)


@pytest.fixture(scope="module")
def _first(_france, tmp_path_factory):
    """Taking the extract over takes a second: once for a module, whose tests all start there (`repris`)."""
    return take(tmp_path_factory.mktemp("reprise"), EXTRAIT)


@pytest.fixture
def repris(_first, db):
    """The extract has been taken over into a site that had places and themes; its report."""
    return deepcopy(_first)
