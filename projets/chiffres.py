"""What the amounts of some projects come to, from the sets of the list."""

from pyroaring import BitMap

from projets.filters import ProjetFilterSet
from projets.models import replaced_keys
from socle.catalogue.ensembles import Ensembles


def sets() -> Ensembles:
    """The sets of the list of projects, as they are now."""
    return Ensembles(ProjetFilterSet)


def figures(ensembles: Ensembles, records: BitMap) -> dict:
    """{"fiches", "montants": how many of these have an amount that counts, "remplacees", "total", "mediane"}."""
    later, amounts = BitMap(replaced_keys()), ensembles.mesure("montant_eur")
    counted = (records & amounts.known) - later
    return {
        "fiches": len(records),
        "montants": len(counted),
        "remplacees": len(records & later),
        "total": amounts.total(counted) if counted else None,
        "mediane": amounts.median(counted),
    }


def by_departement(ensembles: Ensembles) -> dict[str, tuple[int, int]]:
    """{département that has some: (how many projects, what their amounts come to)}, those that have most first."""
    amounts, later = ensembles.mesure("montant_eur"), BitMap(replaced_keys())
    rows = {code: (len(ids), amounts.total(ids - later)) for code, ids in ensembles.valeurs("departement").items()}
    return dict(sorted(rows.items(), key=lambda row: (-row[1][0], row[0])))
