from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0002_renseignements'),
    ]

    operations = [
        migrations.RenameField('renseignements', 'licence', 'licence_autre'),
        migrations.AddField(
            model_name='renseignements',
            name='licence',
            field=models.CharField(blank=True, choices=[('lo-2.0', 'Licence Ouverte 2.0'), ('odbl-1.0', 'ODbL 1.0'), ('cc-by-4.0', 'CC BY 4.0'), ('cc-by-sa-4.0', 'CC BY-SA 4.0'), ('autre', 'une autre, écrite ci-dessous')], help_text='Chaque page, chaque fichier et l’API la disent. Celle que portait l’ancien wiki lie toujours les textes qui en viennent : pour en prendre une autre, il faut qu’elle le permette, ou l’accord de celles et ceux qui les ont écrits.', max_length=20, verbose_name='licence des fiches'),
        ),
        migrations.AlterField(
            model_name='renseignements',
            name='licence_autre',
            field=models.CharField(blank=True, help_text='Imprimée telle quelle.', max_length=200, verbose_name='autre licence, en toutes lettres'),
        ),
    ]
