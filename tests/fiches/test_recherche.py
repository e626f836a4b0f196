"""The index and its queries, the same promises on SQLite and on PostgreSQL."""

import pytest
from django.core.serializers import deserialize, serialize
from django.db import connection, transaction

from socle.annuaire.models import Entree, Statut
from socle.recherche import query as query_module
from socle.recherche.index import BLOCK, Document, index, index_many, lost_words, remove
from socle.recherche.models import Indexe
from socle.recherche.parsing import TERMS, Mode, parse
from socle.recherche.query import matching, mode_for, search

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet():
    """Create an indexed entry; the first argument is its title."""

    def create(titre="Une fiche", *, lieu="", themes=(), texte="", statut=Statut.PUBLIEE, type="projet"):
        number = Entree.objects.count()
        entree = Entree.objects.create(type=type, slug=f"fiche-{number}", titre=titre, lieu=lieu, statut=statut)
        index(entree.pk, Document(titre=titre, lieu=lieu, themes=list(themes), texte=texte))
        return entree

    return create


def found(text, mode=None):
    return list(search(Entree.objects.all(), text, mode))


def is_true_to_its_rows():
    """Whether SQLite's full-text index says what recherche_indexe says; PostgreSQL's generated columns always do."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO recherche_fts (recherche_fts, rank) VALUES ('integrity-check', 1)")
    return True


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Des droits pour tous", "droit"),
        ("Les œuvres sociales", "oeuvre"),
        ("Bureau de l’état-civil", "etat civil"),
        ("L’inclusion", "l'inclusion"),
        ("Gestion du cimetière", "CIMETIERES"),
        ("La dématérialisation des démarches", "dématérialisé"),
        ("Bénéficiaires du R.S.A.", "rsa"),
        ("Plan d’e-administration", "administration"),
        ("Au n° 12 de la rue", "n°12"),
        ("Un coût de 15 000 €", "15 000"),
        ("Ωμέγα 漢字", "ωμεγα"),
        ("version 1e5x de l’outil", "1e5x"),
    ],
)
def test_a_word_is_found_however_it_is_written(sheet, text, asked):
    in_title, in_text = sheet(text), sheet(texte=text)
    sheet("Rien à voir")
    assert found(asked, Mode.ALL) == [in_title, in_text]


def test_any_word_is_enough_if_no_sheet_has_them_all(sheet):
    portail, famille = sheet("Portail citoyen"), sheet("Famille")
    sheet("Cimetière")
    assert mode_for(Entree.objects.published(), parse("portail famille")) is Mode.ANY
    assert set(found("portail famille")) == {portail, famille}
    assert found("portail famille", Mode.ALL) == []


def test_all_or_any_is_decided_on_public_sheets_whatever_the_list_filters(sheet):
    both, one = sheet("Portail famille", lieu="Brest"), sheet("Portail", lieu="Quimper")
    assert list(search(Entree.objects.filter(lieu="Quimper"), "portail famille")) == []
    Entree.objects.filter(pk=both.pk).update(statut=Statut.RETIREE)
    assert list(search(Entree.objects.filter(lieu="Quimper"), "portail famille")) == [one]


def test_a_phrase_is_found_in_its_order_only(sheet):
    phrase = sheet(texte="Un accès aux droits sociaux pour tous")
    sheet(texte="Les droits sociaux et leur accès")
    for text in ('"accès aux droits"', "« acces aux droits »", "“Accès aux droits”"):
        assert found(text) == [phrase]


def test_no_phrase_is_found_across_title_place_themes_and_text(sheet):
    entree = sheet("Portail", lieu="Brest", themes=["Logement", "Famille"], texte="Cimetière")
    assert found("portail brest logement famille cimetière") == [entree]
    for text in ('"portail brest"', '"brest logement"', '"logement famille"', '"famille cimetière"'):
        assert found(text) == []


def test_a_hyphen_inside_or_apart_excludes_nothing(sheet):
    entree = sheet("BERRIC - Mise en place d’un état-civil")
    assert found("berric - mise") == found("état-civil") == found("BERRIC - Mise en place d’un état-civil") == [entree]


@pytest.mark.parametrize(
    "text", ["", "   ", None, "les", "l’", '"', "-", "- -", '""', "« »", "\0", "\ud800", "😀", "* OR"]
)
def test_a_text_that_asks_for_nothing_returns_all_as_it_was(sheet, text):
    entrees = [sheet("Un"), sheet("Deux")]
    assert list(search(Entree.objects.order_by("pk"), text)) == entrees


@pytest.mark.parametrize(
    "text",
    [
        "\0droit\0",
        "\ud800droit",
        "droit😀",
        '"droit',
        "droit»",
        "NEAR(droit)",
        "tete:droit",
        "droit*",
        "^droit",
        "droit & !",
        "droit:*",
        "' droit '' \\",
        "; DROP TABLE droit; --",
        "%s droit %(x)s",
        "droit " * 20_000,
        '"' * 50_000 + "droit",
        "«" * 100_000,
    ],
)
def test_no_text_is_syntax(sheet, text):
    entree = sheet("Droit, AND, NEAR, x, table, drop, s, tête", texte="une tete")
    for mode in Mode:
        assert set(found(text, mode)) <= {entree}
    if len(text) < 100:
        assert found(text) == [entree]


def test_a_search_is_capped():
    assert len(parse(" ".join(f"mot{number}" for number in range(500))).wanted) == TERMS
    assert len(parse('"' + "x " * 900 + '"').wanted[0]) == TERMS


def test_title_place_and_themes_come_before_text(sheet):
    sheets = [
        sheet("Autre chose", texte="logement " * 50),
        sheet("Un long titre où le logement ne vient que très loin, après bien d’autres mots", texte="mot " * 3000),
        sheet("Autre chose", themes=["Logement"]),
        sheet("Autre chose", texte="un logement parmi beaucoup d’autres mots " + "mot " * 300),
    ]
    result = found("logement")
    assert set(result[:2]) == {sheets[1], sheets[2]}
    assert result[2:] == [sheets[0], sheets[3]]


def test_with_any_word_the_sheets_that_have_most_come_first(sheet):
    three = sheet(texte="portail famille cimetière et d’autres mots")
    one = sheet("Un logement", texte="de beaux mots")
    for number in range(10):
        sheet(f"Autre {number}", texte="des mots")
    assert found("portail famille cimetière logement") == [three, one]


def test_beyond_what_is_worth_ranking_the_newest_come_first(sheet, monkeypatch):
    monkeypatch.setattr(query_module, "RANKED_MATCHES", 1)
    title, text = sheet("Portail"), sheet(texte="Portail")
    assert found("portail") == [text, title]
    assert [entree.pertinence for entree in found("portail")] == [0, 0]


def test_a_search_costs_the_same_whatever_it_finds(sheet, django_assert_num_queries):
    for _ in range(5):
        sheet("Portail famille")
    with django_assert_num_queries(5):  # versions, synonyms; all or any, few enough to be ranked, rows
        found("portail famille")
    with django_assert_num_queries(1):
        matching(Entree.objects.all(), "portail famille").count()


def test_removal_and_deletion_leave_nothing(sheet):
    removed, deleted, kept = sheet("Portail"), sheet("Portail"), sheet("Portail")
    remove(removed.pk)
    remove(removed.pk)
    deleted.delete()
    assert found("portail") == [kept]
    assert Indexe.objects.count() == 1
    assert is_true_to_its_rows()


def test_every_way_of_writing_a_row_keeps_the_index_true(sheet):
    entree = sheet("Portail")
    Indexe.objects.filter(pk=entree.pk).update(tete="famill")
    assert found("famille") == [entree]
    Indexe(entree=entree, tete="logement", corps="").save()
    assert found("famille") == []
    assert found("logement") == [entree]
    dump = serialize("json", Indexe.objects.all())
    Indexe.objects.all().delete()
    assert found("logement") == []
    for loaded in deserialize("json", dump):
        loaded.save()
    assert found("logement") == [entree]
    assert is_true_to_its_rows()


def test_what_is_rolled_back_is_not_found(sheet):
    entree = sheet("Portail")

    @transaction.atomic
    def fail_after_indexing():
        index(entree.pk, Document("Famille"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_indexing()
    assert found("portail") == [entree]
    assert found("famille") == []
    assert is_true_to_its_rows()


def test_indexing_many_twice_changes_nothing():
    entrees = Entree.objects.bulk_create(
        Entree(type="projet", slug=f"fiche-{number}", titre=f"Fiche {number}") for number in range(BLOCK + 1)
    )
    pairs = [(entree.pk, Document(entree.titre, texte="un portail")) for entree in entrees]
    for _ in range(2):
        assert index_many(iter(pairs)) == BLOCK + 1
        assert Indexe.objects.count() == matching(Entree.objects.all(), "portail").count() == BLOCK + 1
    assert found(f"fiche {BLOCK}", Mode.ALL) == [entrees[-1]]
    assert index_many([(entrees[0].pk, Document("Premier")), (entrees[0].pk, Document("Dernier"))]) == 2
    assert found("dernier") == [entrees[0]]
    assert found("premier") == []
    assert index_many([]) == 0
    assert is_true_to_its_rows()


@pytest.mark.long
def test_a_text_of_any_size_is_indexed_up_to_a_documented_length(sheet):
    words = (f"{number:x}".translate(str.maketrans("0123456789", "ghijklmnop")) + "x" * 60 for number in range(30_000))
    entree = sheet("Portail", themes=["thème " * 2000], texte="debut suite " + " ".join(words) + " oubli")
    assert found("debut") == found('"debut suite"') == found("portail") == [entree]
    assert found("oubli") == []
    assert not lost_words().exists()
    long = sheet(texte="rien " * 3_000_000)
    assert found("rien") == [long]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite compiles none")
def test_postgresql_compiles_no_question():
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
