import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("annuaire", "0004_datee"),
        ("suivi", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CleDeDoublon",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cle", models.BigIntegerField(verbose_name="clé")),
                (
                    "entree",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annuaire.entree",
                        verbose_name="fiche",
                    ),
                ),
            ],
            options={
                "verbose_name": "clé de doublon",
                "verbose_name_plural": "clés de doublon",
                "constraints": [models.UniqueConstraint(fields=("cle", "entree"), name="cle_de_doublon_unique")],
            },
        ),
        migrations.CreateModel(
            name="PairePossible",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("type", models.CharField(max_length=20, verbose_name="type")),
                ("raisons", models.CharField(max_length=100, verbose_name="raisons")),
                (
                    "premiere",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annuaire.entree",
                        verbose_name="première fiche",
                    ),
                ),
                (
                    "seconde",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annuaire.entree",
                        verbose_name="seconde fiche",
                    ),
                ),
            ],
            options={
                "verbose_name": "doublon possible",
                "verbose_name_plural": "doublons possibles",
                "constraints": [
                    models.UniqueConstraint(fields=("type", "premiere", "seconde"), name="paire_possible_unique")
                ],
            },
        ),
    ]
