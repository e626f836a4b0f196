"""The record that a contribution is about, as its author may be told of it: in mails, and on the page they follow."""

from fiches import registre
from fiches.suivi.models import Fusion, VersionMasquee
from fiches.suivi.public_history import public_versions
from participants.contributions.models import Contribution
from socle.annuaire.models import Entree

DEPLACEES = "contributions.Contribution.entree"  # of Fusion.deplaces: contributions that a merge moved


def public_entry(row: Contribution) -> Entree | None:
    """The entry of the record, merged or not, if it is public now."""
    return row.entree and row.entree.shown()


def title(row: Contribution) -> str:
    """The title of the record: that of today if it is public, else the one that its author read, or proposed for a new
    one. "" if nobody may say it any more.
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
    rows = public_versions(registre.get(row.type).model, row.entree_id).exclude(version__in=hidden)
    read = rows.filter(version__lte=row.base).first()
    return read.titre if read else ""


def moved(fusion: Fusion) -> list[int]:
    """The contributions that a merge moved from the lost record to the kept one."""
    return fusion.deplaces.get(DEPLACEES, [])


def made(fusion: Fusion) -> set[int]:
    """Those of them that are about the lost record itself, not about one merged into it before."""
    earlier = Fusion.objects.filter(gardee=fusion.perdue_id)
    return set(moved(fusion)).difference(*map(moved, earlier))


def is_merged(row: Contribution) -> bool:
    """Whether the record that was made of it was made one with another, which is its record now."""
    return any(row.pk in moved(fusion) for fusion in Fusion.objects.filter(gardee=row.entree_id))
