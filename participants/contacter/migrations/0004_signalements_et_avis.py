import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annuaire', '0006_verification'),
        ('contacter', '0003_nom_du_journal'),
    ]

    operations = [
        migrations.CreateModel(
            name='Signalement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partie', models.CharField(blank=True, max_length=200, verbose_name='partie de la fiche')),
                ('texte', models.TextField(verbose_name='ce qui ne va pas')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique')),
                ('etat', models.CharField(choices=[('recu', 'reçu'), ('en-cours', 'en cours'), ('corrige', 'corrigé'), ('sans-suite', 'sans suite')], default='recu', max_length=10, verbose_name='état')),
                ('doute', models.CharField(blank=True, max_length=300, verbose_name='à regarder parce que')),
                ('reponse', models.TextField(blank=True, verbose_name='réponse')),
                ('recu_le', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='reçu le')),
                ('clos_le', models.DateTimeField(blank=True, null=True, verbose_name='clos le')),
                ('entree', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signalements', to='annuaire.entree', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'signalement',
                'ordering': ['-recu_le', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='AvisDuMois',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mois', models.DateField(verbose_name='mois')),
                ('oui', models.PositiveIntegerField(default=0, verbose_name='oui')),
                ('non', models.PositiveIntegerField(default=0, verbose_name='non')),
                ('entree', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='avis', to='annuaire.entree', verbose_name='fiche')),
            ],
            options={
                'verbose_name': 'avis d’un mois',
                'verbose_name_plural': 'avis par mois',
                'constraints': [models.UniqueConstraint(fields=('entree', 'mois'), name='avis_du_mois_unique')],
            },
        ),
    ]
