"""The names that the page of a record thanks: only people who asked for it."""

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
    """« Proposé par Maëlle K. », for this author only; "" if they did not ask."""
    return f"{MOTS[row.nature]} {row.credit}" if row.credit else ""


def give(row: Contribution) -> None:
    """Puts the author's name on the page of the record, if the author asked."""
    if row.credit:
        said = {"nature": row.nature, "nom": row.credit, "courriel": row.courriel}
        Credit.objects.create(contribution=row, entree=row.entree, **said)


def take_back(row: Contribution) -> bool:
    """Removes the author's name from the page. Returns whether it was there."""
    return bool(Credit.objects.filter(contribution=row).delete()[0])


def uncite(contribution: Contribution) -> None:
    """Removes the author's name for good, on the wish of the author or of the team."""
    gestes.do(SANS_NOM, contribution)


def uncite_again(row: Contribution, moment: datetime) -> bool:
    """Removes the name; called again if a restored copy brought it back."""
    asked, row.credit = bool(row.credit), ""
    row.save(update_fields=["credit"])
    return take_back(row) or asked
