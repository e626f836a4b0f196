import django.db.models.deletion
from django.db import migrations, models

import participants.contributions.models


class Migration(migrations.Migration):

    dependencies = [
        ('contributions', '0003_etapes_et_credits'),
    ]

    operations = [
        migrations.CreateModel(
            name='FichierPropose',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=200, verbose_name='nom')),
                ('fichier', models.FileField(blank=True, max_length=255, upload_to=participants.contributions.models.random_name, verbose_name='fichier')),
                ('poids', models.PositiveIntegerField(verbose_name='poids en octets')),
                ('suite', models.CharField(blank=True, choices=[('', 'attend une décision'), ('pris', 'joint à la fiche'), ('refuse', 'non retenu, effacé')], default='', max_length=10, verbose_name='suite')),
                ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fichiers', to='contributions.contribution', verbose_name='contribution')),
            ],
            options={
                'verbose_name': 'fichier proposé',
                'verbose_name_plural': 'fichiers proposés',
                'ordering': ['pk'],
            },
        ),
    ]
