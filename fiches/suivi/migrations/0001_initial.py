import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("annuaire", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Fusion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("statut", models.CharField(max_length=10, verbose_name="état de la fiche fusionnée")),
                ("version", models.PositiveIntegerField(verbose_name="version de la fiche gardée avant la fusion")),
                ("deplaces", models.JSONField(default=dict, verbose_name="lignes déplacées")),
                ("le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="le")),
                (
                    "gardee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annuaire.entree",
                        verbose_name="fiche gardée",
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
                (
                    "perdue",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fusion",
                        to="annuaire.entree",
                        verbose_name="fiche fusionnée",
                    ),
                ),
            ],
            options={
                "verbose_name": "fusion",
            },
        ),
        migrations.CreateModel(
            name="ImportEnAttente",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("type", models.CharField(max_length=20, verbose_name="type")),
                ("nom", models.CharField(max_length=200, verbose_name="nom du fichier")),
                ("contenu", models.BinaryField(verbose_name="contenu")),
                ("empreinte", models.CharField(max_length=64, verbose_name="empreinte")),
                ("cree_le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="envoyé le")),
                (
                    "utilisateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL, verbose_name="par"
                    ),
                ),
            ],
            options={
                "verbose_name": "import en attente",
                "verbose_name_plural": "imports en attente",
            },
        ),
        migrations.CreateModel(
            name="PasDoublon",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="le")),
                (
                    "par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
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
                "verbose_name": "paire sans doublon",
                "verbose_name_plural": "paires sans doublon",
                "constraints": [models.UniqueConstraint(fields=("premiere", "seconde"), name="pas_doublon_unique")],
            },
        ),
    ]
