"""Versions of before say what their record chooses today: none shows a change that nobody made."""

from django.db import migrations

FILL = """
    INSERT INTO ressources_historicalressource_{name} (id, ressource_id, choix_id, history_id)
    SELECT chosen.id, chosen.ressource_id, chosen.choix_id, version.history_id
    FROM ressources_ressource_{name} chosen
    JOIN ressources_historicalressource version ON version.entree_id = chosen.ressource_id
"""


class Migration(migrations.Migration):
    dependencies = [("ressources", "0005_choix_des_versions")]

    operations = [
        migrations.RunSQL(FILL.format(name=name), f"DELETE FROM ressources_historicalressource_{name}")
        for name in ("types", "thematiques")
    ]
