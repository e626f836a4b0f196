"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import fiches.lieux


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('enquetes', '0001_initial'),
        ('enquetes', '0002_corbeille'),
        ('enquetes', '0003_indemnites'),
        ('enquetes', '0004_baremes_a_lire'),
        ('enquetes', '0005_datee'),
        ('enquetes', '0006_phrase_de_ce_qui_a_ete_fait'),
        ('enquetes', '0007_aide_des_indemnites'),
        ('enquetes', '0008_choix_des_versions'),
        ('enquetes', '0009_choix_des_versions_de_avant'),
        ('enquetes', '0010_sans_baremes_a_lire'),
    ]

    dependencies = [
        ('annuaire', '__first__'),
        ('fiches', '__first__'),
        ('referentiels', '__first__'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Enquete',
            fields=[
                ('entree', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='%(class)s', serialize=False, to='annuaire.entree')),
                ('titre', models.CharField(max_length=500, verbose_name='titre')),
                ('slug', models.SlugField(blank=True, help_text='Dernière partie de l’adresse de la page. Vide : tirée du titre. L’ancienne adresse reste valable.', max_length=100, unique=True, verbose_name='adresse')),
                ('fait', models.CharField(blank=True, help_text='Une phrase que les listes montrent, 140 signes au plus. Vide : la première phrase du texte.', max_length=140, verbose_name='ce qui a été fait')),
                ('statut', models.CharField(choices=[('brouillon', 'brouillon'), ('a-relire', 'à relire'), ('publiee', 'publiée'), ('retiree', 'retirée'), ('corbeille', 'à la corbeille')], default='brouillon', max_length=10, verbose_name='état')),
                ('themes_automatiques', models.BooleanField(default=True, editable=False, verbose_name='thèmes proposés automatiquement')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créée le')),
                ('publiee_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='publiée le')),
                ('modifiee_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='modifiée le')),
                ('datee', models.BooleanField(default=True, editable=False, verbose_name='date connue')),
                ('version', models.PositiveIntegerField(default=0, editable=False, verbose_name='version')),
                ('structure', models.CharField(blank=True, max_length=300, verbose_name='nom de la structure concernée par la démarche')),
                ('adresse', models.CharField(blank=True, help_text='Pour alimenter la carte.', max_length=300, verbose_name='adresse de la structure')),
                ('latitude', models.FloatField(blank=True, help_text='En degrés. Vide : la position de la commune.', null=True, verbose_name='latitude')),
                ('longitude', models.FloatField(blank=True, help_text='En degrés.', null=True, verbose_name='longitude')),
                ('position_approchee', models.BooleanField(default=False, help_text='La position est celle de la commune. Une position que vous donnez vous-même n’est jamais remplacée.', verbose_name='position approchée')),
                ('origine_demarche', models.TextField(blank=True, verbose_name='qui est à l’origine, à l’initiative de la démarche\u202f? (élu·e, agent d’un service, obligation réglementaire…)')),
                ('acteurs', models.TextField(blank=True, verbose_name='acteurs concernés par la démarche')),
                ('contexte', models.TextField(blank=True, verbose_name='origine et contexte de la démarche')),
                ('indemnise_quoi', models.TextField(blank=True, verbose_name='qu’est-ce qui a été indemnisé\u202f? (déplacements, garde d’enfants, temps passé, repas…)')),
                ('indemnise_qui', models.TextField(blank=True, verbose_name='qui sont les personnes qui ont été indemnisées\u202f?')),
                ('forme', models.TextField(blank=True, verbose_name='quelle forme a prise l’indemnité / la valorisation\u202f?')),
                ('bareme', models.TextField(blank=True, verbose_name='avez-vous utilisé un barème, et comment a-t-il été utilisé par les personnes concernées\u202f?')),
                ('delai_montants', models.TextField(blank=True, verbose_name='quel est le délai pour indemniser les personnes\u202f? Avec quels montants (indemnité par personne…)\u202f?')),
                ('arguments', models.TextField(blank=True, verbose_name='quels arguments ont été utilisés pour convaincre de l’intérêt d’une indemnisation/valorisation\u202f? (auprès des élus, de la direction, des financeurs…)')),
                ('processus', models.TextField(blank=True, verbose_name='le processus mis en place\xa0: avez-vous eu besoin de créer des outils spécifiques, de mobiliser des partenaires spécifiques, de mobiliser des fonds spécifiques…\u202f?')),
                ('freins', models.TextField(blank=True, verbose_name='quels freins ont été rencontrés\u202f?')),
                ('leviers', models.TextField(blank=True, verbose_name='quels leviers pensez-vous que votre structure pourrait mettre en place pour faciliter encore plus l’indemnisation / la valorisation de la participation\u202f?')),
                ('suggestions', models.TextField(blank=True, verbose_name='quelles suggestions auriez-vous à faire si elle devait être reproduite ailleurs, afin de l’améliorer\u202f?')),
                ('satisfaction', models.TextField(blank=True, verbose_name='évaluez-vous, et si oui comment, la satisfaction des personnes participantes\u202f?')),
                ('indemnites', models.TextField(blank=True, verbose_name='montants relevés par l’équipe : combien, qui, pour quoi')),
                ('commune', models.ForeignKey(blank=True, help_text='Vide : celle que dit l’adresse, quand elle est sûre.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='referentiels.commune', verbose_name='commune')),
                ('departement', models.ForeignKey(blank=True, help_text='Celui de la commune, s’il y en a une.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referentiels.departement', verbose_name='département')),
                ('echelle', models.ForeignKey(blank=True, limit_choices_to={'liste': 'echelle'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fiches.choix', verbose_name='échelle territoriale de l’action')),
                ('modes_reconnaissance', models.ManyToManyField(blank=True, limit_choices_to={'liste': 'reconnaissance'}, related_name='+', to='fiches.choix', verbose_name='mode de reconnaissance de la participation')),
                ('niveau', models.ForeignKey(blank=True, limit_choices_to={'liste': 'participation'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fiches.choix', verbose_name='niveau de participation visé, en termes d’implication dans la décision publique')),
                ('themes', models.ManyToManyField(blank=True, help_text='Vide : proposés d’après le texte.', related_name='%(class)ss', to='fiches.theme', verbose_name='thèmes')),
                ('types_organisation', models.ManyToManyField(blank=True, limit_choices_to={'liste': 'type-organisation'}, related_name='+', to='fiches.choix', verbose_name='type d’organisation concernée')),
            ],
            options={
                'verbose_name': 'enquête',
                'ordering': ['titre', 'pk'],
            },
            bases=(fiches.lieux.Situee, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalEnquete',
            fields=[
                ('titre', models.CharField(max_length=500, verbose_name='titre')),
                ('slug', models.SlugField(blank=True, help_text='Dernière partie de l’adresse de la page. Vide : tirée du titre. L’ancienne adresse reste valable.', max_length=100, verbose_name='adresse')),
                ('fait', models.CharField(blank=True, help_text='Une phrase que les listes montrent, 140 signes au plus. Vide : la première phrase du texte.', max_length=140, verbose_name='ce qui a été fait')),
                ('statut', models.CharField(choices=[('brouillon', 'brouillon'), ('a-relire', 'à relire'), ('publiee', 'publiée'), ('retiree', 'retirée'), ('corbeille', 'à la corbeille')], default='brouillon', max_length=10, verbose_name='état')),
                ('themes_automatiques', models.BooleanField(default=True, editable=False, verbose_name='thèmes proposés automatiquement')),
                ('cree_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créée le')),
                ('publiee_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='publiée le')),
                ('modifiee_le', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='modifiée le')),
                ('datee', models.BooleanField(default=True, editable=False, verbose_name='date connue')),
                ('version', models.PositiveIntegerField(default=0, editable=False, verbose_name='version')),
                ('structure', models.CharField(blank=True, max_length=300, verbose_name='nom de la structure concernée par la démarche')),
                ('adresse', models.CharField(blank=True, help_text='Pour alimenter la carte.', max_length=300, verbose_name='adresse de la structure')),
                ('latitude', models.FloatField(blank=True, help_text='En degrés. Vide : la position de la commune.', null=True, verbose_name='latitude')),
                ('longitude', models.FloatField(blank=True, help_text='En degrés.', null=True, verbose_name='longitude')),
                ('position_approchee', models.BooleanField(default=False, help_text='La position est celle de la commune. Une position que vous donnez vous-même n’est jamais remplacée.', verbose_name='position approchée')),
                ('origine_demarche', models.TextField(blank=True, verbose_name='qui est à l’origine, à l’initiative de la démarche\u202f? (élu·e, agent d’un service, obligation réglementaire…)')),
                ('acteurs', models.TextField(blank=True, verbose_name='acteurs concernés par la démarche')),
                ('contexte', models.TextField(blank=True, verbose_name='origine et contexte de la démarche')),
                ('indemnise_quoi', models.TextField(blank=True, verbose_name='qu’est-ce qui a été indemnisé\u202f? (déplacements, garde d’enfants, temps passé, repas…)')),
                ('indemnise_qui', models.TextField(blank=True, verbose_name='qui sont les personnes qui ont été indemnisées\u202f?')),
                ('forme', models.TextField(blank=True, verbose_name='quelle forme a prise l’indemnité / la valorisation\u202f?')),
                ('bareme', models.TextField(blank=True, verbose_name='avez-vous utilisé un barème, et comment a-t-il été utilisé par les personnes concernées\u202f?')),
                ('delai_montants', models.TextField(blank=True, verbose_name='quel est le délai pour indemniser les personnes\u202f? Avec quels montants (indemnité par personne…)\u202f?')),
                ('arguments', models.TextField(blank=True, verbose_name='quels arguments ont été utilisés pour convaincre de l’intérêt d’une indemnisation/valorisation\u202f? (auprès des élus, de la direction, des financeurs…)')),
                ('processus', models.TextField(blank=True, verbose_name='le processus mis en place\xa0: avez-vous eu besoin de créer des outils spécifiques, de mobiliser des partenaires spécifiques, de mobiliser des fonds spécifiques…\u202f?')),
                ('freins', models.TextField(blank=True, verbose_name='quels freins ont été rencontrés\u202f?')),
                ('leviers', models.TextField(blank=True, verbose_name='quels leviers pensez-vous que votre structure pourrait mettre en place pour faciliter encore plus l’indemnisation / la valorisation de la participation\u202f?')),
                ('suggestions', models.TextField(blank=True, verbose_name='quelles suggestions auriez-vous à faire si elle devait être reproduite ailleurs, afin de l’améliorer\u202f?')),
                ('satisfaction', models.TextField(blank=True, verbose_name='évaluez-vous, et si oui comment, la satisfaction des personnes participantes\u202f?')),
                ('indemnites', models.TextField(blank=True, verbose_name='montants relevés par l’équipe : combien, qui, pour quoi')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('commune', models.ForeignKey(blank=True, db_constraint=False, help_text='Vide : celle que dit l’adresse, quand elle est sûre.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='referentiels.commune', verbose_name='commune')),
                ('departement', models.ForeignKey(blank=True, db_constraint=False, help_text='Celui de la commune, s’il y en a une.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='referentiels.departement', verbose_name='département')),
                ('echelle', models.ForeignKey(blank=True, db_constraint=False, limit_choices_to={'liste': 'echelle'}, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fiches.choix', verbose_name='échelle territoriale de l’action')),
                ('entree', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='annuaire.entree')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('niveau', models.ForeignKey(blank=True, db_constraint=False, limit_choices_to={'liste': 'participation'}, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fiches.choix', verbose_name='niveau de participation visé, en termes d’implication dans la décision publique')),
            ],
            options={
                'verbose_name': 'historical enquête',
                'verbose_name_plural': 'historical enquêtes',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalEnquete_modes_reconnaissance',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('choix', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fiches.choix')),
                ('enquete', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='enquetes.enquete')),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='enquetes.historicalenquete')),
            ],
            options={
                'verbose_name': 'HistoricalEnquete_modes_reconnaissance',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalEnquete_themes',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('enquete', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='enquetes.enquete')),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='enquetes.historicalenquete')),
                ('theme', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fiches.theme')),
            ],
            options={
                'verbose_name': 'HistoricalEnquete_themes',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalEnquete_types_organisation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('choix', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fiches.choix')),
                ('enquete', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='enquetes.enquete')),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='enquetes.historicalenquete')),
            ],
            options={
                'verbose_name': 'HistoricalEnquete_types_organisation',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='MontantDEnquete',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unite', models.CharField(choices=[('heure', 'à l’heure'), ('demi-journee', 'à la demi-journée'), ('journee', 'à la journée'), ('seance', 'à la séance'), ('mois', 'au mois'), ('forfait', 'au forfait'), ('bons', 'en bons d’achat'), ('kilometre', 'au kilomètre'), ('repas', 'au repas'), ('frais-reels', 'aux frais réels'), ('salaire', 'en salaire maintenu'), ('sans-unite', 'sans unité dite')], max_length=20, verbose_name='unité')),
                ('rang', models.PositiveSmallIntegerField(verbose_name='rang de l’unité')),
                ('min_eur', models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True, verbose_name='montant le plus bas')),
                ('max_eur', models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True, verbose_name='montant le plus haut')),
                ('enquete', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='montants', to='enquetes.enquete', verbose_name='enquête')),
            ],
            options={
                'verbose_name': 'montant d’enquête',
                'verbose_name_plural': 'montants d’enquêtes',
            },
        ),
        migrations.AddConstraint(
            model_name='enquete',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__isnull', False), ('longitude__isnull', False)), _connector='OR'), name='enquete_position_entiere', violation_error_message='Une position a une latitude et une longitude : donnez les deux, ou aucune.'),
        ),
        migrations.AddConstraint(
            model_name='enquete',
            constraint=models.CheckConstraint(condition=models.Q(('latitude__isnull', True), models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), _connector='OR'), name='enquete_position_sur_terre', violation_error_message='La latitude va de -90 à 90 degrés, la longitude de -180 à 180.'),
        ),
        migrations.AddConstraint(
            model_name='montantdenquete',
            constraint=models.UniqueConstraint(fields=('enquete', 'unite'), name='montant_unique_par_unite'),
        ),
        migrations.AddConstraint(
            model_name='montantdenquete',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('max_eur__isnull', True), ('min_eur__isnull', True)), models.Q(('max_eur__gte', models.F('min_eur')), ('min_eur__gt', 0)), _connector='OR'), name='montant_d_enquete_entier'),
        ),
    ]
