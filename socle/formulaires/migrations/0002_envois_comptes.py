from django.db import migrations


class Migration(migrations.Migration):
    """A post already taken is a count of its own: it had but a digest and a date.

    Its table stays until the next version: while a site is upgraded, the code of before still writes there.
    """

    dependencies = [("formulaires", "0001_initial")]

    operations = [migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Envoi")])]
