"""What all demo loaders share. Sources of the data: fixtures/demo/SOURCES.md."""

import json
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from fiches.attached import Contact
from fiches.choice_lists import Choix
from fiches.choice_lookup import ListeDeChoix
from socle.annuaire.models import Entree, Statut, inscrire_fiches


def load(name: str) -> list[dict]:
    """Rows of fixtures/demo/<name>.json."""
    return json.loads((settings.BASE_DIR / "fixtures" / "demo" / f"{name}.json").read_text(encoding="utf-8"))


def day(text: str) -> datetime:
    """« 2021-05-04 » or « 2024-11-15T09:30 », in the site's time zone."""
    return timezone.make_aware(datetime.fromisoformat(text))


def save_demo(model, row: dict, *, personnes: tuple = (), lieux=None):
    """Save a public demo record from {field: value}. Choices are names; `date` is the day of publication.

    `personnes`: keys of persons in `row`. `lieux`: a Reconnaisseur, if places are to find.
    """
    persons, several = [(role, row.pop(role, None)) for role in personnes], {}
    for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
        if field.related_model is not Choix or field.name not in row:
            continue
        liste = ListeDeChoix(field.get_limit_choices_to()["liste"])
        if field.many_to_many:
            several[field.name] = [liste.get_or_create(nom) for nom in row.pop(field.name)]
        else:
            row[field.name] = liste.get_or_create(row[field.name])
    fiche = model(statut=Statut.PUBLIEE, publiee_le=day(row.pop("date")), **row)
    if lieux:
        fiche.locate(lieux)
    fiche.change(several)
    for role, person in persons:
        if person:
            Contact.objects.create(entree=fiche.entree, role=role, **person)
    Entree.objects.filter(pk=fiche.pk).update(exemple=True)
    inscrire_fiches([fiche.pk])
    return fiche
