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
        ('initiatives', '0001_initial'),
        ('initiatives', '0002_corbeille'),
        ('initiatives', '0003_datee'),
        ('initiatives', '0004_phrase_de_ce_qui_a_ete_fait'),
        ('initiatives', '0005_choix_des_versions'),
        ('initiatives', '0006_choix_des_versions_de_avant'),
    ]

    dependencies = [
        ('annuaire', '__first__'),
        ('fiches', '__first__'),
        ('referentiels', '__first__'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalInitiative',
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
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('enjeux', models.TextField(blank=True, verbose_name='enjeux')),
                ('convictions', models.TextField(blank=True, verbose_name='convictions')),
                ('methodologie', models.TextField(blank=True, verbose_name='méthodologie mise en place')),
                ('realisations', models.TextField(blank=True, verbose_name='réalisations')),
                ('acteur', models.CharField(blank=True, help_text='Une organisation, jamais une personne.', max_length=300, verbose_name='nom de l’acteur')),
                ('autre_acteur', models.CharField(blank=True, max_length=300, verbose_name='autre acteur')),
                ('ville', models.CharField(blank=True, max_length=200, verbose_name='ville')),
                ('lien', models.URLField(blank=True, max_length=500, verbose_name='lien')),
                ('partenaires', models.TextField(blank=True, verbose_name='partenaires associés')),
                ('pour_aller_plus_loin', models.TextField(blank=True, verbose_name='pour aller plus loin')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('commune', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='referentiels.commune', verbose_name='commune')),
                ('departement', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='referentiels.departement', verbose_name='département')),
                ('echelle', models.ForeignKey(blank=True, db_constraint=False, limit_choices_to={'liste': 'echelle'}, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fiches.choix', verbose_name='échelle d’action')),
                ('entree', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='annuaire.entree')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('type_acteur', models.ForeignKey(blank=True, db_constraint=False, limit_choices_to={'liste': 'type-acteur'}, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fiches.choix', verbose_name='type d’acteur')),
            ],
            options={
                'verbose_name': 'historical initiative',
                'verbose_name_plural': 'historical initiatives',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Initiative',
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
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('enjeux', models.TextField(blank=True, verbose_name='enjeux')),
                ('convictions', models.TextField(blank=True, verbose_name='convictions')),
                ('methodologie', models.TextField(blank=True, verbose_name='méthodologie mise en place')),
                ('realisations', models.TextField(blank=True, verbose_name='réalisations')),
                ('acteur', models.CharField(blank=True, help_text='Une organisation, jamais une personne.', max_length=300, verbose_name='nom de l’acteur')),
                ('autre_acteur', models.CharField(blank=True, max_length=300, verbose_name='autre acteur')),
                ('ville', models.CharField(blank=True, max_length=200, verbose_name='ville')),
                ('lien', models.URLField(blank=True, max_length=500, verbose_name='lien')),
                ('partenaires', models.TextField(blank=True, verbose_name='partenaires associés')),
                ('pour_aller_plus_loin', models.TextField(blank=True, verbose_name='pour aller plus loin')),
                ('commune', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='referentiels.commune', verbose_name='commune')),
                ('departement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referentiels.departement', verbose_name='département')),
                ('echelle', models.ForeignKey(blank=True, limit_choices_to={'liste': 'echelle'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fiches.choix', verbose_name='échelle d’action')),
                ('mots_cles', models.ManyToManyField(blank=True, limit_choices_to={'liste': 'mot-cle'}, related_name='+', to='fiches.choix', verbose_name='mots clefs de l’action')),
                ('themes', models.ManyToManyField(blank=True, help_text='Vide : proposés d’après le texte.', related_name='%(class)ss', to='fiches.theme', verbose_name='thèmes')),
                ('type_acteur', models.ForeignKey(blank=True, limit_choices_to={'liste': 'type-acteur'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fiches.choix', verbose_name='type d’acteur')),
            ],
            options={
                'verbose_name': 'initiative',
                'ordering': ['titre', 'pk'],
            },
            bases=(fiches.lieux.Situee, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalInitiative_themes',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='initiatives.historicalinitiative')),
                ('theme', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fiches.theme')),
                ('initiative', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='initiatives.initiative')),
            ],
            options={
                'verbose_name': 'HistoricalInitiative_themes',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalInitiative_mots_cles',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('choix', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fiches.choix')),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='initiatives.historicalinitiative')),
                ('initiative', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='initiatives.initiative')),
            ],
            options={
                'verbose_name': 'HistoricalInitiative_mots_cles',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
