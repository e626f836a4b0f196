"""Each alert has seen the change log up to what it knew: what it had not told yet comes after, and is told once.

The log begins with a row for each public record. Those that some alert does not know are moved to its end, those that
most alerts do not know last: an alert looked at later knows more, so that one number parts what each knows from the rest.
Where it does not, an alert is set past all that it knows: it tells nothing twice.
"""

import secrets
from collections import Counter, defaultdict

from django.db import migrations
from pyroaring import BitMap

SITE = "site"  # the list of all types
BLOCK = 2000


def read_as_they_knew(apps, schema_editor):
    using = schema_editor.connection.alias
    Alerte, Ligne, Compteur = (apps.get_model(*one) for one in (("alertes", "Alerte"), ("journal", "Ligne"), ("journal", "Compteur")))
    rows = {row.entree: row for row in Ligne.objects.using(using).filter(entree__isnull=False).order_by("numero")}
    lists = defaultdict(BitMap)
    for pk, row in rows.items():
        lists[row.type].add(pk)
        lists[SITE].add(pk)
    alertes = list(Alerte.objects.using(using).exclude(connues=b""))
    new = {one.pk: lists[one.type] - BitMap.deserialize(bytes(one.connues)) for one in alertes}
    counts = Counter(pk for unknown in new.values() for pk in unknown)
    compteur = Compteur.objects.using(using).get()
    moved = sorted(counts, key=lambda pk: (counts[pk], rows[pk].numero))
    for start in range(0, len(moved), BLOCK):
        numbers = [rows[pk].numero for pk in moved[start : start + BLOCK]]
        Ligne.objects.using(using).filter(numero__in=numbers).delete()
    for pk in moved:
        compteur.numero += 1
        rows[pk].numero, rows[pk].jeton = compteur.numero, int.from_bytes(secrets.token_bytes(8), signed=True)
    Ligne.objects.using(using).bulk_create([rows[pk] for pk in moved], batch_size=BLOCK)
    compteur.save()
    for alerte in alertes:
        known = lists[alerte.type] - new[alerte.pk]
        last = next((rows[pk].numero for pk in reversed(moved) if pk in known), 0)
        first = min((rows[pk].numero for pk in new[alerte.pk]), default=compteur.numero + 1)
        alerte.vu = max(first - 1, last)
        alerte.save(update_fields=["vu"])


class Migration(migrations.Migration):

    dependencies = [("alertes", "0004_vu"), ("annuaire", "0008_journal")]

    operations = [migrations.RunPython(read_as_they_knew, migrations.RunPython.noop, elidable=True)]
