from django.db import migrations

MOVE = """
INSERT INTO vie_privee_consultation (le, quoi, nombre, genre, sujet, qui_id)
SELECT le, quoi, nombre, 'explorations.Exploration', '', qui_id FROM explorations_consultationdexplorations ORDER BY id
"""


class Migration(migrations.Migration):
    """Its journal is the one of all persons, which takes its rows."""

    dependencies = [
        ("explorations", "0002_nom_du_journal"),
        ("vie_privee", "0004_consultation"),
    ]

    operations = [
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.DeleteModel("ConsultationDExplorations"),
    ]
