"""The plain text of a page as HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labacces.pages.texte import a_completer, computed, fill, render


def html(text, calculs=None):
    return str(render(text, calculs).html)


def test_headings_open_sections_with_an_anchor_each():
    found = render("Avant\n## Vos droits\nUn\n### Détail\n## Vos droits\nDeux")
    assert [(titre.id, titre.texte) for titre in found.titres] == [
        ("s-vos-droits", "Vos droits"),
        ("s-vos-droits-2", "Vos droits"),
    ]
    assert (
        '<h2 class="repere" id="s-vos-droits">Vos droits</h2>\n<p>Un</p>\n<h3 id="s-detail">Détail</h3>' in found.html
    )


def test_paragraphs_and_lists_are_those_of_sheets():
    assert (
        html("Un\n\n- a\n- b\n\n1. c\n2. d")
        == "<p>Un</p>\n<ul><li>a</li><li>b</li></ul>\n<ol><li>c</li><li>d</li></ol>"
    )


@pytest.mark.parametrize("address", ["/aide/", "/projets/?theme=cantine&tri=recent", "https://exemple.bzh/a"])
def test_a_named_link(address):
    assert html(f"Lisez [l’aide]({address}).") == f'<p>Lisez <a href="{address.replace("&", "&amp;")}">l’aide</a>.</p>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un **mot gras**, *un* __autre__.", "Un <strong>mot gras</strong>, *un* __autre__."),
        ("**[l’aide](/aide/)** et **https://exemple.bzh/a**", None),
        ("2 ** 3 ** 4, ****, ** a **, **a", "2 ** 3 ** 4, ****, ** a **, **a"),
        ("**<b onclick=x>**", "<strong>&lt;b onclick=x&gt;</strong>"),
    ],
)
def test_what_stands_between_two_stars_is_bold_and_one_star_is_a_star(text, expected):
    link = '<a href="https://exemple.bzh/a" rel="nofollow noopener">https://exemple.bzh/a</a>'
    expected = expected or f'<strong><a href="/aide/">l’aide</a></strong> et <strong>{link}</strong>'
    assert html(text) == f"<p>{expected}</p>"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//exemple.bzh", "/\\exemple.bzh", "data:x", '/"onclick=x'])
def test_no_other_address_is_a_link(address):
    assert "<a" not in html(f"[ici]({address})")


def test_bare_addresses_and_electronic_ones_are_links():
    assert '<a href="https://exemple.bzh/a"' in html("Voir https://exemple.bzh/a.")
    assert '<a href="mailto:contact@exemple.bzh">contact@exemple.bzh</a>' in html("Écrire à contact@exemple.bzh.")


def test_what_is_left_to_fill_in_is_counted_and_left_out():
    text = "[à compléter\u00a0: nom de l’éditeur], [À compléter : son site, https://exemple.bzh], [à compléter]"
    assert a_completer(text) == ["nom de l’éditeur", "son site, https://exemple.bzh", ""]
    assert html(text) == ""
    assert html("## Vide\n- Nom : [à compléter]\n\n## Plein\nUn mot. Licence : [à compléter : v. 2]. Fin.") == html(
        "\n## Plein\nUn mot. Fin."
    )


FAITS = {"nom": "Askorn", "siren": "", "phrase": "Bien. Très bien.", "dur": "trente jours."}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- Nom : {nom}\n- SIREN : {siren}", "- Nom : Askorn"),
        ("Un. Gardé {dur}. Le SIREN {siren}. Fin.", "Un. Gardé trente jours. Fin."),
        ("{phrase} {siren} || Sinon.", "Sinon."),
        ("{siren} || {nom} || Sinon.", "Askorn"),
        ("{siren} || Écrivez. {siren}", "Écrivez."),
        ("Un. **Le SIREN {siren}.** Fin.", "Un. Fin."),
        ("Un. **Nom : {nom}.** {siren} fin.", "Un. **Nom : Askorn.**"),
        ("**Le SIREN {siren}. Deux.** Trois.", "Trois."),
        ("**Un. Deux.** Le SIREN {siren}. Quatre.", "**Un. Deux.** Quatre."),
        ("{phrase} {inconnu}", "Bien. Très bien. {inconnu}"),
        ("## A\n### B\n{siren}\n### C\nmot", "## A\n### C\nmot"),
        ("## A\n### B\n{siren}\n## C\nmot", "## C\nmot"),
        ("## A\n## B", "## A\n## B"),
    ],
)
def test_a_sentence_that_lacks_a_fact_is_left_out_or_said_otherwise(text, expected):
    assert fill(text, FAITS) == expected


def test_a_computed_line_is_replaced_and_an_unknown_one_stays():
    assert html("a\n[[plan]]\nb", {"plan": lambda: "<ul></ul>"}) == "<p>a</p>\n<ul></ul>\n<p>b</p>"
    assert html("[[autre]] [[plan]]", {"plan": lambda: "x"}) == "<p>[[autre]] [[plan]]</p>"
    assert computed("a\n [[plan]] \n[[autre]] b") == ["plan"]


def test_hostile_text_is_inert():
    text = (
        "## <script>alert(1)</script>\n<b onclick=x>[<i>](/a/) [à compléter : <u>] a@exemple.bzh<img src=x>\n- <script>"
    )
    found = html(text)
    for tag in ("<script", "<b ", "<i>", "<u>", "<img"):
        assert tag not in found
    assert "&lt;script&gt;" in found


@given(st.text(alphabet="#-*[]() :/àhtps<>\"'&@.a\n1", max_size=80))
def test_whatever_is_typed_no_tag_of_it_comes_through(text):
    found = html(f"{text}\n<b>")
    assert "<b>" not in found
    assert found.count("<a ") == found.count("</a>")
