"""An event that holds registrations stays; the same person twice is numbered behind a tab, which no key can hold."""

import django.db.models.deletion
from django.db import migrations, models

from socle.francais.texte import fold


def number_behind_a_tab(apps, schema_editor):
    """« x #2 » of a person who is x; that of someone called « x #2 » stays."""
    for row in apps.get_model("inscriptions", "Inscription").objects.filter(cle__contains=" #"):
        base, _, number = row.cle.rpartition(" #")
        identity = " | ".join(fold(row.valeurs.get(name, "")) for name in ("prenom", "nom", "courriel"))
        if number.isdigit() and identity[:480] == base:
            row.cle = f"{base}\t{number}"
            row.save(update_fields=["cle"])


def number_behind_a_mark(apps, schema_editor):
    for row in apps.get_model("inscriptions", "Inscription").objects.filter(cle__contains="\t"):
        row.cle = row.cle.replace("\t", " #")
        row.save(update_fields=["cle"])


class Migration(migrations.Migration):

    dependencies = [
        ('evenements', '0001_initiale'),
        ('inscriptions', '0001_initiale'),
    ]

    operations = [
        migrations.AlterField(
            model_name='anomalieinscription',
            name='type',
            field=models.CharField(choices=[('evenement_a_preciser', 'événement à préciser'), ('courriel_invalide', 'courriel invalide'), ('doublon_probable', 'doublon probable'), ('contenu_indesirable', 'contenu indésirable retiré'), ('non_attribuee', 'ligne sans champ'), ('lien_vide', 'lien vide'), ('fin_douteuse', 'fin du fichier douteuse'), ('conflit', 'modifié ici ; l’ancien site dit autre chose')], max_length=30, verbose_name='type'),
        ),
        migrations.AlterField(
            model_name='inscription',
            name='evenement',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inscriptions', to='evenements.evenement', verbose_name='événement'),
        ),
        migrations.RunPython(number_behind_a_tab, number_behind_a_mark),
    ]
