"""Checks that the near records that a page shows are those that a reader wants: bench/proches/paires.json.

    DATABASE_URL=… python bench/proches.py [--manquees]

The database holds the demo data (`manage.py charger_demo`). `--manquees` names the pairs that are not found.
"""

import argparse
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PAIRES = ROOT / "bench" / "proches" / "paires.json"


def shown(address: str) -> str:
    from django.urls import resolve

    from fiches.proches import cards

    match = resolve(address)
    view = match.func.view_class
    fiche = view.model.objects.published().get(slug=match.kwargs["slug"])
    return cards(fiche, [emploi.pk for emploi in _uses(fiche)])


def _uses(fiche):
    from fiches.glossaire.models import Terme
    from fiches.glossaire.views import uses

    return uses(fiche) if isinstance(fiche, Terme) else []


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--manquees", choices=("reglage", "toutes"))
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labacces.settings")
    import django

    django.setup()
    from fiches import registre

    ours = {one.adresse for one in registre.types()}
    pairs = json.loads(PAIRES.read_text(encoding="utf-8"))["paires"]
    pairs = [pair for pair in pairs if {pair[way].split("/")[1] for way in ("de", "vers")} <= ours]
    found = [f'href="{pair["vers"]}"' in shown(pair["de"]) for pair in pairs]
    across = [pair["de"].split("/")[1] != pair["vers"].split("/")[1] for pair in pairs]
    for name, start in (("tuning", 0), ("testing", 1)):
        part = found[start::2]
        one = [hit for hit, other in zip(part, across[start::2], strict=True) if not other]
        print(
            f"{name:8} {sum(part):2} of {len(part)} ({sum(part) / len(part):.0%}); "
            f"within a type {sum(one)} of {len(one)}, across {sum(part) - sum(one)} of {len(part) - len(one)}"
        )
    for rank, (pair, hit) in enumerate(zip(pairs, found, strict=True)):
        if not hit and (options.manquees == "toutes" or (options.manquees and rank % 2 == 0)):
            print(f"{'tuning ' if rank % 2 == 0 else 'testing'} {pair['de']} → {pair['vers']}")


if __name__ == "__main__":
    main()
