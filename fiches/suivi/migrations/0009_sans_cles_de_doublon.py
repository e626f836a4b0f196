from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("suivi", "0008_textes_tels_que_lus")]

    operations = [migrations.DeleteModel("CleDeDoublon")]
