import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annuaire", "0001_initial"),
        ("referentiels", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="entree",
            name="commune",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="referentiels.commune",
                verbose_name="commune",
            ),
        ),
    ]
