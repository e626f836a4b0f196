"""Each alert has seen the change log up to what it knew: what it had not told yet comes after, and is told once.

The log begins with a row for each public record. Those that some alert does not know are moved to its end, those that
most alerts do not know last: an alert looked at later knows more, so that one number parts what each knows from the rest.
Where it does not, an alert is set past all that it knows: it tells nothing twice.
"""

import secrets
from collections import Counter

from django.db import migrations
from pyroaring import BitMap

SITE = "site"  # the list of all types


def read_as_they_knew(apps, schema_editor):
    using = schema_editor.connection.alias
    Alerte, Ligne, Compteur = (apps.get_model(*one) for one in (("alertes", "Alerte"), ("journal", "Ligne"), ("journal", "Compteur")))
    rows = {row.entree: row for row in Ligne.objects.using(using).filter(entree__isnull=False).order_by("numero")}
    alertes = list(Alerte.objects.using(using).exclude(connues=b""))
    unknown, counts = {}, Counter()
    for alerte in alertes:
        known = BitMap.deserialize(bytes(alerte.connues))
        held = BitMap(pk for pk, row in rows.items() if alerte.type in (SITE, row.type))
        unknown[alerte.pk] = held, held - known
        counts.update(held - known)
    compteur = Compteur.objects.using(using).get()
    moved = sorted(counts, key=lambda pk: (counts[pk], rows[pk].numero))
    Ligne.objects.using(using).filter(numero__in=[rows[pk].numero for pk in moved]).delete()
    for pk in moved:
        compteur.numero += 1
        rows[pk].numero, rows[pk].jeton = compteur.numero, int.from_bytes(secrets.token_bytes(8), signed=True)
    Ligne.objects.using(using).bulk_create([rows[pk] for pk in moved], batch_size=2000)
    compteur.save()
    for alerte in alertes:
        held, new = unknown[alerte.pk]
        first = min((rows[pk].numero for pk in new), default=compteur.numero + 1)
        alerte.vu = max([first - 1, *(rows[pk].numero for pk in held - new)])
        alerte.save(update_fields=["vu"])


class Migration(migrations.Migration):

    dependencies = [("alertes", "0004_vu"), ("annuaire", "0008_journal")]

    operations = [migrations.RunPython(read_as_they_knew, migrations.RunPython.noop, elidable=True)]
