import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """One journal of who read persons: rooms that had one of their own move its rows here, each in a migration of its own."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("vie_privee", "0003_droits_de_la_personne"),
    ]

    operations = [
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("le", models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="date")),
                (
                    "quoi",
                    models.CharField(
                        choices=[
                            ("liste", "liste"),
                            ("fiche", "détail"),
                            ("csv", "export CSV"),
                            ("xlsx", "export XLSX"),
                            ("emargement", "feuille d’émargement"),
                            ("message", "message à toutes les personnes"),
                        ],
                        max_length=12,
                        verbose_name="action",
                    ),
                ),
                ("nombre", models.PositiveIntegerField(default=0, verbose_name="nombre de personnes")),
                ("genre", models.CharField(max_length=100)),
                ("sujet", models.CharField(blank=True, max_length=500, verbose_name="au sujet de")),
                (
                    "qui",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
            ],
            options={
                "verbose_name": "lecture de données personnelles",
                "verbose_name_plural": "lectures de données personnelles",
                "ordering": ["-le", "-pk"],
            },
        ),
    ]
