from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enquetes', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='enquete',
            name='statut',
            field=models.CharField(choices=[('brouillon', 'brouillon'), ('a-relire', 'à relire'), ('publiee', 'publiée'), ('retiree', 'retirée'), ('corbeille', 'à la corbeille')], default='brouillon', max_length=10, verbose_name='état'),
        ),
        migrations.AlterField(
            model_name='historicalenquete',
            name='statut',
            field=models.CharField(choices=[('brouillon', 'brouillon'), ('a-relire', 'à relire'), ('publiee', 'publiée'), ('retiree', 'retirée'), ('corbeille', 'à la corbeille')], default='brouillon', max_length=10, verbose_name='état'),
        ),
    ]
