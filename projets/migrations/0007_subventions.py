import django.core.validators
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

import socle.francais.identifiants


class Migration(migrations.Migration):

    dependencies = [
        ('annuaire', '0005_un_ordre_un_index'),
        ('fiches', '0001_initial'),
        ('projets', '0006_un_ordre_un_index'),
        ('referentiels', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalprojet',
            name='convention_le',
            field=models.DateField(blank=True, null=True, verbose_name='date de la convention'),
        ),
        migrations.AddField(
            model_name='historicalprojet',
            name='decision',
            field=models.CharField(blank=True, help_text='Le numéro de l’acte qui accorde la subvention, par exemple 2021-03-103. Facultatif.', max_length=100, verbose_name='référence de la décision'),
        ),
        migrations.AddField(
            model_name='historicalprojet',
            name='dispositif',
            field=models.CharField(blank=True, help_text='Si le dispositif en a un. Facultatif.', max_length=100, verbose_name='identifiant du dispositif d’aide'),
        ),
        migrations.AddField(
            model_name='historicalprojet',
            name='nature',
            field=models.CharField(blank=True, choices=[('aide en numéraire', 'aide en numéraire'), ('aide en nature', 'aide en nature'), ('aide en numéraire;aide en nature', 'aide en numéraire et aide en nature')], max_length=40, verbose_name='nature de la subvention'),
        ),
        migrations.AddField(
            model_name='historicalprojet',
            name='notification_ue',
            field=models.CharField(blank=True, choices=[('oui', 'oui'), ('non', 'non')], help_text='Oui si la subvention est une aide de minimis, notifiée en vertu du règlement européen.', max_length=3, verbose_name='aide notifiée à la Commission européenne'),
        ),
        migrations.AddField(
            model_name='historicalprojet',
            name='part_pourcent',
            field=models.PositiveSmallIntegerField(blank=True, help_text='100 s’il est seul à recevoir la subvention, moins s’il la partage avec d’autres.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='part versée à ce bénéficiaire (%)'),
        ),
        migrations.AddField(
            model_name='historicalprojet',
            name='rna',
            field=socle.francais.identifiants.RnaField(blank=True, help_text='Pour une association sans SIRET : un W suivi de 9 chiffres.', max_length=10, verbose_name='numéro RNA du bénéficiaire'),
        ),
        migrations.AddField(
            model_name='historicalprojet',
            name='siret',
            field=socle.francais.identifiants.SiretField(blank=True, help_text='14 chiffres, avec ou sans espaces : celui de la collectivité, jamais celui d’une personne. Il se trouve sur annuaire-entreprises.data.gouv.fr.', max_length=14, verbose_name='SIRET du bénéficiaire'),
        ),
        migrations.AddField(
            model_name='historicalprojet',
            name='verse_jusqu_au',
            field=models.DateField(blank=True, help_text='Vide : un seul versement, à la date ci-dessus.', null=True, verbose_name='versement : fin de la période'),
        ),
        migrations.AddField(
            model_name='historicalprojet',
            name='verse_le',
            field=models.DateField(blank=True, null=True, verbose_name='versement : date, ou début de la période'),
        ),
        migrations.AddField(
            model_name='historicalprojet',
            name='versement',
            field=models.CharField(blank=True, help_text='« unique », « échelonné », ou quelques mots : « 50 % à la signature, le solde à la livraison ».', max_length=255, verbose_name='conditions de versement'),
        ),
        migrations.AddField(
            model_name='projet',
            name='convention_le',
            field=models.DateField(blank=True, null=True, verbose_name='date de la convention'),
        ),
        migrations.AddField(
            model_name='projet',
            name='decision',
            field=models.CharField(blank=True, help_text='Le numéro de l’acte qui accorde la subvention, par exemple 2021-03-103. Facultatif.', max_length=100, verbose_name='référence de la décision'),
        ),
        migrations.AddField(
            model_name='projet',
            name='dispositif',
            field=models.CharField(blank=True, help_text='Si le dispositif en a un. Facultatif.', max_length=100, verbose_name='identifiant du dispositif d’aide'),
        ),
        migrations.AddField(
            model_name='projet',
            name='nature',
            field=models.CharField(blank=True, choices=[('aide en numéraire', 'aide en numéraire'), ('aide en nature', 'aide en nature'), ('aide en numéraire;aide en nature', 'aide en numéraire et aide en nature')], max_length=40, verbose_name='nature de la subvention'),
        ),
        migrations.AddField(
            model_name='projet',
            name='notification_ue',
            field=models.CharField(blank=True, choices=[('oui', 'oui'), ('non', 'non')], help_text='Oui si la subvention est une aide de minimis, notifiée en vertu du règlement européen.', max_length=3, verbose_name='aide notifiée à la Commission européenne'),
        ),
        migrations.AddField(
            model_name='projet',
            name='part_pourcent',
            field=models.PositiveSmallIntegerField(blank=True, help_text='100 s’il est seul à recevoir la subvention, moins s’il la partage avec d’autres.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='part versée à ce bénéficiaire (%)'),
        ),
        migrations.AddField(
            model_name='projet',
            name='rna',
            field=socle.francais.identifiants.RnaField(blank=True, help_text='Pour une association sans SIRET : un W suivi de 9 chiffres.', max_length=10, verbose_name='numéro RNA du bénéficiaire'),
        ),
        migrations.AddField(
            model_name='projet',
            name='siret',
            field=socle.francais.identifiants.SiretField(blank=True, help_text='14 chiffres, avec ou sans espaces : celui de la collectivité, jamais celui d’une personne. Il se trouve sur annuaire-entreprises.data.gouv.fr.', max_length=14, verbose_name='SIRET du bénéficiaire'),
        ),
        migrations.AddField(
            model_name='projet',
            name='verse_jusqu_au',
            field=models.DateField(blank=True, help_text='Vide : un seul versement, à la date ci-dessus.', null=True, verbose_name='versement : fin de la période'),
        ),
        migrations.AddField(
            model_name='projet',
            name='verse_le',
            field=models.DateField(blank=True, null=True, verbose_name='versement : date, ou début de la période'),
        ),
        migrations.AddField(
            model_name='projet',
            name='versement',
            field=models.CharField(blank=True, help_text='« unique », « échelonné », ou quelques mots : « 50 % à la signature, le solde à la livraison ».', max_length=255, verbose_name='conditions de versement'),
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
