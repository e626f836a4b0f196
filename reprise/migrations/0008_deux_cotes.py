from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reprise', '0007_mots_masques'),
    ]

    operations = [
        migrations.AddField(
            model_name='anomalie',
            name='valeurs',
            field=models.JSONField(default=dict, editable=False, verbose_name='valeurs de l’ancien site'),
        ),
        migrations.AddField(
            model_name='anomalieexploration',
            name='valeurs',
            field=models.JSONField(default=dict, editable=False, verbose_name='valeurs de l’ancien site'),
        ),
        migrations.AddField(
            model_name='anomalieinscription',
            name='valeurs',
            field=models.JSONField(default=dict, editable=False, verbose_name='valeurs de l’ancien site'),
        ),
        migrations.AlterField(
            model_name='anomalie',
            name='type',
            field=models.CharField(choices=[('contenu_indesirable', 'contenu indésirable retiré'), ('courriel_invalide', 'courriel invalide'), ('montant_a_verifier', 'montant à vérifier'), ('lieu_a_verifier', 'lieu à vérifier'), ('lien_vide', 'lien vide'), ('lien_a_verifier', 'lien à vérifier'), ('fichier_manquant', 'fichier manquant'), ('fichier_interne', 'fichier gardé pour l’équipe'), ('titre_manquant', 'titre manquant'), ('definition_manquante', 'définition manquante'), ('type_inconnu', 'type de fiche inconnu'), ('doublon_probable', 'doublon probable'), ('version_probable', 'nouvelle version probable'), ('evenement_a_preciser', 'événement à préciser'), ('departement_inconnu', 'département inconnu'), ('non_attribuee', 'ligne sans champ'), ('balisage_inconnu', 'mise en forme inconnue'), ('fin_douteuse', 'fin du fichier douteuse'), ('valeur_reservee', 'valeur que l’ancien site cachait'), ('mots_masques', 'mots sur des personnes masqués'), ('change_des_deux_cotes', 'a changé des deux côtés')], max_length=30, verbose_name='type'),
        ),
        migrations.AlterField(
            model_name='anomalieexploration',
            name='type',
            field=models.CharField(choices=[('evenement_a_preciser', 'événement à préciser'), ('courriel_invalide', 'courriel invalide'), ('doublon_probable', 'doublon probable'), ('contenu_indesirable', 'contenu indésirable retiré'), ('titre_manquant', 'titre manquant'), ('non_attribuee', 'ligne sans champ'), ('lien_vide', 'lien vide'), ('balisage_inconnu', 'mise en forme inconnue'), ('fin_douteuse', 'fin du fichier douteuse'), ('change_des_deux_cotes', 'a changé des deux côtés')], max_length=30, verbose_name='type'),
        ),
        migrations.AlterField(
            model_name='anomalieinscription',
            name='type',
            field=models.CharField(choices=[('evenement_a_preciser', 'événement à préciser'), ('courriel_invalide', 'courriel invalide'), ('doublon_probable', 'doublon probable'), ('contenu_indesirable', 'contenu indésirable retiré'), ('titre_manquant', 'titre manquant'), ('non_attribuee', 'ligne sans champ'), ('lien_vide', 'lien vide'), ('balisage_inconnu', 'mise en forme inconnue'), ('fin_douteuse', 'fin du fichier douteuse'), ('change_des_deux_cotes', 'a changé des deux côtés')], max_length=30, verbose_name='type'),
        ),
    ]
