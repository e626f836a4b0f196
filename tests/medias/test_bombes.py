"""Hostile files that visitors join: each costs what it weighs, refused in words or kept clean."""

from pathlib import Path

import pytest

from bench import bombes, fichiers

pytestmark = pytest.mark.securite

# The worst of each kind, one for each way to harm; all of them: python bench/fichiers.py.
WORST = """
    20 000 packed streams.pdf; 60 000 a side.png; noise of 10 million.png; texts of 60 MB.png; 600 000 pieces.png;
    1 000 scans.jpg; 2 000 000 segments.jpg; 30 000 hidden scans.jpg; 8 million clear pixels.webp;
    zeros of 600 MB.docx; zeros that lie.docx; deeper documents.docx; overlapping parts.docx; 60 000 parts.docx;
    58 000 relations of 50 words.docx; relations that never end.docx; entities among relations.docx;
    950 parts of the author, of wide names.docx; empty blocks of 8 MB.docx; 400 000 styles.xlsx; 1 000 000 keys.odt
"""


@pytest.mark.long
@pytest.mark.parametrize("name", [name.strip() for name in WORST.split(";")])
def test_a_hostile_file_is_refused_or_kept_within_the_time_and_memory_that_are_granted(tmp_path, name):
    path = tmp_path / f"bombe{Path(name).suffix}"
    path.write_bytes(bombes.JOINED[name]())
    found = fichiers.measure(path, "visiteur")
    assert found["seconds"] < 10 * fichiers.SECONDS, "of processor, on any machine"
    assert found["megabytes"] < fichiers.MEGABYTES
    assert found["said"] is None or found["said"].endswith(".")
