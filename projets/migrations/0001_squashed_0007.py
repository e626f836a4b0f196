"""The tables of version 1.0. The files that this one replaces are for older databases, and leave in 1.1."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import fiches.lieux
import socle.francais.identifiants


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('projets', '0001_initial'),
        ('projets', '0002_corbeille'),
        ('projets', '0003_datee'),
        ('projets', '0004_phrase_de_ce_qui_a_ete_fait'),
        ('projets', '0005_index_du_bureau'),
        ('projets', '0006_un_ordre_un_index'),
        ('projets', '0007_subventions'),
    ]

    dependencies = [
        ('annuaire', '__first__'),
        ('fiches', '__first__'),
        ('referentiels', '__first__'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalProjet',
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
                ('collectivite', models.CharField(blank=True, max_length=300, verbose_name='nom de la collectivité')),
                ('description', models.TextField(blank=True, verbose_name='description synthétique du projet')),
                ('objectifs', models.TextField(blank=True, verbose_name='objectifs')),
                ('montant_eur', models.DecimalField(blank=True, decimal_places=2, help_text='Vide ou 0 : « montant non renseigné », compté dans aucun total.', max_digits=14, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='montant du financement France Relance (€)')),
                ('montant_source', models.CharField(blank=True, help_text='Les mots de l’ancien site, gardés pour mémoire et donnés dans le fichier CSV. Si vous corrigez le montant ci-dessus, c’est lui que les pages et les totaux montrent ; ces mots ne le changent pas.', max_length=300, verbose_name='montant tel qu’il a été écrit')),
                ('suivi', models.TextField(blank=True, verbose_name='suivi du projet')),
                ('engagements', models.TextField(blank=True, verbose_name='engagements dans le cadre de la convention de financement')),
                ('siret', socle.francais.identifiants.SiretField(blank=True, help_text='14 chiffres, avec ou sans espaces : celui de la collectivité, jamais celui d’une personne. Il se trouve sur annuaire-entreprises.data.gouv.fr.', max_length=14, verbose_name='SIRET du bénéficiaire')),
                ('rna', socle.francais.identifiants.RnaField(blank=True, help_text='Pour une association sans SIRET : un W suivi de 9 chiffres.', max_length=10, verbose_name='numéro RNA du bénéficiaire')),
                ('convention_le', models.DateField(blank=True, null=True, verbose_name='date de la convention')),
                ('decision', models.CharField(blank=True, help_text='Le numéro de l’acte qui accorde la subvention, par exemple 2021-03-103. Facultatif.', max_length=100, verbose_name='référence de la décision')),
                ('nature', models.CharField(blank=True, choices=[('aide en numéraire', 'aide en numéraire'), ('aide en nature', 'aide en nature'), ('aide en numéraire;aide en nature', 'aide en numéraire et aide en nature')], max_length=40, verbose_name='nature de la subvention')),
                ('versement', models.CharField(blank=True, help_text='« unique », « échelonné », ou quelques mots : « 50 % à la signature, le solde à la livraison ».', max_length=255, verbose_name='conditions de versement')),
                ('verse_le', models.DateField(blank=True, null=True, verbose_name='versement : date, ou début de la période')),
                ('verse_jusqu_au', models.DateField(blank=True, help_text='Vide : un seul versement, à la date ci-dessus.', null=True, verbose_name='versement : fin de la période')),
                ('notification_ue', models.CharField(blank=True, choices=[('oui', 'oui'), ('non', 'non')], help_text='Oui si la subvention est une aide de minimis, notifiée en vertu du règlement européen.', max_length=3, verbose_name='aide notifiée à la Commission européenne')),
                ('part_pourcent', models.PositiveSmallIntegerField(blank=True, help_text='100 s’il est seul à recevoir la subvention, moins s’il la partage avec d’autres.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='part versée à ce bénéficiaire (%)')),
                ('dispositif', models.CharField(blank=True, help_text='Si le dispositif en a un. Facultatif.', max_length=100, verbose_name='identifiant du dispositif d’aide')),
                ('titre_court', models.CharField(blank=True, help_text='Vide : le titre sans le nom de la collectivité.', max_length=500, verbose_name='titre affiché')),
                ('collectivite_courte', models.CharField(blank=True, help_text='Vide : le nom de la collectivité, mis en forme.', max_length=300, verbose_name='collectivité affichée')),
                ('titre_public', models.CharField(default='', editable=False, max_length=500, verbose_name='titre public')),
                ('collectivite_publique', models.CharField(default='', editable=False, max_length=300, verbose_name='collectivité')),
                ('collectivite_tri', models.CharField(db_index=True, default='', editable=False, max_length=300)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('commune', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='referentiels.commune', verbose_name='commune')),
                ('departement', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='referentiels.departement', verbose_name='département')),
                ('entree', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='annuaire.entree')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('intercommunalite', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='referentiels.intercommunalite', verbose_name='intercommunalité')),
            ],
            options={
                'verbose_name': 'historical projet France Relance',
                'verbose_name_plural': 'historical projets France Relance',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Projet',
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
                ('collectivite', models.CharField(blank=True, max_length=300, verbose_name='nom de la collectivité')),
                ('description', models.TextField(blank=True, verbose_name='description synthétique du projet')),
                ('objectifs', models.TextField(blank=True, verbose_name='objectifs')),
                ('montant_eur', models.DecimalField(blank=True, decimal_places=2, help_text='Vide ou 0 : « montant non renseigné », compté dans aucun total.', max_digits=14, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='montant du financement France Relance (€)')),
                ('montant_source', models.CharField(blank=True, help_text='Les mots de l’ancien site, gardés pour mémoire et donnés dans le fichier CSV. Si vous corrigez le montant ci-dessus, c’est lui que les pages et les totaux montrent ; ces mots ne le changent pas.', max_length=300, verbose_name='montant tel qu’il a été écrit')),
                ('suivi', models.TextField(blank=True, verbose_name='suivi du projet')),
                ('engagements', models.TextField(blank=True, verbose_name='engagements dans le cadre de la convention de financement')),
                ('siret', socle.francais.identifiants.SiretField(blank=True, help_text='14 chiffres, avec ou sans espaces : celui de la collectivité, jamais celui d’une personne. Il se trouve sur annuaire-entreprises.data.gouv.fr.', max_length=14, verbose_name='SIRET du bénéficiaire')),
                ('rna', socle.francais.identifiants.RnaField(blank=True, help_text='Pour une association sans SIRET : un W suivi de 9 chiffres.', max_length=10, verbose_name='numéro RNA du bénéficiaire')),
                ('convention_le', models.DateField(blank=True, null=True, verbose_name='date de la convention')),
                ('decision', models.CharField(blank=True, help_text='Le numéro de l’acte qui accorde la subvention, par exemple 2021-03-103. Facultatif.', max_length=100, verbose_name='référence de la décision')),
                ('nature', models.CharField(blank=True, choices=[('aide en numéraire', 'aide en numéraire'), ('aide en nature', 'aide en nature'), ('aide en numéraire;aide en nature', 'aide en numéraire et aide en nature')], max_length=40, verbose_name='nature de la subvention')),
                ('versement', models.CharField(blank=True, help_text='« unique », « échelonné », ou quelques mots : « 50 % à la signature, le solde à la livraison ».', max_length=255, verbose_name='conditions de versement')),
                ('verse_le', models.DateField(blank=True, null=True, verbose_name='versement : date, ou début de la période')),
                ('verse_jusqu_au', models.DateField(blank=True, help_text='Vide : un seul versement, à la date ci-dessus.', null=True, verbose_name='versement : fin de la période')),
                ('notification_ue', models.CharField(blank=True, choices=[('oui', 'oui'), ('non', 'non')], help_text='Oui si la subvention est une aide de minimis, notifiée en vertu du règlement européen.', max_length=3, verbose_name='aide notifiée à la Commission européenne')),
                ('part_pourcent', models.PositiveSmallIntegerField(blank=True, help_text='100 s’il est seul à recevoir la subvention, moins s’il la partage avec d’autres.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='part versée à ce bénéficiaire (%)')),
                ('dispositif', models.CharField(blank=True, help_text='Si le dispositif en a un. Facultatif.', max_length=100, verbose_name='identifiant du dispositif d’aide')),
                ('titre_court', models.CharField(blank=True, help_text='Vide : le titre sans le nom de la collectivité.', max_length=500, verbose_name='titre affiché')),
                ('collectivite_courte', models.CharField(blank=True, help_text='Vide : le nom de la collectivité, mis en forme.', max_length=300, verbose_name='collectivité affichée')),
                ('titre_public', models.CharField(default='', editable=False, max_length=500, verbose_name='titre public')),
                ('collectivite_publique', models.CharField(default='', editable=False, max_length=300, verbose_name='collectivité')),
                ('collectivite_tri', models.CharField(db_index=True, default='', editable=False, max_length=300)),
                ('commune', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='projets', to='referentiels.commune', verbose_name='commune')),
                ('departement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='projets', to='referentiels.departement', verbose_name='département')),
                ('intercommunalite', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='projets', to='referentiels.intercommunalite', verbose_name='intercommunalité')),
                ('remplace', models.ForeignKey(blank=True, help_text='Un rapport V2 remplace la première fiche : celle-ci reste lisible mais ne compte dans aucun total.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='remplacants', to='projets.projet', verbose_name='remplace la fiche')),
                ('themes', models.ManyToManyField(blank=True, help_text='Vide : proposés d’après le texte.', related_name='%(class)ss', to='fiches.theme', verbose_name='thèmes')),
            ],
            options={
                'verbose_name': 'projet France Relance',
                'verbose_name_plural': 'projets France Relance',
                'ordering': ['collectivite_tri', 'pk'],
            },
            bases=(fiches.lieux.Situee, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalProjet_themes',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('m2m_history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='projets.historicalprojet')),
                ('theme', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='fiches.theme')),
                ('projet', models.ForeignKey(blank=True, db_constraint=False, db_tablespace='', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='projets.projet')),
            ],
            options={
                'verbose_name': 'HistoricalProjet_themes',
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name='historicalprojet',
            name='remplace',
            field=models.ForeignKey(blank=True, db_constraint=False, help_text='Un rapport V2 remplace la première fiche : celle-ci reste lisible mais ne compte dans aucun total.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='projets.projet', verbose_name='remplace la fiche'),
        ),
        migrations.CreateModel(
            name='Annexe',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('titre', models.CharField(blank=True, max_length=200, verbose_name='titre')),
                ('fichier', models.FileField(blank=True, upload_to='annexes/%Y/', verbose_name='fichier')),
                ('nom_origine', models.CharField(blank=True, max_length=300, verbose_name='nom sur l’ancien site')),
                ('projet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='annexes', to='projets.projet', verbose_name='projet')),
            ],
            options={
                'verbose_name': 'annexe',
                'ordering': ['pk'],
            },
        ),
        migrations.AddIndex(
            model_name='projet',
            index=models.Index(condition=models.Q(('remplace__isnull', False)), fields=['statut', 'remplace'], name='projet_versions'),
        ),
        migrations.AddIndex(
            model_name='projet',
            index=models.Index(fields=['statut', 'departement'], name='projet_statut_departement'),
        ),
        migrations.AddIndex(
            model_name='projet',
            index=models.Index(fields=['statut', 'montant_eur', 'entree'], name='projet_statut_montant'),
        ),
        migrations.AddIndex(
            model_name='projet',
            index=models.Index(fields=['statut', 'modifiee_le', 'entree'], name='projet_statut_modifiee'),
        ),
        migrations.AddIndex(
            model_name='projet',
            index=models.Index(fields=['statut', 'collectivite_tri', 'entree'], name='projet_par_collectivite'),
        ),
        migrations.AddIndex(
            model_name='projet',
            index=models.Index(fields=['statut', '-datee', '-modifiee_le', 'entree'], name='projet_par_date'),
        ),
        migrations.AddConstraint(
            model_name='projet',
            constraint=models.CheckConstraint(condition=models.Q(('montant_eur__isnull', True), ('montant_eur__gte', 0), _connector='OR'), name='projet_montant_positif', violation_error_message='Le montant ne peut pas être négatif.'),
        ),
        migrations.AddConstraint(
            model_name='projet',
            constraint=models.CheckConstraint(condition=models.Q(('remplace', models.F('pk')), _negated=True), name='projet_ne_se_remplace_pas', violation_error_message='Une fiche ne peut pas se remplacer elle-même.'),
        ),
        migrations.AddConstraint(
            model_name='projet',
            constraint=models.CheckConstraint(condition=models.Q(('siret', ''), django.db.models.lookups.Exact(django.db.models.functions.text.Length('siret'), 14), _connector='OR'), name='projet_siret_entier', violation_error_message='Un SIRET a 14 chiffres.'),
        ),
        migrations.AddConstraint(
            model_name='projet',
            constraint=models.CheckConstraint(condition=models.Q(('rna', ''), models.Q(('rna__startswith', 'W'), django.db.models.lookups.Exact(django.db.models.functions.text.Length('rna'), 10)), _connector='OR'), name='projet_rna_entier', violation_error_message='Un numéro RNA est un W suivi de 9 chiffres.'),
        ),
        migrations.AddConstraint(
            model_name='projet',
            constraint=models.CheckConstraint(condition=models.Q(('verse_jusqu_au__isnull', True), models.Q(('verse_jusqu_au__gte', models.F('verse_le')), ('verse_le__isnull', False)), _connector='OR'), name='projet_versement_dans_l_ordre', violation_error_message='La période de versement finit avant de commencer, ou n’a pas de début.'),
        ),
        migrations.AddConstraint(
            model_name='projet',
            constraint=models.CheckConstraint(condition=models.Q(('part_pourcent__isnull', True), ('part_pourcent__range', (1, 100)), _connector='OR'), name='projet_part_entre_1_et_100', violation_error_message='La part versée est un pourcentage, de 1 à 100.'),
        ),
    ]
