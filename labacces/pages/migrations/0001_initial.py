import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Page",
            fields=[
                (
                    "cle",
                    models.CharField(
                        choices=[
                            ("a-propos", "À propos"),
                            ("aide", "Aide"),
                            ("plan-du-site", "Plan du site"),
                            ("accessibilite", "Accessibilité"),
                            ("mentions-legales", "Mentions légales"),
                            ("donnees-personnelles", "Données personnelles"),
                        ],
                        editable=False,
                        max_length=30,
                        primary_key=True,
                        serialize=False,
                        verbose_name="adresse",
                    ),
                ),
                ("titre", models.CharField(max_length=100, verbose_name="titre")),
                ("texte", models.TextField(verbose_name="texte")),
                ("editee", models.BooleanField(default=False, editable=False, verbose_name="modifiée par l’équipe")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "modifiee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="modifiée le"),
                ),
            ],
            options={
                "verbose_name": "page du site",
                "verbose_name_plural": "pages du site",
                "ordering": ["cle"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalPage",
            fields=[
                (
                    "cle",
                    models.CharField(
                        choices=[
                            ("a-propos", "À propos"),
                            ("aide", "Aide"),
                            ("plan-du-site", "Plan du site"),
                            ("accessibilite", "Accessibilité"),
                            ("mentions-legales", "Mentions légales"),
                            ("donnees-personnelles", "Données personnelles"),
                        ],
                        db_index=True,
                        editable=False,
                        max_length=30,
                        verbose_name="adresse",
                    ),
                ),
                ("titre", models.CharField(max_length=100, verbose_name="titre")),
                ("texte", models.TextField(verbose_name="texte")),
                ("editee", models.BooleanField(default=False, editable=False, verbose_name="modifiée par l’équipe")),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "modifiee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="modifiée le"),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical page du site",
                "verbose_name_plural": "historical pages du site",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
