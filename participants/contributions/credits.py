"""Who a record owes something to, as its page says it: those alone who asked for it."""

from datetime import datetime

from fiches.models import Fiche
from participants.contributions.models import Contribution, Credit
from socle.journal.cache import cached
from socle.journal.following import FICHES
from socle.vie_privee import gestes

SANS_NOM = "contribution-sans-nom"  # what a restored backup has to do again

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
    """« Proposé par Maëlle K. », of its author alone; "" if they did not ask."""
    return f"{MOTS[row.nature]} {row.credit}" if row.credit else ""


def give(row: Contribution) -> None:
    """Name its author on the page of the record that it became, or changed, if they asked."""
    if row.credit:
        said = {"nature": row.nature, "nom": row.credit, "courriel": row.courriel}
        Credit.objects.create(contribution=row, entree=row.entree, **said)


def take_back(row: Contribution) -> bool:
    """Have no page name its author any more; whether one did."""
    return bool(Credit.objects.filter(contribution=row).delete()[0])


def on_emptied(sender, entree, **kwargs) -> None:
    """No page says any more who a record owes something to."""
    Credit.objects.filter(entree=entree.pk).delete()


def uncite(contribution: Contribution) -> None:
    """Its author, or the team, wants that name said no more, or not at all."""
    gestes.do(SANS_NOM, contribution)


def uncite_again(row: Contribution, moment: datetime) -> bool:
    """Take the name out; again, if a restored backup brought it back."""
    asked, row.credit = bool(row.credit), ""
    row.save(update_fields=["credit"])
    return take_back(row) or asked
