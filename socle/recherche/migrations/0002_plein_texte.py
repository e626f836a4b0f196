"""Full-text indexes over recherche_indexe, in each database's own way. The tokens are plain [a-z0-9] words already."""

from django.db import migrations

SQLITE = [
    # External content: the text is stored once, in recherche_indexe; detail and sizes stay, for phrases and bm25.
    """
    CREATE VIRTUAL TABLE recherche_fts USING fts5(
        tete, corps, content='recherche_indexe', content_rowid='entree_id', tokenize='ascii'
    )
    """,
    """
    CREATE TRIGGER recherche_fts_insertion AFTER INSERT ON recherche_indexe BEGIN
        INSERT INTO recherche_fts (rowid, tete, corps) VALUES (new.entree_id, new.tete, new.corps);
    END
    """,
    """
    CREATE TRIGGER recherche_fts_suppression AFTER DELETE ON recherche_indexe BEGIN
        INSERT INTO recherche_fts (recherche_fts, rowid, tete, corps)
        VALUES ('delete', old.entree_id, old.tete, old.corps);
    END
    """,
    """
    CREATE TRIGGER recherche_fts_modification AFTER UPDATE ON recherche_indexe
    WHEN old.entree_id <> new.entree_id OR old.tete <> new.tete OR old.corps <> new.corps BEGIN
        INSERT INTO recherche_fts (recherche_fts, rowid, tete, corps)
        VALUES ('delete', old.entree_id, old.tete, old.corps);
        INSERT INTO recherche_fts (rowid, tete, corps) VALUES (new.entree_id, new.tete, new.corps);
    END
    """,
    "INSERT INTO recherche_fts (recherche_fts) VALUES ('rebuild')",
]
SQLITE_REVERSE = [
    "DROP TRIGGER recherche_fts_insertion",
    "DROP TRIGGER recherche_fts_suppression",
    "DROP TRIGGER recherche_fts_modification",
    "DROP TABLE recherche_fts",
]
POSTGRESQL = [
    """
    ALTER TABLE recherche_indexe
        ADD COLUMN vecteur_tete tsvector NOT NULL GENERATED ALWAYS AS (
            setweight(to_tsvector('pg_catalog.simple', tete), 'A')
        ) STORED,
        ADD COLUMN vecteur tsvector NOT NULL GENERATED ALWAYS AS (
            setweight(to_tsvector('pg_catalog.simple', tete), 'A')
            || setweight(to_tsvector('pg_catalog.simple', corps), 'B')
        ) STORED
    """,
    # Long columns go out of line and the small head vector stays in the row: filtering and ranking read few pages.
    "ALTER TABLE recherche_indexe SET (toast_tuple_target = 128)",
    "ALTER TABLE recherche_indexe ALTER COLUMN vecteur_tete SET STORAGE MAIN",
    "CREATE INDEX recherche_indexe_vecteur ON recherche_indexe USING gin (vecteur)",
]
POSTGRESQL_REVERSE = [
    "DROP INDEX recherche_indexe_vecteur",
    "ALTER TABLE recherche_indexe RESET (toast_tuple_target)",
    "ALTER TABLE recherche_indexe DROP COLUMN vecteur, DROP COLUMN vecteur_tete",
]


def create(apps, schema_editor):
    run(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def drop(apps, schema_editor):
    run(schema_editor, {"sqlite": SQLITE_REVERSE, "postgresql": POSTGRESQL_REVERSE})


def run(schema_editor, statements):
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [("recherche", "0001_initiale")]

    operations = [migrations.RunPython(create, drop)]
