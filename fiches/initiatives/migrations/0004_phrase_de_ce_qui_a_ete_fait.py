from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0003_datee"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalinitiative",
            name="fait",
            field=models.CharField(
                blank=True,
                help_text="Une phrase que les listes montrent, 140 signes au plus. Vide : la première phrase du texte.",
                max_length=140,
                verbose_name="ce qui a été fait",
            ),
        ),
        migrations.AddField(
            model_name="initiative",
            name="fait",
            field=models.CharField(
                blank=True,
                help_text="Une phrase que les listes montrent, 140 signes au plus. Vide : la première phrase du texte.",
                max_length=140,
                verbose_name="ce qui a été fait",
            ),
        ),
    ]
