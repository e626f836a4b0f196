"""What a page weighs less by: templates without their layout, style sheets and scripts without their comments."""

from functools import partial

import pytest
from django.core.files.base import ContentFile
from django.template import Context, Engine
from hypothesis import given
from hypothesis import strategies as st

from labacces.gabarits import condensed
from labacces.statiques import StatiquesStorage

BLANKS = st.sampled_from(["", " ", "\n", "\n  "])
WORDS = st.sampled_from(["un", "deux", "{{ mot }}", "<p>", "{% load fiches %}"])


@st.composite
def sources(draw, depth=2):
    """A template of words and blocks, each with or without a blank on its sides."""
    parts = []
    for _ in range(draw(st.integers(0, 3))):
        inner = sources(depth=depth - 1)
        kind = draw(st.sampled_from(["mot", "if", "else", "for"])) if depth else "mot"
        blank = partial(draw, BLANKS)
        tags = {"mot": [draw(WORDS)], "for": ["{% for a in rien %}", "{% empty %}", "{% endfor %}"]}
        tags |= {"if": ["{% if oui %}", "{% endif %}"], "else": ["{% if non %}", "{% else %}", "{% endif %}"]}
        first, *others = tags[kind]
        parts += [blank(), first]
        for tag in others:
            parts += [blank(), draw(inner), blank(), tag]
        parts.append(blank())
    return "".join(parts)


def words(source):
    template = Engine(libraries={"fiches": "django.templatetags.l10n"}).from_string(source)
    return template.render(Context({"oui": True, "mot": "mot"})).split()


def test_a_template_keeps_its_words_and_its_tags():
    source = "<ul>\n  {% for a in b %}\n    <li>\n      {{ a }} {% if c %}et\n      {{ c }}{% endif %}</li>\n"
    source += "  {% endfor %}\n</ul>\n"
    assert condensed(source) == (
        "<ul>\n{% for a in b %}<li>\n{{ a }} {% if c %}et\n{{ c }}{% endif %}</li>\n{% endfor %}</ul>\n"
    )


@given(sources())
def test_no_two_words_meet_and_none_is_parted(source):
    assert words(condensed(source)) == words(source)


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        (
            "a.css",
            "/* dit */\na :is(b, c) {\n  margin: calc(-1 * var(--e)) ;\n}\n",
            "a *:is(b,c){margin:calc(-1 * var(--e))}",
        ),
        ("b.css", ".a,\n.pages :is(a, span), .b { border: 0 }\n", ".a,.pages *:is(a,span),.b{border:0}"),
        ("a.js", "// dit\nconst a = 1;\n\nconst b = a + 1;\n", "const a=1;const b=a+1;"),
        ("a.svg", "<svg>\n</svg>", "<svg>\n</svg>"),
    ],
)
def test_a_static_file_is_kept_small_even_once_read(tmp_path, name, source, expected):
    storage = StatiquesStorage(location=tmp_path)
    content = ContentFile(source.encode())
    content.read()
    storage._save(name, content)
    assert (tmp_path / name).read_text() == expected
