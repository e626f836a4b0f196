"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('courrier', '0001_initial'),
        ('courrier', '0002_desabonnement'),
        ('courrier', '0003_ecrits_au_depart'),
        ('courrier', '0004_index_of_failures'),
    ]

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='Courriel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('destinataire', models.EmailField(max_length=254, verbose_name='destinataire')),
                ('repondre_a', models.EmailField(blank=True, max_length=254, verbose_name='répondre à')),
                ('desabonnement', models.URLField(blank=True, max_length=300, verbose_name='adresse de désabonnement')),
                ('objet', models.CharField(max_length=250, verbose_name='objet')),
                ('texte', models.TextField(verbose_name='texte')),
                ('html', models.TextField(verbose_name='version HTML')),
                ('etat', models.CharField(choices=[('en-file', 'en file'), ('en-cours', 'en cours d’envoi'), ('a-reessayer', 'à réessayer'), ('en-echec', 'en échec'), ('envoye', 'envoyé'), ('abandonne', 'abandonné')], default='en-file', max_length=12, verbose_name='état')),
                ('essais', models.PositiveSmallIntegerField(default=0, verbose_name='essais')),
                ('prochain_essai', models.DateTimeField(default=django.utils.timezone.now, verbose_name='prochain essai')),
                ('envoye_le', models.DateTimeField(blank=True, null=True, verbose_name='envoyé le')),
                ('erreur', models.TextField(blank=True, verbose_name='dernière erreur')),
                ('cle', models.CharField(blank=True, help_text='Deux dépôts de même clé : un courriel.', max_length=200, verbose_name='clé')),
                ('message_id', models.CharField(max_length=250, unique=True, verbose_name='identifiant du message')),
                ('sujet_id', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='numéro de l’objet')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='déposé le')),
                ('composition', models.CharField(blank=True, max_length=40, verbose_name='écrit au départ par')),
                ('donnees', models.JSONField(blank=True, null=True, verbose_name='ce dont il parlera')),
                ('sujet_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='contenttypes.contenttype', verbose_name='type de l’objet')),
            ],
            options={
                'verbose_name': 'courriel',
                'verbose_name_plural': 'courriels',
                'ordering': ['-cree_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Lien',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('empreinte', models.CharField(max_length=64, unique=True, verbose_name='empreinte')),
                ('usage', models.CharField(max_length=50, verbose_name='usage')),
                ('sujet_id', models.PositiveBigIntegerField(verbose_name='numéro de l’objet')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='créé le')),
                ('expire_le', models.DateTimeField(db_index=True, verbose_name='expire le')),
                ('sujet_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='contenttypes.contenttype', verbose_name='type de l’objet')),
            ],
            options={
                'verbose_name': 'lien',
                'verbose_name_plural': 'liens',
                'ordering': ['-cree_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PieceJointe',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=100, verbose_name='nom')),
                ('type', models.CharField(max_length=100, verbose_name='type')),
                ('contenu', models.BinaryField(verbose_name='contenu')),
                ('courriel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='courrier.courriel', verbose_name='courriel')),
            ],
            options={
                'verbose_name': 'pièce jointe',
                'verbose_name_plural': 'pièces jointes',
                'ordering': ['pk'],
            },
        ),
        migrations.AddIndex(
            model_name='courriel',
            index=models.Index(models.F('prochain_essai'), models.F('id'), condition=models.Q(('etat__in', ('en-file', 'a-reessayer', 'en-cours'))), name='courriel_a_envoyer'),
        ),
        migrations.AddIndex(
            model_name='courriel',
            index=models.Index(models.F('prochain_essai'), condition=models.Q(('etat', 'en-echec')), name='courriel_en_echec'),
        ),
        migrations.AddIndex(
            model_name='courriel',
            index=models.Index(models.F('sujet_type'), models.F('sujet_id'), name='courriel_sujet'),
        ),
        migrations.AddIndex(
            model_name='courriel',
            index=models.Index(models.F('etat'), models.F('cree_le'), models.F('essais'), name='courriel_etat'),
        ),
        migrations.AddConstraint(
            model_name='courriel',
            constraint=models.UniqueConstraint(models.F('cle'), condition=models.Q(('cle', ''), _negated=True), name='courriel_cle_unique'),
        ),
        migrations.AddIndex(
            model_name='lien',
            index=models.Index(models.F('sujet_type'), models.F('sujet_id'), name='lien_sujet'),
        ),
    ]
