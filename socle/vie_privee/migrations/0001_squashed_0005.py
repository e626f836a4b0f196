"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1.

But for two of them, `NomTenu` and `MotTenu`, which 0006 deletes. It cannot be replaced by the same file as the others: on an
older database, suivi.0008 stands between 0005 and 0006, and reads what these two held. One file for all six would wait for
suivi.0008, which would wait for that file. In 1.1, 0006 and the two models leave together.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('vie_privee', '0001_initial'),
        ('vie_privee', '0002_held_names_by_text'),
        ('vie_privee', '0003_droits_de_la_personne'),
        ('vie_privee', '0004_consultation'),
        ('vie_privee', '0005_ce_qui_a_ete_retire'),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CleDuJour',
            fields=[
                ('jour', models.DateField(primary_key=True, serialize=False, verbose_name='jour')),
                ('cle', models.BinaryField(verbose_name='clé')),
            ],
            options={
                'verbose_name': 'clé du jour',
                'verbose_name_plural': 'clés du jour',
            },
        ),
        migrations.CreateModel(
            name='Effacement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('empreinte', models.CharField(max_length=64, unique=True, verbose_name='empreinte')),
                ('genre', models.CharField(blank=True, max_length=40, verbose_name='genre')),
                ('efface_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='effacé le')),
            ],
            options={
                'verbose_name': 'effacement',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('le', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='date')),
                ('quoi', models.CharField(choices=[('liste', 'liste'), ('fiche', 'détail'), ('csv', 'export CSV'), ('xlsx', 'export XLSX'), ('emargement', 'feuille d’émargement'), ('message', 'message à toutes les personnes')], max_length=12, verbose_name='action')),
                ('nombre', models.PositiveIntegerField(default=0, verbose_name='nombre de personnes')),
                ('genre', models.CharField(max_length=100)),
                ('sujet', models.CharField(blank=True, max_length=500, verbose_name='au sujet de')),
                ('qui', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'lecture de données personnelles',
                'verbose_name_plural': 'lectures de données personnelles',
                'ordering': ['-le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Demande',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('courriel', models.EmailField(help_text='Celle sous laquelle la personne figure sur le site. Elle est retirée d’ici après la réponse.', max_length=254, verbose_name='adresse électronique de la personne')),
                ('objet', models.CharField(choices=[('copie', 'recevoir une copie'), ('correction', 'corriger ou compléter ses données'), ('effacement', 'être effacé·e'), ('limitation', 'limiter l’usage de ses données'), ('transmission', 'récupérer ses données pour les transmettre'), ('opposition', 's’opposer à l’usage de ses données, ou retirer un accord')], max_length=12, verbose_name='demande')),
                ('recue_le', models.DateField(default=django.utils.timezone.localdate, verbose_name='reçue le')),
                ('traitee_le', models.DateTimeField(editable=False, null=True, verbose_name='traitée le')),
                ('saisie_par', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='saisie par')),
                ('traitee_par', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='traitée par')),
            ],
            options={
                'verbose_name': 'demande d’une personne',
                'verbose_name_plural': 'demandes de personnes',
                'ordering': ['traitee_le', 'recue_le', 'pk'],
                'permissions': [('repondre', 'exporter et effacer les données d’une personne')],
            },
        ),
        migrations.CreateModel(
            name='TexteIntegral',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('modele', models.CharField(max_length=100)),
                ('cle', models.CharField(max_length=40)),
                ('champ', models.CharField(max_length=100)),
                ('texte', models.TextField(blank=True, verbose_name='texte tel qu’écrit')),
                ('public', models.TextField(blank=True, default='', verbose_name='ce qu’en lit le public')),
                ('retires', models.JSONField(default=list, verbose_name='mots retirés')),
                ('laisses', models.JSONField(default=list, verbose_name='mots laissés')),
                ('ecrit_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='écrit le')),
            ],
            options={
                'verbose_name': 'texte tel qu’écrit',
                'verbose_name_plural': 'textes tels qu’écrits',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('modele', 'cle', 'champ'), name='texte_integral_unique')],
            },
        ),
        migrations.CreateModel(
            name='NomTenu',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('modele', models.CharField(editable=False, max_length=100)),
                ('cle', models.CharField(editable=False, max_length=40)),
                ('texte', models.CharField(editable=False, max_length=1000, verbose_name='nom')),
                ('decision', models.CharField(blank=True, choices=[('', 'aucune'), ('attend', 'à regarder'), ('retirer', 'à retirer partout'), ('pas-une-personne', 'ce n’est pas une personne'), ('accord', 'cette personne est d’accord')], editable=False, max_length=20, verbose_name='décision')),
                ('regarde_le', models.DateTimeField(editable=False, null=True, verbose_name='textes regardés le')),
            ],
            options={
                'verbose_name': 'nom à regarder',
                'verbose_name_plural': 'noms à regarder',
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('regarde_le', None)), fields=['id'], name='nom_tenu_a_regarder'), models.Index(fields=['texte', 'regarde_le'], name='nom_tenu_texte')],
                'constraints': [models.UniqueConstraint(fields=('modele', 'cle', 'texte'), name='nom_tenu_unique')],
            },
        ),
        migrations.CreateModel(
            name='MotTenu',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mot', models.CharField(db_index=True, max_length=1000)),
                ('nom', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mots', to='vie_privee.nomtenu')),
            ],
        ),
    ]
