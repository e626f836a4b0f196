import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annuaire', '0006_verification'),
        ('contributions', '0002_nouvelles_fiches'),
    ]

    operations = [
        migrations.CreateModel(
            name='FicheEnCours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consentement_texte', models.CharField(blank=True, editable=False, max_length=20, verbose_name='version du texte accepté')),
                ('consentement_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='consentement donné le')),
                ('type', models.CharField(max_length=20, verbose_name='type de fiche')),
                ('saisie', models.JSONField(default=dict, verbose_name='ce qui est écrit')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique')),
                ('etape', models.PositiveSmallIntegerField(default=1, verbose_name='étape où elle en est')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='commencée le')),
                ('modifiee_le', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='modifiée le')),
                ('envoyee_le', models.DateTimeField(blank=True, null=True, verbose_name='envoyée le')),
            ],
            options={
                'verbose_name': 'fiche en cours d’écriture',
                'verbose_name_plural': 'fiches en cours d’écriture',
            },
        ),
        migrations.AddField(
            model_name='contribution',
            name='credit',
            field=models.CharField(blank=True, max_length=100, verbose_name='nom à citer'),
        ),
        migrations.CreateModel(
            name='Credit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(choices=[('correction', 'correction'), ('fiche', 'nouvelle fiche')], max_length=12, verbose_name='nature')),
                ('nom', models.CharField(max_length=100, verbose_name='nom cité')),
                ('courriel', models.EmailField(max_length=254, verbose_name='adresse électronique')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='cité depuis le')),
                ('contribution', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cite', to='contributions.contribution', verbose_name='contribution')),
                ('entree', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='credits', to='annuaire.entree', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'nom cité dans une fiche',
                'verbose_name_plural': 'noms cités dans une fiche',
                'ordering': ['le', 'pk'],
            },
        ),
    ]
