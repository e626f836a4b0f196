"""The way to register that the text of an event holds."""

import pytest

from reprise.links import only_link


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("Pour s'inscrire:\nhttps://framaforms.org/a-1", "https://framaforms.org/a-1"),
        ("(voir https://exemple.bzh/a).", "https://exemple.bzh/a"),
        ("https://exemple.bzh/a puis https://exemple.bzh/a", "https://exemple.bzh/a"),
        ("https://exemple.bzh/a et https://exemple.bzh/b", ""),
        ("http://", ""),
        ("Rien ici", ""),
    ],
)
def test_the_only_link_of_a_text_is_found(text, link):
    assert only_link(text) == link
