"""Versions of before say what their record chooses today: none shows a change that nobody made."""

from django.db import migrations

FILL = """
    INSERT INTO enquetes_historicalenquete_{name} (id, enquete_id, choix_id, history_id)
    SELECT chosen.id, chosen.enquete_id, chosen.choix_id, version.history_id
    FROM enquetes_enquete_{name} chosen
    JOIN enquetes_historicalenquete version ON version.entree_id = chosen.enquete_id
"""


class Migration(migrations.Migration):
    dependencies = [("enquetes", "0008_choix_des_versions")]

    operations = [
        migrations.RunSQL(FILL.format(name=name), f"DELETE FROM enquetes_historicalenquete_{name}")
        for name in ("modes_reconnaissance", "types_organisation")
    ]
