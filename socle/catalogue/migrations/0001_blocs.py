
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Bloc',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('liste', models.CharField(max_length=20)),
                ('facette', models.CharField(blank=True, max_length=40)),
                ('valeur', models.CharField(max_length=100)),
                ('rang', models.PositiveIntegerField()),
                ('bits', models.BinaryField()),
            ],
            options={
                'verbose_name': 'bloc de facette',
                'verbose_name_plural': 'blocs de facettes',
                'constraints': [models.UniqueConstraint(fields=('liste', 'rang', 'facette', 'valeur'), name='bloc_unique')],
            },
        ),
    ]
