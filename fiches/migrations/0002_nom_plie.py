from django.db import migrations, models

from socle.francais.texte import fold

NOM_PLIE = models.CharField(db_default="", default="", editable=False, max_length=200, verbose_name="nom sans accent")


def fill(apps, schema_editor):
    for name in ("Theme", "Choix"):
        rows = list(apps.get_model("fiches", name).objects.all())
        for row in rows:
            row.nom_plie = fold(row.nom)[:200]
        apps.get_model("fiches", name).objects.bulk_update(rows, ["nom_plie"], batch_size=500)


class Migration(migrations.Migration):
    """Names of themes and of values of lists, folded: text sorts on them, whatever the database makes of accents."""

    dependencies = [
        ("fiches", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="choix",
            options={
                "ordering": ["liste", "ordre", "nom_plie", "pk"],
                "verbose_name": "valeur de liste",
                "verbose_name_plural": "valeurs de liste",
            },
        ),
        migrations.AlterModelOptions(
            name="theme", options={"ordering": ["nom_plie", "pk"], "verbose_name": "thème"}
        ),
        migrations.AddField(model_name="choix", name="nom_plie", field=NOM_PLIE.clone()),
        migrations.AddField(model_name="theme", name="nom_plie", field=NOM_PLIE.clone()),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
