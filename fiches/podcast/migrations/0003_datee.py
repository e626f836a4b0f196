from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('podcast', "0002_corbeille"),
    ]

    operations = [
        migrations.AddField(
            model_name='episode',
            name='datee',
            field=models.BooleanField(default=True, editable=False, verbose_name='date connue'),
        ),
        migrations.AddField(
            model_name='historicalepisode',
            name='datee',
            field=models.BooleanField(default=True, editable=False, verbose_name='date connue'),
        ),
    ]
