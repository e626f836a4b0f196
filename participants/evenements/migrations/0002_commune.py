import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evenements", "0001_initial"),
        ("referentiels", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="evenement",
            name="commune",
            field=models.ForeignKey(
                blank=True,
                help_text="Vide : celle que dit l’adresse, si elle finit par un code postal et une commune.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="referentiels.commune",
                verbose_name="commune",
            ),
        ),
        migrations.AddField(
            model_name="historicalevenement",
            name="commune",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Vide : celle que dit l’adresse, si elle finit par un code postal et une commune.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="referentiels.commune",
                verbose_name="commune",
            ),
        ),
        migrations.AlterField(
            model_name="evenement",
            name="departement",
            field=models.ForeignKey(
                blank=True,
                help_text="Vide : celui de la commune.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="referentiels.departement",
                verbose_name="département",
            ),
        ),
        migrations.AlterField(
            model_name="historicalevenement",
            name="departement",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Vide : celui de la commune.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="referentiels.departement",
                verbose_name="département",
            ),
        ),
    ]
