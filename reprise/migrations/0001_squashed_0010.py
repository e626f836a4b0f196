"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('reprise', '0001_initial'),
        ('reprise', '0002_lieu_a_verifier'),
        ('reprise', '0003_sans_date'),
        ('reprise', '0004_titre_manquant'),
        ('reprise', '0005_fichier_interne'),
        ('reprise', '0006_annees_dites'),
        ('reprise', '0007_mots_masques'),
        ('reprise', '0008_deux_cotes'),
        ('reprise', '0009_conflits_reunis'),
        ('reprise', '0010_sans_conflits'),
    ]

    dependencies = [
        ('annuaire', '__first__'),
        ('explorations', '__first__'),
        ('inscriptions', '__first__'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AncienFormulaire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numero', models.CharField(max_length=20, unique=True, verbose_name='numéro')),
                ('type', models.CharField(max_length=20, verbose_name='type')),
            ],
            options={
                'verbose_name': 'ancien formulaire',
                'verbose_name_plural': 'anciens formulaires',
            },
        ),
        migrations.CreateModel(
            name='AnomalieExploration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('champ', models.CharField(blank=True, max_length=200, verbose_name='champ')),
                ('ligne', models.PositiveIntegerField(blank=True, null=True, verbose_name='ligne du fichier')),
                ('texte', models.TextField(blank=True, verbose_name='texte d’origine')),
                ('valeurs', models.JSONField(default=dict, editable=False, verbose_name='valeurs de l’ancien site')),
                ('creee_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='relevée le')),
                ('reglee_le', models.DateTimeField(blank=True, null=True, verbose_name='réglée le')),
                ('type', models.CharField(choices=[('evenement_a_preciser', 'événement à préciser'), ('courriel_invalide', 'courriel invalide'), ('doublon_probable', 'doublon probable'), ('contenu_indesirable', 'contenu indésirable retiré'), ('titre_manquant', 'titre manquant'), ('non_attribuee', 'ligne sans champ'), ('lien_vide', 'lien vide'), ('balisage_inconnu', 'mise en forme inconnue'), ('fin_douteuse', 'fin du fichier douteuse'), ('change_des_deux_cotes', 'a changé des deux côtés')], max_length=30, verbose_name='type')),
                ('empreinte', models.CharField(editable=False, max_length=64, unique=True)),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='anomalies', to='explorations.exploration', verbose_name='exploration')),
                ('reglee_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='réglée par')),
            ],
            options={
                'verbose_name': 'anomalie d’exploration',
                'verbose_name_plural': 'anomalies d’explorations',
                'ordering': ['reglee_le', 'type', 'ligne', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AnomalieInscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('champ', models.CharField(blank=True, max_length=200, verbose_name='champ')),
                ('ligne', models.PositiveIntegerField(blank=True, null=True, verbose_name='ligne du fichier')),
                ('texte', models.TextField(blank=True, verbose_name='texte d’origine')),
                ('valeurs', models.JSONField(default=dict, editable=False, verbose_name='valeurs de l’ancien site')),
                ('creee_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='relevée le')),
                ('reglee_le', models.DateTimeField(blank=True, null=True, verbose_name='réglée le')),
                ('type', models.CharField(choices=[('evenement_a_preciser', 'événement à préciser'), ('courriel_invalide', 'courriel invalide'), ('doublon_probable', 'doublon probable'), ('contenu_indesirable', 'contenu indésirable retiré'), ('titre_manquant', 'titre manquant'), ('non_attribuee', 'ligne sans champ'), ('lien_vide', 'lien vide'), ('balisage_inconnu', 'mise en forme inconnue'), ('fin_douteuse', 'fin du fichier douteuse'), ('change_des_deux_cotes', 'a changé des deux côtés')], max_length=30, verbose_name='type')),
                ('empreinte', models.CharField(editable=False, max_length=64, unique=True)),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='anomalies', to='inscriptions.inscription', verbose_name='inscription')),
                ('reglee_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='réglée par')),
            ],
            options={
                'verbose_name': 'anomalie d’inscription',
                'verbose_name_plural': 'anomalies d’inscriptions',
                'ordering': ['reglee_le', 'type', 'ligne', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Ecartee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=20, verbose_name='type')),
                ('cle', models.CharField(max_length=500, verbose_name='clé de rapprochement')),
                ('identifiant', models.CharField(blank=True, default='', editable=False, max_length=200, verbose_name='identifiant d’origine')),
                ('titre', models.CharField(max_length=500, verbose_name='titre')),
                ('supprimee_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='supprimée le')),
            ],
            options={
                'verbose_name': 'fiche écartée de la reprise',
                'verbose_name_plural': 'fiches écartées de la reprise',
                'ordering': ['-supprimee_le', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('type', 'cle'), name='ecartee_unique')],
            },
        ),
        migrations.CreateModel(
            name='Origine',
            fields=[
                ('entree', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='origine', serialize=False, to='annuaire.entree')),
                ('site', models.CharField(blank=True, max_length=200, verbose_name='site')),
                ('identifiant', models.CharField(blank=True, max_length=200, verbose_name='identifiant d’origine')),
                ('type', models.CharField(max_length=20, verbose_name='type')),
                ('cle', models.CharField(db_index=True, max_length=500, verbose_name='clé de rapprochement')),
                ('premiere_ligne', models.PositiveIntegerField(blank=True, null=True, verbose_name='première ligne')),
                ('derniere_ligne', models.PositiveIntegerField(blank=True, null=True, verbose_name='dernière ligne')),
                ('valeurs', models.JSONField(default=dict, verbose_name='valeurs reprises')),
                ('reprise_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='reprise le')),
            ],
            options={
                'verbose_name': 'origine',
                'constraints': [models.UniqueConstraint(fields=('type', 'cle'), name='origine_unique')],
            },
        ),
        migrations.CreateModel(
            name='Reprise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('site', models.CharField(blank=True, max_length=200, verbose_name='source')),
                ('commande', models.CharField(blank=True, max_length=500, verbose_name='commande')),
                ('format', models.CharField(max_length=10, verbose_name='format')),
                ('bilan', models.JSONField(default=dict, verbose_name='bilan')),
                ('copie', models.CharField(blank=True, max_length=500, verbose_name='copie d’avant')),
                ('par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'reprise',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='AncienIdentifiant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('identifiant', models.CharField(max_length=200, unique=True, verbose_name='identifiant')),
                ('statut', models.CharField(choices=[('fiche', 'fiche'), ('disparue', 'disparue')], default='fiche', max_length=10, verbose_name='état')),
                ('certain', models.BooleanField(default=False, verbose_name='lu sur l’ancien site')),
                ('entree', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='anciens_identifiants', to='annuaire.entree', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'ancien identifiant',
                'verbose_name_plural': 'anciens identifiants',
                'ordering': ['identifiant'],
                'indexes': [models.Index(django.db.models.functions.text.Lower('identifiant'), name='ancien_identifiant_minuscule')],
            },
        ),
        migrations.CreateModel(
            name='Anomalie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('champ', models.CharField(blank=True, max_length=200, verbose_name='champ')),
                ('ligne', models.PositiveIntegerField(blank=True, null=True, verbose_name='ligne du fichier')),
                ('texte', models.TextField(blank=True, verbose_name='texte d’origine')),
                ('valeurs', models.JSONField(default=dict, editable=False, verbose_name='valeurs de l’ancien site')),
                ('creee_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='relevée le')),
                ('reglee_le', models.DateTimeField(blank=True, null=True, verbose_name='réglée le')),
                ('type', models.CharField(choices=[('contenu_indesirable', 'contenu indésirable retiré'), ('courriel_invalide', 'courriel invalide'), ('montant_a_verifier', 'montant à vérifier'), ('lieu_a_verifier', 'lieu à vérifier'), ('lien_vide', 'lien vide'), ('lien_a_verifier', 'lien à vérifier'), ('fichier_manquant', 'fichier manquant'), ('fichier_interne', 'fichier gardé pour l’équipe'), ('titre_manquant', 'titre manquant'), ('definition_manquante', 'définition manquante'), ('type_inconnu', 'type de fiche inconnu'), ('doublon_probable', 'doublon probable'), ('version_probable', 'nouvelle version probable'), ('evenement_a_preciser', 'événement à préciser'), ('departement_inconnu', 'département inconnu'), ('non_attribuee', 'ligne sans champ'), ('balisage_inconnu', 'mise en forme inconnue'), ('fin_douteuse', 'fin du fichier douteuse'), ('valeur_reservee', 'valeur que l’ancien site cachait'), ('mots_masques', 'mots sur des personnes masqués'), ('change_des_deux_cotes', 'a changé des deux côtés')], max_length=30, verbose_name='type')),
                ('empreinte', models.CharField(editable=False, max_length=64)),
                ('entree', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='anomalies', to='annuaire.entree', verbose_name='fiche')),
                ('reglee_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL, verbose_name='réglée par')),
            ],
            options={
                'verbose_name': 'anomalie de reprise',
                'verbose_name_plural': 'anomalies de reprise',
                'ordering': ['type', 'ligne', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('empreinte',), name='anomalie_unique')],
            },
        ),
    ]
