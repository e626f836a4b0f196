import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('fiches', '0001_initiale'),
    ]

    operations = [
        migrations.CreateModel(
            name='Indexe',
            fields=[
                ('entree', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='indexe', serialize=False, to='fiches.entree', verbose_name='entrée')),
                ('tete', models.TextField(verbose_name='titre, lieu et thèmes')),
                ('corps', models.TextField(verbose_name='texte')),
            ],
            options={
                'verbose_name': 'texte indexé',
                'verbose_name_plural': 'textes indexés',
            },
        ),
    ]
