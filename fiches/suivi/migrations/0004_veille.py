import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annuaire', '0006_verification'),
        ('suivi', '0003_versions_masquees'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
    ]
