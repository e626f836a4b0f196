"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('pages', '0001_initial'),
        ('pages', '0002_renseignements'),
        ('pages', '0003_licence_choisie'),
        ('pages', '0004_licence_deja_donnee'),
        ('pages', '0005_nom_des_renseignements'),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Page',
            fields=[
                ('cle', models.CharField(choices=[('a-propos', 'À propos'), ('aide', 'Aide'), ('plan-du-site', 'Plan du site'), ('accessibilite', 'Accessibilité'), ('mentions-legales', 'Mentions légales'), ('donnees-personnelles', 'Données personnelles')], editable=False, max_length=30, primary_key=True, serialize=False, verbose_name='adresse')),
                ('titre', models.CharField(max_length=100, verbose_name='titre')),
                ('texte', models.TextField(verbose_name='texte')),
                ('editee', models.BooleanField(default=False, editable=False, verbose_name='modifiée par l’équipe')),
                ('version', models.PositiveIntegerField(default=0, editable=False, verbose_name='version')),
                ('modifiee_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='modifiée le')),
            ],
            options={
                'verbose_name': 'page du site',
                'verbose_name_plural': 'pages du site',
                'ordering': ['cle'],
            },
        ),
        migrations.CreateModel(
            name='Renseignements',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('forme_juridique', models.CharField(blank=True, help_text='Collectivité, association, groupement…', max_length=200, verbose_name='forme juridique')),
                ('adresse', models.CharField(blank=True, max_length=300, verbose_name='adresse postale')),
                ('siren', models.CharField(blank=True, max_length=20, verbose_name='numéro SIREN')),
                ('telephone', models.CharField(blank=True, max_length=40, verbose_name='téléphone')),
                ('direction_publication', models.CharField(blank=True, help_text='Nom de la directrice ou du directeur.', max_length=200, verbose_name='direction de la publication')),
                ('hebergeur', models.CharField(blank=True, max_length=200, verbose_name='nom de l’hébergeur')),
                ('hebergeur_adresse', models.CharField(blank=True, max_length=300, verbose_name='adresse de l’hébergeur')),
                ('hebergeur_telephone', models.CharField(blank=True, max_length=40, verbose_name='téléphone de l’hébergeur')),
                ('hebergeur_journal', models.CharField(blank=True, help_text='Ce que son journal des connexions contient, et combien de temps il le garde.', max_length=500, verbose_name='journal de l’hébergeur')),
                ('delegue', models.CharField(blank=True, help_text='Déléguée ou délégué à la protection des données : nom ou fonction, et moyen de lui écrire.', max_length=300, verbose_name='protection des données')),
                ('sauvegardes', models.CharField(blank=True, help_text='Elle suit « gardées » : « trente jours ».', max_length=100, verbose_name='durée des sauvegardes')),
                ('transferts', models.CharField(blank=True, help_text='« aucun transfert », ou lesquels et avec quelles garanties.', max_length=500, verbose_name='transferts hors de l’Union européenne')),
                ('licence', models.CharField(blank=True, choices=[('lo-2.0', 'Licence Ouverte 2.0'), ('odbl-1.0', 'ODbL 1.0'), ('cc-by-4.0', 'CC BY 4.0'), ('cc-by-sa-4.0', 'CC BY-SA 4.0'), ('autre', 'une autre, écrite ci-dessous')], help_text='Chaque page, chaque fichier et l’API la disent. Celle que portait l’ancien wiki lie toujours les textes qui en viennent : pour en prendre une autre, il faut qu’elle le permette, ou l’accord de celles et ceux qui les ont écrits.', max_length=20, verbose_name='licence des fiches')),
                ('licence_autre', models.CharField(blank=True, help_text='Imprimée telle quelle.', max_length=200, verbose_name='autre licence, en toutes lettres')),
                ('relecture', models.CharField(blank=True, help_text='Une phrase entière : qui écrit les fiches, qui les relit, à quel rythme.', max_length=500, verbose_name='écriture des fiches')),
                ('partenaires', models.CharField(blank=True, help_text='Une phrase entière.', max_length=500, verbose_name='partenaires et financeurs')),
                ('code_source', models.URLField(blank=True, verbose_name='adresse du code source')),
                ('accessibilite', models.CharField(blank=True, help_text='Adresses du schéma pluriannuel et du plan d’action de l’année.', max_length=500, verbose_name='plan d’accessibilité')),
            ],
            options={
                'verbose_name': 'renseignements de l’organisme',
                'verbose_name_plural': 'renseignements de l’organisme',
            },
        ),
        migrations.CreateModel(
            name='HistoricalPage',
            fields=[
                ('cle', models.CharField(choices=[('a-propos', 'À propos'), ('aide', 'Aide'), ('plan-du-site', 'Plan du site'), ('accessibilite', 'Accessibilité'), ('mentions-legales', 'Mentions légales'), ('donnees-personnelles', 'Données personnelles')], db_index=True, editable=False, max_length=30, verbose_name='adresse')),
                ('titre', models.CharField(max_length=100, verbose_name='titre')),
                ('texte', models.TextField(verbose_name='texte')),
                ('editee', models.BooleanField(default=False, editable=False, verbose_name='modifiée par l’équipe')),
                ('version', models.PositiveIntegerField(default=0, editable=False, verbose_name='version')),
                ('modifiee_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='modifiée le')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical page du site',
                'verbose_name_plural': 'historical pages du site',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
