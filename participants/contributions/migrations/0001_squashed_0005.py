"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import participants.contributions.models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('contributions', '0001_initial'),
        ('contributions', '0002_nouvelles_fiches'),
        ('contributions', '0003_etapes_et_credits'),
        ('contributions', '0004_fichiers_proposes'),
        ('contributions', '0005_journal_commun'),
    ]

    dependencies = [
        ('annuaire', '__first__'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FicheEnCours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consentement_texte', models.CharField(blank=True, editable=False, max_length=20, verbose_name='version du texte accepté')),
                ('consentement_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='consentement donné le')),
                ('type', models.CharField(max_length=20, verbose_name='type de fiche')),
                ('saisie', models.JSONField(default=dict, verbose_name='ce qui est écrit')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique')),
                ('etape', models.PositiveSmallIntegerField(default=1, verbose_name='étape où elle en est')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='commencée le')),
                ('modifiee_le', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='modifiée le')),
                ('envoyee_le', models.DateTimeField(blank=True, null=True, verbose_name='envoyée le')),
            ],
            options={
                'verbose_name': 'fiche en cours d’écriture',
                'verbose_name_plural': 'fiches en cours d’écriture',
            },
        ),
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consentement_texte', models.CharField(blank=True, editable=False, max_length=20, verbose_name='version du texte accepté')),
                ('consentement_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='consentement donné le')),
                ('nature', models.CharField(choices=[('correction', 'correction'), ('fiche', 'nouvelle fiche')], default='correction', max_length=12, verbose_name='nature')),
                ('type', models.CharField(max_length=20, verbose_name='type de fiche')),
                ('base', models.PositiveIntegerField(default=0, verbose_name='version lue')),
                ('valeurs', models.JSONField(default=dict, verbose_name='changements proposés')),
                ('source', models.TextField(verbose_name='comment le savez-vous')),
                ('nom', models.CharField(blank=True, max_length=300, verbose_name='nom')),
                ('courriel', models.EmailField(max_length=254, verbose_name='adresse électronique')),
                ('credit', models.CharField(blank=True, max_length=100, verbose_name='nom à citer')),
                ('etat', models.CharField(choices=[('a-confirmer', 'à confirmer'), ('a-verifier', 'douteuse, à vérifier'), ('recue', 'reçue'), ('en-examen', 'en examen'), ('question', 'question posée'), ('acceptee', 'acceptée'), ('en-partie', 'acceptée en partie'), ('refusee', 'refusée'), ('retiree', 'retirée par la personne')], default='a-confirmer', max_length=12, verbose_name='état')),
                ('doute', models.CharField(blank=True, max_length=300, verbose_name='à vérifier parce que')),
                ('tour', models.PositiveIntegerField(default=0, verbose_name='tour')),
                ('recue_le', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='reçue le')),
                ('demandee_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='confirmation demandée le')),
                ('close_le', models.DateTimeField(blank=True, null=True, verbose_name='close le')),
                ('annoncee_le', models.DateTimeField(blank=True, null=True, verbose_name='publication annoncée le')),
                ('decidee_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('entree', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contributions', to='annuaire.entree', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'contribution',
                'ordering': ['recue_le', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Credit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(choices=[('correction', 'correction'), ('fiche', 'nouvelle fiche')], max_length=12, verbose_name='nature')),
                ('nom', models.CharField(max_length=100, verbose_name='nom cité')),
                ('courriel', models.EmailField(max_length=254, verbose_name='adresse électronique')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='cité depuis le')),
                ('contribution', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cite', to='contributions.contribution', verbose_name='contribution')),
                ('entree', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='credits', to='annuaire.entree', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'nom cité dans une fiche',
                'verbose_name_plural': 'noms cités dans une fiche',
                'ordering': ['le', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Echange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('de_equipe', models.BooleanField(default=False, verbose_name='de l’équipe')),
                ('texte', models.TextField(verbose_name='message')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='echanges', to='contributions.contribution', verbose_name='contribution')),
                ('par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'échange sur une contribution',
                'verbose_name_plural': 'échanges sur une contribution',
                'ordering': ['le', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='FichierPropose',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=200, verbose_name='nom')),
                ('fichier', models.FileField(blank=True, max_length=255, upload_to=participants.contributions.models.random_name, verbose_name='fichier')),
                ('poids', models.PositiveIntegerField(verbose_name='poids en octets')),
                ('suite', models.CharField(blank=True, choices=[('', 'attend une décision'), ('pris', 'joint à la fiche'), ('refuse', 'non retenu, effacé')], default='', max_length=10, verbose_name='suite')),
                ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fichiers', to='contributions.contribution', verbose_name='contribution')),
            ],
            options={
                'verbose_name': 'fichier proposé',
                'verbose_name_plural': 'fichiers proposés',
                'ordering': ['pk'],
            },
        ),
    ]
