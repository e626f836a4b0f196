"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

# Full-text indexes on recherche_indexe, one way per database. The tokens are plain [a-z0-9] words already.
COLUMNS = ("tete", "corps", "reperes", "marques")


def _of(row: str) -> str:
    return ", ".join(f"{row}.{name}" for name in COLUMNS)


NAMES = ", ".join(COLUMNS)
LEAVES = f"""
        INSERT INTO recherche_fts (recherche_fts, rowid, {NAMES}) VALUES ('delete', old.entree_id, {_of("old")});"""
COMES = f"""
        INSERT INTO recherche_fts (rowid, {NAMES}) VALUES (new.entree_id, {_of("new")});"""
CHANGED = " OR ".join(f"old.{name} <> new.{name}" for name in ("entree_id", *COLUMNS))
SQLITE = [
    # External content: recherche_indexe holds the only copy of the text; detail and sizes stay, for phrases and bm25.
    f"""
    CREATE VIRTUAL TABLE recherche_fts USING fts5(
        {NAMES}, content='recherche_indexe', content_rowid='entree_id', tokenize='ascii'
    )
    """,
    f"CREATE TRIGGER recherche_fts_insertion AFTER INSERT ON recherche_indexe BEGIN{COMES}\n    END",
    f"CREATE TRIGGER recherche_fts_suppression AFTER DELETE ON recherche_indexe BEGIN{LEAVES}\n    END",
    f"""
    CREATE TRIGGER recherche_fts_modification AFTER UPDATE ON recherche_indexe WHEN {CHANGED} BEGIN{LEAVES}{COMES}
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
        ) STORED,
        ADD COLUMN vecteur_reperes tsvector NOT NULL GENERATED ALWAYS AS (
            strip(to_tsvector('pg_catalog.simple', reperes))
        ) STORED,
        ADD COLUMN vecteur_marques tsvector NOT NULL GENERATED ALWAYS AS (
            strip(to_tsvector('pg_catalog.simple', marques))
        ) STORED
    """,
    # Long columns are stored outside the row, short vectors inside: filtering and ranking read few pages.
    "ALTER TABLE recherche_indexe SET (toast_tuple_target = 128)",
    "ALTER TABLE recherche_indexe ALTER COLUMN vecteur_tete SET STORAGE MAIN",
    "ALTER TABLE recherche_indexe ALTER COLUMN vecteur_reperes SET STORAGE MAIN",
    "CREATE INDEX recherche_indexe_vecteur ON recherche_indexe USING gin (vecteur)",
    "CREATE INDEX recherche_indexe_reperes ON recherche_indexe USING gin (vecteur_reperes)",
    "CREATE INDEX recherche_indexe_marques ON recherche_indexe USING gin (vecteur_marques)",
]
POSTGRESQL_REVERSE = [
    "ALTER TABLE recherche_indexe RESET (toast_tuple_target)",
    "ALTER TABLE recherche_indexe DROP COLUMN vecteur_tete, DROP COLUMN vecteur, "
    "DROP COLUMN vecteur_reperes, DROP COLUMN vecteur_marques",
]


def create(apps, schema_editor):
    run(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def drop(apps, schema_editor):
    run(schema_editor, {"sqlite": SQLITE_REVERSE, "postgresql": POSTGRESQL_REVERSE})


def run(schema_editor, statements):
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('recherche', '0001_initial'),
        ('recherche', '0002_full_text'),
    ]

    dependencies = [
        ('annuaire', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Indexe',
            fields=[
                ('entree', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='indexe', serialize=False, to='annuaire.entree', verbose_name='entrée')),
                ('tete', models.TextField(verbose_name='titre, lieu et thèmes')),
                ('corps', models.TextField(verbose_name='texte')),
                ('reperes', models.TextField(default='', verbose_name='ce qui classe, dans l’en-tête')),
                ('marques', models.TextField(default='', verbose_name='ce qui classe, partout')),
                ('longueur', models.PositiveSmallIntegerField(default=0, verbose_name='mots du titre')),
            ],
            options={
                'verbose_name': 'texte indexé',
                'verbose_name_plural': 'textes indexés',
            },
        ),
        migrations.CreateModel(
            name='Mot',
            fields=[
                ('forme', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('ecrit', models.CharField(max_length=60, verbose_name='écrit')),
            ],
            options={
                'verbose_name': 'mot des fiches',
                'verbose_name_plural': 'mots des fiches',
            },
        ),
        migrations.CreateModel(
            name='Synonymes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mots', models.TextField(help_text='Un mot, un sigle ou une expression par ligne, deux au moins. Accents, majuscules et pluriels sont indifférents.', verbose_name='mots')),
                ('sens_unique', models.BooleanField(default=False, help_text='Le premier mot trouve aussi les fiches qui parlent des autres, mais pas l’inverse. Par exemple « illectronisme » trouve « inclusion numérique », dont le sens est plus large.', verbose_name='à sens unique')),
                ('modifiee_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='modifiés le')),
            ],
            options={
                'verbose_name': 'groupe de synonymes',
                'verbose_name_plural': 'synonymes',
                'ordering': ['mots', 'pk'],
            },
        ),
        migrations.RunPython(create, drop),
    ]
