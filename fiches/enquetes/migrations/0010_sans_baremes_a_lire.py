from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enquetes', '0009_choix_des_versions_de_avant'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='enquete',
            options={'ordering': ['titre', 'pk'], 'verbose_name': 'enquête'},
        ),
        migrations.AlterModelOptions(
            name='historicalenquete',
            options={'get_latest_by': ('history_date', 'history_id'), 'ordering': ('-history_date', '-history_id'), 'verbose_name': 'historical enquête', 'verbose_name_plural': 'historical enquêtes'},
        ),
        migrations.RemoveField(
            model_name='enquete',
            name='baremes_a_lire',
        ),
        migrations.RemoveField(
            model_name='enquete',
            name='baremes_lus',
        ),
        migrations.RemoveField(
            model_name='historicalenquete',
            name='baremes_a_lire',
        ),
        migrations.RemoveField(
            model_name='historicalenquete',
            name='baremes_lus',
        ),
        migrations.AlterField(
            model_name='enquete',
            name='indemnites',
            field=models.TextField(blank=True, verbose_name='montants relevés par l’équipe : combien, qui, pour quoi'),
        ),
        migrations.AlterField(
            model_name='historicalenquete',
            name='indemnites',
            field=models.TextField(blank=True, verbose_name='montants relevés par l’équipe : combien, qui, pour quoi'),
        ),
    ]
