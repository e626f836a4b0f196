from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contributions', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='contribution',
            name='annoncee_le',
            field=models.DateTimeField(blank=True, null=True, verbose_name='publication annoncée le'),
        ),
        migrations.AlterField(
            model_name='contribution',
            name='nature',
            field=models.CharField(choices=[('correction', 'correction'), ('fiche', 'nouvelle fiche')], default='correction', max_length=12, verbose_name='nature'),
        ),
    ]
