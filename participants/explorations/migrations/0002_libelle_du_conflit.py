"""What a conflict is called; the same person twice is numbered behind a tab, which no key can hold."""

from django.db import migrations, models

from socle.francais.texte import fold


def number_behind_a_tab(apps, schema_editor):
    """« x #2 » of a person who is x; that of someone called « x #2 » stays."""
    for row in apps.get_model("explorations", "Exploration").objects.filter(cle__contains=" #"):
        base, _, number = row.cle.rpartition(" #")
        identity = " | ".join(fold(row.valeurs.get(name, "")) for name in ("nom",))
        if number.isdigit() and identity[:480] == base:
            row.cle = f"{base}\t{number}"
            row.save(update_fields=["cle"])


def number_behind_a_mark(apps, schema_editor):
    for row in apps.get_model("explorations", "Exploration").objects.filter(cle__contains="\t"):
        row.cle = row.cle.replace("\t", " #")
        row.save(update_fields=["cle"])


class Migration(migrations.Migration):

    dependencies = [
        ('explorations', '0001_initiale'),
    ]

    operations = [
        migrations.AlterField(
            model_name='anomalieexploration',
            name='type',
            field=models.CharField(choices=[('evenement_a_preciser', 'événement à préciser'), ('courriel_invalide', 'courriel invalide'), ('doublon_probable', 'doublon probable'), ('contenu_indesirable', 'contenu indésirable retiré'), ('non_attribuee', 'ligne sans champ'), ('lien_vide', 'lien vide'), ('fin_douteuse', 'fin du fichier douteuse'), ('conflit', 'modifié ici ; l’ancien site dit autre chose')], max_length=30, verbose_name='type'),
        ),
        migrations.RunPython(number_behind_a_tab, number_behind_a_mark),
    ]
