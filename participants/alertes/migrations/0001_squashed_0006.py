"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('alertes', '0001_alerte'),
        ('alertes', '0002_journal_commun'),
        ('alertes', '0003_inachevees'),
        ('alertes', '0004_vu'),
        ('alertes', '0005_vues_jusque_la'),
        ('alertes', '0006_sans_fiches_connues'),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Alerte',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consentement_texte', models.CharField(blank=True, editable=False, max_length=20, verbose_name='version du texte accepté')),
                ('consentement_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='consentement donné le')),
                ('courriel', models.EmailField(max_length=254, verbose_name='adresse électronique')),
                ('courriel_cle', models.CharField(editable=False, max_length=254)),
                ('type', models.CharField(max_length=20, verbose_name='liste')),
                ('criteres', models.CharField(blank=True, max_length=1000, verbose_name='critères')),
                ('mots', models.TextField(verbose_name='ce qui est demandé')),
                ('rythme', models.CharField(choices=[('jour', 'chaque jour'), ('semaine', 'chaque semaine')], default='semaine', max_length=10, verbose_name='rythme')),
                ('etat', models.CharField(choices=[('a-confirmer', 'à confirmer'), ('active', 'suivie'), ('en-pause', 'en pause'), ('suspendue', 'suspendue : un critère n’existe plus')], default='a-confirmer', max_length=12, verbose_name='état')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='demandée le')),
                ('confirmee_le', models.DateTimeField(blank=True, null=True, verbose_name='confirmée le')),
                ('signe_le', models.DateTimeField(blank=True, null=True, verbose_name='dernier signe de la personne')),
                ('vu', models.BigIntegerField(default=0, editable=False, verbose_name='vu jusqu’au changement')),
                ('inachevees', models.BinaryField(default=bytes, verbose_name='fiches attendues')),
                ('periode', models.CharField(blank=True, editable=False, max_length=10, verbose_name='regardée')),
                ('numero', models.PositiveIntegerField(default=0, editable=False, verbose_name='courriels envoyés')),
            ],
            options={
                'verbose_name': 'alerte',
                'ordering': ['-cree_le', '-pk'],
                'indexes': [models.Index(models.F('type'), models.F('criteres'), condition=models.Q(('etat', 'active')), name='alerte_active')],
                'constraints': [models.UniqueConstraint(models.F('courriel_cle'), models.F('type'), models.F('criteres'), name='alerte_une_par_liste')],
            },
        ),
    ]
