from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projets", "0004_phrase_de_ce_qui_a_ete_fait"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="projet", name="projet_statut_montant"),
        migrations.AddIndex(
            model_name="projet",
            index=models.Index(fields=["statut", "montant_eur", "entree"], name="projet_statut_montant"),
        ),
        migrations.AddIndex(
            model_name="projet",
            index=models.Index(fields=["statut", "modifiee_le", "entree"], name="projet_statut_modifiee"),
        ),
    ]
