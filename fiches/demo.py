"""Demo records: what the loaders of all types share. Sources: fixtures/demo/SOURCES.md."""

import json
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from fiches.attached import Contact
from socle.annuaire.models import Entree, Statut


def load(name: str) -> list[dict]:
    """Rows of fixtures/demo/<name>.json."""
    return json.loads((settings.BASE_DIR / "fixtures" / "demo" / f"{name}.json").read_text(encoding="utf-8"))


def day(text: str) -> datetime:
    """« 2021-05-04 » or « 2024-11-15T09:30 », in the time of the site."""
    return timezone.make_aware(datetime.fromisoformat(text))


def save_demo(model, row: dict, *, several: dict | None = None, personnes: tuple = (), lieux=None):
    """Save one public demo record from {field: value}; `date` is when it was published, `personnes` keys of persons.

    `several`: {many-to-many field: rows}. `lieux`: a Reconnaisseur, if the record has places to find.
    """
    persons = [(role, row.pop(role, None)) for role in personnes]
    fiche = model(statut=Statut.PUBLIEE, publiee_le=day(row.pop("date")), **row)
    if lieux:
        fiche.locate(lieux)
    fiche.change(several or {})
    for role, person in persons:
        if person:
            Contact.objects.create(entree=fiche.entree, role=role, **person)
    fiche.hide_persons()
    Entree.objects.filter(pk=fiche.pk).update(exemple=True)
    return fiche
