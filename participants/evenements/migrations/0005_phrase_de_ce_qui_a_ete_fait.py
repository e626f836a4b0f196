from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evenements", "0004_datee"),
    ]

    operations = [
        migrations.AddField(
            model_name="evenement",
            name="fait",
            field=models.CharField(
                blank=True,
                help_text="Une phrase que les listes montrent, 140 signes au plus. Vide : la première phrase du texte.",
                max_length=140,
                verbose_name="ce qui a été fait",
            ),
        ),
        migrations.AddField(
            model_name="historicalevenement",
            name="fait",
            field=models.CharField(
                blank=True,
                help_text="Une phrase que les listes montrent, 140 signes au plus. Vide : la première phrase du texte.",
                max_length=140,
                verbose_name="ce qui a été fait",
            ),
        ),
    ]
