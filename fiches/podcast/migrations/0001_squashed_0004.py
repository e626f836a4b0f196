"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('podcast', '0001_initial'),
        ('podcast', '0002_corbeille'),
        ('podcast', '0003_datee'),
        ('podcast', '0004_phrase_de_ce_qui_a_ete_fait'),
    ]

    dependencies = [
        ('annuaire', '__first__'),
        ('fiches', '__first__'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Episode',
            fields=[
                ('entree', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='%(class)s', serialize=False, to='annuaire.entree')),
                ('titre', models.CharField(max_length=500, verbose_name='titre')),
                ('slug', models.SlugField(blank=True, help_text='Dernière partie de l’adresse de la page. Vide : tirée du titre. L’ancienne adresse reste valable.', max_length=100, unique=True, verbose_name='adresse')),
                ('fait', models.CharField(blank=True, help_text='Une phrase que les listes montrent, 140 signes au plus. Vide : la première phrase du texte.', max_length=140, verbose_name='ce qui a été fait')),
                ('statut', models.CharField(choices=[('brouillon', 'brouillon'), ('a-relire', 'à relire'), ('publiee', 'publiée'), ('retiree', 'retirée'), ('corbeille', 'à la corbeille')], default='brouillon', max_length=10, verbose_name='état')),
                ('themes_automatiques', models.BooleanField(default=True, editable=False, verbose_name='thèmes proposés automatiquement')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créée le')),
                ('publiee_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='publiée le')),
                ('modifiee_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='modifiée le')),
                ('datee', models.BooleanField(default=True, editable=False, verbose_name='date connue')),
                ('version', models.PositiveIntegerField(default=0, editable=False, verbose_name='version')),
                ('numero', models.PositiveSmallIntegerField(blank=True, help_text='Pris dans le titre s’il en porte un : « Episode n°1 - … ».', null=True, verbose_name='numéro')),
                ('fichier', models.FileField(blank=True, max_length=255, upload_to='podcast/', verbose_name='fichier audio')),
                ('nom_origine', models.CharField(blank=True, max_length=300, verbose_name='nom du fichier sur l’ancien site')),
                ('duree_secondes', models.PositiveIntegerField(blank=True, null=True, verbose_name='durée')),
                ('texte_long', models.TextField(blank=True, verbose_name='texte long')),
                ('transcription', models.TextField(blank=True, help_text='Qui parle, ce qui se dit, et les sons qui comptent.', verbose_name='transcription')),
                ('themes', models.ManyToManyField(blank=True, help_text='Vide : proposés d’après le texte.', related_name='%(class)ss', to='fiches.theme', verbose_name='thèmes')),
            ],
            options={
                'verbose_name': 'épisode',
                'ordering': ['-numero', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalEpisode',
            fields=[
                ('titre', models.CharField(max_length=500, verbose_name='titre')),
                ('slug', models.SlugField(blank=True, help_text='Dernière partie de l’adresse de la page. Vide : tirée du titre. L’ancienne adresse reste valable.', max_length=100, verbose_name='adresse')),
                ('fait', models.CharField(blank=True, help_text='Une phrase que les listes montrent, 140 signes au plus. Vide : la première phrase du texte.', max_length=140, verbose_name='ce qui a été fait')),
                ('statut', models.CharField(choices=[('brouillon', 'brouillon'), ('a-relire', 'à relire'), ('publiee', 'publiée'), ('retiree', 'retirée'), ('corbeille', 'à la corbeille')], default='brouillon', max_length=10, verbose_name='état')),
                ('themes_automatiques', models.BooleanField(default=True, editable=False, verbose_name='thèmes proposés automatiquement')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créée le')),
                ('publiee_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='publiée le')),
                ('modifiee_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='modifiée le')),
                ('datee', models.BooleanField(default=True, editable=False, verbose_name='date connue')),
                ('version', models.PositiveIntegerField(default=0, editable=False, verbose_name='version')),
                ('numero', models.PositiveSmallIntegerField(blank=True, help_text='Pris dans le titre s’il en porte un : « Episode n°1 - … ».', null=True, verbose_name='numéro')),
                ('fichier', models.TextField(blank=True, max_length=255, verbose_name='fichier audio')),
                ('nom_origine', models.CharField(blank=True, max_length=300, verbose_name='nom du fichier sur l’ancien site')),
                ('duree_secondes', models.PositiveIntegerField(blank=True, null=True, verbose_name='durée')),
                ('texte_long', models.TextField(blank=True, verbose_name='texte long')),
                ('transcription', models.TextField(blank=True, help_text='Qui parle, ce qui se dit, et les sons qui comptent.', verbose_name='transcription')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('entree', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='annuaire.entree')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical épisode',
                'verbose_name_plural': 'historical épisodes',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalEpisode_themes',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('episode', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='podcast.episode')),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='podcast.historicalepisode')),
                ('theme', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fiches.theme')),
            ],
            options={
                'verbose_name': 'HistoricalEpisode_themes',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddIndex(
            model_name='episode',
            index=models.Index(fields=['fichier'], name='episode_fichier'),
        ),
    ]
