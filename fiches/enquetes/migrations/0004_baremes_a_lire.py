"""Does nothing any more: it filled the column `baremes_a_lire`, which 0010 removes with the reader of amounts."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("enquetes", "0003_indemnites")]

    operations = []
