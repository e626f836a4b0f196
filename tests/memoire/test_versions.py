"""Whatever changes public data changes their version, for every process, and nothing else does."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from fiches.lists import Theme
from projets.models import Projet
from socle.memoire import triggers
from socle.memoire.held import Versions, held
from tests.factories import ProjetFactory, ThemeFactory
from tests.together import together

pytestmark = pytest.mark.django_db


def changed(change) -> set[str]:
    """The names of which a change replaced the version."""
    before = Versions()
    change()
    after = Versions()
    names = {row[0] for row in (*before.rows, *after.rows)}
    return {name for name in names if before.of(name) != after.of(name)}


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_save_is_told_under_its_type_the_directory_and_the_index():
    theme = ThemeFactory()
    projet = ProjetFactory(themes=[theme])
    projet.titre = "Tout autre chose"
    names = changed(projet.save)
    assert {"projet", "annuaire", "recherche"} <= names
    assert not names & {"terme", "initiative", "commun"}


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda: Projet.objects.update(version=9), "projet"),
        (lambda: sql("UPDATE projets_projet SET version = 8"), "projet"),
        (lambda: sql("DELETE FROM projets_projet_themes"), "projet"),
        (lambda: Theme.objects.update(mots_cles="autre"), "commun"),
        (lambda: Theme.objects.bulk_create([Theme(nom="Neuf", slug="neuf")]), "commun"),
        (lambda: Projet.objects.get().themes.clear(), "projet"),
        (lambda: Projet.objects.get().delete(), "projet"),
    ],
)
def test_it_is_told_whatever_wrote_it(change, name):
    ProjetFactory(themes=[ThemeFactory()])
    assert name in changed(change)


def test_reading_and_what_is_not_public_tell_nothing(client, anne):
    assert changed(lambda: list(Projet.objects.all())) == set()
    assert changed(lambda: apps.get_model("admin.LogEntry").objects.all().delete()) == set()
    assert changed(lambda: client.get("/admin/")) == set()


def test_what_is_said_to_be_without_effect_exists():
    names = {config.label for config in apps.get_app_configs()}
    names |= {model._meta.label for model in apps.get_models()}
    assert set(settings.SANS_EFFET_PUBLIC) <= names


def test_every_other_table_is_watched():
    query = "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        query = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'memoire_%'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {table for (table,) in cursor.fetchall()}
    assert set(triggers.tables()) <= present


def test_a_table_that_a_migration_made_anew_is_watched_again():
    with connection.cursor() as cursor:
        triggers._drop(cursor, connection.vendor)
    assert changed(lambda: Theme.objects.bulk_create([Theme(nom="Un", slug="un")])) == set()
    before = Versions()
    triggers.after_migrating("default")
    assert Versions().of("commun") != before.of("commun")  # what was written meanwhile
    assert "commun" in changed(lambda: Theme.objects.bulk_create([Theme(nom="Deux", slug="deux")]))


def test_nothing_is_remembered_from_the_beginning_of_a_migration_to_its_good_end(django_assert_num_queries):
    triggers.before_migrating("default", plan=[object()])
    for _ in range(2):
        assert Versions().of("commun") != Versions().of("commun")
        Theme.objects.all().delete()
        assert count() == 0
        Theme.objects.bulk_create([Theme(nom="Un", slug="un")])  # which no trigger tells
        assert count() == 1
    triggers.after_migrating("default")
    assert Versions().of("commun") == Versions().of("commun")


# Answers


def count() -> int:
    return held("essai", Theme.objects.count, "commun")


def test_an_answer_is_held_until_its_data_change(django_assert_num_queries):
    with django_assert_num_queries(2):
        assert count() == 0
    with django_assert_num_queries(1):
        count()
    ThemeFactory()
    assert count() == 1


def test_what_was_rolled_back_is_held_by_nobody():
    ThemeFactory()
    assert count() == 1
    for _ in range(3):
        with transaction.atomic():
            ThemeFactory()
            assert count() == 2
            with transaction.atomic():
                ThemeFactory()
                assert count() == 3
                transaction.set_rollback(True)
            assert count() == 2
            transaction.set_rollback(True)
        assert count() == 1


def test_the_least_asked_for_leave_first(settings):
    settings.REPONSES_TENUES = 2
    asked = []
    for key in ("un", "deux", "un", "trois", "un", "deux"):
        held(key, lambda: asked.append(key), "commun")  # noqa: B023
    assert asked == ["un", "deux", "trois", "deux"]


def elsewhere(work):
    """What work gives that is done on a connection of its own, as another process would."""
    (done,) = together(work)
    return done


@pytest.mark.django_db(transaction=True)
def test_every_process_sees_a_write_at_its_next_question():
    assert count() == 0
    elsewhere(ThemeFactory)
    assert count() == 1
    elsewhere(Theme.objects.all().delete)
    assert count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_has_written_sees_what_one_sees_that_has_not():
    ThemeFactory()
    assert elsewhere(lambda: Versions().rows) == Versions().rows


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_who_writes_waits_for_nobody_who_writes_something_else():
    with transaction.atomic():
        ThemeFactory(nom="Ici")
        before = Versions().of("commun")
        elsewhere(lambda: ThemeFactory(nom="Là"))  # commits while ours is open
        assert Versions().of("commun") != before
        assert count() == 2
    assert count() == 2
