import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Comptage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("empreinte", models.CharField(max_length=64, unique=True, verbose_name="empreinte")),
                ("jour", models.DateField(db_index=True, verbose_name="jour")),
                ("nombre", models.PositiveIntegerField(default=0, verbose_name="nombre")),
            ],
            options={
                "verbose_name": "comptage",
            },
        ),
        migrations.CreateModel(
            name="Envoi",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("empreinte", models.CharField(max_length=64, unique=True, verbose_name="empreinte")),
                (
                    "recu_le",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="reçu le"),
                ),
            ],
            options={
                "verbose_name": "envoi reçu",
                "verbose_name_plural": "envois reçus",
            },
        ),
    ]
