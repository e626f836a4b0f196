"""What holds of the search for any text and any query, tried by Hypothesis on both databases."""

import html
import re

import pytest
from django.db import connection
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from socle.annuaire.models import Entree, Statut
from socle.francais.typographie import guillemets
from socle.recherche.analyse import STEM_LENGTH, stems, tokens
from socle.recherche.extraits import highlight, snippet
from socle.recherche.index import Document, index, index_many, remove
from socle.recherche.parsing import TERMS, Mode, parse
from socle.recherche.query import matching, mode_for, search, understand
from tests.sampling import size

slow = settings(
    deadline=None,
    max_examples=size(60, one_in=4),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

PLAIN = ["portail", "famille", "cimetiere", "logement", "droit", "civil"]
WORDS = [*PLAIN, "cimetière", "droits", "état", "œuvre", "usagers", "l’inclusion", "R.S.A.", "n°1", "15", "les", "de"]
SYNTAX = [*"\"«»“”-()*:^&|!'\\", "<->", "%s", " AND ", " NOT "]
anything = st.text(st.characters(exclude_categories=()), max_size=60)
typed = st.lists(st.sampled_from([*WORDS, *SYNTAX, " ", " ", " -", "\0", "\ud800", "😀"]) | anything, max_size=12).map(
    "".join
)
prose = st.lists(st.sampled_from([*WORDS, "\n\n- ", ", ", "<b>", "&amp;", "…"]) | anything, max_size=80).map(" ".join)
simple = st.lists(st.sampled_from(PLAIN), min_size=1, max_size=8)


@pytest.fixture
def entrees(db):
    return Entree.objects.bulk_create(
        Entree(type="projet", slug=f"fiche-{number}", titre="Fiche", statut=Statut.PUBLIEE) for number in range(3)
    )


@given(anything | prose)
def test_a_stem_is_one_plain_word(text):
    for token in tokens(text):
        assert re.fullmatch(r"[a-z][a-z0-9]*", token.stem)
        assert len(token.stem) <= STEM_LENGTH
        assert stems(text[token.start : token.end]) == [token.stem]


@given(st.lists(st.text(st.characters(categories=["L", "Nd"], exclude_characters="ªºŉ"), min_size=1), max_size=8))
def test_case_and_accents_never_matter(words):
    text = " ".join(words)
    # A letter whose capital is not one letter that comes back (ΐ) is another text once it is in capitals.
    assume(text.upper().casefold() == text.casefold())
    assert stems(text) == stems(text.casefold()) == stems(text.upper())


@given(typed)
def test_a_query_is_always_read(text):
    query = parse(text)
    assert len(query.wanted) <= TERMS
    assert all(term and all(term) for term in query.wanted + query.excluded)


@pytest.mark.long
@slow
@given(typed)
def test_no_query_ever_fails_and_both_modes_agree(entrees, text):
    index(entrees[0].pk, Document("portail famille", "Brest", ["droits"], "état civil et cimetière, R.S.A. n°1"))
    index(entrees[1].pk, Document("logement", texte="œuvres sociales"))
    everything = Entree.objects.all()
    assert set(matching(everything, text)) <= set(matching(everything, text, Mode.ANY))
    query = understand(text)  # words that a document writes as one, synonyms
    with_all, with_any = (set(matching(everything, query, mode)) for mode in (Mode.ALL, Mode.ANY))
    assert set(matching(everything, text)) <= with_all <= with_any
    assert set(search(everything, text, Mode.ALL)) == with_all
    assert set(search(everything, text, Mode.ANY)) == with_any
    mode = mode_for(Entree.objects.published(), query)
    assert list(search(everything, text)) == list(search(everything, text, mode))
    assert search(everything, text).count() == matching(everything, query, mode).count()


@pytest.mark.long
@slow
@given(
    st.lists(
        st.text(st.characters(categories=["L", "M", "N", "P", "Z"]), min_size=1, max_size=70), min_size=1, max_size=12
    )
)
def test_a_document_is_found_by_each_of_its_words(entrees, words):
    text = " ".join(words)
    index(entrees[0].pk, Document("Titre", texte=text))
    for token in tokens(text):
        word = text[token.start : token.end]
        assert entrees[0] in search(Entree.objects.all(), word, Mode.ALL)
        assert entrees[0] not in search(Entree.objects.all(), f"-{word}")


@slow
@given(simple, simple, simple)
def test_words_phrases_and_exclusions_mean_what_they_say(entrees, first, second, asked):
    documents = [first, second]
    index_many(
        (entree.pk, Document("Titre", texte=" ".join(words))) for entree, words in zip(entrees, documents, strict=False)
    )

    def obeyed(condition):
        return {entree for entree, words in zip(entrees, documents, strict=False) if condition(words)}

    indexed = Entree.objects.filter(pk__in=[entree.pk for entree in entrees[:2]])
    text = " ".join(asked)
    assert set(matching(indexed, text)) == obeyed(lambda words: set(asked) <= set(words))
    assert set(matching(indexed, text, Mode.ANY)) == obeyed(lambda words: set(asked) & set(words))
    assert set(matching(indexed, f'"{text}"')) == obeyed(lambda words: f" {text} " in f" {' '.join(words)} ")
    excluded = " ".join(f"-{word}" for word in asked)
    assert set(matching(indexed, excluded)) == obeyed(lambda words: not set(asked) & set(words))


@slow
@given(st.lists(st.tuples(st.integers(0, 2), simple | st.none()), max_size=10))
def test_the_index_follows_every_change(entrees, changes):
    known = {}
    for entree in entrees:
        remove(entree.pk)
    for number, words in changes:
        if words is None:
            remove(entrees[number].pk)
            known.pop(number, None)
        else:
            index(entrees[number].pk, Document(words[0], texte=" ".join(words)))
            known[number] = set(words)
    for word in PLAIN:
        expected = {entrees[number] for number, words in known.items() if word in words}
        assert set(matching(Entree.objects.all(), word)) == expected
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO recherche_fts (recherche_fts, rank) VALUES ('integrity-check', 1)")


def plain(marked):
    """The text that a reader sees of `marked`, white space made one; fails if it holds another tag than <mark>."""
    bare = re.sub(r"<mark>(.*?)</mark>", r"\1", marked, flags=re.DOTALL)
    assert not re.search(r"[<>\"']", bare)
    assert not re.search(r"&(?!(amp|lt|gt|quot|#x27);)", bare)
    return " ".join(html.unescape(bare).split())


@given(prose, typed, st.integers(1, 300))
def test_an_extract_is_a_piece_of_the_text_and_never_html(text, query, length):
    shown = plain(snippet(text, parse(query), length))
    assert shown.removeprefix("… ").removesuffix(" …") in " ".join(guillemets(text).split())
    assert plain(highlight(text, parse(query))) == " ".join(text.split())


@given(prose, typed)
def test_every_wanted_word_of_a_title_is_marked(text, query):
    wanted = parse(query).stems
    marked = re.findall(r"<mark>(.*?)</mark>", highlight(text, parse(query)), flags=re.DOTALL)
    found = [stem for words in marked for stem in stems(html.unescape(words))]
    assert found == [token.stem for token in tokens(text) if token.stem in wanted]
