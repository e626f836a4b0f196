
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annuaire', '0004_datee'),
        ('referentiels', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='entree',
            index=models.Index(fields=['statut', 'tri', 'id'], name='entree_par_titre'),
        ),
        migrations.AddIndex(
            model_name='entree',
            index=models.Index(fields=['statut', '-datee', '-modifiee_le', 'id'], name='entree_par_date'),
        ),
    ]
