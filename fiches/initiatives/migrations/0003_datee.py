from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', "0002_corbeille"),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalinitiative',
            name='datee',
            field=models.BooleanField(default=True, editable=False, verbose_name='date connue'),
        ),
        migrations.AddField(
            model_name='initiative',
            name='datee',
            field=models.BooleanField(default=True, editable=False, verbose_name='date connue'),
        ),
    ]
