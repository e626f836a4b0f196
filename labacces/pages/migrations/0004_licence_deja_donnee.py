from django.db import migrations

NOMS = {
    "lo-2.0": "Licence Ouverte 2.0",
    "odbl-1.0": "ODbL 1.0",
    "cc-by-4.0": "CC BY 4.0",
    "cc-by-sa-4.0": "CC BY-SA 4.0",
}


def text_as_other(apps, schema_editor):
    """A licence that was given in words stays in these words."""
    rows = apps.get_model("pages", "Renseignements").objects.using(schema_editor.connection.alias)
    rows.exclude(licence_autre="").update(licence="autre")


def choice_as_text(apps, schema_editor):
    rows = apps.get_model("pages", "Renseignements").objects.using(schema_editor.connection.alias)
    for cle, nom in NOMS.items():
        rows.filter(licence=cle).update(licence_autre=nom)


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0003_licence_choisie'),
    ]

    operations = [migrations.RunPython(text_as_other, choice_as_text)]
