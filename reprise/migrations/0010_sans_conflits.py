from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reprise", "0009_conflits_reunis")]

    operations = [
        migrations.DeleteModel(name="Conflit"),
        migrations.RemoveField(model_name="anomalie", name="avant"),
    ]
