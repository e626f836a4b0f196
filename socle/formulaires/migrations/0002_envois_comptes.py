from django.db import migrations


class Migration(migrations.Migration):
    """A post already taken is a count of its own: it had but a digest and a date."""

    dependencies = [("formulaires", "0001_initial")]

    operations = [migrations.DeleteModel("Envoi")]
