"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('suivi', '0001_initial'),
        ('suivi', '0002_doublons_possibles'),
        ('suivi', '0003_versions_masquees'),
        ('suivi', '0004_veille'),
        ('suivi', '0005_sans_paires'),
        ('suivi', '0006_raison_des_versions_masquees'),
        ('suivi', '0007_liens_sortants'),
        ('suivi', '0008_textes_tels_que_lus'),
        ('suivi', '0009_sans_cles_de_doublon'),
    ]

    dependencies = [
        ('annuaire', '__first__'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Fusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('statut', models.CharField(max_length=10, verbose_name='état de la fiche fusionnée')),
                ('version', models.PositiveIntegerField(verbose_name='version de la fiche gardée avant la fusion')),
                ('deplaces', models.JSONField(default=dict, verbose_name='lignes déplacées')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('gardee', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='annuaire.entree', verbose_name='fiche gardée')),
                ('par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('perdue', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='fusion', to='annuaire.entree', verbose_name='fiche fusionnée')),
            ],
            options={
                'verbose_name': 'fusion',
            },
        ),
        migrations.CreateModel(
            name='ImportEnAttente',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=20, verbose_name='type')),
                ('nom', models.CharField(max_length=200, verbose_name='nom du fichier')),
                ('contenu', models.BinaryField(verbose_name='contenu')),
                ('empreinte', models.CharField(max_length=64, verbose_name='empreinte')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='envoyé le')),
                ('utilisateur', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'import en attente',
                'verbose_name_plural': 'imports en attente',
            },
        ),
        migrations.CreateModel(
            name='Veille',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mois', models.PositiveSmallIntegerField(blank=True, choices=[(3, 'tous les trois mois'), (6, 'tous les six mois'), (12, 'tous les ans'), (24, 'tous les deux ans'), (0, 'jamais')], null=True, verbose_name='à relire')),
                ('rappels', models.PositiveSmallIntegerField(default=0, verbose_name='rappels')),
                ('rappelee_le', models.DateTimeField(blank=True, null=True, verbose_name='rappelée le')),
                ('entree', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='veille', to='annuaire.entree', verbose_name='fiche')),
                ('responsable', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='veilles', to=settings.AUTH_USER_MODEL, verbose_name='personne chargée de la relire')),
            ],
            options={
                'verbose_name': 'veille sur une fiche',
                'verbose_name_plural': 'veilles sur des fiches',
            },
        ),
        migrations.CreateModel(
            name='LienSortant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('adresse', models.CharField(max_length=500, verbose_name='adresse')),
                ('regarde_le', models.DateTimeField(null=True, verbose_name='regardé le')),
                ('echecs', models.PositiveSmallIntegerField(default=0, verbose_name='échecs')),
                ('constat', models.CharField(blank=True, max_length=100, verbose_name='constat')),
                ('mort_le', models.DateTimeField(null=True, verbose_name='ne répond plus depuis le')),
                ('entree', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='liens_sortants', to='annuaire.entree', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'lien sortant',
                'verbose_name_plural': 'liens sortants',
                'constraints': [models.UniqueConstraint(fields=('entree', 'adresse'), name='lien_sortant_unique')],
            },
        ),
        migrations.CreateModel(
            name='PasDoublon',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('premiere', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='annuaire.entree', verbose_name='première fiche')),
                ('seconde', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='annuaire.entree', verbose_name='seconde fiche')),
            ],
            options={
                'verbose_name': 'paire sans doublon',
                'verbose_name_plural': 'paires sans doublon',
                'constraints': [models.UniqueConstraint(fields=('premiere', 'seconde'), name='pas_doublon_unique')],
            },
        ),
        migrations.CreateModel(
            name='VersionMasquee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('raison', models.CharField(choices=[('personne', 'elle nommait une personne, ou donnait ses coordonnées'), ('mise-en-cause', 'elle mettait quelqu’un en cause'), ('illicite', 'son contenu n’était pas licite'), ('indesirable', 'son contenu était indésirable')], max_length=20, verbose_name='raison, que la page donne')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('entree', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions_masquees', to='annuaire.entree', verbose_name='fiche')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'version masquée',
                'verbose_name_plural': 'versions masquées',
                'constraints': [models.UniqueConstraint(fields=('entree', 'version'), name='version_masquee_unique')],
            },
        ),
    ]
