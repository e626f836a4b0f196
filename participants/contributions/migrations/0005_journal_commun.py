from django.db import migrations

MOVE = """
INSERT INTO vie_privee_consultation (le, quoi, nombre, genre, sujet, qui_id)
SELECT le, quoi, nombre, 'contributions.Contribution', '', qui_id FROM contributions_consultationdecontributions ORDER BY id
"""


class Migration(migrations.Migration):
    """Its journal is the one of all persons, which takes its rows."""

    dependencies = [
        ("contributions", "0004_fichiers_proposes"),
        ("vie_privee", "0004_consultation"),
    ]

    operations = [
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.DeleteModel("ConsultationDeContributions"),
    ]
