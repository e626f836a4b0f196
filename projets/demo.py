"""Demo projects: real titles, authorities and amounts; invented texts and persons."""

from django.db import transaction

from fiches.demo import load, save_demo
from projets.models import Projet
from projets.montant import parse_montant
from socle.territoires.reconnaissance import Reconnaisseur


@transaction.atomic
def load_projets() -> int:
    """Save the demo projects as public ones; return how many."""
    rows, lieux, saved = load("projets"), Reconnaisseur(), {}
    for row in rows:
        row["departement_id"] = row.pop("departement")
        row["montant_eur"] = parse_montant(row["montant_source"]).eur
        row["remplace"] = saved.get(row.get("remplace"))
        saved[row["titre"]] = save_demo(Projet, row, personnes=("referent",), lieux=lieux)
    return len(saved)
