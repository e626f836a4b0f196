
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annuaire', '0005_un_ordre_un_index'),
        ('fiches', '0001_initial'),
        ('projets', '0005_index_du_bureau'),
        ('referentiels', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='projet',
            index=models.Index(fields=['statut', 'collectivite_tri', 'entree'], name='projet_par_collectivite'),
        ),
        migrations.AddIndex(
            model_name='projet',
            index=models.Index(fields=['statut', '-datee', '-modifiee_le', 'entree'], name='projet_par_date'),
        ),
    ]
