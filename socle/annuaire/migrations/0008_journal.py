"""The change log of a site of before begins with a row for each public record, the oldest first."""

import secrets

from django.db import migrations
from django.db.models import F
from django.utils import timezone


def seed(apps, schema_editor):
    using, now = schema_editor.connection.alias, timezone.now()
    Entree, Ligne, Compteur = (apps.get_model(*one) for one in (("annuaire", "Entree"), ("journal", "Ligne"), ("journal", "Compteur")))
    public = Entree.objects.using(using).filter(statut="publiee").order_by(F("publiee_le").asc(nulls_first=True), "pk")
    last = Compteur.objects.using(using).get()
    rows = (
        Ligne(
            numero=numero, jeton=int.from_bytes(secrets.token_bytes(8), signed=True), type=type, entree=pk, nature="publiee", le=now
        )
        for numero, (pk, type) in enumerate(public.values_list("pk", "type"), last.numero + 1)
    )
    made = Ligne.objects.using(using).bulk_create(rows, batch_size=2000)
    Compteur.objects.using(using).update(numero=last.numero + len(made), le=now)


class Migration(migrations.Migration):

    dependencies = [("annuaire", "0007_annee_dite"), ("journal", "0002_ligne_0")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop, elidable=True)]
