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
            name="Ecartee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("type", models.CharField(max_length=20, verbose_name="type")),
                ("cle", models.CharField(max_length=500, verbose_name="clé de rapprochement")),
                (
                    "identifiant",
                    models.CharField(
                        blank=True, default="", editable=False, max_length=200, verbose_name="identifiant d’origine"
                    ),
                ),
                ("titre", models.CharField(max_length=500, verbose_name="titre")),
                ("supprimee_le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="supprimée le")),
            ],
            options={
                "verbose_name": "fiche écartée de la reprise",
                "verbose_name_plural": "fiches écartées de la reprise",
                "ordering": ["-supprimee_le", "pk"],
                "constraints": [models.UniqueConstraint(fields=("type", "cle"), name="ecartee_unique")],
            },
        ),
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
            name="Origine",
            fields=[
                (
                    "entree",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="origine",
                        serialize=False,
                        to="annuaire.entree",
                    ),
                ),
                ("site", models.CharField(blank=True, max_length=200, verbose_name="site")),
                ("identifiant", models.CharField(blank=True, max_length=200, verbose_name="identifiant d’origine")),
                ("type", models.CharField(max_length=20, verbose_name="type")),
                ("cle", models.CharField(db_index=True, max_length=500, verbose_name="clé de rapprochement")),
                ("premiere_ligne", models.PositiveIntegerField(blank=True, null=True, verbose_name="première ligne")),
                ("derniere_ligne", models.PositiveIntegerField(blank=True, null=True, verbose_name="dernière ligne")),
                ("valeurs", models.JSONField(default=dict, verbose_name="valeurs reprises")),
                ("reprise_le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="reprise le")),
            ],
            options={
                "verbose_name": "origine",
                "constraints": [models.UniqueConstraint(fields=("type", "cle"), name="origine_unique")],
            },
        ),
        migrations.CreateModel(
            name="Reprise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="le")),
                ("site", models.CharField(blank=True, max_length=200, verbose_name="source")),
                ("commande", models.CharField(blank=True, max_length=500, verbose_name="commande")),
                ("format", models.CharField(max_length=10, verbose_name="format")),
                ("bilan", models.JSONField(default=dict, verbose_name="bilan")),
                ("changements", models.PositiveIntegerField(default=0, verbose_name="lignes changées")),
                (
                    "etat",
                    models.CharField(
                        choices=[("faite", "faite"), ("annulee", "annulée")],
                        default="faite",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("annulee_le", models.DateTimeField(blank=True, null=True, verbose_name="annulée le")),
                (
                    "annulee_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="annulée par",
                    ),
                ),
                (
                    "par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
            ],
            options={
                "verbose_name": "reprise",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Anomalie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("contenu_indesirable", "contenu indésirable retiré"),
                            ("courriel_invalide", "courriel invalide"),
                            ("montant_a_verifier", "montant à vérifier"),
                            ("lien_vide", "lien vide"),
                            ("lien_a_verifier", "lien à vérifier"),
                            ("fichier_manquant", "fichier manquant"),
                            ("definition_manquante", "définition manquante"),
                            ("type_inconnu", "type de fiche inconnu"),
                            ("doublon_probable", "doublon probable"),
                            ("version_probable", "nouvelle version probable"),
                            ("evenement_a_preciser", "événement à préciser"),
                            ("departement_inconnu", "département inconnu"),
                            ("non_attribuee", "ligne sans champ"),
                            ("balisage_inconnu", "mise en forme inconnue"),
                            ("fin_douteuse", "fin du fichier douteuse"),
                            ("valeur_reservee", "valeur que l’ancien site cachait"),
                        ],
                        max_length=30,
                        verbose_name="type",
                    ),
                ),
                ("champ", models.CharField(blank=True, max_length=200, verbose_name="champ")),
                ("ligne", models.PositiveIntegerField(blank=True, null=True, verbose_name="ligne du fichier")),
                ("texte", models.TextField(blank=True, verbose_name="texte d’origine")),
                ("avant", models.TextField(blank=True, editable=False)),
                ("empreinte", models.CharField(editable=False, max_length=64)),
                ("creee_le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="relevée le")),
                ("reglee_le", models.DateTimeField(blank=True, null=True, verbose_name="réglée le")),
                (
                    "entree",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="anomalies",
                        to="annuaire.entree",
                        verbose_name="fiche",
                    ),
                ),
                (
                    "reglee_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="réglée par",
                    ),
                ),
            ],
            options={
                "verbose_name": "anomalie de reprise",
                "verbose_name_plural": "anomalies de reprise",
                "ordering": ["type", "ligne", "pk"],
                "constraints": [models.UniqueConstraint(fields=("empreinte",), name="anomalie_unique")],
            },
        ),
        migrations.CreateModel(
            name="Conflit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("champ", models.CharField(max_length=100, verbose_name="champ")),
                ("ici", models.TextField(blank=True, verbose_name="notre texte")),
                ("ancien_site", models.TextField(blank=True, verbose_name="texte de l’ancien site")),
                ("cree_le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="relevé le")),
                ("regle_le", models.DateTimeField(blank=True, null=True, verbose_name="réglé le")),
                (
                    "entree",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conflits",
                        to="annuaire.entree",
                        verbose_name="fiche",
                    ),
                ),
                (
                    "regle_par",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="réglé par",
                    ),
                ),
            ],
            options={
                "verbose_name": "conflit de reprise",
                "verbose_name_plural": "conflits de reprise",
                "ordering": ["-cree_le", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("regle_le__isnull", True)),
                        fields=("entree", "champ"),
                        name="conflit_ouvert_unique",
                    )
                ],
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
        migrations.CreateModel(
            name="TraceReprise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("modele", models.CharField(max_length=100, verbose_name="modèle")),
                ("colonnes", models.JSONField(verbose_name="colonnes")),
                ("lignes", models.JSONField(verbose_name="lignes")),
                (
                    "reprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="traces",
                        to="suivi.reprise",
                        verbose_name="reprise",
                    ),
                ),
            ],
            options={
                "verbose_name": "trace de reprise",
                "verbose_name_plural": "traces de reprises",
                "constraints": [models.UniqueConstraint(fields=("reprise", "modele"), name="trace_reprise_unique")],
            },
        ),
    ]
