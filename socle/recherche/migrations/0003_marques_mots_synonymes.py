"""What ranks a record (marques, longueur), the words that occur, the synonyms; full-text indexes to match.

Rows that were there keep being found; `manage.py reindexer` gives them what ranks them.
"""

from importlib import import_module

import django.utils.timezone
from django.db import migrations, models

before = import_module("socle.recherche.migrations.0002_plein_texte")

SQLITE = [statement.replace("tete, corps", "tete, corps, reperes, marques") for statement in before.SQLITE]
SQLITE = [statement.replace("new.corps)", "new.corps, new.reperes, new.marques)") for statement in SQLITE]
SQLITE = [statement.replace("old.corps)", "old.corps, old.reperes, old.marques)") for statement in SQLITE]
SQLITE = [
    statement.replace(
        "old.corps <> new.corps",
        "old.corps <> new.corps OR old.reperes <> new.reperes OR old.marques <> new.marques",
    )
    for statement in SQLITE
]
POSTGRESQL = [
    """
    ALTER TABLE recherche_indexe
        ADD COLUMN vecteur_reperes tsvector NOT NULL GENERATED ALWAYS AS (
            strip(to_tsvector('pg_catalog.simple', reperes))
        ) STORED,
        ADD COLUMN vecteur_marques tsvector NOT NULL GENERATED ALWAYS AS (
            strip(to_tsvector('pg_catalog.simple', marques))
        ) STORED
    """,
    # Short, and read for each match: it stays in the row.
    "ALTER TABLE recherche_indexe ALTER COLUMN vecteur_reperes SET STORAGE MAIN",
    "CREATE INDEX recherche_indexe_reperes ON recherche_indexe USING gin (vecteur_reperes)",
    "CREATE INDEX recherche_indexe_marques ON recherche_indexe USING gin (vecteur_marques)",
]
POSTGRESQL_REVERSE = ["ALTER TABLE recherche_indexe DROP COLUMN vecteur_reperes, DROP COLUMN vecteur_marques"]


def leave(apps, schema_editor):
    before.run(schema_editor, {"sqlite": before.SQLITE_REVERSE, "postgresql": []})


def create(apps, schema_editor):
    before.run(schema_editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def drop(apps, schema_editor):
    before.run(schema_editor, {"sqlite": before.SQLITE_REVERSE, "postgresql": POSTGRESQL_REVERSE})


def restore(apps, schema_editor):
    before.run(schema_editor, {"sqlite": before.SQLITE, "postgresql": []})


class Migration(migrations.Migration):

    dependencies = [("recherche", "0002_plein_texte")]

    operations = [
        migrations.RunPython(leave, restore),
        migrations.AddField(
            "indexe", "reperes", models.TextField(default="", verbose_name="ce qui classe, dans l’en-tête")
        ),
        migrations.AddField("indexe", "marques", models.TextField(default="", verbose_name="ce qui classe, partout")),
        migrations.AddField(
            "indexe", "longueur", models.PositiveSmallIntegerField(default=0, verbose_name="mots du titre")
        ),
        migrations.CreateModel(
            name="Mot",
            fields=[
                ("forme", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("ecrit", models.CharField(max_length=60, verbose_name="écrit")),
            ],
            options={"verbose_name": "mot des fiches", "verbose_name_plural": "mots des fiches"},
        ),
        migrations.CreateModel(
            name="Synonymes",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mots",
                    models.TextField(
                        verbose_name="mots",
                        help_text="Un mot, un sigle ou une expression par ligne, deux au moins. Accents, majuscules et "
                        "pluriels sont indifférents.",
                    ),
                ),
                (
                    "sens_unique",
                    models.BooleanField(
                        default=False,
                        verbose_name="à sens unique",
                        help_text="Le premier mot trouve aussi les fiches qui parlent des autres, mais pas l’inverse. Par "
                        "exemple « illectronisme » trouve « inclusion numérique », dont le sens est plus large.",
                    ),
                ),
                (
                    "modifiee_le",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="modifiés le"
                    ),
                ),
            ],
            options={
                "verbose_name": "groupe de synonymes",
                "verbose_name_plural": "synonymes",
                "ordering": ["mots", "pk"],
            },
        ),
        migrations.RunPython(create, drop),
    ]
