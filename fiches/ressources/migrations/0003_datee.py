from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ressources', "0002_corbeille"),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalressource',
            name='datee',
            field=models.BooleanField(default=True, editable=False, verbose_name='date connue'),
        ),
        migrations.AddField(
            model_name='ressource',
            name='datee',
            field=models.BooleanField(default=True, editable=False, verbose_name='date connue'),
        ),
    ]
