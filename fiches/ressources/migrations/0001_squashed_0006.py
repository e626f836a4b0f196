"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('ressources', '0001_initial'),
        ('ressources', '0002_corbeille'),
        ('ressources', '0003_datee'),
        ('ressources', '0004_phrase_de_ce_qui_a_ete_fait'),
        ('ressources', '0005_choix_des_versions'),
        ('ressources', '0006_choix_des_versions_de_avant'),
    ]

    dependencies = [
        ('annuaire', '__first__'),
        ('fiches', '__first__'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalRessource',
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
                ('source', models.TextField(blank=True, help_text='Qui l’a publiée : organisation, site, ouvrage.', verbose_name='source')),
                ('lien', models.URLField(blank=True, max_length=500, verbose_name='lien')),
                ('fichier', models.TextField(blank=True, max_length=255, verbose_name='fichier')),
                ('nom_origine', models.CharField(blank=True, max_length=300, verbose_name='nom du fichier sur l’ancien site')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('entree', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='annuaire.entree')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical ressource',
                'verbose_name_plural': 'historical ressources',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Ressource',
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
                ('source', models.TextField(blank=True, help_text='Qui l’a publiée : organisation, site, ouvrage.', verbose_name='source')),
                ('lien', models.URLField(blank=True, max_length=500, verbose_name='lien')),
                ('fichier', models.FileField(blank=True, max_length=255, upload_to='ressources/%Y/', verbose_name='fichier')),
                ('nom_origine', models.CharField(blank=True, max_length=300, verbose_name='nom du fichier sur l’ancien site')),
                ('thematiques', models.ManyToManyField(blank=True, limit_choices_to={'liste': 'thematique'}, related_name='+', to='fiches.choix', verbose_name='thématique de la ressource')),
                ('themes', models.ManyToManyField(blank=True, help_text='Vide : proposés d’après le texte.', related_name='%(class)ss', to='fiches.theme', verbose_name='thèmes')),
                ('types', models.ManyToManyField(blank=True, limit_choices_to={'liste': 'type-ressource'}, related_name='+', to='fiches.choix', verbose_name='type de ressource')),
            ],
            options={
                'verbose_name': 'ressource',
                'ordering': ['titre', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalRessource_types',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('choix', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fiches.choix')),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='ressources.historicalressource')),
                ('ressource', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='ressources.ressource')),
            ],
            options={
                'verbose_name': 'HistoricalRessource_types',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalRessource_themes',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='ressources.historicalressource')),
                ('theme', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fiches.theme')),
                ('ressource', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='ressources.ressource')),
            ],
            options={
                'verbose_name': 'HistoricalRessource_themes',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalRessource_thematiques',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('choix', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fiches.choix')),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='ressources.historicalressource')),
                ('ressource', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='ressources.ressource')),
            ],
            options={
                'verbose_name': 'HistoricalRessource_thematiques',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddIndex(
            model_name='ressource',
            index=models.Index(fields=['fichier'], name='ressource_fichier'),
        ),
    ]
