from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enquetes", "0005_datee"),
    ]

    operations = [
        migrations.AddField(
            model_name="enquete",
            name="fait",
            field=models.CharField(
                blank=True,
                help_text="Une phrase que les listes montrent, 140 signes au plus. Vide : la première phrase du texte.",
                max_length=140,
                verbose_name="ce qui a été fait",
            ),
        ),
        migrations.AddField(
            model_name="historicalenquete",
            name="fait",
            field=models.CharField(
                blank=True,
                help_text="Une phrase que les listes montrent, 140 signes au plus. Vide : la première phrase du texte.",
                max_length=140,
                verbose_name="ce qui a été fait",
            ),
        ),
    ]
