from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('podcast', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='episode',
            name='statut',
            field=models.CharField(choices=[('brouillon', 'brouillon'), ('a-relire', 'à relire'), ('publiee', 'publiée'), ('retiree', 'retirée'), ('corbeille', 'à la corbeille')], default='brouillon', max_length=10, verbose_name='état'),
        ),
        migrations.AlterField(
            model_name='historicalepisode',
            name='statut',
            field=models.CharField(choices=[('brouillon', 'brouillon'), ('a-relire', 'à relire'), ('publiee', 'publiée'), ('retiree', 'retirée'), ('corbeille', 'à la corbeille')], default='brouillon', max_length=10, verbose_name='état'),
        ),
    ]
