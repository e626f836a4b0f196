
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annuaire', '0005_un_ordre_un_index'),
        ('suivi', '0002_doublons_possibles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='VersionMasquee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('raison', models.CharField(choices=[('personne', 'elle nommait une personne'), ('mise-en-cause', 'elle mettait quelqu’un en cause'), ('illicite', 'son contenu n’était pas licite'), ('indesirable', 'son contenu était indésirable')], max_length=20, verbose_name='raison, que la page donne')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='le')),
                ('entree', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions_masquees', to='annuaire.entree', verbose_name='fiche')),
                ('par', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'version masquée',
                'verbose_name_plural': 'versions masquées',
                'constraints': [models.UniqueConstraint(fields=('entree', 'version'), name='version_masquee_unique')],
            },
        ),
    ]
