
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='VersionDeDonnees',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(db_index=True, max_length=40)),
                ('jeton', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'version des données',
                'verbose_name_plural': 'versions des données',
            },
        ),
    ]
