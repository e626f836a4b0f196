
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='DernierPassage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cle', models.CharField(max_length=40, unique=True, verbose_name='tâche')),
                ('etat', models.CharField(choices=[('en-cours', 'en cours'), ('reussi', 'réussi'), ('en-echec', 'en échec')], default='en-cours', max_length=10, verbose_name='état')),
                ('debut', models.DateTimeField(verbose_name='début')),
                ('fin', models.DateTimeField(null=True, verbose_name='fin')),
                ('mots', models.TextField(blank=True, verbose_name='ce qui a été dit')),
                ('reussi_le', models.DateTimeField(null=True, verbose_name='dernière réussite')),
                ('periodes', models.JSONField(default=list, verbose_name='périodes faites')),
            ],
            options={
                'verbose_name': 'dernier passage d’une tâche',
                'verbose_name_plural': 'derniers passages des tâches',
                'ordering': ['cle'],
            },
        ),
    ]
