"""Version 1.0 has no table here. The files that this one replaces are for older databases, and leave in 1.1."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ('catalogue', '0001_blocs'),
        ('catalogue', '0002_valeurs_de_fiche'),
        ('catalogue', '0003_sans_ensembles'),
    ]

    dependencies = []

    operations = []
