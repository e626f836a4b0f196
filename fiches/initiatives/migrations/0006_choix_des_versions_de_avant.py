"""Versions of before say what their record chooses today: none shows a change that nobody made."""

from django.db import migrations

FILL = """
    INSERT INTO initiatives_historicalinitiative_{name} (id, initiative_id, choix_id, history_id)
    SELECT chosen.id, chosen.initiative_id, chosen.choix_id, version.history_id
    FROM initiatives_initiative_{name} chosen
    JOIN initiatives_historicalinitiative version ON version.entree_id = chosen.initiative_id
"""


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0005_choix_des_versions")]

    operations = [
        migrations.RunSQL(FILL.format(name=name), f"DELETE FROM initiatives_historicalinitiative_{name}")
        for name in ("mots_cles",)
    ]
