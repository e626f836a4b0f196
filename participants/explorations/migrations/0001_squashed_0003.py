"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('explorations', '0001_initial'),
        ('explorations', '0002_nom_du_journal'),
        ('explorations', '0003_journal_commun'),
    ]

    dependencies = [
        ('fiches', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Exploration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consentement_texte', models.CharField(blank=True, editable=False, max_length=20, verbose_name='version du texte accepté')),
                ('consentement_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='consentement donné le')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='reçue le')),
                ('source', models.CharField(blank=True, editable=False, max_length=200, verbose_name='origine')),
                ('cle', models.CharField(editable=False, max_length=500, null=True, unique=True)),
                ('premiere_ligne', models.PositiveIntegerField(editable=False, null=True, verbose_name='première ligne')),
                ('derniere_ligne', models.PositiveIntegerField(editable=False, null=True, verbose_name='dernière ligne')),
                ('valeurs', models.JSONField(default=dict, editable=False)),
                ('plie', models.TextField(default='', editable=False)),
                ('doute', models.CharField(blank=True, editable=False, max_length=300, verbose_name='à vérifier parce que')),
                ('confirmee_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='adresse confirmée le')),
                ('nom', models.CharField(max_length=500, verbose_name='nom')),
                ('fonctions', models.TextField(blank=True, verbose_name='fonctions')),
                ('structure', models.CharField(blank=True, max_length=500, verbose_name='structure')),
                ('provenance', models.CharField(blank=True, max_length=500, verbose_name='d’où je viens (adresse, ville)')),
                ('sujets', models.TextField(blank=True, verbose_name='sujets que j’aimerais aborder, ce que j’aimerais y trouver')),
                ('expertises', models.TextField(blank=True, verbose_name='expertises ou savoir-faire')),
                ('commentaire', models.TextField(blank=True, verbose_name='commentaire')),
                ('courriel', models.CharField(blank=True, max_length=254, verbose_name='courriel')),
                ('courriel_cle', models.CharField(blank=True, db_index=True, editable=False, max_length=300)),
                ('statut', models.CharField(choices=[('a-verifier', 'à vérifier'), ('a-confirmer', 'à confirmer'), ('participe', 'participe')], default='participe', editable=False, max_length=12, verbose_name='état')),
                ('acceptee_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='envoi douteux accepté le')),
                ('signe_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='dernier signe de la personne')),
                ('accord_publication', models.BooleanField(default=False, verbose_name='a accepté que sa fiche soit publiée')),
                ('accord_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='publication acceptée le')),
                ('accord_texte', models.CharField(blank=True, editable=False, max_length=20, verbose_name='version du texte de publication')),
                ('relue_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='relue par l’équipe le')),
                ('profils', models.ManyToManyField(blank=True, limit_choices_to={'liste': 'profil'}, related_name='+', to='fiches.choix', verbose_name='profils')),
            ],
            options={
                'verbose_name': 'exploration',
                'ordering': ['-cree_le', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('cle__isnull', True), ('statut', 'participe'), models.Q(('courriel_cle', ''), _negated=True)), fields=('courriel_cle',), name='exploration_une_par_adresse', violation_error_message='Cette adresse a déjà une fiche d’exploration.')],
            },
        ),
    ]
