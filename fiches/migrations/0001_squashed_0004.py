"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import fiches.attached


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('fiches', '0001_initial'),
        ('fiches', '0002_nom_plie'),
        ('fiches', '0003_fichiers_internes'),
        ('fiches', '0004_sauf_dans_les_mots_cles'),
    ]

    dependencies = [
        ('annuaire', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom_plie', models.CharField(db_default='', default='', editable=False, max_length=200, verbose_name='nom sans accent')),
                ('nom', models.CharField(max_length=80, unique=True, verbose_name='nom')),
                ('slug', models.SlugField(blank=True, help_text='Vide : tirée du nom.', max_length=80, unique=True, verbose_name='adresse')),
                ('mots_cles', models.TextField(blank=True, help_text='Un mot ou une expression par ligne. Accents, majuscules et pluriels sont indifférents. « sauf » devant une expression l’écarte : avec « garderie » et « sauf halte-garderie », une halte-garderie ne compte pas.', verbose_name='mots clés')),
            ],
            options={
                'verbose_name': 'thème',
                'ordering': ['nom_plie', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Choix',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom_plie', models.CharField(db_default='', default='', editable=False, max_length=200, verbose_name='nom sans accent')),
                ('liste', models.CharField(choices=[('echelle', 'échelle'), ('type-acteur', 'type d’acteur'), ('mot-cle', 'mot clef'), ('reconnaissance', 'mode de reconnaissance'), ('type-organisation', 'type d’organisation'), ('participation', 'niveau de participation'), ('type-ressource', 'type de ressource'), ('thematique', 'thématique de ressource'), ('profil', 'profil')], max_length=20, verbose_name='liste')),
                ('nom', models.CharField(max_length=200, verbose_name='nom')),
                ('slug', models.SlugField(blank=True, help_text='Vide : tirée du nom.', max_length=100, verbose_name='adresse')),
                ('ordre', models.PositiveSmallIntegerField(default=100, verbose_name='rang')),
            ],
            options={
                'verbose_name': 'valeur de liste',
                'verbose_name_plural': 'valeurs de liste',
                'ordering': ['liste', 'ordre', 'nom_plie', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('liste', 'slug'), name='choix_adresse_unique'), models.UniqueConstraint(fields=('liste', 'nom'), name='choix_nom_unique')],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('referent', 'référent·e'), ('auteur', 'auteur·e de la fiche'), ('deposant', 'déposant·e'), ('contact', 'contact')], default='referent', max_length=10, verbose_name='rôle')),
                ('nom', models.CharField(blank=True, max_length=200, verbose_name='nom')),
                ('fonction', models.CharField(blank=True, max_length=200, verbose_name='fonction')),
                ('courriel', models.CharField(blank=True, max_length=254, verbose_name='courriel')),
                ('telephone', models.CharField(blank=True, max_length=40, verbose_name='téléphone')),
                ('accord', models.BooleanField(default=False, verbose_name='a accepté d’être montré·e')),
                ('sans_message', models.BooleanField(default=False, verbose_name='ne veut pas de messages')),
                ('entree', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='annuaire.entree', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'personne',
                'ordering': ['role', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='FichierInterne',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(choices=[('prive', 'gardé pour l’équipe'), ('original', 'original d’un fichier assaini')], default='prive', max_length=10, verbose_name='nature')),
                ('nom', models.CharField(max_length=300, verbose_name='nom')),
                ('fichier', models.FileField(max_length=255, upload_to=fiches.attached.internal_name, verbose_name='fichier')),
                ('raison', models.CharField(max_length=300, verbose_name='pourquoi')),
                ('de', models.CharField(blank=True, max_length=255, verbose_name='était')),
                ('nom_origine', models.CharField(blank=True, max_length=300, verbose_name='nom sur l’ancien site')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='depuis le')),
                ('entree', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fichiers_internes', to='annuaire.entree', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'fichier gardé pour l’équipe',
                'verbose_name_plural': 'fichiers gardés pour l’équipe',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='FichierJoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('titre', models.CharField(blank=True, max_length=200, verbose_name='titre')),
                ('fichier', models.FileField(blank=True, max_length=255, upload_to='fichiers/%Y/', verbose_name='fichier')),
                ('nom_origine', models.CharField(blank=True, max_length=300, verbose_name='nom sur l’ancien site')),
                ('entree', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fichiers', to='annuaire.entree', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'fichier joint',
                'verbose_name_plural': 'fichiers joints',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['fichier'], name='fichier_joint_fichier')],
            },
        ),
    ]
