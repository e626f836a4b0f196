from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('referentiels', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='commune',
            index=models.Index(fields=['latitude', 'longitude'], name='commune_position'),
        ),
    ]
