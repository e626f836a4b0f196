"""Hostile files that visitors join: each costs what it weighs, refused in words or kept clean."""

from pathlib import Path

import pytest

from bench import bombes, fichiers
from tests.sampling import mostly_long

pytestmark = pytest.mark.securite


@pytest.mark.long
@mostly_long("name", bombes.JOINED, one_in=62)
def test_a_hostile_file_is_refused_or_kept_within_the_time_and_memory_that_are_granted(tmp_path, name):
    """All of them: python bench/fichiers.py."""
    path = tmp_path / f"bombe{Path(name).suffix}"
    path.write_bytes(bombes.JOINED[name]())
    found = fichiers.measure(path, "visiteur")
    assert found["seconds"] < 10 * fichiers.SECONDS, "of processor, on any machine"
    assert found["megabytes"] < fichiers.MEGABYTES
    assert found["said"] is None or found["said"].endswith(".")
