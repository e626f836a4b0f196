"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('glossaire', '0001_initial'),
        ('glossaire', '0002_corbeille'),
        ('glossaire', '0003_datee'),
        ('glossaire', '0004_phrase_de_ce_qui_a_ete_fait'),
    ]

    dependencies = [
        ('annuaire', '__first__'),
        ('fiches', '__first__'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalTerme',
            fields=[
                ('slug', models.SlugField(blank=True, help_text='Dernière partie de l’adresse de la page. Vide : tirée du titre. L’ancienne adresse reste valable.', max_length=100, verbose_name='adresse')),
                ('fait', models.CharField(blank=True, help_text='Une phrase que les listes montrent, 140 signes au plus. Vide : la première phrase du texte.', max_length=140, verbose_name='ce qui a été fait')),
                ('statut', models.CharField(choices=[('brouillon', 'brouillon'), ('a-relire', 'à relire'), ('publiee', 'publiée'), ('retiree', 'retirée'), ('corbeille', 'à la corbeille')], default='brouillon', max_length=10, verbose_name='état')),
                ('themes_automatiques', models.BooleanField(default=True, editable=False, verbose_name='thèmes proposés automatiquement')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créée le')),
                ('publiee_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='publiée le')),
                ('modifiee_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='modifiée le')),
                ('datee', models.BooleanField(default=True, editable=False, verbose_name='date connue')),
                ('version', models.PositiveIntegerField(default=0, editable=False, verbose_name='version')),
                ('titre', models.CharField(max_length=500, verbose_name='mot')),
                ('variantes', models.TextField(blank=True, help_text='Autres formes du mot, une par ligne : pluriel, sigle, autre écriture.', verbose_name='variantes')),
                ('definition', models.TextField(blank=True, help_text='Vide : le mot est montré « à définir ».', verbose_name='définition')),
                ('references', models.TextField(blank=True, help_text='Une par ligne.', verbose_name='références')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('entree', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='annuaire.entree')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical terme',
                'verbose_name_plural': 'historical termes',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Terme',
            fields=[
                ('entree', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='%(class)s', serialize=False, to='annuaire.entree')),
                ('slug', models.SlugField(blank=True, help_text='Dernière partie de l’adresse de la page. Vide : tirée du titre. L’ancienne adresse reste valable.', max_length=100, unique=True, verbose_name='adresse')),
                ('fait', models.CharField(blank=True, help_text='Une phrase que les listes montrent, 140 signes au plus. Vide : la première phrase du texte.', max_length=140, verbose_name='ce qui a été fait')),
                ('statut', models.CharField(choices=[('brouillon', 'brouillon'), ('a-relire', 'à relire'), ('publiee', 'publiée'), ('retiree', 'retirée'), ('corbeille', 'à la corbeille')], default='brouillon', max_length=10, verbose_name='état')),
                ('themes_automatiques', models.BooleanField(default=True, editable=False, verbose_name='thèmes proposés automatiquement')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créée le')),
                ('publiee_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='publiée le')),
                ('modifiee_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='modifiée le')),
                ('datee', models.BooleanField(default=True, editable=False, verbose_name='date connue')),
                ('version', models.PositiveIntegerField(default=0, editable=False, verbose_name='version')),
                ('titre', models.CharField(max_length=500, verbose_name='mot')),
                ('variantes', models.TextField(blank=True, help_text='Autres formes du mot, une par ligne : pluriel, sigle, autre écriture.', verbose_name='variantes')),
                ('definition', models.TextField(blank=True, help_text='Vide : le mot est montré « à définir ».', verbose_name='définition')),
                ('references', models.TextField(blank=True, help_text='Une par ligne.', verbose_name='références')),
                ('themes', models.ManyToManyField(blank=True, help_text='Vide : proposés d’après le texte.', related_name='%(class)ss', to='fiches.theme', verbose_name='thèmes')),
            ],
            options={
                'verbose_name': 'terme',
                'ordering': ['titre', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalTerme_themes',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='glossaire.historicalterme')),
                ('theme', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fiches.theme')),
                ('terme', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='glossaire.terme')),
            ],
            options={
                'verbose_name': 'HistoricalTerme_themes',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
