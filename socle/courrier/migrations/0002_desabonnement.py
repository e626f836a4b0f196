from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courrier', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='courriel',
            name='desabonnement',
            field=models.URLField(blank=True, max_length=300, verbose_name='adresse de désabonnement'),
        ),
    ]
