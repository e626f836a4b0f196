"""The key by which an address is known again, for the rows that were there before it."""

from django.db import migrations

from socle.courrier.adresses import address_key


def fill(apps, schema_editor):
    """One living row a key among those made here: a double that was there before keeps none, as one that says nothing."""
    seen = set()
    for row in apps.get_model("inscriptions", "Inscription").objects.exclude(courriel="").order_by("pk"):
        key = (row.evenement_id, address_key(row.courriel))
        if row.cle is not None or row.statut != "inscrite" or key not in seen:
            row.courriel_cle = key[1]
            row.save(update_fields=["courriel_cle"])
        if row.cle is None and row.statut == "inscrite":
            seen.add(key)


class Migration(migrations.Migration):

    dependencies = [
        ('inscriptions', '0003_sans_compte'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
