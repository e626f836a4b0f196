"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import fiches.lieux
import participants.evenements.dates


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('evenements', '0001_initial'),
        ('evenements', '0002_commune'),
        ('evenements', '0003_corbeille'),
        ('evenements', '0004_datee'),
        ('evenements', '0005_phrase_de_ce_qui_a_ete_fait'),
    ]

    dependencies = [
        ('annuaire', '__first__'),
        ('fiches', '__first__'),
        ('referentiels', '__first__'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Evenement',
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
                ('resume', models.TextField(blank=True, verbose_name='résumé')),
                ('programme', models.TextField(blank=True, verbose_name='programme')),
                ('suites', models.TextField(blank=True, help_text='Compte rendu, enregistrements, ressources : une adresse écrite ici devient un lien.', verbose_name='après la rencontre')),
                ('debut', models.DateTimeField(blank=True, help_text='Vide : la date que porte le titre, s’il en porte une (« Balise 15/11/24 »).', null=True, validators=[participants.evenements.dates.check_year], verbose_name='début')),
                ('fin', models.DateTimeField(blank=True, null=True, validators=[participants.evenements.dates.check_year], verbose_name='fin')),
                ('heure_connue', models.BooleanField(default=True, help_text='Décochez si seul le jour est connu, et laissez minuit.', verbose_name='l’heure est connue')),
                ('lieu', models.CharField(blank=True, max_length=300, verbose_name='lieu')),
                ('adresse', models.CharField(blank=True, max_length=300, verbose_name='adresse')),
                ('capacite', models.PositiveIntegerField(blank=True, help_text='Vide : sans limite.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='nombre de places')),
                ('ouverture', models.DateTimeField(blank=True, null=True, validators=[participants.evenements.dates.check_year], verbose_name='ouverture des inscriptions')),
                ('cloture', models.DateTimeField(blank=True, null=True, validators=[participants.evenements.dates.check_year], verbose_name='clôture des inscriptions')),
                ('lien_externe', models.URLField(blank=True, help_text='Si l’inscription se fait sur un autre site.', max_length=500, verbose_name='lien d’inscription')),
                ('entree_libre', models.BooleanField(default=False, help_text='On vient sans s’inscrire : la page ne propose pas de formulaire.', verbose_name='entrée libre')),
                ('annule_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='annulé le')),
                ('sequence', models.PositiveIntegerField(default=0, editable=False, verbose_name='révision du calendrier')),
                ('sequence_annoncee', models.PositiveIntegerField(default=0, editable=False, verbose_name='révision annoncée')),
                ('termine_le', models.DateTimeField(db_index=True, editable=False, null=True, verbose_name='terminé le')),
                ('commune', models.ForeignKey(blank=True, help_text='Vide : celle que dit l’adresse, si elle finit par un code postal et une commune.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='referentiels.commune', verbose_name='commune')),
                ('departement', models.ForeignKey(blank=True, help_text='Vide : celui de la commune.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referentiels.departement', verbose_name='département')),
                ('themes', models.ManyToManyField(blank=True, help_text='Vide : proposés d’après le texte.', related_name='%(class)ss', to='fiches.theme', verbose_name='thèmes')),
            ],
            options={
                'verbose_name': 'événement',
                'ordering': [models.OrderBy(models.F('debut'), descending=True, nulls_last=True), '-pk'],
            },
            bases=(fiches.lieux.Situee, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalEvenement',
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
                ('resume', models.TextField(blank=True, verbose_name='résumé')),
                ('programme', models.TextField(blank=True, verbose_name='programme')),
                ('suites', models.TextField(blank=True, help_text='Compte rendu, enregistrements, ressources : une adresse écrite ici devient un lien.', verbose_name='après la rencontre')),
                ('debut', models.DateTimeField(blank=True, help_text='Vide : la date que porte le titre, s’il en porte une (« Balise 15/11/24 »).', null=True, validators=[participants.evenements.dates.check_year], verbose_name='début')),
                ('fin', models.DateTimeField(blank=True, null=True, validators=[participants.evenements.dates.check_year], verbose_name='fin')),
                ('heure_connue', models.BooleanField(default=True, help_text='Décochez si seul le jour est connu, et laissez minuit.', verbose_name='l’heure est connue')),
                ('lieu', models.CharField(blank=True, max_length=300, verbose_name='lieu')),
                ('adresse', models.CharField(blank=True, max_length=300, verbose_name='adresse')),
                ('capacite', models.PositiveIntegerField(blank=True, help_text='Vide : sans limite.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='nombre de places')),
                ('ouverture', models.DateTimeField(blank=True, null=True, validators=[participants.evenements.dates.check_year], verbose_name='ouverture des inscriptions')),
                ('cloture', models.DateTimeField(blank=True, null=True, validators=[participants.evenements.dates.check_year], verbose_name='clôture des inscriptions')),
                ('lien_externe', models.URLField(blank=True, help_text='Si l’inscription se fait sur un autre site.', max_length=500, verbose_name='lien d’inscription')),
                ('entree_libre', models.BooleanField(default=False, help_text='On vient sans s’inscrire : la page ne propose pas de formulaire.', verbose_name='entrée libre')),
                ('annule_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='annulé le')),
                ('sequence', models.PositiveIntegerField(default=0, editable=False, verbose_name='révision du calendrier')),
                ('sequence_annoncee', models.PositiveIntegerField(default=0, editable=False, verbose_name='révision annoncée')),
                ('termine_le', models.DateTimeField(db_index=True, editable=False, null=True, verbose_name='terminé le')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('commune', models.ForeignKey(blank=True, db_constraint=False, help_text='Vide : celle que dit l’adresse, si elle finit par un code postal et une commune.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='referentiels.commune', verbose_name='commune')),
                ('departement', models.ForeignKey(blank=True, db_constraint=False, help_text='Vide : celui de la commune.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='referentiels.departement', verbose_name='département')),
                ('entree', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='annuaire.entree')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical événement',
                'verbose_name_plural': 'historical événements',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalEvenement_themes',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('evenement', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='evenements.evenement')),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='evenements.historicalevenement')),
                ('theme', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fiches.theme')),
            ],
            options={
                'verbose_name': 'HistoricalEvenement_themes',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('libelle', models.CharField(max_length=200, verbose_name='question')),
                ('genre', models.CharField(choices=[('texte', 'texte court'), ('oui-non', 'oui ou non'), ('choix', 'un choix dans une liste')], default='texte', max_length=10, verbose_name='réponse')),
                ('choix', models.TextField(blank=True, verbose_name='choix, un par ligne')),
                ('obligatoire', models.BooleanField(default=False, verbose_name='obligatoire')),
                ('ordre', models.PositiveSmallIntegerField(default=1, verbose_name='rang')),
                ('evenement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='evenements.evenement', verbose_name='événement')),
            ],
            options={
                'verbose_name': 'question',
                'ordering': ['ordre', 'pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='evenement',
            constraint=models.CheckConstraint(condition=models.Q(('fin__isnull', True), models.Q(('debut__isnull', False), ('fin__gte', models.F('debut'))), _connector='OR'), name='evenement_fin_apres_debut', violation_error_message='La fin ne peut pas précéder le début.'),
        ),
        migrations.AddConstraint(
            model_name='evenement',
            constraint=models.CheckConstraint(condition=models.Q(('cloture__isnull', True), ('ouverture__isnull', True), ('cloture__gte', models.F('ouverture')), _connector='OR'), name='evenement_cloture_apres_ouverture', violation_error_message='Les inscriptions ne peuvent pas fermer avant d’ouvrir.'),
        ),
    ]
