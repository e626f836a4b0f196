import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("referentiels", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entree",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("type", models.CharField(max_length=20, verbose_name="type")),
                ("slug", models.SlugField(max_length=100, verbose_name="adresse")),
                (
                    "statut",
                    models.CharField(
                        choices=[
                            ("brouillon", "brouillon"),
                            ("a-relire", "à relire"),
                            ("publiee", "publiée"),
                            ("retiree", "retirée"),
                        ],
                        default="brouillon",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("titre", models.CharField(max_length=500, verbose_name="titre")),
                ("tri", models.CharField(db_index=True, default="", editable=False, max_length=500)),
                ("lieu", models.CharField(blank=True, max_length=300, verbose_name="lieu")),
                ("publiee_le", models.DateTimeField(blank=True, null=True, verbose_name="publiée le")),
                ("modifiee_le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="modifiée le")),
                ("exemple", models.BooleanField(default=False, editable=False, verbose_name="donnée de démonstration")),
                (
                    "departement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="referentiels.departement",
                        verbose_name="département",
                    ),
                ),
                (
                    "fusionnee_dans",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="fusionnees",
                        to="annuaire.entree",
                        verbose_name="fusionnée dans",
                    ),
                ),
            ],
            options={
                "verbose_name": "entrée de l’annuaire",
                "verbose_name_plural": "entrées de l’annuaire",
                "ordering": ["-modifiee_le", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="AncienneAdresse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("type", models.CharField(max_length=20, verbose_name="type")),
                ("slug", models.SlugField(max_length=100, verbose_name="ancienne adresse")),
                (
                    "entree",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="anciennes_adresses",
                        to="annuaire.entree",
                    ),
                ),
            ],
            options={
                "verbose_name": "ancienne adresse",
                "verbose_name_plural": "anciennes adresses",
            },
        ),
        migrations.AddIndex(
            model_name="entree",
            index=models.Index(fields=["statut", "type", "-modifiee_le"], name="entree_statut_type"),
        ),
        migrations.AddConstraint(
            model_name="entree",
            constraint=models.UniqueConstraint(fields=("type", "slug"), name="entree_adresse_unique"),
        ),
        migrations.AddConstraint(
            model_name="ancienneadresse",
            constraint=models.UniqueConstraint(fields=("type", "slug"), name="ancienne_adresse_unique"),
        ),
    ]
