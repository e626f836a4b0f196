"""The key by which an address is known again, for the rows that were there before it."""

from django.db import migrations

from socle.courrier.adresses import address_key


def fill(apps, schema_editor):
    """One row a key among those made here: a double that was there before keeps none, as one that says nothing."""
    rows = apps.get_model("explorations", "Exploration").objects
    seen = set()
    for row in rows.exclude(courriel="").order_by("pk"):
        key = address_key(row.courriel)
        if row.cle is not None or key not in seen:
            rows.filter(pk=row.pk).update(courriel_cle=key)
        if row.cle is None:
            seen.add(key)


class Migration(migrations.Migration):

    dependencies = [
        ('explorations', '0004_sans_compte'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
