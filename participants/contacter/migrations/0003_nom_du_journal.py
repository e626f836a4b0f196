from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('contacter', '0002_reponse_a_message'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='consultationdemessages',
            options={'ordering': ['-le', '-pk'], 'verbose_name': 'lecture de messages', 'verbose_name_plural': 'lectures de messages'},
        ),
    ]
