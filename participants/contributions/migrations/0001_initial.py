import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('annuaire', '0005_un_ordre_un_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ConsultationDeContributions',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('le', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='date')),
                ('nombre', models.PositiveIntegerField(default=0, verbose_name='nombre de personnes')),
                ('quoi', models.CharField(choices=[('liste', 'liste des contributions'), ('fiche', 'une contribution'), ('csv', 'export CSV'), ('xlsx', 'export XLSX')], max_length=12, verbose_name='action')),
                ('qui', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'lecture de contributions',
                'verbose_name_plural': 'lectures de contributions',
                'ordering': ['-le', '-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consentement_texte', models.CharField(blank=True, editable=False, max_length=20, verbose_name='version du texte accepté')),
                ('consentement_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='consentement donné le')),
                ('nature', models.CharField(choices=[('correction', 'correction')], default='correction', max_length=12, verbose_name='nature')),
                ('type', models.CharField(max_length=20, verbose_name='type de fiche')),
                ('base', models.PositiveIntegerField(default=0, verbose_name='version lue')),
                ('valeurs', models.JSONField(default=dict, verbose_name='changements proposés')),
                ('source', models.TextField(verbose_name='comment le savez-vous')),
                ('nom', models.CharField(blank=True, max_length=300, verbose_name='nom')),
                ('courriel', models.EmailField(max_length=254, verbose_name='adresse électronique')),
                ('etat', models.CharField(choices=[('a-confirmer', 'à confirmer'), ('a-verifier', 'douteuse, à vérifier'), ('recue', 'reçue'), ('en-examen', 'en examen'), ('question', 'question posée'), ('acceptee', 'acceptée'), ('en-partie', 'acceptée en partie'), ('refusee', 'refusée'), ('retiree', 'retirée par la personne')], default='a-confirmer', max_length=12, verbose_name='état')),
                ('doute', models.CharField(blank=True, max_length=300, verbose_name='à vérifier parce que')),
                ('tour', models.PositiveIntegerField(default=0, verbose_name='tour')),
                ('recue_le', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='reçue le')),
                ('demandee_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='confirmation demandée le')),
                ('close_le', models.DateTimeField(blank=True, null=True, verbose_name='close le')),
                ('decidee_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('entree', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contributions', to='annuaire.entree', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'contribution',
                'ordering': ['recue_le', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Echange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('de_equipe', models.BooleanField(default=False, verbose_name='de l’équipe')),
                ('texte', models.TextField(verbose_name='message')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='echanges', to='contributions.contribution', verbose_name='contribution')),
                ('par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'échange sur une contribution',
                'verbose_name_plural': 'échanges sur une contribution',
                'ordering': ['le', 'pk'],
            },
        ),
    ]
