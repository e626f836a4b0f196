"""It counted what answers say of amounts, by a reader of texts that has gone with the column, one step further on."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("enquetes", "0003_indemnites")]

    operations = []
