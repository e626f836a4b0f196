"""Which text somebody agreed to can be told for as long as the proof is kept."""

import pytest

from socle.vie_privee import consentement


@pytest.fixture
def textes(monkeypatch):
    monkeypatch.setattr(consentement, "_textes", {})
    consentement.declare("essai", {"2026-01": "L’ancien texte.", "2026-11": "Le nouveau texte."})


def test_the_last_text_is_in_force_and_the_others_are_kept(textes):
    assert consentement.version("essai") == "2026-11"
    assert consentement.texte("essai", "2026-01") == "L’ancien texte."
    with pytest.raises(KeyError):
        consentement.texte("essai", "2025-01")
