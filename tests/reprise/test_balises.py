"""Wiki markup and HTML become plain text, and no visible word is lost."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.balises import plain
from tests.growth import in_line, repeated

SITE = "https://wiki.exemple.bzh"


@pytest.mark.parametrize(
    ("wiki", "expected"),
    [
        (
            "Un **mot** gras, //penché//, __souligné__, ##code##, @@barré@@.",
            "Un mot gras, penché, souligné, code, barré.",
        ),
        ("=====Titre=====\nTexte", "Titre\nTexte"),
        ("Avant ==sous-titre== après", "Avant\nsous-titre\naprès"),
        (" - un\n - deux\n  - dedans\n - trois", "- un\n- deux\n- - dedans\n- trois"),
        ("\t- un\n\t\t- dedans", "- un\n- - dedans"),
        (" 1) un\n 1) deux", "1. un\n2. deux"),
        ("[[https://exemple.bzh/a?b=1&amp;c=2 le site]]", "le site (https://exemple.bzh/a?b=1&c=2)"),
        ("[[https://exemple.bzh]]", "https://exemple.bzh"),
        ("[[https://exemple.bzh https://exemple.bzh]]", "https://exemple.bzh"),
        ("[[PageVoisine la page voisine]]", f"la page voisine ({SITE}/?PageVoisine)"),
        ("[|\n| a | b |\n| c | d |\n|]", "a | b\nc | d"),
        ("Un\n----\nDeux---Trois", "Un\nDeux\nTrois"),
        ('""<b>brut</b> &amp; net""', "brut & net"),
        ("%%code **tel** quel%%", "code **tel** quel"),
        ("https://exemple.bzh/a//b et 12__34 et a**b", "https://exemple.bzh/a//b et 12__34 et a**b"),
        ("- - déjà\n\n\n  une ligne  ", "- - déjà\nune ligne"),
        ("Caf&eacute; &lt;3 et ?a=1&copy=2", "Café <3 et ?a=1&copy=2"),
    ],
)
def test_wiki_markup_becomes_plain_text(wiki, expected):
    assert plain(wiki, "wiki", site=SITE) == (expected, [])


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>Un <strong>mot</strong>.</p><p>Deux<br>trois</p>", "Un mot.\nDeux\ntrois"),
        ("<ul><li>un</li><li>deux<ul><li>dedans</li></ul></li></ul>", "- un\n- deux\n- - dedans"),
        ("<ol start='3'><li>trois</li><li>quatre</li></ol>", "3. trois\n4. quatre"),
        ('<p><a href="https://exemple.bzh/a?b=1&amp;c=2">le site</a></p>', "le site (https://exemple.bzh/a?b=1&c=2)"),
        ('<p><a href="?PageVoisine">la page</a></p>', f"la page ({SITE}/?PageVoisine)"),
        ('<p><a href="mailto:a@exemple.bzh">a@exemple.bzh</a></p>', "a@exemple.bzh"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>", "a | b\nc | d"),
        ("<p>a < b &amp; c</p>", "a < b & c"),
        ("<p>une\n  ligne</p>", "une ligne"),
    ],
)
def test_html_becomes_plain_text(markup, expected):
    assert plain(markup, "html", site=SITE) == (expected, [])
    assert plain(markup, site=SITE)[0] == expected  # it finds out its format


def test_plain_text_stays_as_it_was_typed():
    assert plain("**tel** quel\r\n- [[x y]]\n\n<b>", "nohtml") == ("**tel** quel\n- [[x y]]\n<b>", [])


@pytest.mark.parametrize(
    ("markup", "kept", "unknown"),
    [
        (
            'Voir {{bazar id="4" vue="carte"}} ici',
            'Voir {{bazar id="4" vue="carte"}} ici',
            '{{bazar id="4" vue="carte"}}',
        ),
        ('<p>a</p><iframe src="https://exemple.bzh/v"></iframe>', "a\nhttps://exemple.bzh/v", "<iframe"),
        ('<p><img src="files/a.png" alt="Un plan"></p>', f"Un plan {SITE}/files/a.png", "<img"),
        ("<p>a <clignote>b</clignote></p>", "a <clignote>b</clignote>", "<clignote>"),
        ("<p>a</p><script>alert(1)</script>", "a", "alert(1)"),
        ("un <b>mot", "un <b>mot", "<b>"),
        ('{{button text=""Oui"" class="%%b%%"}}', '{{button text=Oui class="b"}}', '{{button text=Oui class="b"}}'),
    ],
)
def test_what_is_not_understood_is_told_and_never_dropped(markup, kept, unknown):
    text, pieces = plain(markup, site=SITE)
    assert text == kept
    assert any(unknown in piece for piece in pieces)
    assert "\x00" not in "".join(pieces)


@pytest.mark.parametrize("piece", ["{{", "[[a ", "[[a", "**a ", "//a ", "__a ", "##a ", "@@a ", "%%(a%%", '""%%'])
def test_what_is_never_closed_costs_no_more_than_its_length(piece):
    """Anybody could write on the old wiki: 60 KB took a minute."""
    assert in_line(lambda text: plain(text, "wiki"), repeated(piece), 60_000)


@pytest.mark.parametrize("start", ["[[a", "== "])
def test_blanks_that_end_nothing_cost_no_more_than_their_length(start):
    assert plain(f"{start} b", "wiki")[0].startswith(start.strip())
    assert in_line(lambda text: plain(text, "wiki"), lambda length: f"{start}{' ' * length}b", 20_000)


words = st.text(st.sampled_from("abcé0'’-_*/=#@[]{}()|<>&;:.\"% \t\n-"), max_size=25)
TAGS = """
    <p> </p> <br> <ul> <li> </li> </ul> <b> </b> <a href="x"> </a> <td> <x> {{a b}} [[Page mot]] ** // "" %% ====
    [[https://e.bzh x y]] &amp; &#233; <!--
"""
tags = st.sampled_from([" - ", *(tag.replace("\xa0", " ") for tag in re.split("[ \\n]+", TAGS) if tag)])


class _Visible(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_data(self, data):
        self.seen.append(data)


@given(st.lists(words | tags, max_size=12).map("".join), st.sampled_from(["", "wiki", "html", "nohtml"]))
def test_no_word_is_lost_whatever_the_markup(text, syntaxe):
    plain_text, unknown = plain(text, syntaxe)
    said = "".join([plain_text, *unknown])
    reader = _Visible()
    reader.feed(text.replace("<!--", ""))
    reader.close()
    visible = " ".join(reader.seen) if syntaxe == "html" else re.sub(r"<[^<>]*>", " ", text)
    found = "".join(re.findall(r"[a-zé0-9]+", said))
    assert not {"\x00", "\x01"} & {*said}
    for word in re.findall(r"[abcé]{2,}", visible.replace("&amp;", "").replace("&#233;", "é")):
        assert word in found, (text, plain_text)
    assert plain(plain_text, "nohtml")[0] == plain_text or "&" in plain_text
