from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projets', "0002_corbeille"),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalprojet',
            name='datee',
            field=models.BooleanField(default=True, editable=False, verbose_name='date connue'),
        ),
        migrations.AddField(
            model_name='projet',
            name='datee',
            field=models.BooleanField(default=True, editable=False, verbose_name='date connue'),
        ),
    ]
