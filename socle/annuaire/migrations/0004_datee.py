from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annuaire', "0003_corbeille"),
        ('referentiels', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='entree',
            name='entree_statut_type',
        ),
        migrations.AddField(
            model_name='entree',
            name='datee',
            field=models.BooleanField(default=True, editable=False, verbose_name='date connue'),
        ),
        migrations.AddIndex(
            model_name='entree',
            index=models.Index(fields=['statut', 'type', '-datee', '-modifiee_le'], name='entree_statut_type'),
        ),
    ]
