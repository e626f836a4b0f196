from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('glossaire', "0002_corbeille"),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalterme',
            name='datee',
            field=models.BooleanField(default=True, editable=False, verbose_name='date connue'),
        ),
        migrations.AddField(
            model_name='terme',
            name='datee',
            field=models.BooleanField(default=True, editable=False, verbose_name='date connue'),
        ),
    ]
