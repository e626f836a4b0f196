"""The directory says the département of a record, so that the site's search can be narrowed by it."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """Take it from the records that stand already; where there are some, every record type is known here."""
    Entree = apps.get_model("fiches", "Entree")
    entrees = Entree.objects.using(schema_editor.connection.alias)
    if not entrees.exists():
        return
    for model in apps.get_models():
        names = {field.name for field in model._meta.concrete_fields}
        if {"entree", "departement"} <= names and model._meta.pk.name == "entree":
            records = model.objects.filter(pk=OuterRef("pk"))
            entrees.filter(pk__in=model.objects.using(entrees.db).values("pk")).update(
                departement_id=Subquery(records.values("departement_id")[:1])
            )


class Migration(migrations.Migration):

    dependencies = [
        ('fiches', '0006_sans_message'),
        ('referentiels', '0001_initiale'),
    ]

    operations = [
        migrations.AddField(
            model_name='entree',
            name='departement',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referentiels.departement', verbose_name='département'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
