from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enquetes', "0004_baremes_a_lire"),
    ]

    operations = [
        migrations.AddField(
            model_name='enquete',
            name='datee',
            field=models.BooleanField(default=True, editable=False, verbose_name='date connue'),
        ),
        migrations.AddField(
            model_name='historicalenquete',
            name='datee',
            field=models.BooleanField(default=True, editable=False, verbose_name='date connue'),
        ),
    ]
