from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("suivi", "0004_veille")]

    operations = [migrations.DeleteModel("PairePossible")]
