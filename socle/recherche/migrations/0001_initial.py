import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("annuaire", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Indexe",
            fields=[
                (
                    "entree",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="indexe",
                        serialize=False,
                        to="annuaire.entree",
                        verbose_name="entrée",
                    ),
                ),
                ("tete", models.TextField(verbose_name="titre, lieu et thèmes")),
                ("corps", models.TextField(verbose_name="texte")),
                ("reperes", models.TextField(default="", verbose_name="ce qui classe, dans l’en-tête")),
                ("marques", models.TextField(default="", verbose_name="ce qui classe, partout")),
                ("longueur", models.PositiveSmallIntegerField(default=0, verbose_name="mots du titre")),
            ],
            options={
                "verbose_name": "texte indexé",
                "verbose_name_plural": "textes indexés",
            },
        ),
        migrations.CreateModel(
            name="Mot",
            fields=[
                ("forme", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("ecrit", models.CharField(max_length=60, verbose_name="écrit")),
            ],
            options={
                "verbose_name": "mot des fiches",
                "verbose_name_plural": "mots des fiches",
            },
        ),
        migrations.CreateModel(
            name="Synonymes",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mots",
                    models.TextField(
                        help_text="Un mot, un sigle ou une expression par ligne, deux au moins. Accents, majuscules et pluriels sont indifférents.",
                        verbose_name="mots",
                    ),
                ),
                (
                    "sens_unique",
                    models.BooleanField(
                        default=False,
                        help_text="Le premier mot trouve aussi les fiches qui parlent des autres, mais pas l’inverse. Par exemple « illectronisme » trouve « inclusion numérique », dont le sens est plus large.",
                        verbose_name="à sens unique",
                    ),
                ),
                (
                    "modifiee_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="modifiés le"),
                ),
            ],
            options={
                "verbose_name": "groupe de synonymes",
                "verbose_name_plural": "synonymes",
                "ordering": ["mots", "pk"],
            },
        ),
    ]
