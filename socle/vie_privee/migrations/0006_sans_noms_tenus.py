from django.db import migrations


class Migration(migrations.Migration):
    """What these tables kept hidden was put into texts and versions before: suivi.0008, which runs before this one."""

    dependencies = [
        ("vie_privee", "0005_ce_qui_a_ete_retire"),
    ]

    operations = [
        migrations.DeleteModel(name="MotTenu"),
        migrations.DeleteModel(name="NomTenu"),
    ]
