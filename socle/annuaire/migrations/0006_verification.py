import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annuaire', '0005_un_ordre_un_index'),
        ('referentiels', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='entree',
            name='verifiee_le',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='vérifiée le'),
        ),
        migrations.AddIndex(
            model_name='entree',
            index=models.Index(models.F('statut'), models.F('type'), django.db.models.functions.comparison.Greatest('modifiee_le', django.db.models.functions.comparison.Coalesce('verifiee_le', 'modifiee_le')), name='entree_par_fraicheur'),
        ),
    ]
