from copy import deepcopy
from unittest.mock import patch

import pytest

from fiches import registre
from reprise.management.commands.importer_yeswiki import Command
from tests.reprise.extrait import EXTRAIT, load_france, take
from tests.reprise.yeswiki.site import NOMBRES

# The counts of these tests need records of every type in the old site.
if NOMBRES.keys() - {one.cle for one in registre.types()} > {"inscription", "exploration", "annuaire"}:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="module", autouse=True)
def _without_copy():
    """A database is not copied inside a test's transaction: tests/sauvegardes checks the copy."""
    with patch.object(Command, "copy", return_value=None):
        yield


@pytest.fixture(scope="module")
def _france(kept):
    load_france()


@pytest.fixture
def france(_france, db):
    """Loaded once per module."""


@pytest.fixture
def take_over(db, tmp_path):
    """Runs the command on the extract or on other bytes; returns its report."""
    return lambda data=EXTRAIT, *options: take(tmp_path, data, *options)


@pytest.fixture(scope="module")
def _first(_france, tmp_path_factory):
    """A takeover of the extract takes a second: once for a module whose tests all start there (`repris`)."""
    return take(tmp_path_factory.mktemp("reprise"), EXTRAIT)


@pytest.fixture
def repris(_first, db):
    """The report of a takeover of the extract into a site with places and themes."""
    return deepcopy(_first)
