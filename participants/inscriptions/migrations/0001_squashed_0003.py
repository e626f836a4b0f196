"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('inscriptions', '0001_initial'),
        ('inscriptions', '0002_nom_du_journal'),
        ('inscriptions', '0003_journal_commun'),
    ]

    dependencies = [
        ('evenements', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Inscription',
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
                ('prenom', models.CharField(max_length=300, verbose_name='prénom')),
                ('nom', models.CharField(blank=True, max_length=300, verbose_name='nom')),
                ('organisation', models.CharField(blank=True, max_length=300, verbose_name='organisation')),
                ('courriel', models.CharField(blank=True, help_text='Tel que la personne l’a écrit.', max_length=254, verbose_name='courriel')),
                ('courriel_cle', models.CharField(blank=True, editable=False, max_length=300)),
                ('journee_entiere', models.BooleanField(blank=True, null=True, verbose_name='présent·e toute la journée')),
                ('commentaire', models.TextField(blank=True, verbose_name='commentaire libre')),
                ('consentement', models.BooleanField(default=False, verbose_name='consentement conservé')),
                ('statut', models.CharField(choices=[('a-verifier', 'à vérifier'), ('a-confirmer', 'à confirmer'), ('inscrite', 'inscrite'), ('en-attente', 'en attente'), ('proposee', 'place proposée'), ('annulee', 'annulée'), ('expiree', 'délai passé'), ('refusee', 'refusée')], default='inscrite', max_length=12, verbose_name='état')),
                ('expire_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='délai')),
                ('attente_depuis', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='en attente depuis')),
                ('rappelee_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='rappel envoyé le')),
                ('motif_surnombre', models.CharField(blank=True, editable=False, max_length=200, verbose_name='raison du surnombre')),
                ('presence', models.BooleanField(blank=True, editable=False, null=True, verbose_name='présence')),
                ('evenement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inscriptions', to='evenements.evenement', verbose_name='événement')),
            ],
            options={
                'verbose_name': 'inscription',
                'ordering': ['-cree_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='BesoinAcces',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('texte', models.TextField(verbose_name='besoin pour participer')),
                ('inscription', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='besoin', to='inscriptions.inscription', verbose_name='inscription')),
            ],
            options={
                'verbose_name': 'besoin pour participer',
                'verbose_name_plural': 'besoins pour participer',
            },
        ),
        migrations.CreateModel(
            name='Reponse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('libelle', models.CharField(max_length=200, verbose_name='question posée')),
                ('texte', models.TextField(blank=True, verbose_name='réponse')),
                ('inscription', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reponses', to='inscriptions.inscription', verbose_name='inscription')),
                ('question', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reponses', to='evenements.question', verbose_name='question')),
            ],
            options={
                'verbose_name': 'réponse',
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='inscription',
            constraint=models.UniqueConstraint(condition=models.Q(('cle__isnull', True), ('statut__in', ['a-verifier', 'a-confirmer', 'inscrite', 'en-attente', 'proposee']), models.Q(('courriel_cle', ''), _negated=True)), fields=('evenement', 'courriel_cle'), name='inscription_une_par_adresse', violation_error_message='Cette adresse est déjà inscrite à cet événement.'),
        ),
        migrations.AddConstraint(
            model_name='reponse',
            constraint=models.UniqueConstraint(fields=('inscription', 'question'), name='reponse_une_par_question'),
        ),
    ]
