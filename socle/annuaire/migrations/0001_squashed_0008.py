"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('annuaire', '0001_initial'),
        ('annuaire', '0002_commune'),
        ('annuaire', '0003_corbeille'),
        ('annuaire', '0004_datee'),
        ('annuaire', '0005_un_ordre_un_index'),
        ('annuaire', '0006_verification'),
        ('annuaire', '0007_annee_dite'),
        ('annuaire', '0008_journal'),
    ]

    dependencies = [
        ('referentiels', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Entree',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=20, verbose_name='type')),
                ('slug', models.SlugField(max_length=100, verbose_name='adresse')),
                ('statut', models.CharField(choices=[('brouillon', 'brouillon'), ('a-relire', 'à relire'), ('publiee', 'publiée'), ('retiree', 'retirée'), ('corbeille', 'à la corbeille')], default='brouillon', max_length=10, verbose_name='état')),
                ('titre', models.CharField(max_length=500, verbose_name='titre')),
                ('tri', models.CharField(db_index=True, default='', editable=False, max_length=500)),
                ('lieu', models.CharField(blank=True, max_length=300, verbose_name='lieu')),
                ('publiee_le', models.DateTimeField(blank=True, null=True, verbose_name='publiée le')),
                ('modifiee_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='modifiée le')),
                ('datee', models.BooleanField(default=True, editable=False, verbose_name='date connue')),
                ('annee_dite', models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='année dite')),
                ('verifiee_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='vérifiée le')),
                ('exemple', models.BooleanField(default=False, editable=False, verbose_name='donnée de démonstration')),
                ('commune', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='referentiels.commune', verbose_name='commune')),
                ('departement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referentiels.departement', verbose_name='département')),
                ('fusionnee_dans', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='fusionnees', to='annuaire.entree', verbose_name='fusionnée dans')),
            ],
            options={
                'verbose_name': 'entrée de l’annuaire',
                'verbose_name_plural': 'entrées de l’annuaire',
                'ordering': ['-modifiee_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='AncienneAdresse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=20, verbose_name='type')),
                ('slug', models.SlugField(max_length=100, verbose_name='ancienne adresse')),
                ('entree', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='anciennes_adresses', to='annuaire.entree')),
            ],
            options={
                'verbose_name': 'ancienne adresse',
                'verbose_name_plural': 'anciennes adresses',
            },
        ),
        migrations.AddIndex(
            model_name='entree',
            index=models.Index(fields=['statut', 'type', '-datee', '-modifiee_le'], name='entree_statut_type'),
        ),
        migrations.AddIndex(
            model_name='entree',
            index=models.Index(fields=['statut', 'tri', 'id'], name='entree_par_titre'),
        ),
        migrations.AddIndex(
            model_name='entree',
            index=models.Index(fields=['statut', '-datee', '-modifiee_le', 'id'], name='entree_par_date'),
        ),
        migrations.AddIndex(
            model_name='entree',
            index=models.Index(models.F('statut'), models.F('type'), django.db.models.functions.comparison.Greatest('modifiee_le', django.db.models.functions.comparison.Coalesce('verifiee_le', 'modifiee_le')), name='entree_par_fraicheur'),
        ),
        migrations.AddIndex(
            model_name='entree',
            index=models.Index(condition=models.Q(('datee', False), ('verifiee_le__isnull', True)), fields=['statut', 'type'], name='entree_jamais_relue'),
        ),
        migrations.AddConstraint(
            model_name='entree',
            constraint=models.UniqueConstraint(fields=('type', 'slug'), name='entree_adresse_unique'),
        ),
        migrations.AddConstraint(
            model_name='ancienneadresse',
            constraint=models.UniqueConstraint(fields=('type', 'slug'), name='ancienne_adresse_unique'),
        ),
    ]
