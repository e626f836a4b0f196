from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annuaire', '0002_commune'),
    ]

    operations = [
        migrations.AlterField(
            model_name='entree',
            name='statut',
            field=models.CharField(choices=[('brouillon', 'brouillon'), ('a-relire', 'à relire'), ('publiee', 'publiée'), ('retiree', 'retirée'), ('corbeille', 'à la corbeille')], default='brouillon', max_length=10, verbose_name='état'),
        ),
    ]
