from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("vie_privee", "0004_consultation"),
    ]

    operations = [
        migrations.AddField(
            model_name="texteintegral",
            name="public",
            field=models.TextField(blank=True, default="", verbose_name="ce qu’en lit le public"),
        ),
        migrations.AlterField(
            model_name="texteintegral",
            name="texte",
            field=models.TextField(blank=True, verbose_name="texte tel qu’écrit"),
        ),
    ]
