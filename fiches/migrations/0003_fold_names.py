from django.db import migrations

from socle.francais.texte import fold


def fill(apps, schema_editor):
    for name in ("Theme", "Choix"):
        rows = list(apps.get_model("fiches", name).objects.all())
        for row in rows:
            row.nom_plie = fold(row.nom)[:200]
        apps.get_model("fiches", name).objects.bulk_update(rows, ["nom_plie"], batch_size=500)


class Migration(migrations.Migration):
    """Names of themes and of values of lists, folded, in the rows that are there."""

    dependencies = [
        ("fiches", "0002_nom_plie"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
