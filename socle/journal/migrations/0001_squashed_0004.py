"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import secrets

from django.db import migrations, models
from django.utils import timezone


def begin(apps, schema_editor):
    """Row 0, where every log begins, and the counter."""
    using, now = schema_editor.connection.alias, timezone.now()
    jeton = int.from_bytes(secrets.token_bytes(8), signed=True)
    apps.get_model("journal", "Ligne").objects.using(using).create(numero=0, jeton=jeton, type="", nature="modifiee", le=now)
    apps.get_model("journal", "Compteur").objects.using(using).create(numero=0, le=now)


def drop_versions(apps, schema_editor):
    """Drops what told of changes before there was a log: a table of counters and its triggers. 1.1 leaves this out."""
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION IF EXISTS memoire_changement() CASCADE")  # its triggers too
            cursor.execute("DROP FUNCTION IF EXISTS memoire_elever(text)")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'memoire\\_%' ESCAPE '\\'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute("DROP TABLE IF EXISTS memoire_versiondedonnees")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'memoire'")


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('journal', '0001_journal'),
        ('journal', '0002_ligne_0'),
        ('journal', '0003_sans_versions'),
        ('journal', '0004_par_date'),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Compteur',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.BigIntegerField()),
                ('le', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'compteur des changements',
                'verbose_name_plural': 'compteurs des changements',
            },
        ),
        migrations.CreateModel(
            name='Ligne',
            fields=[
                ('numero', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='numéro')),
                ('jeton', models.BigIntegerField()),
                ('type', models.CharField(max_length=20, verbose_name='type')),
                ('entree', models.BigIntegerField(null=True, verbose_name='fiche')),
                ('nature', models.CharField(choices=[('publiee', 'publiée'), ('modifiee', 'modifiée'), ('retiree', 'retirée')], max_length=10, verbose_name='nature')),
                ('vers', models.BigIntegerField(null=True, verbose_name='fusionnée dans')),
                ('le', models.DateTimeField(verbose_name='le')),
            ],
            options={
                'verbose_name': 'changement',
                'ordering': ['numero'],
                'indexes': [models.Index(models.F('type'), models.F('nature'), models.F('numero'), name='journal_par_type'), models.Index(models.F('entree'), models.F('numero'), name='journal_par_fiche'), models.Index(models.F('le'), name='journal_par_date')],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.RunPython(drop_versions, migrations.RunPython.noop),
    ]
