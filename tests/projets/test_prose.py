"""Free text as a page shows it: paragraphs, lists, links, and nothing that was not written."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.francais.prose import prose
from socle.francais.texte import mask_courriels
from tests.growth import in_line, repeated

ALLOWED = {"p", "br", "ul", "ol", "li", "a"}


class _Reader(HTMLParser):
    """Checks that only known tags stand in the page, well nested; keeps the text."""

    def __init__(self):
        super().__init__()
        self.open, self.text = [], []

    def handle_starttag(self, tag, attrs):
        assert tag in ALLOWED
        held = dict(attrs)
        if tag == "a":
            assert held["href"].lower().startswith(("http://", "https://"))
            assert set(held) == {"href", "rel"}
        else:
            assert set(held) <= {"start"}
        if tag != "a":
            self.text.append(" ")
        if tag != "br":
            self.open.append(tag)
        if tag == "li":
            assert self.open[-2] in ("ul", "ol")
        if tag in ("ul", "ol"):
            assert self.open[:-1] in ([], ["ul", "li"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag != "a":
            self.text.append(" ")

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        raise AssertionError("a comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


def read(html):
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open
    return "".join(reader.text)


PIECES = st.sampled_from(
    [
        *("- ", "• ", "- - ", "1. ", "2) ", "12/ ", "* ", "– ", "·", "\n", "\n\n", "\r\n", "\u2028", "\t", " ", "\x0b"),
        *(
            "<script>alert(1)</script>",
            "<img src=x onerror=a()>",
            "&lt;",
            "&",
            "&amp;",
            '"',
            "'",
            "<!--",
            "]]>",
            "<p",
            ">",
        ),
        *("https://exemple.bzh/a?b=1&c=<d>", "http://exemple.bzh/(x)", "HTTPS://", "https://.", "javascript:alert(1)"),
        *(
            "mot",
            "Mot",
            "L’accès aux droits",
            "suite",
            "1 500 €",
            "12/03/2021",
            "a@",
            "«",
            "»",
            ".",
            ":",
            "😀",
            "é" * 130,
        ),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=6), max_size=25).map("".join)
WORD = re.compile(r"[^\W_]+")


@given(TEXTS)
def test_every_word_is_there_in_its_order_and_no_markup_passes(text):
    html = prose(text)
    shown = read(html)
    # A list's own numbers and bullets become the list's marks.
    assert _is_subsequence(WORD.findall(shown), WORD.findall(mask_courriels(text)))
    lost = [word for word in _lost(WORD.findall(mask_courriels(text)), WORD.findall(shown)) if not word.isdigit()]
    assert lost == []


def _is_subsequence(few, many):
    rest = iter(many)
    return all(word in rest for word in few)


def _lost(many, few):
    lost, rest = [], list(few)
    for word in many:
        if rest and rest[0] == word:
            rest.pop(0)
        else:
            lost.append(word)
    return lost


@given(st.text(max_size=200))
def test_no_text_whatever_is_markup(text):
    html = prose(text)
    without_tags = re.sub(r"</?(?:p|br|ul|ol|li)( start=\"\d+\")?>|<a href=\"[^\"<>]*\" rel=\"[^\"]*\">|</a>", "", html)
    assert "<" not in without_tags
    assert ">" not in without_tags


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        (" \n\n ", ""),
        ("Un texte.", "<p>Un texte.</p>"),
        ("Un texte.\n\nUn autre.", "<p>Un texte.</p>\n<p>Un autre.</p>"),
        ("Une phrase coupée\nen deux", "<p>Une phrase coupée<br>en deux</p>"),
        ("- un\n- deux", "<ul><li>un</li><li>deux</li></ul>"),
        ("• un\n\n• deux", "<ul><li>un</li><li>deux</li></ul>"),
        ("- un\n- - petit\n- deux", "<ul><li>un<ul><li>petit</li></ul></li><li>deux</li></ul>"),
        ("- - orphelin", "<ul><li>orphelin</li></ul>"),
        ("-un\n–Deux", "<ul><li>un</li><li>Deux</li></ul>"),
        ("1. un\n2. deux", "<ol><li>un</li><li>deux</li></ol>"),
        ("3) trois\n4) quatre", '<ol start="3"><li>trois</li><li>quatre</li></ol>'),
        ("1. un\n1. encore un", "<ol><li>un</li></ol>\n<ol><li>encore un</li></ol>"),
        ("12/03/2021", "<p>12/03/2021</p>"),
        ("-10 % de papier", "<p>-10\u00a0% de papier</p>"),
        ("1.5 million", "<p>1.5 million</p>"),
        ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>"),
        ("Avant :\n- un\nAprès", "<p>Avant\u00a0:</p>\n<ul><li>un</li></ul>\n<p>Après</p>"),
    ],
)
def test_text_becomes_what_its_writer_meant(text, html):
    assert prose(text) == html


@pytest.mark.parametrize(
    ("text", "address", "after"),
    [
        ("Voir https://exemple.bzh.", "https://exemple.bzh", "."),
        ("(https://exemple.bzh/a_(b))", "https://exemple.bzh/a_(b)", ")"),
        ("https://exemple.bzh/?a=1&b=2 ici", "https://exemple.bzh/?a=1&b=2", " ici"),
        ("« https://exemple.bzh »", "https://exemple.bzh", "\u00a0»"),
        ("https://exemple.bzh/x, puis", "https://exemple.bzh/x", ", puis"),
    ],
)
def test_a_bare_address_is_a_link_without_the_sentence_around_it(text, address, after):
    html = prose(text)
    (found,) = re.findall(r'<a href="([^"]*)" rel="nofollow noopener">', html)
    assert unescape(found) == address
    assert f"</a>{after}" in html


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "data:text/html,x", "www.exemple.bzh", "https://", "ftp://exemple.bzh"]
)
def test_other_addresses_stay_text(text):
    assert "<a" not in prose(text)


def test_very_long_lines_cost_no_more_than_their_length():
    for piece in ("a", " ", "- ", "@", "https://", "(", "1.", "•", "a@", "a@a.", "\n"):
        assert in_line(prose, repeated(piece), 50_000), piece
