"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('referentiels', '0001_initial'),
        ('referentiels', '0002_position_des_communes'),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Intercommunalite',
            fields=[
                ('code', models.CharField(max_length=9, primary_key=True, serialize=False, verbose_name='SIREN')),
                ('nom', models.CharField(max_length=150, verbose_name='nom')),
                ('nom_plie', models.CharField(db_index=True, editable=False, max_length=150, verbose_name='nom sans accent')),
                ('cle', models.CharField(db_index=True, editable=False, max_length=150, verbose_name='nom comparable')),
                ('nature', models.CharField(max_length=6, verbose_name='nature')),
            ],
            options={
                'verbose_name': 'intercommunalité',
                'ordering': ['nom_plie', 'code'],
            },
        ),
        migrations.CreateModel(
            name='Region',
            fields=[
                ('code', models.CharField(max_length=3, primary_key=True, serialize=False, verbose_name='code')),
                ('nom', models.CharField(max_length=100, verbose_name='nom')),
            ],
            options={
                'verbose_name': 'région',
                'ordering': ['nom', 'code'],
            },
        ),
        migrations.CreateModel(
            name='Departement',
            fields=[
                ('code', models.CharField(max_length=3, primary_key=True, serialize=False, verbose_name='code')),
                ('nom', models.CharField(max_length=100, verbose_name='nom')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departements', to='referentiels.region', verbose_name='région')),
            ],
            options={
                'verbose_name': 'département',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Commune',
            fields=[
                ('code', models.CharField(max_length=5, primary_key=True, serialize=False, verbose_name='code INSEE')),
                ('nom', models.CharField(max_length=100, verbose_name='nom')),
                ('nom_plie', models.CharField(db_index=True, editable=False, max_length=100, verbose_name='nom sans accent')),
                ('cle', models.CharField(db_index=True, editable=False, max_length=100, verbose_name='nom comparable')),
                ('codes_postaux', models.CharField(blank=True, max_length=300, verbose_name='codes postaux')),
                ('population', models.PositiveIntegerField(blank=True, null=True, verbose_name='population')),
                ('latitude', models.FloatField(blank=True, null=True, verbose_name='latitude')),
                ('longitude', models.FloatField(blank=True, null=True, verbose_name='longitude')),
                ('departement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='communes', to='referentiels.departement', verbose_name='département')),
                ('intercommunalite', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='communes', to='referentiels.intercommunalite', verbose_name='intercommunalité')),
            ],
            options={
                'verbose_name': 'commune',
                'ordering': ['nom_plie', 'code'],
                'indexes': [models.Index(fields=['latitude', 'longitude'], name='commune_position')],
            },
        ),
    ]
