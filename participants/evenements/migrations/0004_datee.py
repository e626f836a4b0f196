from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evenements', "0003_corbeille"),
    ]

    operations = [
        migrations.AddField(
            model_name='evenement',
            name='datee',
            field=models.BooleanField(default=True, editable=False, verbose_name='date connue'),
        ),
        migrations.AddField(
            model_name='historicalevenement',
            name='datee',
            field=models.BooleanField(default=True, editable=False, verbose_name='date connue'),
        ),
    ]
