from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('inscriptions', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='consultationdinscriptions',
            options={'ordering': ['-le', '-pk'], 'verbose_name': 'lecture d’inscriptions', 'verbose_name_plural': 'lectures d’inscriptions'},
        ),
    ]
