from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("catalogue", "0002_valeurs_de_fiche")]

    operations = [
        migrations.DeleteModel("Bloc"),
        migrations.DeleteModel("ValeursDeFiche"),
    ]
