"""The record of a proposal, as far as its author may know of it: in mails, on the page of the proposal."""

from fiches import registre
from fiches.suivi.models import Fusion, VersionMasquee
from fiches.suivi.public_history import public_revisions
from participants.contributions.models import Contribution
from socle.annuaire.models import Entree

DEPLACEES = "contributions.Contribution.entree"  # key in Fusion.deplaces: proposals that a merge moved


def public_entry(row: Contribution) -> Entree | None:
    """The public entry of the record, followed through merges."""
    return row.entree and row.entree.shown()


def title(row: Contribution) -> str:
    """The title of the record, or "" if it may no longer be told.

    The present one if the record is public; otherwise the one that the author read, or proposed.
    """
    if entree := public_entry(row):
        return entree.titre
    if row.is_fiche:
        return row.valeurs.get("titre", {}).get("propose", "")
    if row.entree_id is None:
        return row.valeurs.get("titre", {}).get("vu", "")
    if not row.entree.is_of_a_type:
        return ""
    hidden = VersionMasquee.objects.filter(entree=row.entree_id).values("version")
    rows = public_revisions(registre.get(row.type).model, row.entree_id).exclude(version__in=hidden)
    read = rows.filter(version__lte=row.base).first()
    return read.titre if read else ""


def moved(fusion: Fusion) -> list[int]:
    """The proposals that a merge moved from the lost record to the kept one."""
    return fusion.deplaces.get(DEPLACEES, [])


def made(fusion: Fusion) -> set[int]:
    """Those of `moved` that are about the lost record itself, not about one merged into it before."""
    earlier = Fusion.objects.filter(gardee=fusion.perdue_id)
    return set(moved(fusion)).difference(*map(moved, earlier))


def is_merged(row: Contribution) -> bool:
    """Whether the record made from it was merged into another one, its record now."""
    return any(row.pk in moved(fusion) for fusion in Fusion.objects.filter(gardee=row.entree_id))
