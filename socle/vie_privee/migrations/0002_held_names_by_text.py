from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("vie_privee", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="nomtenu",
            index=models.Index(fields=["texte", "regarde_le"], name="nom_tenu_texte"),
        ),
    ]
