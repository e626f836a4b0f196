"""Records of one title are numbered behind a tab, which no title can hold; of a text taken out, what stood before."""

from django.db import migrations, models

from socle.francais.texte import fold


def number_behind_a_tab(apps, schema_editor):
    """« x #2 » of a record whose title is x; that of a title « x #2 » stays."""
    for origine in apps.get_model("suivi", "Origine").objects.filter(cle__contains=" #"):
        base, _, number = origine.cle.rpartition(" #")
        if number.isdigit() and fold(origine.valeurs.get("titre", ""))[:480] == base:
            origine.cle = f"{base}\t{number}"
            origine.save(update_fields=["cle"])
    for ecartee in apps.get_model("suivi", "Ecartee").objects.filter(cle__contains=" #"):
        base, _, number = ecartee.cle.rpartition(" #")
        # Pages may show less of a title than it says, but never less of its end.
        if number.isdigit() and not fold(ecartee.titre).endswith(f" #{number}"):
            ecartee.cle = f"{base}\t{number}"
            ecartee.save(update_fields=["cle"])


def number_behind_a_mark(apps, schema_editor):
    for name in ("Origine", "Ecartee"):
        for row in apps.get_model("suivi", name).objects.filter(cle__contains="\t"):
            row.cle = row.cle.replace("\t", " #")
            row.save(update_fields=["cle"])


class Migration(migrations.Migration):

    dependencies = [
        ('suivi', '0002_ecartees'),
    ]

    operations = [
        migrations.AddField(
            model_name='anomalie',
            name='avant',
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.RunPython(number_behind_a_tab, number_behind_a_mark),
    ]
