"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('contacter', '0001_initial'),
        ('contacter', '0002_reponse_a_message'),
        ('contacter', '0003_nom_du_journal'),
        ('contacter', '0004_signalements_et_avis'),
        ('contacter', '0005_journal_commun'),
    ]

    dependencies = [
        ('annuaire', '__first__'),
        ('courrier', '__first__'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consentement_texte', models.CharField(blank=True, editable=False, max_length=20, verbose_name='version du texte accepté')),
                ('consentement_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='consentement donné le')),
                ('recu_le', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='reçu le')),
                ('nom', models.CharField(max_length=300, verbose_name='nom')),
                ('courriel', models.EmailField(max_length=254, verbose_name='adresse électronique')),
                ('texte', models.TextField(verbose_name='message')),
                ('etat', models.CharField(choices=[('a-verifier', 'à vérifier'), ('transmis', 'transmis'), ('traite', 'traité par l’équipe'), ('ecarte', 'écarté')], default='a-verifier', max_length=10, verbose_name='état')),
                ('doute', models.CharField(blank=True, max_length=300, verbose_name='à vérifier parce que')),
                ('transmis_le', models.DateTimeField(blank=True, null=True, verbose_name='transmis le')),
                ('entree', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='messages', to='annuaire.entree', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'message',
                'ordering': ['-recu_le', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReponseAMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('texte', models.TextField(verbose_name='réponse')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('envoi', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='courrier.courriel', verbose_name='courriel')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reponses', to='contacter.message', verbose_name='message')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'réponse à un message',
                'verbose_name_plural': 'réponses à des messages',
                'ordering': ['le', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Signalement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recu_le', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='reçu le')),
                ('partie', models.CharField(blank=True, max_length=200, verbose_name='partie de la fiche')),
                ('texte', models.TextField(verbose_name='ce qui ne va pas')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique')),
                ('etat', models.CharField(choices=[('recu', 'reçu'), ('en-cours', 'en cours'), ('corrige', 'corrigé'), ('sans-suite', 'sans suite')], default='recu', max_length=10, verbose_name='état')),
                ('doute', models.CharField(blank=True, max_length=300, verbose_name='à regarder parce que')),
                ('reponse', models.TextField(blank=True, verbose_name='réponse')),
                ('clos_le', models.DateTimeField(blank=True, null=True, verbose_name='clos le')),
                ('entree', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signalements', to='annuaire.entree', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'signalement',
                'ordering': ['-recu_le', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AvisDuMois',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mois', models.DateField(verbose_name='mois')),
                ('oui', models.PositiveIntegerField(default=0, verbose_name='oui')),
                ('non', models.PositiveIntegerField(default=0, verbose_name='non')),
                ('entree', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='avis', to='annuaire.entree', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'avis d’un mois',
                'verbose_name_plural': 'avis par mois',
                'constraints': [models.UniqueConstraint(fields=('entree', 'mois'), name='avis_du_mois_unique')],
            },
        ),
    ]
