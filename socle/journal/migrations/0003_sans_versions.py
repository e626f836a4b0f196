"""The versions of the data, and the triggers that replaced them, leave: the change log tells what they told."""

from django.db import migrations


def drop_versions(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION IF EXISTS memoire_changement() CASCADE")  # its triggers too
            cursor.execute("DROP FUNCTION IF EXISTS memoire_elever(text)")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'memoire\\_%' ESCAPE '\\'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute("DROP TABLE IF EXISTS memoire_versiondedonnees")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'memoire'")


class Migration(migrations.Migration):

    dependencies = [("journal", "0002_ligne_0")]

    operations = [migrations.RunPython(drop_versions, migrations.RunPython.noop, elidable=True)]
