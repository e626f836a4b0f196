"""Demo projects: real titles, authorities and amounts; texts and persons written for the demonstration."""

import json
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from fiches.models import Contact, Statut
from fiches.referentiels.reconnaissance import Reconnaisseur
from fiches.suivi.models import DEMONSTRATION, Origine
from projets.models import Projet
from projets.montant import parse_montant


@transaction.atomic
def charger_demo() -> int:
    """Save the demo projects as public ones; the number of projects. See fixtures/demo/SOURCES.md."""
    rows = json.loads((settings.BASE_DIR / "fixtures" / "demo" / "projets.json").read_text(encoding="utf-8"))
    places, saved = Reconnaisseur(), {}
    for row in rows:
        projet = Projet(
            titre=row["titre"],
            collectivite=row["collectivite"],
            departement_id=row["departement"],
            description=row["description"],
            objectifs=row["objectifs"],
            suivi=row["suivi"],
            engagements=row["engagements"],
            montant_source=row["montant_source"],
            montant_eur=parse_montant(row["montant_source"]).eur,
            remplace=saved.get(row.get("remplace")),
            statut=Statut.PUBLIEE,
            publiee_le=timezone.make_aware(datetime.fromisoformat(row["date"])),
        )
        projet.locate(places)
        projet.save()
        saved[projet.titre] = projet
        Origine.objects.create(
            entree=projet.entree, site=DEMONSTRATION, type="projet", cle=f"démonstration {projet.pk}"
        )
        if referent := row.get("referent"):
            Contact.objects.create(entree=projet.entree, role=Contact.Role.REFERENT, **referent)
    return len(saved)
