from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('explorations', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='consultationdexplorations',
            options={'ordering': ['-le', '-pk'], 'verbose_name': 'lecture d’explorations', 'verbose_name_plural': 'lectures d’explorations'},
        ),
    ]
