import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CleDuJour",
            fields=[
                ("jour", models.DateField(primary_key=True, serialize=False, verbose_name="jour")),
                ("cle", models.BinaryField(verbose_name="clé")),
            ],
            options={
                "verbose_name": "clé du jour",
                "verbose_name_plural": "clés du jour",
            },
        ),
        migrations.CreateModel(
            name="Effacement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("empreinte", models.CharField(max_length=64, unique=True, verbose_name="empreinte")),
                ("genre", models.CharField(blank=True, max_length=40, verbose_name="genre")),
                ("efface_le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="effacé le")),
            ],
            options={
                "verbose_name": "effacement",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Demande",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "courriel",
                    models.EmailField(
                        help_text="Celle sous laquelle la personne figure sur le site. Elle est retirée d’ici après la réponse.",
                        max_length=254,
                        verbose_name="adresse électronique de la personne",
                    ),
                ),
                (
                    "objet",
                    models.CharField(
                        choices=[("copie", "recevoir une copie"), ("effacement", "être effacé·e")],
                        default="effacement",
                        max_length=12,
                        verbose_name="demande",
                    ),
                ),
                ("recue_le", models.DateField(default=django.utils.timezone.localdate, verbose_name="reçue le")),
                ("traitee_le", models.DateTimeField(editable=False, null=True, verbose_name="traitée le")),
                (
                    "saisie_par",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="saisie par",
                    ),
                ),
                (
                    "traitee_par",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="traitée par",
                    ),
                ),
            ],
            options={
                "verbose_name": "demande d’une personne",
                "verbose_name_plural": "demandes de personnes",
                "ordering": ["traitee_le", "recue_le", "pk"],
                "permissions": [("repondre", "exporter et effacer les données d’une personne")],
            },
        ),
    ]
