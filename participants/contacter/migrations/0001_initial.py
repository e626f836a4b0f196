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
            name="ConsultationDeMessages",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("le", models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="date")),
                ("nombre", models.PositiveIntegerField(default=0, verbose_name="nombre de personnes")),
                (
                    "quoi",
                    models.CharField(
                        choices=[
                            ("liste", "liste des messages"),
                            ("fiche", "un message"),
                            ("csv", "export CSV"),
                            ("xlsx", "export XLSX"),
                        ],
                        max_length=12,
                        verbose_name="action",
                    ),
                ),
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
                "verbose_name": "lecture de messages",
                "verbose_name_plural": "journal des lectures de messages",
                "ordering": ["-le", "-pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "consentement_texte",
                    models.CharField(
                        blank=True, editable=False, max_length=20, verbose_name="version du texte accepté"
                    ),
                ),
                (
                    "consentement_le",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="consentement donné le"),
                ),
                ("nom", models.CharField(max_length=300, verbose_name="nom")),
                ("courriel", models.EmailField(max_length=254, verbose_name="adresse électronique")),
                ("texte", models.TextField(verbose_name="message")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("a-verifier", "à vérifier"),
                            ("transmis", "transmis"),
                            ("traite", "traité par l’équipe"),
                            ("ecarte", "écarté"),
                        ],
                        default="a-verifier",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("doute", models.CharField(blank=True, max_length=300, verbose_name="à vérifier parce que")),
                (
                    "recu_le",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="reçu le"),
                ),
                ("transmis_le", models.DateTimeField(blank=True, null=True, verbose_name="transmis le")),
                (
                    "entree",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="messages",
                        to="annuaire.entree",
                        verbose_name="fiche",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "ordering": ["-recu_le", "-pk"],
            },
        ),
    ]
