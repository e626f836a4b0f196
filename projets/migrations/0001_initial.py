import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("annuaire", "0001_initial"),
        ("fiches", "0001_initial"),
        ("referentiels", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalProjet",
            fields=[
                ("titre", models.CharField(max_length=500, verbose_name="titre")),
                (
                    "slug",
                    models.SlugField(
                        blank=True,
                        help_text="Dernière partie de l’adresse de la page. Vide : tirée du titre. L’ancienne adresse reste valable.",
                        max_length=100,
                        verbose_name="adresse",
                    ),
                ),
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
                (
                    "themes_automatiques",
                    models.BooleanField(default=True, editable=False, verbose_name="thèmes proposés automatiquement"),
                ),
                (
                    "cree_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                ("publiee_le", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publiée le")),
                (
                    "modifiee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="modifiée le"),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("collectivite", models.CharField(blank=True, max_length=300, verbose_name="nom de la collectivité")),
                ("description", models.TextField(blank=True, verbose_name="description synthétique du projet")),
                ("objectifs", models.TextField(blank=True, verbose_name="objectifs")),
                (
                    "montant_eur",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Vide ou 0 : « montant non renseigné », compté dans aucun total.",
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="montant du financement France Relance (€)",
                    ),
                ),
                (
                    "montant_source",
                    models.CharField(
                        blank=True,
                        help_text="Les mots de l’ancien site, gardés pour mémoire et donnés dans le fichier CSV. Si vous corrigez le montant ci-dessus, c’est lui que les pages et les totaux montrent ; ces mots ne le changent pas.",
                        max_length=300,
                        verbose_name="montant tel qu’il a été écrit",
                    ),
                ),
                ("suivi", models.TextField(blank=True, verbose_name="suivi du projet")),
                (
                    "engagements",
                    models.TextField(
                        blank=True, verbose_name="engagements dans le cadre de la convention de financement"
                    ),
                ),
                (
                    "titre_court",
                    models.CharField(
                        blank=True,
                        help_text="Vide : le titre sans le nom de la collectivité.",
                        max_length=500,
                        verbose_name="titre affiché",
                    ),
                ),
                (
                    "collectivite_courte",
                    models.CharField(
                        blank=True,
                        help_text="Vide : le nom de la collectivité, mis en forme.",
                        max_length=300,
                        verbose_name="collectivité affichée",
                    ),
                ),
                (
                    "titre_public",
                    models.CharField(default="", editable=False, max_length=500, verbose_name="titre public"),
                ),
                (
                    "collectivite_publique",
                    models.CharField(default="", editable=False, max_length=300, verbose_name="collectivité"),
                ),
                ("collectivite_tri", models.CharField(db_index=True, default="", editable=False, max_length=300)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="referentiels.commune",
                        verbose_name="commune",
                    ),
                ),
                (
                    "departement",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="referentiels.departement",
                        verbose_name="département",
                    ),
                ),
                (
                    "entree",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="annuaire.entree",
                    ),
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
                (
                    "intercommunalite",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="referentiels.intercommunalite",
                        verbose_name="intercommunalité",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical projet France Relance",
                "verbose_name_plural": "historical projets France Relance",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Projet",
            fields=[
                (
                    "entree",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="%(class)s",
                        serialize=False,
                        to="annuaire.entree",
                    ),
                ),
                ("titre", models.CharField(max_length=500, verbose_name="titre")),
                (
                    "slug",
                    models.SlugField(
                        blank=True,
                        help_text="Dernière partie de l’adresse de la page. Vide : tirée du titre. L’ancienne adresse reste valable.",
                        max_length=100,
                        unique=True,
                        verbose_name="adresse",
                    ),
                ),
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
                (
                    "themes_automatiques",
                    models.BooleanField(default=True, editable=False, verbose_name="thèmes proposés automatiquement"),
                ),
                (
                    "cree_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créée le"),
                ),
                ("publiee_le", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publiée le")),
                (
                    "modifiee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="modifiée le"),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                ("collectivite", models.CharField(blank=True, max_length=300, verbose_name="nom de la collectivité")),
                ("description", models.TextField(blank=True, verbose_name="description synthétique du projet")),
                ("objectifs", models.TextField(blank=True, verbose_name="objectifs")),
                (
                    "montant_eur",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Vide ou 0 : « montant non renseigné », compté dans aucun total.",
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="montant du financement France Relance (€)",
                    ),
                ),
                (
                    "montant_source",
                    models.CharField(
                        blank=True,
                        help_text="Les mots de l’ancien site, gardés pour mémoire et donnés dans le fichier CSV. Si vous corrigez le montant ci-dessus, c’est lui que les pages et les totaux montrent ; ces mots ne le changent pas.",
                        max_length=300,
                        verbose_name="montant tel qu’il a été écrit",
                    ),
                ),
                ("suivi", models.TextField(blank=True, verbose_name="suivi du projet")),
                (
                    "engagements",
                    models.TextField(
                        blank=True, verbose_name="engagements dans le cadre de la convention de financement"
                    ),
                ),
                (
                    "titre_court",
                    models.CharField(
                        blank=True,
                        help_text="Vide : le titre sans le nom de la collectivité.",
                        max_length=500,
                        verbose_name="titre affiché",
                    ),
                ),
                (
                    "collectivite_courte",
                    models.CharField(
                        blank=True,
                        help_text="Vide : le nom de la collectivité, mis en forme.",
                        max_length=300,
                        verbose_name="collectivité affichée",
                    ),
                ),
                (
                    "titre_public",
                    models.CharField(default="", editable=False, max_length=500, verbose_name="titre public"),
                ),
                (
                    "collectivite_publique",
                    models.CharField(default="", editable=False, max_length=300, verbose_name="collectivité"),
                ),
                ("collectivite_tri", models.CharField(db_index=True, default="", editable=False, max_length=300)),
                (
                    "commune",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="projets",
                        to="referentiels.commune",
                        verbose_name="commune",
                    ),
                ),
                (
                    "departement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projets",
                        to="referentiels.departement",
                        verbose_name="département",
                    ),
                ),
                (
                    "intercommunalite",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="projets",
                        to="referentiels.intercommunalite",
                        verbose_name="intercommunalité",
                    ),
                ),
                (
                    "remplace",
                    models.ForeignKey(
                        blank=True,
                        help_text="Un rapport V2 remplace la première fiche : celle-ci reste lisible mais ne compte dans aucun total.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="remplacants",
                        to="projets.projet",
                        verbose_name="remplace la fiche",
                    ),
                ),
                (
                    "themes",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Vide : proposés d’après le texte.",
                        related_name="%(class)ss",
                        to="fiches.theme",
                        verbose_name="thèmes",
                    ),
                ),
            ],
            options={
                "verbose_name": "projet France Relance",
                "verbose_name_plural": "projets France Relance",
                "ordering": ["collectivite_tri", "pk"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalProjet_themes",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="projets.historicalprojet",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="fiches.theme",
                    ),
                ),
                (
                    "projet",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="projets.projet",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalProjet_themes",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="historicalprojet",
            name="remplace",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Un rapport V2 remplace la première fiche : celle-ci reste lisible mais ne compte dans aucun total.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="projets.projet",
                verbose_name="remplace la fiche",
            ),
        ),
        migrations.CreateModel(
            name="Annexe",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("titre", models.CharField(blank=True, max_length=200, verbose_name="titre")),
                ("fichier", models.FileField(blank=True, upload_to="annexes/%Y/", verbose_name="fichier")),
                ("nom_origine", models.CharField(blank=True, max_length=300, verbose_name="nom sur l’ancien site")),
                (
                    "projet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="annexes",
                        to="projets.projet",
                        verbose_name="projet",
                    ),
                ),
            ],
            options={
                "verbose_name": "annexe",
                "ordering": ["pk"],
            },
        ),
        migrations.AddIndex(
            model_name="projet",
            index=models.Index(
                condition=models.Q(("remplace__isnull", False)), fields=["statut", "remplace"], name="projet_versions"
            ),
        ),
        migrations.AddIndex(
            model_name="projet",
            index=models.Index(fields=["statut", "departement"], name="projet_statut_departement"),
        ),
        migrations.AddIndex(
            model_name="projet",
            index=models.Index(fields=["statut", "montant_eur"], name="projet_statut_montant"),
        ),
        migrations.AddConstraint(
            model_name="projet",
            constraint=models.CheckConstraint(
                condition=models.Q(("montant_eur__isnull", True), ("montant_eur__gte", 0), _connector="OR"),
                name="projet_montant_positif",
                violation_error_message="Le montant ne peut pas être négatif.",
            ),
        ),
        migrations.AddConstraint(
            model_name="projet",
            constraint=models.CheckConstraint(
                condition=models.Q(("remplace", models.F("pk")), _negated=True),
                name="projet_ne_se_remplace_pas",
                violation_error_message="Une fiche ne peut pas se remplacer elle-même.",
            ),
        ),
    ]
