from django.db import migrations

MOVE = """
INSERT INTO vie_privee_consultation (le, quoi, nombre, genre, sujet, qui_id)
SELECT le, quoi, nombre, 'contacter.Message', '', qui_id FROM contacter_consultationdemessages ORDER BY id
"""


class Migration(migrations.Migration):
    """Its journal is the one of all persons, which takes its rows, those of reports too: they were not told from messages."""

    dependencies = [
        ("contacter", "0004_signalements_et_avis"),
        ("vie_privee", "0004_consultation"),
    ]

    operations = [
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.DeleteModel("ConsultationDeMessages"),
    ]
