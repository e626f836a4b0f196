"""Count what the answers of the surveys that are there say of amounts: their next save would."""

from django.db import migrations

from fiches.enquetes.bareme_reading import propositions

TEXTES = (
    *("origine_demarche", "acteurs", "contexte", "indemnise_quoi", "indemnise_qui", "forme", "bareme"),
    *("delai_montants", "arguments", "processus", "freins", "leviers", "suggestions", "satisfaction"),
)


def count(apps, schema_editor):
    enquetes = apps.get_model("enquetes", "Enquete").objects
    for enquete in enquetes.all():
        if found := len(propositions((name, getattr(enquete, name)) for name in TEXTES)):
            enquetes.filter(pk=enquete.pk).update(baremes_a_lire=found)


class Migration(migrations.Migration):
    dependencies = [("enquetes", "0003_indemnites")]

    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
