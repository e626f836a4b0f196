from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Renseignements',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('forme_juridique', models.CharField(blank=True, help_text='Collectivité, association, groupement…', max_length=200, verbose_name='forme juridique')),
                ('adresse', models.CharField(blank=True, max_length=300, verbose_name='adresse postale')),
                ('siren', models.CharField(blank=True, max_length=20, verbose_name='numéro SIREN')),
                ('telephone', models.CharField(blank=True, max_length=40, verbose_name='téléphone')),
                ('direction_publication', models.CharField(blank=True, help_text='Nom de la directrice ou du directeur.', max_length=200, verbose_name='direction de la publication')),
                ('hebergeur', models.CharField(blank=True, max_length=200, verbose_name='nom de l’hébergeur')),
                ('hebergeur_adresse', models.CharField(blank=True, max_length=300, verbose_name='adresse de l’hébergeur')),
                ('hebergeur_telephone', models.CharField(blank=True, max_length=40, verbose_name='téléphone de l’hébergeur')),
                ('hebergeur_journal', models.CharField(blank=True, help_text='Ce que son journal des connexions contient, et combien de temps il le garde.', max_length=500, verbose_name='journal de l’hébergeur')),
                ('delegue', models.CharField(blank=True, help_text='Déléguée ou délégué à la protection des données : nom ou fonction, et moyen de lui écrire.', max_length=300, verbose_name='protection des données')),
                ('sauvegardes', models.CharField(blank=True, help_text='Elle suit « gardées » : « trente jours ».', max_length=100, verbose_name='durée des sauvegardes')),
                ('transferts', models.CharField(blank=True, help_text='« aucun transfert », ou lesquels et avec quelles garanties.', max_length=500, verbose_name='transferts hors de l’Union européenne')),
                ('licence', models.CharField(blank=True, help_text='Par exemple : Licence Ouverte 2.0.', max_length=200, verbose_name='licence des fiches')),
                ('relecture', models.CharField(blank=True, help_text='Une phrase entière : qui écrit les fiches, qui les relit, à quel rythme.', max_length=500, verbose_name='écriture des fiches')),
                ('partenaires', models.CharField(blank=True, help_text='Une phrase entière.', max_length=500, verbose_name='partenaires et financeurs')),
                ('code_source', models.URLField(blank=True, verbose_name='adresse du code source')),
                ('accessibilite', models.CharField(blank=True, help_text='Adresses du schéma pluriannuel et du plan d’action de l’année.', max_length=500, verbose_name='plan d’accessibilité')),
            ],
            options={
                'verbose_name': 'renseignements de l’organisme',
                'verbose_name_plural': 'à compléter par l’organisme',
            },
        ),
    ]
