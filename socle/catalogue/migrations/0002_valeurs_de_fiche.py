from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0001_blocs'),
    ]

    operations = [
        migrations.CreateModel(
            name='ValeursDeFiche',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('liste', models.CharField(max_length=20)),
                ('fiche', models.PositiveBigIntegerField()),
                ('valeurs', models.TextField()),
            ],
            options={
                'verbose_name': 'valeurs d’une fiche',
                'verbose_name_plural': 'valeurs des fiches',
                'constraints': [models.UniqueConstraint(fields=('liste', 'fiche'), name='valeurs_de_fiche_unique')],
            },
        ),
    ]
