from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enquetes", "0006_phrase_de_ce_qui_a_ete_fait"),
    ]

    operations = [
        migrations.AlterField(
            model_name="enquete",
            name="indemnites",
            field=models.TextField(
                blank=True,
                help_text="Une ligne par montant : combien ; qui ; pour quoi. Exemple : « 15 € de l’heure ; parents ; réunions ». Une personne n’y est jamais nommée.",
                verbose_name="qui est payé, combien, pour quoi",
            ),
        ),
        migrations.AlterField(
            model_name="historicalenquete",
            name="indemnites",
            field=models.TextField(
                blank=True,
                help_text="Une ligne par montant : combien ; qui ; pour quoi. Exemple : « 15 € de l’heure ; parents ; réunions ». Une personne n’y est jamais nommée.",
                verbose_name="qui est payé, combien, pour quoi",
            ),
        ),
    ]
