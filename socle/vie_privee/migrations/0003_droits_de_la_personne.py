from django.db import migrations, models

OBJETS = [
    ("copie", "recevoir une copie"),
    ("correction", "corriger ou compléter ses données"),
    ("effacement", "être effacé·e"),
    ("limitation", "limiter l’usage de ses données"),
    ("transmission", "récupérer ses données pour les transmettre"),
    ("opposition", "s’opposer à l’usage de ses données, ou retirer un accord"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("vie_privee", "0002_held_names_by_text"),
    ]

    operations = [
        migrations.AlterField(
            model_name="demande",
            name="objet",
            field=models.CharField(choices=OBJETS, max_length=12, verbose_name="demande"),
        ),
    ]
