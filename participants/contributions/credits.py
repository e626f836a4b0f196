"""The names that the page of a record thanks: only of people who asked."""

from datetime import datetime

from fiches.models import Fiche
from participants.contributions.models import Contribution, Credit
from socle.journal.cache import cached
from socle.journal.following import FICHES
from socle.vie_privee import gestes

SANS_NOM = "contribution-sans-nom"  # the gesture that a restored copy repeats

MOTS = {Contribution.Nature.FICHE: "Proposé par", Contribution.Nature.CORRECTION: "Corrigé par"}


def mentions(fiche: Fiche) -> list[str]:
    """« Proposé par Maëlle K. », « Corrigé par Malo, Nolwenn »."""
    return cached(("mentions", fiche.pk), lambda: _mentions(fiche), FICHES) if fiche.pk else []


def _mentions(fiche: Fiche) -> list[str]:
    named: dict[str, list[str]] = {}
    for row in Credit.objects.filter(entree=fiche.pk):
        named.setdefault(row.nature, []).append(row.nom)
    return [f"{words} {', '.join(dict.fromkeys(named[nature]))}" for nature, words in MOTS.items() if nature in named]


def words(row: Contribution) -> str:
    """« Proposé par Maëlle K. »; "" if the author did not ask."""
    return f"{MOTS[row.nature]} {row.credit}" if row.credit else ""


def give(row: Contribution) -> None:
    """Names the author on the page of the record, if they asked."""
    if row.credit:
        said = {"nature": row.nature, "nom": row.credit, "courriel": row.courriel}
        Credit.objects.create(contribution=row, entree=row.entree, **said)


def take_back(row: Contribution) -> bool:
    """Removes the name from the page. Returns whether it was there."""
    return bool(Credit.objects.filter(contribution=row).delete()[0])


def on_emptied(sender, entree, **kwargs) -> None:
    """Deletes the names of a record that is gone. Handler of `entree_videe`."""
    Credit.objects.filter(entree=entree.pk).delete()


def uncite(contribution: Contribution) -> None:
    """The author, or the team, wants the name removed for good."""
    gestes.do(SANS_NOM, contribution)


def uncite_again(row: Contribution, moment: datetime) -> bool:
    """Removes the name; also called if a restored copy brought it back."""
    asked, row.credit = bool(row.credit), ""
    row.save(update_fields=["credit"])
    return take_back(row) or asked
