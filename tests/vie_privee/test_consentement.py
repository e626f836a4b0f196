"""The text that somebody agreed to stays known as long as the proof."""

import pytest

from socle.rooms import Room
from socle.vie_privee import consentement


@pytest.fixture
def textes(monkeypatch):
    room = Room(consentements={"essai": {"2026-01": "L’ancien texte.", "2026-11": "Le nouveau texte."}})
    monkeypatch.setattr(consentement, "rooms", lambda: [room])


def test_the_last_text_is_in_force_and_the_others_are_kept(textes):
    assert consentement.version("essai") == "2026-11"
    assert consentement.texte("essai", "2026-01") == "L’ancien texte."
    with pytest.raises(KeyError):
        consentement.texte("essai", "2025-01")
