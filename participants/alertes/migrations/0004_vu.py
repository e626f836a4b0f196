from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("alertes", "0003_inachevees")]

    operations = [
        migrations.AddField(
            model_name="alerte",
            name="vu",
            field=models.BigIntegerField(default=0, editable=False, verbose_name="vu jusqu’au changement"),
        ),
        migrations.AlterField(
            model_name="alerte",
            name="inachevees",
            field=models.BinaryField(default=bytes, verbose_name="fiches attendues"),
        ),
    ]
