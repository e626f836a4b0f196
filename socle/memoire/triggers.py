"""Triggers that replace the version of the data when a row changes, whoever changes it.

Every table is watched but those that `settings.SANS_EFFET_PUBLIC` names, and histories. It stands for what was said of
it (`watch`): a list, what many lists say (COMMUN: places, themes, choices), or else RESTE, which pages alone depend on.
Triggers are taken away before a migration, which may make a table anew, and made again after it; in between, and as
long as it does not end well, nothing is remembered.
"""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.models import Model

COMMUN = "commun"
RESTE = "reste"
MIGRATION = "migration"  # stands among the versions while there are no triggers
EVENTS = ("INSERT", "UPDATE", "DELETE")
PREFIX = "memoire_"

_names: dict[type[Model], str] = {}


def watch(model: type[Model], nom: str) -> None:
    """Let the rows of `model`, and what joins them to others, stand for `nom`."""
    _names[model] = nom
    for field in model._meta.local_many_to_many:
        _names[field.remote_field.through] = nom


def tables() -> dict[str, str]:
    """{table: what its rows stand for} of all that a public page may depend on."""
    return {
        model._meta.db_table: _names.get(model, RESTE)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and is_watched(model)
    }


def is_watched(model: type[Model]) -> bool:
    """Whether a public page may depend on the rows of a model."""
    meta = model._meta
    return not (
        meta.app_label == "memoire"
        or {meta.app_label, meta.label} & set(settings.SANS_EFFET_PUBLIC)
        or hasattr(model, "instance_type")  # a history
    )


# A rise: on SQLite, where one transaction writes at a time, the one row of a name.
_SQLITE = """
CREATE TRIGGER "{trigger}" AFTER {event} ON "{table}" BEGIN
    UPDATE memoire_versiondedonnees SET jeton = random() WHERE nom = '{nom}';
    INSERT INTO memoire_versiondedonnees (nom, jeton) SELECT '{nom}', random()
    WHERE NOT EXISTS (SELECT 1 FROM memoire_versiondedonnees WHERE nom = '{nom}');
END"""

# On PostgreSQL a row of the name that no other transaction holds, or a new one: once a transaction, which a variable of
# the transaction remembers. The variable takes another value at each rise, for who reads within the transaction.
_FUNCTION = """
CREATE OR REPLACE FUNCTION memoire_elever(elevee text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('memoire.' || elevee, true), '') = '' THEN
        UPDATE memoire_versiondedonnees SET jeton = (random() * 9e18)::bigint WHERE id = (
            SELECT id FROM memoire_versiondedonnees WHERE nom = elevee LIMIT 1 FOR UPDATE SKIP LOCKED
        );
        IF NOT FOUND THEN
            INSERT INTO memoire_versiondedonnees (nom, jeton) VALUES (elevee, (random() * 9e18)::bigint);
        END IF;
    END IF;
    PERFORM set_config('memoire.' || elevee, gen_random_uuid()::text, true);
END $$;
CREATE OR REPLACE FUNCTION memoire_changement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM memoire_elever(TG_ARGV[0]);
    RETURN NULL;
END $$"""
_POSTGRESQL = """
CREATE TRIGGER "{trigger}" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "{table}"
FOR EACH STATEMENT EXECUTE FUNCTION memoire_changement('{nom}')"""


def _wanted(vendor: str, present: set[str]) -> Iterator[str]:
    """The statements that make the triggers of the tables that are there."""
    for table, nom in tables().items():
        if table not in present:
            continue
        if vendor == "postgresql":
            yield _POSTGRESQL.format(trigger=f"{PREFIX}{table}", table=table, nom=nom)
        else:
            for event in EVENTS:
                yield _SQLITE.format(trigger=f"{PREFIX}{event}_{table}".lower(), event=event, table=table, nom=nom)


def _drop(cursor, vendor: str) -> None:
    if vendor == "postgresql":
        cursor.execute(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE %s",
            [f"{PREFIX}%"],
        )
        statements = [f'DROP TRIGGER "{trigger}" ON {table}' for trigger, table in cursor.fetchall()]
    else:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{PREFIX}%"])
        statements = [f'DROP TRIGGER "{trigger}"' for (trigger,) in cursor.fetchall()]
    for statement in statements:
        cursor.execute(statement)


def before_migrating(using, plan=(), **kwargs) -> None:
    """Take the triggers away if something is to be migrated, and say so to all processes."""
    from socle.memoire.models import VersionDeDonnees

    connection = connections[using]
    with connection.cursor() as cursor:
        if plan and VersionDeDonnees._meta.db_table in connection.introspection.table_names(cursor):
            VersionDeDonnees.objects.using(using).get_or_create(nom=MIGRATION, defaults={"jeton": 0})
            _drop(cursor, connection.vendor)


def after_migrating(using, **kwargs) -> None:
    """Make the triggers, and replace all versions: what was written meanwhile raised none."""
    from socle.memoire.models import VersionDeDonnees

    connection = connections[using]
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        if VersionDeDonnees._meta.db_table not in present:
            return  # it is being migrated away
        _drop(cursor, connection.vendor)
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for statement in _wanted(connection.vendor, present):
            cursor.execute(statement)
    for nom in {*tables().values(), COMMUN, RESTE}:
        rise(nom, using=using)
    VersionDeDonnees.objects.using(using).filter(nom=MIGRATION).delete()


def rise(nom: str, using: str = "default") -> None:
    """Replace the version of `nom`, for a change that no watched table tells."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT memoire_elever(%s)", [nom])
            return
        cursor.execute("UPDATE memoire_versiondedonnees SET jeton = random() WHERE nom = %s", [nom])
        if not cursor.rowcount:
            cursor.execute("INSERT INTO memoire_versiondedonnees (nom, jeton) VALUES (%s, random())", [nom])
