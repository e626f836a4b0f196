from django.db import migrations

MOVE = """
INSERT INTO vie_privee_consultation (le, quoi, nombre, genre, sujet, qui_id)
SELECT c.le, c.quoi, c.nombre, 'inscriptions.Inscription', coalesce(e.titre, ''), c.qui_id
FROM inscriptions_consultationdinscriptions c LEFT JOIN evenements_evenement e ON e.entree_id = c.evenement_id
ORDER BY c.id
"""


class Migration(migrations.Migration):
    """Its journal is the one of all persons, which takes its rows and the title of their event."""

    dependencies = [
        ("inscriptions", "0002_nom_du_journal"),
        ("vie_privee", "0004_consultation"),
    ]

    operations = [
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.DeleteModel("ConsultationDInscriptions"),
    ]
