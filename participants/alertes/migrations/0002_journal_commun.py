from django.db import migrations

MOVE = """
INSERT INTO vie_privee_consultation (le, quoi, nombre, genre, sujet, qui_id)
SELECT le, quoi, nombre, 'alertes.Alerte', '', qui_id FROM alertes_consultationdalertes ORDER BY id
"""


class Migration(migrations.Migration):
    """Its journal is the one of all persons, which takes its rows."""

    dependencies = [
        ("alertes", "0001_alerte"),
        ("vie_privee", "0004_consultation"),
    ]

    operations = [
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.DeleteModel("ConsultationDAlertes"),
    ]
