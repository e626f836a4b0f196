import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enquetes', '0002_corbeille'),
    ]

    operations = [
        migrations.AddField(
            model_name='enquete',
            name='baremes_a_lire',
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='barèmes à lire'),
        ),
        migrations.AddField(
            model_name='enquete',
            name='baremes_lus',
            field=models.JSONField(default=list, editable=False, verbose_name='barèmes lus'),
        ),
        migrations.AddField(
            model_name='enquete',
            name='indemnites',
            field=models.TextField(blank=True, help_text='Une ligne par montant, que les listes et la fiche montrent. Une personne n’y est jamais nommée.', verbose_name='qui est payé, combien, pour quoi'),
        ),
        migrations.AddField(
            model_name='historicalenquete',
            name='baremes_a_lire',
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='barèmes à lire'),
        ),
        migrations.AddField(
            model_name='historicalenquete',
            name='baremes_lus',
            field=models.JSONField(default=list, editable=False, verbose_name='barèmes lus'),
        ),
        migrations.AddField(
            model_name='historicalenquete',
            name='indemnites',
            field=models.TextField(blank=True, help_text='Une ligne par montant, que les listes et la fiche montrent. Une personne n’y est jamais nommée.', verbose_name='qui est payé, combien, pour quoi'),
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
                'constraints': [models.UniqueConstraint(fields=('enquete', 'unite'), name='montant_unique_par_unite'), models.CheckConstraint(condition=models.Q(models.Q(('max_eur__isnull', True), ('min_eur__isnull', True)), models.Q(('max_eur__gte', models.F('min_eur')), ('min_eur__gt', 0)), _connector='OR'), name='montant_d_enquete_entier')],
            },
        ),
    ]
