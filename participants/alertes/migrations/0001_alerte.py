import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

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
                ('connues', models.BinaryField(default=bytes, verbose_name='fiches connues')),
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
        migrations.CreateModel(
            name='ConsultationDAlertes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('le', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='date')),
                ('nombre', models.PositiveIntegerField(default=0, verbose_name='nombre de personnes')),
                ('quoi', models.CharField(choices=[('liste', 'liste des alertes'), ('fiche', 'une alerte'), ('csv', 'export CSV'), ('xlsx', 'export XLSX')], max_length=12, verbose_name='action')),
                ('qui', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'lecture d’alertes',
                'verbose_name_plural': 'lectures d’alertes',
                'ordering': ['-le', '-pk'],
                'abstract': False,
            },
        ),
    ]
