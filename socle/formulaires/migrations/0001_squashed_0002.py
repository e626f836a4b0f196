"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('formulaires', '0001_initial'),
        ('formulaires', '0002_envois_comptes'),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Comptage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('empreinte', models.CharField(max_length=64, unique=True, verbose_name='empreinte')),
                ('jour', models.DateField(db_index=True, verbose_name='jour')),
                ('nombre', models.PositiveIntegerField(default=0, verbose_name='nombre')),
            ],
            options={
                'verbose_name': 'comptage',
            },
        ),
        # A table that no model names any more. The code of before writes there while a site is upgraded.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.CreateModel(
                    name='Envoi',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('empreinte', models.CharField(max_length=64, unique=True, verbose_name='empreinte')),
                        ('recu_le', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='reçu le')),
                    ],
                ),
            ],
        ),
    ]
